"""Dates as the papers write them: ISO with and without colon in the offset, RFC 1123, epochs, Norwegian prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from crawlers.article import DateOrigin, DatePrecision

OSLO = ZoneInfo("Europe/Oslo")
FIRST_YEAR = 1990
"""Older years are typing errors or defaults: no Norwegian paper was online before."""

_ISO = re.compile(
    r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?\s*$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^\s*((?:19|20)\d{2})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?\s*$")
_EPOCH = re.compile(r"^\s*(?:/Date\()?(\d{10}|\d{13})(?:[+-]\d{4}\)/|\)/)?\s*$")
_RFC = re.compile(r"^\s*(?:[A-Za-z]{3},?\s+)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan january ođđajagemánnu",
            "februar feb february guovvamánnu",
            "mars mar march njukčamánnu",
            "april apr cuoŋománnu",
            "mai may miessemánnu",
            "juni jun june geassemánnu",
            "juli jul july suoidnemánnu",
            "august aug borgemánnu",
            "september sep sept čakčamánnu",
            "oktober okt october oct golggotmánnu",
            "november nov skábmamánnu",
            "desember des december dec juovlamánnu",
        ),
        start=1,
    )
    for name in names.split()
}
_WORDS = re.compile(
    r"\b(\d{1,2})\.?\s*(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?\s+(\d{4})\b", re.IGNORECASE
)
_DOTS = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./ ]\s?(\d{4}|\d{2})\b")
_CLOCK = re.compile(r"(?:kl\.?\s*|[-–,]\s*|\s)(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?!\d)", re.IGNORECASE)
_URL_DAY = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)")
_URL_MONTH = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})(?:/|$)")
_ORDER: tuple[DatePrecision, ...] = ("second", "minute", "day", "month", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A point in time (UTC), how exactly it was stated, where, and the words it was stated with."""

    at: datetime
    precision: DatePrecision
    origin: DateOrigin
    original: str


def parse(text: str | None, origin: DateOrigin) -> Moment | None:
    """Read one statement of a time; None where it is none or lies before 1990. Without zone it is Oslo's clock.

    A day without a clock becomes its first second in Oslo.
    """
    if not text or len(text) > 200:
        return None
    try:
        found = _read(text)
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    if found is None or found[0].year < FIRST_YEAR or found[0].year > 2200:
        return None
    return Moment(at=found[0], precision=found[1], origin=origin, original=text.strip())


def from_url(url: str) -> Moment | None:
    """Read the day or month that stands in an address path, as in `/2019/03/04/` or `/2019/03/`."""
    if match := _URL_DAY.search(url):
        parts, precision = match.groups(), "day"
    elif match := _URL_MONTH.search(url):
        parts, precision = (*match.groups(), "1"), "month"
    else:
        return None
    try:
        day = datetime(int(parts[0]), int(parts[1]), int(parts[2]), tzinfo=OSLO).astimezone(UTC)
    except ValueError:
        return None
    return Moment(at=day, precision="day" if precision == "day" else "month", origin="url", original=match[0])


def best(candidates: Iterable[Moment | None], *, before: datetime) -> Moment | None:
    """Return the first candidate, or a finer one that names the same Oslo day; later than `before` + 2 days is refused.

    Papers announce posts for the next morning, hence the two days.
    """
    limit = before + timedelta(days=2)
    usable = [moment for moment in candidates if moment is not None and moment.at <= limit]
    if not usable:
        return None
    first = usable[0]
    if _ORDER.index(first.precision) <= 1:
        return first
    day = first.at.astimezone(OSLO).date()
    same = [moment for moment in usable if moment.at.astimezone(OSLO).date() == day or first.precision != "day"]
    return min(same, key=lambda moment: _ORDER.index(moment.precision), default=first)


def _read(text: str) -> tuple[datetime, DatePrecision] | None:
    if match := _ISO.match(text) or _COMPACT.match(text):
        year, month, day, hour, minute, second, zone = match.groups()
        if hour is None:
            return _oslo(int(year), int(month), int(day)), "day"
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))  # noqa: DTZ001
        precision: DatePrecision = "minute" if second is None else "second"
        return (moment.replace(tzinfo=OSLO).astimezone(UTC) if not zone else _shifted(moment, zone)), precision
    if match := _EPOCH.match(text):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0), "second"
    if _RFC.match(text):
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if text.rstrip().endswith("-0000") else OSLO)
        return moment.astimezone(UTC), "second"
    return _prose(text)


def _prose(text: str) -> tuple[datetime, DatePrecision] | None:
    if match := _WORDS.search(text):
        day, month, year = int(match[1]), _MONTHS[match[2].lower()], int(match[3])
    elif match := _DOTS.search(text):
        day, month, year = int(match[1]), int(match[2]), int(match[3])
        year += 2000 if year < 100 else 0
    else:
        return None
    clock = _CLOCK.search(text, match.end())
    if clock is None:
        return _oslo(year, month, day), "day"
    return _oslo(year, month, day, int(clock[1]), int(clock[2]), int(clock[3] or 0)), "second" if clock[3] else "minute"


def _oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=OSLO).astimezone(UTC)


def _shifted(moment: datetime, zone: str) -> datetime:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return moment.replace(tzinfo=UTC)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset > timedelta(hours=14):
        raise ValueError(zone)
    return (moment - offset if zone[0] == "+" else moment + offset).replace(tzinfo=UTC)
