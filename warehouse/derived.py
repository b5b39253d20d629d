"""Tables that SQL alone can't make: stories, decisions, statuses, shifts, threads."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.connect import WarehouseError
from warehouse.decisions import DEEP, PROPOSALS, Decision, Report, Rules, decided_from, gather, view
from warehouse.shifts import find as find_shifts
from warehouse.status import Base, steps
from warehouse.stories import label as label_stories

Maker = Callable[[duckdb.DuckDBPyConnection, Rules, date], None]

NEEDS: dict[str, tuple[str, ...]] = {
    "kept_articles": ("stg_articles",),
    "kept_set_aside": (),
    "story_labels": ("raw_readings", "stg_latest", "stg_readings"),
    "decision_views": ("tie_events", "tie_events_known", "ties"),
    "decision_labels": ("decision_views",),
    "decision_documents": ("decision_views",),
    "status_steps": ("decision_views",),
    "shift_points": ("attention_weekly",),
    "debate_threads": ("stg_replies",),
}
"""What each table is made of. The three decision tables and the statuses are made together with `decision_views`."""

_VIEWS = pa.schema(
    [
        ("decision_id", pa.string()),
        ("tie_id", pa.string()),
        ("action", pa.string()),
        ("date_from", pa.date32()),
        ("date_to", pa.date32()),
        ("date_precision", pa.string()),
        ("state", pa.string()),
        ("basis", pa.string()),
        ("score", pa.float64()),
        ("believed_from", pa.date32()),
        ("conflicts_with", pa.list_(pa.string())),
        ("in_documents", pa.bool_()),
    ]
)
_STEPS = pa.schema(
    [
        ("step", pa.int64()),
        ("tie_id", pa.string()),
        ("status", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_from_latest", pa.date32()),
        ("valid_to", pa.date32()),
        ("valid_to_latest", pa.date32()),
        ("date_precision", pa.string()),
        ("known_from", pa.date32()),
        ("known_to", pa.date32()),
        ("basis", pa.string()),
        ("decision_id", pa.string()),
        ("action", pa.string()),
        ("event_ids", pa.list_(pa.string())),
        ("score", pa.float64()),
        ("conflicts_with", pa.list_(pa.string())),
    ]
)
_PAIR = pa.schema([("decision_id", pa.string()), ("event_id", pa.string())])
_DOCUMENT = pa.schema([("decision_id", pa.string()), ("known_id", pa.string())])
_SHIFT = pa.schema(
    [
        ("level", pa.string()),
        ("key", pa.string()),
        ("week", pa.string()),
        ("before_mean", pa.float64()),
        ("after_mean", pa.float64()),
        ("ratio", pa.float64()),
        ("ratio_low", pa.float64()),
        ("ratio_high", pa.float64()),
        ("direction", pa.string()),
        ("weeks_before", pa.int64()),
        ("weeks_after", pa.int64()),
        ("stories_before", pa.int64()),
        ("stories_after", pa.int64()),
    ]
)
_THREAD = pa.schema([("reply_article_id", pa.string()), ("thread_id", pa.string())])


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Add many rows at once; row-by-row inserts take seconds where this takes milliseconds."""
    columns = list(zip(*rows, strict=True))
    names = [f"c{n}" for n in range(len(columns))]
    connection.register("incoming", pa.table([pa.array(column) for column in columns], names=names))
    connection.execute(f"insert into {table} from incoming")
    connection.unregister("incoming")


def _put(
    connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, rows: Iterable[tuple[object, ...]]
) -> None:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    table = pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
    connection.register("incoming", table)
    connection.execute(f"create temp table {name} as from incoming")
    connection.unregister("incoming")


