"""Questions that analysts ask, as functions that return DuckDB relations.

A relation is lazy: `.filter("…")`, `.order("…")`, `.df()` (pandas), `.pl()` (Polars) or `con.sql(…)` over its name go
on from there. Ties may be written with a dash or a hyphen: `tromso–ru-murmansk`, `tromso-ru-murmansk`.
"""

from __future__ import annotations

import difflib
from datetime import date
from typing import Literal

import duckdb

from warehouse.connect import WarehouseError

Grain = Literal["week", "month"]
_FOREVER = date(9999, 12, 30)


def attention(
    con: duckdb.DuckDBPyConnection,
    *,
    tie: str | None = None,
    kommune: str | None = None,
    city: str | None = None,
    country: str | None = None,
    by: Grain = "week",
) -> duckdb.DuckDBPyRelation:
    """Return the attention to one tie, kommune, city or country by week or month, in order of time.

    Raises WarehouseError when not exactly one is named, or it is unknown (with the nearest names).
    """
    named = {"tie": tie, "kommune": kommune, "city": city, "country": country}
    given = [(level, key) for level, key in named.items() if key is not None]
    if len(given) != 1:
        raise WarehouseError("Oppgi nøyaktig én av tie, kommune, city og country.")
    if by not in ("week", "month"):
        raise WarehouseError(f"by={by!r} finnes ikke; velg week eller month.")
    level, key = given[0]
    table = f"attention_{by}ly"
    return con.sql(
        f"select * from {table} where level = $level and key = $key order by {by}",
        params={"level": level, "key": tie_named(con, key) if level == "tie" else _known(con, level, key)},
    )


def silence(con: duckdb.DuckDBPyConnection, *, weeks: int = 12) -> duckdb.DuckDBPyRelation:
    """Return the ties without a story for that many healthy weeks, longest first."""
    return con.sql(
        "select * from silence where healthy_weeks >= $weeks order by healthy_weeks desc, tie_id",
        params={"weeks": weeks},
    )


def decisions(
    con: duckdb.DuckDBPyConnection,
    *,
    tie: str | None = None,
    week: str | None = None,
    action: str | None = None,
    state: str | None = None,
) -> duckdb.DuckDBPyRelation:
    """Return observed decisions, by tie, week of the first report, action or state; newest first."""
    return con.sql(
        """
        select *
        from decisions_observed
        where ($tie is null or tie_id = $tie)
            and ($week is null or week = $week)
            and ($action is null or action = $action)
            and ($state is null or state = $state)
        order by first_report_day desc, decision_id
        """,
        params={"tie": tie_named(con, tie) if tie else None, "week": week, "action": action, "state": state},
    )


def status(
    con: duckdb.DuckDBPyConnection, *, day: date | None = None, known: date | None = None, tie: str | None = None
) -> duckdb.DuckDBPyRelation:
    """Return the status of every tie (or one) on a day, as it was known on another.

    None means the day that the warehouse was built for, and all that we know.
    """
    built_for = date.fromisoformat(con.execute("select value from build_info where key = 'today'").fetchall()[0][0])
    return con.sql(
        """
        select *
        from tie_status_as_of($day, $known)
        where $tie is null or tie_id = $tie
        order by tie_id
        """,
        params={
            "day": day or built_for,
            "known": known or _FOREVER,
            "tie": tie_named(con, tie) if tie else None,
        },
    )


def stance(con: duckdb.DuckDBPyConnection, *, tie: str | None = None) -> duckdb.DuckDBPyRelation:
    """Return what opinion texts want, by tie and week."""
    return con.sql(
        "select * from stance_weekly where $tie is null or tie_id = $tie order by tie_id, week",
        params={"tie": tie_named(con, tie) if tie else None},
    )


def shifts(con: duckdb.DuckDBPyConnection, *, since: str | None = None) -> duckdb.DuckDBPyRelation:
    """Return changes of level since a week, newest first."""
    return con.sql(
        "select * from shifts where $since is null or week >= $since order by week desc, level, key",
        params={"since": since},
    )


def evidence(
    con: duckdb.DuckDBPyConnection,
    *,
    tie: str | None = None,
    kommune: str | None = None,
    city: str | None = None,
    week: str | None = None,
    month: str | None = None,
    decision: str | None = None,
) -> duckdb.DuckDBPyRelation:
    """Return the sentences behind a figure: of a tie, kommune or city, in a week or month, or of one decision."""
    named = {"tie": tie, "kommune": kommune, "city": city}
    given = [(level, key) for level, key in named.items() if key is not None]
    if len(given) > 1 or not (given or decision):
        raise WarehouseError("Oppgi én av tie, kommune og city, eller en decision.")
    level, key = given[0] if given else (None, None)
    if level == "tie" and key:
        key = tie_named(con, key)
    # Only the conditions that are asked for: DuckDB then leaves out the branches of the view that can't answer.
    asked = {
        "level = $level": level,
        "key = $key": key,
        "week = $week": week,
        "month = $month": month,
        "decision_id = $decision": decision,
    }
    return con.sql(
        f"""
        select *
        from evidence
        where {" and ".join(condition for condition, value in asked.items() if value is not None)}
        order by published_day, article_id, char_start
        """,
        params={condition.split("$")[1]: value for condition, value in asked.items() if value is not None},
    )


def tie_named(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the tie_id that a name means; raises WarehouseError with the nearest ones when there is none."""
    rows = con.execute(
        "select tie_id from ties where tie_id = $name or replace(tie_id, '–', '-') = $name", {"name": name}
    ).fetchall()
    if rows:
        return str(rows[0][0])
    ties = [row[0] for row in con.execute("select tie_id from ties").fetchall()]
    raise WarehouseError(f"Ukjent avtale «{name}». {_nearest(name, ties)}")


def _known(con: duckdb.DuckDBPyConnection, level: str, key: str) -> str:
    table = {"kommune": "kommuner", "city": "cities"}.get(level)
    if table is None:
        return key
    if con.execute(f"select 1 from {table} where place_id = $key", {"key": key}).fetchall():
        return key
    names = [row[0] for row in con.execute(f"select place_id from {table}").fetchall()]
    raise WarehouseError(f"Ukjent {'kommune' if level == 'kommune' else 'by'} «{key}». {_nearest(key, names)}")


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Mente du {', '.join(near)}?" if near else "«bybaand ties list» viser alle."
