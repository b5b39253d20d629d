"""Building: the same by every way, checked, published at once or not at all."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse
from warehouse.sqlfiles import PUBLISHED, models

TIE = "tromso–ru-murmansk"
ROOT = Path(__file__).parents[2]


def contents(path: Path) -> dict[str, list[Any]]:
    """Every table's rows, in an order that does not depend on how they lie."""
    con = warehouse.connect(path)
    tables = [model.name for model in models() if model.layer in PUBLISHED and model.kind == "table"]
    found = {table: sorted(con.execute(f"select * from {table}").fetchall(), key=repr) for table in tables}
    con.close()
    return found


def fill(papers: Any) -> None:
    same = [papers.random.getrandbits(32) for _ in range(128)]
    papers.crawl("2024-01-01", "2024-03-31")
    papers.article("2024-01-05", ties=(TIE,), signature=same)
    papers.article("2024-01-06", events=({"tie": TIE, "action": "terminated", "date": "2024-01-05"},))
    papers.article("2024-02-05", source="itromso", ties=(TIE,), article_id="changed")
    papers.article("2024-02-06", source="itromso", signature=same)


def test_an_incremental_build_makes_the_same_tables_as_a_full_one(papers: Any, tmp_path: Path) -> None:
    fill(papers)
    papers.build().close()
    # A new month, more lines in an old file, a new version of an old article, a judgement, a lost file.
    papers.article("2024-03-05", ties=(TIE,), signature=None)
    papers.article("2024-02-25", ties=("bodo–ru-vyborg",))
    papers.article(
        "2024-02-05",
        source="itromso",
        article_id="changed",
        version=2,
        fetched_at="2024-03-06T10:00:00Z",
        title="Rettet",
    )
    papers.judge("reject", "a00002", TIE, "terminated")
    papers.build().close()
    assert (papers.built.parts_kept, papers.built.parts_read) == (2, 9)
    whole = tmp_path / "whole.duckdb"
    papers.build(out=whole, incremental=False).close()
    assert papers.built.parts_kept == 0
    assert contents(papers.out) == contents(whole)


def test_building_twice_changes_nothing(papers: Any) -> None:
    fill(papers)
    papers.build().close()
    first = contents(papers.out)
    papers.build().close()
    assert contents(papers.out) == first


def test_nothing_at_all_builds_an_empty_warehouse(papers: Any) -> None:
    con = papers.build()
    assert con.execute("select count(*) from articles").fetchall() == [(0,)]
    assert con.execute("select count(*) from tie_status").fetchall()[0][0] > 0


def test_a_torn_line_is_set_aside_with_its_reason_and_the_rest_is_built(papers: Any) -> None:
    fill(papers)
    papers.write()
    part = papers.data / "articles/nordlys/2024-01.jsonl"
    with part.open("a", encoding="utf-8") as lines:
        lines.write('{"article_id": "torn", "version": 1, "title": "Halv')
    con = papers.build()
    assert con.execute("select count(*) from articles").fetchall() == [(4,)]
    assert con.execute("select part, line, reason[:8] from set_aside").fetchall() == [
        ("articles/nordlys/2024-01.jsonl", 3, "not JSON")
    ]


def test_a_record_without_a_date_is_set_aside_with_its_reason(papers: Any) -> None:
    fill(papers)
    papers.article(
        "2024-01-07", article_id="dateless", published_at=None, fetched_at="2024-01-07T10:00:00Z", read=False
    )
    con = papers.build()
    assert con.execute("select article_id, reason from set_aside").fetchall() == [("dateless", "no published_at")]
    con.close()
    papers.build()  # and again, from the kept rows
    assert papers.built.set_aside == 1


def test_articles_of_a_newer_program_are_refused(papers: Any) -> None:
    fill(papers)
    papers.write()
    part = papers.data / "articles/nordlys/2024-01.jsonl"
    record = json.loads(part.read_text(encoding="utf-8").splitlines()[0]) | {"mood": "good"}
    part.write_text(json.dumps(record) + "\n", encoding="utf-8")
    with pytest.raises(warehouse.WarehouseError, match=r"nyere Bybånd \(ukjent felt: mood\).*Oppgrader"):
        papers.build()


