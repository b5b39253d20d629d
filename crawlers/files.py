"""Writing lines so that a crash loses nothing that was promised and leaves nothing half."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def append_lines(path: Path, lines: Iterable[str]) -> int:
    """Append the lines, safe on disk on return; returns the file's size in bytes.

    A last line without its end was torn by a crash before anybody was told of it: it is cut off first.
    """
    new = not path.exists()
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as stream:
        cut_torn_line(stream.fileno())
        stream.seek(0, os.SEEK_END)
        stream.write("".join(f"{line}\n" for line in lines).encode())
        stream.flush()
        os.fsync(stream.fileno())
        size = stream.tell()
    if new:
        sync_folder(path.parent)
    return size


def cut_torn_line(descriptor: int) -> int:
    """Cut the file back to its last line end; returns the size that is left."""
    size = os.fstat(descriptor).st_size
    keep = size
    while keep:
        start = max(0, keep - 65536)
        chunk = os.pread(descriptor, keep - start, start)
        if (end := chunk.rfind(b"\n")) >= 0:
            keep = start + end + 1
            break
        keep = start
    if keep < size:
        os.ftruncate(descriptor, keep)
    return keep


def replace_lines(path: Path, lines: Iterable[str]) -> int:
    """Put the lines in place of the file in one step; returns the new size in bytes."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        for line in lines:
            stream.write(f"{line}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())
        size = stream.tell()
    temporary.replace(path)
    sync_folder(path.parent)
    return size


def sync_folder(folder: Path) -> None:
    """Make the folder's list of names safe on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
