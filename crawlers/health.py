"""How each source fares, from the crawl's own memory; what is expected of a day is the warehouse's to learn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from crawlers.coverage import LONGEST_S
from crawlers.sources import Source
from crawlers.state import CrawlState

Condition = Literal["ok", "late", "down", "new"]
NORWEGIAN: dict[Condition, str] = {"ok": "i rute", "late": "for sent ute", "down": "nede", "new": "aldri hentet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source: `down` no door answered at the last poll, `late` not polled for three of its longest intervals.

    `articles` counts stored, `waiting` listed but not fetched, `refused` set aside, `gone` withdrawn by the paper.
    """

    source_id: str
    name: str
    condition: Condition
    door: str | None
    polled_at: datetime | None
    ok_at: datetime | None
    down_since: datetime | None
    next_at: datetime | None
    failures: int
    error: str | None
    articles: int
    waiting: int
    refused: int
    gone: int


def source_health(state_file: Path, sources: Iterable[Source], now: datetime) -> list[SourceHealth]:
    """Return the health of the sources, those that are down first; empty memory means `new`."""
    if not state_file.exists():
        return [_unknown(source) for source in sources]
    state = CrawlState(state_file)
    try:
        found = [_health(state, source, now) for source in sources]
    finally:
        state.close()
    order: dict[Condition, int] = {"down": 0, "late": 1, "ok": 2, "new": 3}
    return sorted(found, key=lambda each: order[each.condition])


def _health(state: CrawlState, source: Source, now: datetime) -> SourceHealth:
    known, pages = state.source(source.source_id), state.pages_by_state(source.source_id)
    condition: Condition = "ok"
    if known.polled_at is None:
        condition = "new"
    elif known.failures:
        condition = "down"
    elif known.ok_at is None or now.timestamp() - known.ok_at > 3 * LONGEST_S:
        condition = "late"
    return SourceHealth(
        source_id=source.source_id,
        name=source.name,
        condition=condition,
        door=known.door,
        polled_at=_time(known.polled_at),
        ok_at=_time(known.ok_at),
        down_since=_time(known.down_since),
        next_at=_time(known.next_at),
        failures=known.failures,
        error=known.error,
        articles=pages.get("seen", 0),
        waiting=pages.get("queued", 0),
        refused=pages.get("refused", 0) + pages.get("failed", 0),
        gone=pages.get("gone", 0),
    )


def _unknown(source: Source) -> SourceHealth:
    return SourceHealth(
        source_id=source.source_id,
        name=source.name,
        condition="new",
        door=None,
        polled_at=None,
        ok_at=None,
        down_since=None,
        next_at=None,
        failures=0,
        error=None,
        articles=0,
        waiting=0,
        refused=0,
        gone=0,
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
