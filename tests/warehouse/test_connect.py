"""Opening the published file."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match=r"Fant ikke .*Kjør «bybaand build»"):
        warehouse.connect(tmp_path / "nothing.duckdb")


@pytest.mark.parametrize(("version", "words"), [(0, "eldre Bybånd"), (99, "nyere Bybånd")])
def test_an_older_or_newer_file_says_what_to_do(tmp_path: Path, version: int, words: str) -> None:
    file = tmp_path / "b.duckdb"
    with duckdb.connect(str(file)) as con:
        con.execute(f"create table build_info as select 'schema_version' as key, '{version}' as value")
    with pytest.raises(warehouse.WarehouseError, match=f"{words}.*(bygges på nytt|Oppgrader)"):
        warehouse.connect(file)


def test_another_database_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "b.duckdb"
    duckdb.connect(str(file)).close()
    with pytest.raises(warehouse.WarehouseError, match="ikke et Bybånd-datavarehus"):
        warehouse.connect(file)


def test_a_file_that_is_no_database_says_to_build_again(tmp_path: Path) -> None:
    file = tmp_path / "b.duckdb"
    file.write_text("hei " * 4000, encoding="utf-8")
    with pytest.raises(warehouse.WarehouseError, match="Kjør «bybaand build»"):
        warehouse.connect(file)


def test_the_connection_reads_only_and_takes_text_paths(papers: Any) -> None:
    papers.build().close()
    con = warehouse.connect(str(papers.out))
    with pytest.raises(duckdb.Error, match="read-only"):
        con.execute("delete from articles")