def test_readings_of_another_form_are_named(papers: Any) -> None:
    fill(papers)
    papers.write()
    duckdb.sql("select 1 as article_id").write_parquet(str(papers.data / "readings/nordlys/2024-01.parquet"))
    (papers.data / "readings/itromso/2024-02.parquet").unlink()
    papers.readings.clear()  # so that they are not written again
    with pytest.raises(warehouse.WarehouseError, match=r"Lesningene kan ikke brukes.*bybaand read"):
        papers.build()


def test_a_failed_check_names_the_offenders_and_keeps_the_old_file(papers: Any) -> None:
    fill(papers)
    papers.build().close()
    before = papers.out.read_bytes()
    papers.article("2024-03-05", events=({"tie": TIE, "action": "hugged"},))
    with pytest.raises(warehouse.WarehouseError, match=r"tie_events__known_values: .*hugged"):
        papers.build()
    assert papers.out.read_bytes() == before
    assert [path.name for path in papers.data.glob(".*draft*")] == []


def test_places_of_an_older_gazetteer_are_unlinked_and_ties_with_them_set_aside(papers: Any) -> None:
    papers.article("2024-03-05", ties=("tromso–xx-gone", TIE), places=(("city", "xx-lost"),))
    con = papers.build()
    assert con.execute("select tie_id from tie_mentions").fetchall() == [(TIE,)]
    assert con.execute("select text, rule from links where place_id is null order by text").fetchall() == [
        ("xx-gone", "not in this gazetteer: xx-gone"),
        ("xx-lost", "not in this gazetteer: xx-lost"),
    ]
    assert con.execute("select article_id, reason from set_aside").fetchall() == [
        ("a00001", "not in this gazetteer, read again: xx-gone")
    ]


def test_a_missing_gazetteer_is_named(papers: Any, tmp_path: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match=r"Fant ikke bytabellen .*nowhere"):
        papers.build(cities=tmp_path / "nowhere.csv")


def test_readers_keep_their_file_and_block_no_build(papers: Any) -> None:
    fill(papers)
    reader = papers.build()
    for n in range(4):
        papers.article(f"2024-03-{n + 1:02}")
        fresh = papers.build()
        assert reader.execute("select count(*) from articles").fetchall() == [(4,)]
        assert fresh.execute("select count(*) from articles").fetchall() == [(5 + n,)]
        fresh.close()


def test_a_second_builder_is_turned_away(papers: Any) -> None:
    import fcntl

    fill(papers)
    with (papers.data / ".bybaand.duckdb.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(warehouse.WarehouseError, match=r"bygger .* nå. Vent"):
            papers.build()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_named(papers: Any) -> None:
    papers.data.chmod(0o500)
    try:
        with pytest.raises(warehouse.WarehouseError, match="Kan ikke skrive i"):
            papers.build()
    finally:
        papers.data.chmod(0o700)


BUILD = """
import resource, signal, sys
sys.path.insert(0, sys.argv[1])
from datetime import UTC, date, datetime
from pathlib import Path
import warehouse
data, tables, limit = Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
print("ready", flush=True)
try:
    warehouse.build(data=data, out=data / "bybaand.duckdb",
        kommuner=tables / "kommuner.csv", cities=tables / "cities.csv",
        ties=tables / "ties.csv", today=date(2024, 4, 8), built_at=datetime(2024, 4, 8, tzinfo=UTC))
except warehouse.WarehouseError as error:
    print(error)
    sys.exit(1)
"""


def start(papers: Any, limit: int = 0) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUILD, str(ROOT), str(papers.data), str(papers.tables), str(limit)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_full_disk_is_named_and_the_old_file_stays(papers: Any) -> None:
    fill(papers)
    papers.build().close()
    before = papers.out.read_bytes()
    process = start(papers, limit=200_000)
    words, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Disken er full" in words
    assert papers.out.read_bytes() == before
    assert [path.name for path in papers.data.glob(".*draft*")] == []


def test_a_build_killed_at_any_moment_leaves_the_old_file_or_the_new(papers: Any) -> None:
    """Four kills here; bench/warehouse_crash.py makes thirty, and fifty builds under a reader."""
    fill(papers)
    papers.build().close()
    rng = random.Random(5)
    for n in range(4):
        papers.article(f"2024-03-{n + 1:02}")
        papers.write()
        process = start(papers)
        time.sleep(rng.uniform(0.0, 0.7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        con = warehouse.connect(papers.out)
        assert 4 <= con.execute("select count(*) from articles").fetchall()[0][0] <= 5 + n
        con.close()
    papers.build().close()
    assert [path.name for path in papers.data.glob(".*draft*")] == []
