"""Backup and restore of what can't be rebuilt or is dear to rebuild: one file, checked by hashes."""

from __future__ import annotations

import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from warehouse.connect import WarehouseError, connect
from warehouse.export import export

FORM = 1
MANIFEST = "manifest.json"
FOLDERS = ("articles", "crawls", "readings")
FILES = ("decisions.jsonl", "ties.csv")
STATE = "state.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a backup holds or what was restored from it: files and bytes."""

    path: Path
    files: int
    bytes: int


def back_up(
    data: Path,
    target: Path,
    made_at: datetime,
    *,
    with_tables: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Kept:
    """Write articles, crawls, readings, state, judgements, own ties, and the warehouse's tables as Parquet to one file.

    Appending goes on meanwhile: of a line file the whole lines that were there are taken, of the state a consistent
    copy. The target appears complete or not at all. Raises WarehouseError when there is nothing to keep or no space.
    """
    say = progress or (lambda name: None)
    if not any((data / folder).is_dir() for folder in FOLDERS):
        raise WarehouseError(f"Det er ingenting å sikre i {data}: ingen artikler. Rett [data] folder.")
    draft = target.with_name(f".{target.name}.draft")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="bybaand-", dir=target.parent) as scratch:
            listed: dict[str, dict[str, object]] = {}
            with tarfile.open(draft, "w:gz", compresslevel=1) as archive:
                for name, path in _files(data, Path(scratch), with_tables):
                    say(name)
                    listed[name] = _put(archive, name, path)
                manifest = json.dumps(
                    {"form": FORM, "made_at": made_at.isoformat(), "files": listed}, ensure_ascii=False, indent=1
                ).encode()
                entry = tarfile.TarInfo(MANIFEST)
                entry.size = len(manifest)
                archive.addfile(entry, io.BytesIO(manifest))
        with draft.open("rb") as done:
            os.fsync(done.fileno())
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise WarehouseError(f"Kan ikke skrive sikkerhetskopien {target}: {error.strerror or error}.") from None
    return Kept(path=target, files=len(listed), bytes=target.stat().st_size)


def restore(source: Path, data: Path, *, progress: Callable[[str], None] | None = None) -> Kept:
    """Unpack a backup into a data folder that is missing or empty, after checking every file against its hash.

    Raises WarehouseError when the folder is not empty, or the backup is damaged, incomplete or of a newer form.
    """
    say = progress or (lambda name: None)
    if data.exists() and any(data.iterdir()):
        raise WarehouseError(
            f"{data} er ikke tom. Flytt den unna (den kan være det eneste eksemplaret), "
            "og kjør «bybaand restore» igjen."
        )
    data.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{data.name}.restore-", dir=data.parent))
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(draft, filter="data")
        manifest = json.loads((draft / MANIFEST).read_text(encoding="utf-8"))
        if manifest["form"] > FORM:
            raise WarehouseError(f"{source} er laget av en nyere Bybånd. Oppgrader Bybånd, og prøv igjen.")
        size = 0
        for name, expected in manifest["files"].items():
            say(name)
            path = draft / name
            if not path.is_file() or _hash(path) != expected["sha256"]:
                raise WarehouseError(f"{source} er skadet: {name} stemmer ikke med innholdslisten. Bruk en annen kopi.")
            size += path.stat().st_size
        (draft / MANIFEST).unlink()
        shutil.rmtree(draft / "tables", ignore_errors=True)
        if data.exists():
            data.rmdir()
        draft.chmod(0o755)
        draft.replace(data)
    except (tarfile.TarError, EOFError, KeyError, ValueError, FileNotFoundError) as error:
        raise WarehouseError(f"{source} er ikke en hel Bybånd-sikkerhetskopi: {error}.") from None
    except OSError as error:
        raise WarehouseError(f"Kan ikke gjenopprette til {data}: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Kept(path=data, files=len(manifest["files"]), bytes=size)


def _files(data: Path, scratch: Path, with_tables: bool) -> Iterator[tuple[str, Path]]:
    """Yield archive names and files."""
    for folder in FOLDERS:
        for path in sorted((data / folder).glob("*/*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(data).as_posix(), path
    for name in FILES:
        if (data / name).is_file():
            yield name, data / name
    if (data / STATE).is_file():
        copy = scratch / STATE
        source, target = sqlite3.connect(data / STATE), sqlite3.connect(copy)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()
        yield STATE, copy
    warehouse = data / "bybaand.duckdb"
    if with_tables and warehouse.is_file():
        con = connect(warehouse)
        try:
            for path, _ in export(con, scratch / "tables", "parquet"):
                yield f"tables/{path.name}", path
        finally:
            con.close()


def _put(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, object]:
    with path.open("rb") as content:
        size = _whole_lines(path) if path.suffix == ".jsonl" else path.stat().st_size
        entry = tarfile.TarInfo(name)
        entry.size = size
        entry.mtime = int(path.stat().st_mtime)
        reader = _Hashing(content)
        archive.addfile(entry, reader)
    return {"bytes": size, "sha256": reader.hash.hexdigest()}


def _whole_lines(path: Path) -> int:
    """Bytes up to the last line end: a crawl may be writing the next line just now."""
    size = path.stat().st_size
    with path.open("rb") as content:
        end = size
        while end:
            start = max(0, end - 65_536)
            content.seek(start)
            at = content.read(end - start).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            end = start
    return 0


class _Hashing:
    """A file that hashes what is read of it."""

    def __init__(self, content: io.BufferedReader) -> None:
        self.content = content
        self.hash = sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.content.read(size)
        self.hash.update(chunk)
        return chunk


def _hash(path: Path) -> str:
    with path.open("rb") as content:
        digest = sha256()
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