def listed_sources(path: Path | None) -> list[tuple[Any, ...]]:
    """Read the sources' names and regions out of `sources.toml`; raises WarehouseError when it can't be read."""
    if path is None:
        return []
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8")).get("source", [])
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WarehouseError(f"Kan ikke lese kildelisten {path}: {error}") from None
    return [
        (
            entry["id"],
            entry.get("name", entry["id"]),
            entry.get("publisher_group"),
            entry.get("platform"),
            entry.get("kind"),
            entry.get("region"),
            entry.get("fylker", []),
            entry.get("paywall"),
            entry.get("active", True),
        )
        for entry in listed
    ]


def _make_stories(connection: duckdb.DuckDBPyConnection, rules: Rules, today: date) -> None:
    scratch = Path(connection.execute("select current_setting('temp_directory')").fetchall()[0][0])
    scratch.mkdir(exist_ok=True)
    connection.register("incoming", label_stories(connection, scratch))
    connection.execute("create temp table story_labels as from incoming")
    connection.unregister("incoming")


def _make_decisions(connection: duckdb.DuckDBPyConnection, rules: Rules, today: date) -> None:
    reports, rejected = _press_reports(connection)
    documents = _document_reports(connection)
    decisions = gather([*reports, *documents])
    refused = gather(rejected)
    current = {row[0] for row in connection.execute("select event_id from tie_events where is_current").fetchall()}
    views: list[tuple[object, ...]] = []
    labels: list[tuple[object, ...]] = []
    documented: list[tuple[object, ...]] = []
    for decision in decisions:
        press = [report for report in decision.reports if report.event_id in current]
        told = [report for report in decision.reports if report.basis == "document"]
        documented += [(decision.decision_id, report.event_id) for report in told]
        seen = view(decision, press, rules)
        if seen is None:
            continue
        views.append(
            (
                decision.decision_id,
                decision.tie_id,
                decision.action,
                seen.date_from,
                seen.date_to,
                seen.date_precision,
                seen.state,
                seen.basis,
                seen.score,
                decided_from(_of(decision, press), rules) if seen.state != "reported" else None,
                list(decision.conflicts_with),
                bool(told),
            )
        )
        labels += [(decision.decision_id, report.event_id) for report in press]
    for decision in refused:
        press = [report for report in decision.reports if report.event_id in current]
        seen = view(decision, press, rules)
        if seen is None:
            continue
        name = f"{decision.decision_id}:rejected"
        views.append(
            (
                name,
                decision.tie_id,
                decision.action,
                seen.date_from,
                seen.date_to,
                seen.date_precision,
                "rejected",
                "analyst",
                0.0,
                None,
                [],
                False,
            )
        )
        labels += [(name, report.event_id) for report in press]
    _put(connection, "decision_views", _VIEWS, views)
    _put(connection, "decision_labels", _PAIR, labels)
    _put(connection, "decision_documents", _DOCUMENT, documented)
    _make_status(connection, decisions, rules, today)


def _of(decision: Decision, reports: Sequence[Report]) -> Decision:
    return Decision(
        decision_id=decision.decision_id, tie_id=decision.tie_id, action=decision.action, reports=tuple(reports)
    )


def _press_reports(connection: duckdb.DuckDBPyConnection) -> tuple[list[Report], list[Report]]:
    """Return the reports that count and those that an analyst rejected."""
    rows = connection.execute(
        """
        select
            event_id, tie_id, action, factuality, date_from, date_to, date_precision,
            cast(tie_events.known_from at time zone 'UTC' at time zone 'Europe/Oslo' as date),
            case when known_to >= timestamp '9999-01-01' then date '9999-12-31'
                else cast(known_to at time zone 'UTC' at time zone 'Europe/Oslo' as date)
            end,
            score, tie_events.story_id, judgement,
            is_opinion,
            event_date is null or date_precision = 'published' as is_undated,
            bool_or(action = 'rejected_termination') over same_text
                and bool_or(action = 'terminated') over same_text as gainsaid,
            char_start - length(title) - length(lead) as below
        from tie_events
        inner join articles using (article_id)
        where factuality = 'happened'
            or (factuality = 'proposed' and action in ('proposed_signing', 'proposed_termination'))
        window same_text as (
            partition by article_id, tie_events.version, tie_id, event_date is null or date_precision = 'published'
        )
        order by event_id
        """
    ).fetchall()
    counted: list[Report] = []
    rejected: list[Report] = []
    for row in rows:
        report = Report(
            event_id=row[0],
            tie_id=row[1],
            action=row[2],
            factuality=row[3],
            date_from=row[4],
            date_to=row[5],
            date_precision=row[6],
            known_from=row[7],
            known_to=row[8],
            score=row[9],
            story_id=row[10],
            opinion=row[12],
            gainsaid=row[13] and row[14] and row[2] in ("terminated", "rejected_termination"),
            deep=row[15] > DEEP,
            accepted=row[11] in ("accept", "change"),
        )
        (rejected if row[11] == "reject" else counted).append(report)
    return counted, rejected


