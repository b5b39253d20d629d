"""Publishing: one builder at a time, a temporary file beside the old one, one atomic rename."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.connect import WarehouseError


@contextmanager
def draft(out: Path) -> Iterator[Path]:
    """Yield a fresh path beside `out`; on success it takes the place of `out`, on any error it is removed.

    Readers keep the file that they opened. Drafts of builds that were killed are removed by the next build.
    Raises WarehouseError when the folder can't be written, the disk is full, or another build is running.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = (out.parent / f".{out.name}.lock").open("a+")
    except OSError as error:
        raise WarehouseError(
            f"Kan ikke skrive i {out.parent}: {error.strerror}. Rett rettighetene, eller velg en annen [data] folder."
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseError(
                f"En annen «bybaand build» bygger {out} nå. Vent til den er ferdig, og prøv igjen."
            ) from None
        for left in out.parent.glob(f".{out.name}.draft*"):
            _remove(left)
        path = out.parent / f".{out.name}.draft"
        try:
            yield path
            _flush(path)
            path.replace(out)
            _flush(out.parent)
        except OSError as error:
            raise WarehouseError(f"Kan ikke skrive {out}: {error.strerror}. Den gamle filen står urørt.") from None
        finally:
            for left in out.parent.glob(f".{out.name}.draft*"):
                _remove(left)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
