"""Reading a whole archive: the same `read_part` mapped over article files by one process, several, or a cluster.

The engine only decides where a part is read. Parts are idempotent and complete or absent, so a worker that dies
costs its part once more and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from nlp.read import Reader, load_reader
from nlp.settings import ReadSettings
from nlp.store import Part, read_part

Job = tuple[Path, Path]


class EngineError(Exception):
    """The engine's name means nothing or its cluster can't be reached; the message says what to do."""


@cache
def _reader(settings_text: str) -> Reader:
    # Settings hold mappings and so can't be hashed; their repr says the same and a process sees one or two of them.
    return load_reader(_known[settings_text])


_known: dict[str, ReadSettings] = {}


def read_job(job: Job, settings: ReadSettings) -> Part:
    """Read one part of articles (first path) into one of readings (second); models load once a process."""
    _known[repr(settings)] = settings
    return read_part(*job, _reader(repr(settings)))


def map_parts(jobs: Sequence[Job], settings: ReadSettings, engine: str) -> Iterator[tuple[Job, Part | Exception]]:
    """Read all parts, each yielded with its outcome as it is done; a bad part does not stop the others.

    `engine` is `inline`, `processes`, `processes:N` or `dask://host:port`, whose workers must see the same folders and
    have Bybånd installed. Raises EngineError where there is no such engine.
    """
    if engine == "inline":
        for job in jobs:
            try:
                yield job, read_job(job, settings)
            except (OSError, ValueError) as error:
                yield job, error
        return
    with _executor(engine) as executor:
        waiting = {executor.submit(read_job, job, settings): job for job in jobs}
        for done in as_completed(waiting):
            try:
                yield waiting[done], done.result()
            except (OSError, ValueError) as error:
                yield waiting[done], error


@contextmanager
def _executor(engine: str) -> Iterator[Executor]:
    kind, _, count = engine.partition(":")
    if kind == "processes" and (not count or (count.isdigit() and int(count) > 0)):
        with ProcessPoolExecutor(int(count) if count else None, mp_context=get_context("spawn")) as executor:
            yield executor
    elif kind == "dask" and count.startswith("//"):
        from distributed import Client

        try:
            client = Client(f"tcp:{count}", timeout="10s")
        except (OSError, ValueError) as error:
            raise EngineError(
                f"Får ikke kontakt med Dask på {engine} ({error}). Kjører «dask scheduler» der?"
            ) from None
        with client:
            yield client.get_executor(pure=False)
    else:
        raise EngineError(f"Ukjent motor «{engine}». Velg inline, processes, processes:N eller dask://vert:port.")