def _document_reports(connection: duckdb.DuckDBPyConnection) -> list[Report]:
    rows = connection.execute(
        """
        select known_id, tie_id, action, date_from, date_to, date_precision
        from tie_events_known
        where verification <> 'doubtful' and tie_id in (select tie_id from ties)
        order by known_id
        """
    ).fetchall()
    return [
        Report(
            event_id=row[0],
            tie_id=row[1],
            action=row[2],
            factuality="proposed" if row[2] in PROPOSALS else "happened",
            date_from=row[3],
            date_to=row[4],
            date_precision=row[5],
            # A document is known when the decision can have been made: at the end of its interval.
            known_from=row[4],
            known_to=date(9999, 12, 31),
            score=1.0,
            basis="document",
        )
        for row in rows
    ]


def _make_status(
    connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], rules: Rules, today: date
) -> None:
    rows = connection.execute(
        """
        select
            tie_id,
            case
                when not in_registry then 'unknown'
                when verification = 'doubtful' then 'doubtful'
                when kind = 'proposed' then 'proposed'
                else 'active'
            end,
            signed_year,
            coalesce(valid_to + 1, date '9999-12-31')
        from ties
        """
    ).fetchall()
    bases = {
        row[0]: Base(
            tie_id=row[0],
            status=row[1],
            signed_year=row[2],
            held_until=row[3],
            year_is_over=row[2] is None or row[2] < today.year,
        )
        for row in rows
    }
    found = [
        (
            number,
            step.tie_id,
            step.status,
            step.valid_from,
            step.valid_from_latest,
            step.valid_to,
            step.valid_to_latest,
            step.date_precision,
            step.known_from,
            step.known_to,
            step.basis,
            step.decision_id,
            step.action,
            list(step.event_ids),
            step.score,
            list(step.conflicts_with),
        )
        for number, step in enumerate(steps(decisions, bases, rules))
    ]
    _put(connection, "status_steps", _STEPS, found)


def _made_together(connection: duckdb.DuckDBPyConnection, rules: Rules, today: date) -> None:
    """Nothing: `decision_views` made it."""


def _make_shifts(connection: duckdb.DuckDBPyConnection, rules: Rules, today: date) -> None:
    _put(connection, "shift_points", _SHIFT, find_shifts(connection))


def _make_threads(connection: duckdb.DuckDBPyConnection, rules: Rules, today: date) -> None:
    """Follow each reply to the first text of its chain, by the surest answer."""
    rows = connection.execute(
        """
        select reply_article_id, arg_max(target_article_id, (score, target_article_id))
        from stg_replies group by all order by all
        """
    ).fetchall()
    answers = dict(rows)
    threads = []
    for reply in answers:
        first, seen = reply, {reply}
        while first in answers and answers[first] not in seen:
            first = answers[first]
            seen.add(first)
        threads.append((reply, first))
    _put(connection, "debate_threads", _THREAD, threads)


MAKERS: dict[str, Maker] = {
    "story_labels": _make_stories,
    "decision_views": _make_decisions,
    "decision_labels": _made_together,
    "decision_documents": _made_together,
    "status_steps": _made_together,
    "shift_points": _make_shifts,
    "debate_threads": _make_threads,
}
