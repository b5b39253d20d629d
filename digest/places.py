"""What subscribers follow, by the names that people use: kommuner, fylker and cities, looked up in the warehouse."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import duckdb

from digest.subscribers import SubscriberError


def kommune_ids(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> tuple[str, ...]:
    """Return the place ids of kommuner given by name, number or id; raises SubscriberError for others."""
    rows = con.execute("select place_id, name, kommune_number, fylke, valid_to from kommuner").fetchall()
    lookup: dict[str, dict[str, str]] = {}
    for place_id, name, number, fylke, _ in rows:
        for key in (place_id, name, number):
            if key:
                lookup.setdefault(_folded(key), {})[place_id] = f"{place_id} ({name}, {fylke})"
    return _found(names, lookup, "kommune")


def fylke_names(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of fylker as the warehouse writes them; raises SubscriberError for others."""
    rows = con.execute("select distinct fylke from kommuner where kommune_number is not null").fetchall()
    return _found(names, {_folded(fylke): {fylke: fylke} for (fylke,) in rows if fylke}, "fylke")


def city_ids(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> tuple[str, ...]:
    """Return the place ids of cities given by Norwegian, English or other name or id.

    A name of several cities means the one that has a tie; raises SubscriberError where that leaves none or several.
    """
    rows = con.execute(
        "select place_id, name, name_en, country, names, place_id in (select city_id from ties) from cities"
    ).fetchall()
    tied: dict[str, dict[str, str]] = {}
    others: dict[str, dict[str, str]] = {}
    for place_id, name, name_en, country, more, has_tie in rows:
        for key in {place_id, name, name_en, *(part.partition(":")[2] for part in (more or "").split(";"))}:
            if key:
                (tied if has_tie else others).setdefault(_folded(key), {})[place_id] = f"{place_id} ({name}, {country})"
    return _found(names, {**others, **tied}, "by")


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _found(names: Iterable[str], lookup: dict[str, dict[str, str]], kind: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in names:
        meant = lookup.get(_folded(name), {})
        if len(meant) > 1:
            raise SubscriberError(f"«{name}» kan være {' eller '.join(sorted(meant.values()))}. Skriv id-en.")
        if not meant:
            near = difflib.get_close_matches(_folded(name), lookup, n=3, cutoff=0.7)
            hint = f" Mente du {' eller '.join(sorted({one for key in near for one in lookup[key]}))}?" if near else ""
            raise SubscriberError(f"Ukjent {kind} «{name}».{hint}")
        found[next(iter(meant))] = None
    return tuple(found)
