"""Which days a crawl may vouch for, and how often a feed must be asked; rules only, no clock and no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
SHORTEST_S, LONGEST_S = 900.0, 7200.0
_DOWN_FIRST_S, _DOWN_LONGEST_S = 900.0, 86400.0


def oslo_day(moment: float) -> date:
    """Return the day in Oslo."""
    return datetime.fromtimestamp(moment, UTC).astimezone(OSLO).date()


def day_start(day: date) -> float:
    """Return when the day begins in Oslo."""
    return datetime(day.year, day.month, day.day, tzinfo=OSLO).timestamp()


def first_full_day(moment: float) -> date:
    """Return the first day that begins at or after the moment."""
    day = oslo_day(moment)
    return day if day_start(day) >= moment else day + timedelta(days=1)


def oldest_listed(times: Sequence[float | None]) -> float | None:
    """Return since when a list is complete, from its items' times in its order; None where it doesn't tell.

    In a list sorted newest first that is its last item. Where older pieces are mixed in (pinned, promoted), the newest
    of the last third stands for it: what is older may have fallen out in between.
    """
    known = [time for time in times if time is not None]
    if len(known) < max(2, (len(times) + 1) // 2):
        return None
    falls = sum(later > earlier + 3600 for earlier, later in pairwise(known))
    if falls <= len(known) // 15:
        return known[-1]
    return max(known[-max(1, len(known) // 3) :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """A feed's turnover: new items per second, and the seconds until it should be asked again."""

    rate: float
    interval_s: float


def rhythm(*, items: int, fresh: int, since_s: float | None, span_s: float | None, before: float | None) -> Rhythm:
    """Measure a feed so that it is asked at least twice while an item stands in it.

    `fresh` items came in `since_s` seconds since the last poll; `span_s` is the time that the whole list spans, which
    counts double as the day is busier than the night. A busy hour counts at once, a quiet one only slowly.
    """
    rate = 2 * items / span_s if span_s and span_s > 0 else 0.0
    if since_s and since_s > 0:
        seen = fresh / since_s
        rate = max(seen, 0.7 * (before if before is not None else rate) + 0.3 * seen)
    window = items / rate if rate > 0 else LONGEST_S * 2
    return Rhythm(rate=rate, interval_s=min(max(window / 2, SHORTEST_S), LONGEST_S))


def pause_after(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row: doubling to a day, and a day for ever."""
    return min(_DOWN_FIRST_S * 2.0 ** min(failures, 12), _DOWN_LONGEST_S)


def claim(
    *, covered_since: float | None, claimed_to: date | None, now: float, oldest_waiting: float | None
) -> tuple[date, date] | None:
    """Return the full days that may be vouched for now and were not before; None where there is none.

    `covered_since` is since when the list has been followed without a break; a listed article that is not fetched yet
    holds back its own day and all after it.
    """
    if covered_since is None:
        return None
    first = first_full_day(covered_since)
    if claimed_to is not None:
        first = max(first, claimed_to + timedelta(days=1))
    last = oslo_day(now) - timedelta(days=1)
    if oldest_waiting is not None:
        last = min(last, oslo_day(oldest_waiting) - timedelta(days=1))
    return (first, last) if first <= last else None
