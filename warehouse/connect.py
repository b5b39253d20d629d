"""Open the published warehouse for reading."""

from __future__ import annotations

from pathlib import Path

import duckdb

SCHEMA = 2
"""Rises whenever a published table changes its columns or its meaning; a file of another number is not read."""


class WarehouseError(Exception):
    """The warehouse can't be built or read; the message (Norwegian) says where and what to do."""


def connect(path: str | Path) -> duckdb.DuckDBPyConnection:
    """Return a read-only connection to the published file; raises WarehouseError for a missing or foreign file.

    A connection keeps the file that it opened, whatever is built meanwhile; open again to see the new one.
    """
    file = Path(path)
    if not file.is_file():
        raise WarehouseError(f"Fant ikke datavarehuset {file}. Kjør «bybaand build» først.")
    # A connection of its own, not DuckDB's shared one per path: that would show the old file after a new build.
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"attach '{_quoted(file)}' as bybaand (read_only)")
        connection.execute("use bybaand")
        version = schema_of(connection, "bybaand")
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(_unreadable(file, error)) from None
    if version != SCHEMA:
        connection.close()
        raise WarehouseError(_foreign(file, version))
    connection.execute("set TimeZone = 'Europe/Oslo'")
    return connection


def schema_of(connection: duckdb.DuckDBPyConnection, catalog: str) -> int | None:
    """Return the schema number of an attached warehouse, None where it has none."""
    has_info = connection.execute(
        "select 1 from duckdb_tables() where database_name = ? and table_name = 'build_info'", [catalog]
    ).fetchall()
    if not has_info:
        return None
    rows = connection.execute(f"select value from {catalog}.build_info where key = 'schema_version'").fetchall()
    return int(rows[0][0]) if rows else None


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _foreign(file: Path, version: int | None) -> str:
    if version is None:
        return f"{file} er ikke et Bybånd-datavarehus. Kjør «bybaand build», som lager et nytt."
    if version < SCHEMA:
        return (
            f"{file} er bygd av en eldre Bybånd (skjema {version}, denne trenger {SCHEMA}). "
            "Kjør «bybaand build»: alt bygges på nytt av artikkelfilene, ingenting går tapt."
        )
    return (
        f"{file} er bygd av en nyere Bybånd (skjema {version}, denne kan {SCHEMA}). "
        "Oppgrader Bybånd, eller kjør «bybaand build» for å bygge filen på nytt med denne."
    )


def _unreadable(file: Path, error: duckdb.Error) -> str:
    text = str(error)
    if "version number" in text or "Serialization" in text:
        return (
            f"{file} er skrevet av en annen DuckDB enn denne ({duckdb.__version__}). "
            "Oppgrader pakkene (make setup), eller kjør «bybaand build» for å bygge filen på nytt."
        )
    if "lock" in text.lower():
        return f"{file} er åpnet for skriving av en annen prosess. Lukk den, og prøv igjen. ({text.splitlines()[0]})"
    return f"Kan ikke lese {file}: {text.splitlines()[0]} Kjør «bybaand build» for å bygge filen på nytt."
