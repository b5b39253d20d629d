"""Losing everything, and having it back."""

import shutil
import sqlite3
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import warehouse
from warehouse.backup import back_up, restore

NOW = datetime(2024, 4, 8, tzinfo=UTC)
TIE = "tromso–ru-murmansk"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".jsonl", ".parquet", ".csv")
    }


def fill(papers: Any) -> None:
    papers.crawl("2024-01-01", "2024-04-07")
    papers.article("2024-01-05", events=({"tie": TIE, "action": "terminated", "date": "2024-01-04"},))
    papers.article("2024-02-05", source="itromso", ties=(TIE,))
    papers.judge("accept", "a00001", TIE, "terminated")
    with sqlite3.connect(papers.data / "state.sqlite") as state:
        state.execute("create table seen (id text)")
        state.execute("insert into seen values ('x')")
    state.close()
    papers.build().close()


def tables(path: Path) -> list[Any]:
    con = warehouse.connect(path)
    found = [con.execute(f"from {name} order by all").fetchall() for name in ("articles", "tie_status", "decisions")]
    con.close()
    return found


def test_everything_lost_is_restored_and_builds_the_same_warehouse(papers: Any, tmp_path: Path) -> None:
    fill(papers)
    kept_files, kept_tables = files(papers.data), tables(papers.out)
    target = tmp_path / "kept" / "b.tar.gz"
    assert back_up(papers.data, target, NOW).files > 8
    shutil.rmtree(papers.data)
    restore(target, papers.data)
    assert files(papers.data) == kept_files
    with sqlite3.connect(papers.data / "state.sqlite") as state:
        assert state.execute("select id from seen").fetchall() == [("x",)]
    state.close()
    papers.readings.clear()
    papers.build().close()
    assert tables(papers.out) == kept_tables


def test_the_tables_are_in_it_as_parquet_that_anything_reads(papers: Any, tmp_path: Path) -> None:
    fill(papers)
    target = tmp_path / "b.tar.gz"
    back_up(papers.data, target, NOW)
    with tarfile.open(target) as archive:
        assert "tables/tie_status.parquet" in archive.getnames()


def test_half_a_line_that_is_being_written_is_left_out(papers: Any, tmp_path: Path) -> None:
    fill(papers)
    part = papers.data / "articles/nordlys/2024-01.jsonl"
    whole = part.read_bytes()
    part.write_bytes(whole + b'{"article_id": "half')
    back_up(papers.data, tmp_path / "b.tar.gz", NOW, with_tables=False)
    restore(tmp_path / "b.tar.gz", tmp_path / "again")
    assert (tmp_path / "again/articles/nordlys/2024-01.jsonl").read_bytes() == whole


def test_a_folder_in_use_is_never_overwritten(papers: Any, tmp_path: Path) -> None:
    fill(papers)
    back_up(papers.data, tmp_path / "b.tar.gz", NOW, with_tables=False)
    with pytest.raises(warehouse.WarehouseError, match="ikke tom"):
        restore(tmp_path / "b.tar.gz", papers.data)


@pytest.mark.parametrize("spoil", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"not a tar" * 100])
def test_a_damaged_backup_restores_nothing(papers: Any, tmp_path: Path, spoil: Any) -> None:
    papers.article("2024-01-05")
    papers.write()
    target = tmp_path / "b.tar.gz"
    back_up(papers.data, target, NOW)
    target.write_bytes(spoil(target.read_bytes()))
    with pytest.raises(warehouse.WarehouseError, match=r"ikke en hel|skadet|Kan ikke gjenopprette"):
        restore(target, tmp_path / "again")
    assert not (tmp_path / "again").exists()
    assert list(tmp_path.glob(".again*")) == []


def test_an_empty_folder_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match="ingenting å sikre"):
        back_up(tmp_path / "none", tmp_path / "b.tar.gz", NOW)
