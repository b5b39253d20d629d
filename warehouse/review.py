"""Analysts' judgements: what to look at next, and how a judgement is kept."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, get_args

import duckdb

from warehouse.connect import WarehouseError

Verdict = Literal["accept", "reject", "change"]
ACTIONS = (
    "signed", "renewed", "proposed_signing", "frozen", "terminated", "proposed_termination", "rejected_termination",
    "resumed", "aid", "visit",
)  # fmt: skip
FACTUALITIES = ("happened", "proposed", "negated", "hypothetical", "historical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An event that wants a judgement, with the words that say so."""

    event_id: str
    article_id: str
    version: int
    tie_id: str
    kommune_name: str
    city_name: str
    action: str
    factuality: str
    event_date: date | None
    date_precision: str | None
    score: float
    char_start: int
    char_end: int
    evidence: str
    title: str
    source_name: str
    published_day: date | None
    url: str
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What an analyst said about an event; the `new_` fields hold corrections, None where the machine was right."""

    judged_at: datetime
    judged_by: str
    judgement: Verdict
    article_id: str
    version: int
    tie_id: str
    action: str
    char_start: int
    char_end: int
    evidence: str
    new_tie_id: str | None = None
    new_action: str | None = None
    new_factuality: str | None = None
    new_date: date | None = None
    new_date_precision: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.judgement not in get_args(Verdict):
            raise ValueError(f"judgement {self.judgement!r} is none of {', '.join(get_args(Verdict))}")
        if not self.judged_by.strip():
            raise ValueError("a judgement needs the name of who judged")
        if self.new_action is not None and self.new_action not in ACTIONS:
            raise ValueError(f"action {self.new_action!r} is none of {', '.join(ACTIONS)}")
        if self.new_factuality is not None and self.new_factuality not in FACTUALITIES:
            raise ValueError(f"factuality {self.new_factuality!r} is none of {', '.join(FACTUALITIES)}")


def questions(con: duckdb.DuckDBPyConnection, *, tie: str | None = None, limit: int = 100) -> list[Question]:
    """Return events without a judgement: first those that contradict another, then the least sure."""
    rows = con.execute(
        """
        select
            e.event_id, e.article_id, e.version, e.tie_id, t.kommune_name, t.city_name, e.action, e.factuality,
            e.event_date, e.date_precision, e.score, e.char_start, e.char_end, e.evidence, a.title, s.name,
            e.published_day, a.url, d.state
        from tie_events as e
        inner join articles as a using (article_id)
        inner join ties as t using (tie_id)
        left join sources as s on a.source_id = s.source_id
        left join decision_reports as r using (event_id)
        left join decisions_observed as d using (decision_id)
        where e.is_current
            and e.judgement is null
            and e.factuality in ('happened', 'proposed')
            and e.action not in ('aid', 'visit')
            and ($tie is null or e.tie_id = $tie)
        order by
            coalesce(len(d.conflicts_with), 0) > 0 desc,
            d.state = 'reported' desc nulls last,
            e.score,
            e.published_day desc,
            e.event_id
        limit $limit
        """,
        {"tie": tie, "limit": limit},
    ).fetchall()
    names = Question.__slots__
    return [Question(**dict(zip(names, row, strict=True))) for row in rows]


def record(file: Path, judgement: Judgement) -> None:
    """Append a judgement, safe on disk on return; nothing that was written is ever changed.

    Raises WarehouseError when the file can't be written.
    """
    line = asdict(judgement)
    line["judged_at"] = judgement.judged_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    line["new_date"] = judgement.new_date.isoformat() if judgement.new_date else None
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a+b") as out:
            # A line torn by a crash must not swallow the next one.
            if out.tell() and (out.seek(-1, os.SEEK_END), out.read(1))[1] != b"\n":
                out.write(b"\n")
            out.write(text.encode())
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise WarehouseError(f"Kan ikke skrive vurderingen i {file}: {error.strerror}. Den er ikke lagret.") from None
