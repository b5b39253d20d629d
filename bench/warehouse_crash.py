"""Thirty builds killed at random moments, and fifty builds under a reader that holds the file open.

`python bench/warehouse_crash.py` prints what it found; it fails at the first broken file. The files are small: what is
tested is publishing, and a kill may fall anywhere in it.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
KILLS, BUILDS = 30, 50


def add_article(data: Path, number: int) -> None:
    """Append one article."""
    path = data / "articles/nordlys/2024-03.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    moment = "2024-03-01T10:00:00Z"
    record = {
        "article_id": f"a{number}", "version": 1, "source_id": "nordlys", "publisher_group": "amedia",
        "url": f"https://www.nordlys.no/{number}", "kind": "news", "title": "Tittel", "text": "Tekst.",
        "language": "nb",
        "published_at": moment, "published_from": "jsonld", "published_precision": "second", "fetched_at": moment,
        "content_hash": f"{number:016x}", "word_count": 1,
    }  # fmt: skip
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(record) + "\n")


def build(data: Path) -> None:
    """Build once."""
    import warehouse

    warehouse.build(
        data=data,
        out=data / "bybaand.duckdb",
        kommuner=ROOT / "nlp/data/kommuner.csv",
        cities=ROOT / "nlp/data/cities.csv",
        today=date(2024, 4, 8),
        built_at=datetime(2024, 4, 8, tzinfo=UTC),
    )


def articles(data: Path) -> int:
    """Open the published file, read it through, and count."""
    import warehouse

    con = warehouse.connect(data / "bybaand.duckdb")
    for (table,) in con.execute("select table_name from duckdb_tables() where database_name = 'bybaand'").fetchall():
        con.execute(f"select count(*), max(hash(t)) from {table} as t").fetchall()
    count = int(con.execute("select count(*) from articles").fetchall()[0][0])
    con.close()
    return count


def kill(data: Path) -> None:
    """Kill thirty builds at random moments."""
    rng = random.Random(11)
    add_article(data, 0)
    started = time.perf_counter()
    build(data)
    whole = time.perf_counter() - started
    old = new = 0
    for number in range(1, KILLS + 1):
        before = articles(data)
        add_article(data, number)
        process = subprocess.Popen([sys.executable, __file__, "build", str(data)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, whole * 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait()
        after = articles(data)
        assert after in (before, number + 1), (before, after, number)
        old += after == before
        new += after == number + 1
    build(data)
    assert articles(data) == KILLS + 1
    assert list(data.glob(".*draft*")) == []
    print(f"{KILLS} builds killed: {old} times the old file, {new} times the new one, never a broken one")


def read_along(data: Path) -> None:
    """Build fifty times while one connection stays open and others come and go."""
    import warehouse

    first = articles(data)
    reader = warehouse.connect(data / "bybaand.duckdb")
    for number in range(BUILDS):
        add_article(data, 1000 + number)
        build(data)
        assert reader.execute("select count(*) from articles").fetchall() == [(first,)]
        assert articles(data) == first + number + 1
    print(f"{BUILDS} builds under an open reader: it kept its file, new readers saw each new one")


if __name__ == "__main__":
    if sys.argv[1:2] == ["build"]:
        import warehouse  # noqa: F401  (what is killed is the build, not the import)

        print("ready", flush=True)
        build(Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            kill(Path(folder))
            read_along(Path(folder))
