"""The user's own additions to the registry of ties: `ties.csv` in the data folder, which wins over the shipped one."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from warehouse.connect import WarehouseError

COLUMNS = (
    "tie_id", "kommune_id", "kommune_name", "city_id", "city_name", "country", "kind", "signed_year", "verification",
    "source_urls", "inherited_from", "valid_from", "valid_to", "note",
)  # fmt: skip
KINDS = ("vennskapsby", "samarbeid", "barents", "proposed")
VERIFICATIONS = ("verified", "one_source", "unverified", "doubtful")


def add(file: Path, rows: Iterable[Mapping[str, str]], *, kommuner: Path, cities: Path) -> tuple[int, int]:
    """Add or replace ties in `file`; return how many are new and how many were replaced.

    All rows are checked before any is written. Raises WarehouseError that names every wrong row and what is allowed.
    """
    names, countries = _names(kommuner), _cities(cities)
    ties = {row["tie_id"]: row for row in read(file)}
    faults: list[str] = []
    new = replaced = 0
    for number, row in enumerate(rows, start=1):
        kommune, city = (row.get("kommune_id") or "").strip(), (row.get("city_id") or "").strip()
        where = f"rad {number} ({kommune or '?'}–{city or '?'})"
        fault = _fault(row, kommune, city, names, countries)
        if fault:
            faults.append(f"{where}: {fault}")
            continue
        tie_id = f"{kommune}–{city}"
        replaced += tie_id in ties
        new += tie_id not in ties
        ties[tie_id] = {column: (row.get(column) or "").strip() for column in COLUMNS} | {
            "tie_id": tie_id,
            "kommune_id": kommune,
            "kommune_name": names[kommune],
            "city_id": city,
            "city_name": countries[city][0],
            "country": countries[city][1],
        }
    if faults:
        raise WarehouseError("Ingenting ble skrevet. Rett disse radene:\n  " + "\n  ".join(faults))
    _write(file, sorted(ties.values(), key=lambda row: row["tie_id"]))
    return new, replaced


def read(file: Path) -> list[dict[str, str]]:
    """Return the rows of a registry file, none where it does not exist; raises WarehouseError for foreign columns."""
    if not file.is_file():
        return []
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise WarehouseError(f"Kan ikke lese {file}: {error}. Filen må være CSV i UTF-8.") from None
    if unknown := set(reader.fieldnames or ()) - set(COLUMNS):
        raise WarehouseError(
            f"{file}: ukjent kolonne {', '.join(sorted(map(str, unknown)))}. Tillatt: {', '.join(COLUMNS)}."
        )
    return rows


def _fault(
    row: Mapping[str, str],
    kommune: str,
    city: str,
    names: Mapping[str, str],
    countries: Mapping[str, tuple[str, str]],
) -> str | None:
    if kommune not in names:
        return f"ukjent kommune «{kommune}»; bruk place_id som tromso eller heroy-nordland"
    if city not in countries:
        return f"ukjent by «{city}»; bruk place_id som ru-murmansk"
    if (row.get("kind") or "") not in KINDS:
        return f"kind «{row.get('kind') or ''}»; tillatt: {', '.join(KINDS)}"
    if (row.get("verification") or "") not in VERIFICATIONS:
        return f"verification «{row.get('verification') or ''}»; tillatt: {', '.join(VERIFICATIONS)}"
    if not (row.get("source_urls") or "").strip():
        return "source_urls er tom; en avtale uten kilde tas ikke inn"
    year = (row.get("signed_year") or "").strip()
    if year and not (year.isdigit() and 1900 <= int(year) <= 2100):
        return f"signed_year «{year}» er ikke et år"
    return None


def _names(kommuner: Path) -> dict[str, str]:
    with kommuner.open(encoding="utf-8", newline="") as lines:
        return {row["place_id"]: row["name"] for row in csv.DictReader(lines)}


def _cities(cities: Path) -> dict[str, tuple[str, str]]:
    with cities.open(encoding="utf-8", newline="") as lines:
        return {row["place_id"]: (row["name"], row["country"]) for row in csv.DictReader(lines)}


def _write(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    draft = file.with_name(f".{file.name}.draft")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        raise WarehouseError(f"Kan ikke skrive {file}: {error.strerror}. Rett rettighetene til mappen.") from None
