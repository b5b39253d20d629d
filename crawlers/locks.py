"""One crawl at a time for each publisher group, on this machine; a lock dies with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path


class BusyError(Exception):
    """Another crawl is visiting the same publisher group."""


@contextmanager
def group_locks(folder: Path, groups: Iterable[str], *, leave_busy: bool = False) -> Iterator[frozenset[str]]:
    """Hold the locks of the groups and yield those held.

    A group that another process crawls is left out with `leave_busy`, else BusyError names it and that process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mine: set[str] = set()
    with ExitStack() as held:
        for group in sorted(set(groups)):
            stream = held.enter_context((folder / f"crawl-{group}.lock").open("a+"))
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if leave_busy:
                    continue
                stream.seek(0)
                raise BusyError(
                    f"Utgivergruppen {group} hentes allerede (prosess {stream.read().strip() or 'ukjent'}). "
                    "Vent til den er ferdig, eller hent andre kilder; ingenting er endret."
                ) from None
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            mine.add(group)
        yield frozenset(mine)
