"""Tables of the warehouse as Parquet, CSV or Excel files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb
import xlsxwriter

from warehouse.connect import WarehouseError
from warehouse.sqlfiles import PUBLISHED, models

Format = Literal["parquet", "csv", "xlsx"]
EXCEL_ROWS = 1_048_575


def tables() -> list[str]:
    """List the published tables and views."""
    return [model.name for model in models() if model.layer in PUBLISHED]


def export(
    con: duckdb.DuckDBPyConnection, folder: Path, form: Format, *, only: Sequence[str] = ()
) -> list[tuple[Path, int]]:
    """Write each table to `folder/<table>.<form>`, lists joined by `; ` where the form has none; return files and rows.

    Raises WarehouseError for an unknown table, one that is too long for Excel, and an unwritable folder.
    """
    if unknown := sorted(set(only) - set(tables())):
        raise WarehouseError(f"Ukjent tabell: {', '.join(unknown)}. Tabellene er {', '.join(tables())}.")
    chosen = list(only) or [model.name for model in models() if model.layer in PUBLISHED and model.kind == "table"]
    written: list[tuple[Path, int]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table in chosen:
            rows = int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
            path = folder / f"{table}.{form}"
            draft = folder / f".{table}.{form}.draft"
            if form == "xlsx":
                _to_excel(con, table, rows, draft)
            else:
                options = "format parquet, compression zstd" if form == "parquet" else "format csv, header"
                what = f"from {table}" if form == "parquet" else f"select {_flat(con, table)} from {table}"
                target = str(draft).replace("'", "''")
                con.execute(f"copy ({what}) to '{target}' ({options})").fetchall()
            draft.replace(path)
            written.append((path, rows))
    except (OSError, duckdb.IOException) as error:
        raise WarehouseError(f"Kan ikke skrive i {folder}: {str(error).splitlines()[0]}") from None
    return written


def _flat(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Name the columns of a table, lists joined into one text."""
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where table_name = ? and database_name = current_database() order by column_index",
        [table],
    ).fetchall()
    return ", ".join(
        f'array_to_string("{name}", \'; \') as "{name}"' if kind.endswith("[]") else f'"{name}"'
        for name, kind in columns
    )


def _to_excel(con: duckdb.DuckDBPyConnection, table: str, rows: int, path: Path) -> None:
    if rows > EXCEL_ROWS:
        raise WarehouseError(
            f"{table} har {rows} rader; Excel tar {EXCEL_ROWS}. "
            "Bruk --format parquet eller csv, eller velg en annen tabell."
        )
    # Text is written as text: a headline that starts with = must not become a formula.
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False,
                    "strings_to_urls": False, "remove_timezone": True}
    )  # fmt: skip
    sheet = book.add_worksheet(table[:31])
    bold = book.add_format({"bold": True})
    result = con.execute(f"select {_flat(con, table)} from {table}")
    names = [column[0] for column in result.description]
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    line = 0
    while batch := result.fetchmany(5_000):
        for row in batch:
            line += 1
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value[:32_767])
                elif value is not None:
                    sheet.write(line, column, value)
    sheet.freeze_panes(1, 0)
    book.close()
