"""Tables as files."""

import csv
from pathlib import Path
from typing import Any

import duckdb
import pytest

import warehouse
from warehouse.export import export, tables

TIE = "tromso–ru-murmansk"


@pytest.fixture(scope="module")
def con(module_papers: Any) -> Any:
    module_papers.article(
        "2024-01-05", title='=HYPERLINK("x")', events=({"tie": TIE, "action": "terminated", "date": "2024-01-04"},)
    )
    return module_papers.build()


def test_parquet_holds_every_table_row_for_row(con: Any, tmp_path: Path) -> None:
    for path, rows in export(con, tmp_path, "parquet"):
        assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(rows,)]
        assert path.stem in tables()


def test_csv_joins_lists(con: Any, tmp_path: Path) -> None:
    ((path, rows),) = export(con, tmp_path, "csv", only=["decisions_observed"])
    with path.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (rows, row["tie_id"], row["article_ids"]) == (1, TIE, "a00001")


def test_excel_opens_and_holds_text_as_text(con: Any, tmp_path: Path) -> None:
    import zipfile

    ((path, _),) = export(con, tmp_path, "xlsx", only=["articles"])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "HYPERLINK" in sheet
    assert "<f>" not in sheet


def test_an_unknown_table_is_answered_with_the_list(con: Any, tmp_path: Path) -> None:
    with pytest.raises(warehouse.WarehouseError, match=r"Ukjent tabell: nothing\. Tabellene er .*articles"):
        export(con, tmp_path, "csv", only=["nothing"])
