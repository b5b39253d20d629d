import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crawlers.article import Article, content_hash, to_json
from nlp.backfill import EngineError, Job, map_parts
from nlp.settings import ReadSettings

PLAIN = ReadSettings(entities="none", embedding="none", pairs=None)
TEXT = "Kommunestyret i Harstad vedtok torsdag å avslutte vennskapsavtalen med Kirovsk."
NOW = datetime(2022, 11, 25, 12, tzinfo=UTC)
ARTICLE = Article(
    article_id="amedia:5-34-1", version=1, source_id="nordlys", publisher_group="Amedia",
    url="https://www.nordlys.no/a/s/5-34-1",
    kind="news",
    title="", text=TEXT, language="nb", published_at=NOW, published_from="jsonld",
    published_precision="second",
    fetched_at=NOW, content_hash=content_hash("", "", TEXT), word_count=10,
)  # fmt: skip


@pytest.fixture
def jobs(tmp_path: Path) -> list[Job]:
    found = []
    for month in range(1, 5):
        source = tmp_path / "articles" / "nordlys" / f"2022-{month:02}.jsonl"
        source.parent.mkdir(parents=True, exist_ok=True)
        article = replace(ARTICLE, article_id=f"amedia:5-34-{month}")
        source.write_text(to_json(article) + "\n", encoding="utf-8")
        found.append((source, tmp_path / "readings" / "nordlys" / f"2022-{month:02}.parquet"))
    return found


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A real scheduler and worker, each a process of its own, on loopback."""
    address = "127.0.0.1:18786"
    scheduler = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "18786",
            "--no-dashboard",
        ],
        stderr=subprocess.DEVNULL,
    )
    worker = subprocess.Popen(
        [
            sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{address}", "--nthreads", "1",
            "--no-dashboard", "--host", "127.0.0.1",
        ],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    yield f"dask://{address}"
    for process in (worker, scheduler):
        process.terminate()
        process.wait(20)


def rows(jobs: list[Job]) -> list[str]:
    return [json.dumps(pq.read_table(readings).to_pylist(), default=str) for _, readings in jobs]


def test_processes_and_cluster_write_what_one_process_writes(jobs: list[Job], cluster: str) -> None:
    for _ in map_parts(jobs, PLAIN, "inline"):
        pass
    alone = rows(jobs)
    assert "terminated" in alone[0]
    for engine in ("processes:2", cluster):
        for _, readings in jobs:
            readings.unlink()
        deadline = time.monotonic() + 60
        while True:
            try:
                done = dict(map_parts(jobs, PLAIN, engine))
                break
            except EngineError:  # the scheduler is still starting
                assert time.monotonic() < deadline
        assert len(done) == len(jobs)
        assert rows(jobs) == alone


def test_second_run_reads_nothing_again(jobs: list[Job]) -> None:
    for _ in map_parts(jobs, PLAIN, "inline"):
        pass
    again = [part for _, part in map_parts(jobs, PLAIN, "inline")]
    assert [(part.read, part.kept) for part in again if not isinstance(part, Exception)] == [(0, 1)] * 4


def test_bad_part_is_named_and_stops_no_other(jobs: list[Job]) -> None:
    jobs[1][0].write_text("{oj\n", encoding="utf-8")
    outcomes = dict(map_parts(jobs, PLAIN, "inline"))
    assert str(jobs[1][0]) in str(outcomes[jobs[1]])
    assert sum(isinstance(outcome, Exception) for outcome in outcomes.values()) == 1


@pytest.mark.parametrize("engine", ["spark", "processes:0", "dask:x", "processes:to"])
def test_unknown_engine_names_those_there_are(jobs: list[Job], engine: str) -> None:
    with pytest.raises(EngineError, match="inline, processes"):
        list(map_parts(jobs, PLAIN, engine))
