"""Days, weeks, months, seasons and years said in Norwegian text, resolved against the day of publication.

Bokmål and nynorsk. A date is the first day of what is meant; its precision says how much of it is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from nlp.reading import EventPrecision

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan",
            "februar feb",
            "mars",
            "april apr",
            "mai",
            "juni jun",
            "juli jul",
            "august aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "desember des",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = r"(?P<month>januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)"
_SHORT = r"(?P<short>jan|feb|mars|apr|mai|jun|jul|aug|sept|sep|okt|nov|des)\.?"
_WEEKDAYS = {
    "mandag": 0,
    "måndag": 0,
    "tirsdag": 1,
    "tysdag": 1,
    "onsdag": 2,
    "torsdag": 3,
    "fredag": 4,
    "lørdag": 5,
    "laurdag": 5,
    "søndag": 6,
    "sundag": 6,
}
_WEEKDAY = r"(?P<weekday>" + "|".join(_WEEKDAYS) + r")(?:s(?=\s?kveld)|en|ens)?"
_SEASONS = {"vinter": 12, "vår": 3, "sommer": 6, "sommar": 6, "høst": 9, "haust": 9}
_SEASON = r"(?P<season>vinter|vår|sommer|sommar|høst|haust)"
_NUMBERS = {
    word: value
    for value, words in {
        1: "en ett ei ein eit et én",
        2: "to",
        3: "tre",
        4: "fire",
        5: "fem",
        6: "seks",
        7: "sju syv",
        8: "åtte",
        9: "ni",
        10: "ti",
        12: "tolv",
        15: "femten",
        20: "tjue tyve",
        25: "tjuefem",
        30: "tretti",
        40: "førti",
        50: "femti",
    }.items()
    for word in words.split()
}
_NUMBER = r"(?P<count>\d{1,2}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_YEAR = r"(?P<year>1[89]\d\d|20[0-4]\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_LAST = r"(?:sist|siste|forrige|førre|denne)"
_AHEAD = r"(?:neste|førstkommende|førstkomande|kommende|komande)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(r"(?<![\w.])" + pattern + r"(?![\w])", re.IGNORECASE))
    for name, pattern in (
        ("iso", _YEAR + r"-(?P<number>0[1-9]|1[0-2])-" + _DAY),
        ("numeric", _DAY + r"[./]\s?(?P<number>1[0-2]|0?[1-9])[./]\s?(?P<year>1[89]\d\d|20[0-4]\d|\d\d)"),
        ("day", _DAY + r"\.?\s+" + _MONTH + r"(?:,?\s+(?:i\s+)?" + _YEAR + r"|\s+(?P<relative>i fjor|i år))?"),
        ("day", _DAY + r"\.\s?" + _SHORT + r"\s+" + _YEAR),
        ("month", _MONTH + r"(?:\s+(?:i\s+)?" + _YEAR + r"|\s+(?P<relative>i fjor|i år))"),
        ("month", r"(?:i|sidan|siden|fra|frå|til|innen|innan)\s+(?:(?:begynnelsen|slutten|byrjinga) av\s+)?" + _MONTH),
        ("month_ago", r"(?:i\s+)?(?:forrige|førre|sist)\s+(?:måned|månad)"),
        ("season", _SEASON + r"(?:en|an)?\s+" + _YEAR),
        ("season", r"i\s+(?P<relative>fjor)\s+" + _SEASON),
        ("season", r"i\s+" + _SEASON + r"(?!\s+(?:by|kommune|tid|region|del|nabo|eige|egen))"),
        ("season", r"(?:sist|siste|førre|forrige)\s+" + _SEASON),
        ("weekday", r"(?P<ahead>" + _AHEAD + r"\s+)" + _WEEKDAY),
        ("weekday", r"(?:(?:på|" + _LAST + r")\s+)?" + _WEEKDAY),
        ("today", r"i dag|i kveld|i ettermiddag|i formiddag|i natt|nå i kveld"),
        ("yesterday", r"i går|i går kveld|i gårkveld"),
        ("before_yesterday", r"i forgårs|i førgårs|i forgårs"),
        ("tomorrow", r"i morgen|i morgon"),
        ("week_ago", r"(?:i\s+)?(?:forrige|førre|sist)\s+(?:uke|uka|uken|veke|veka)"),
        ("this_week", r"(?:i\s+)?denne\s+(?:uken|uka|veka|veken)"),
        ("ago", r"for\s+(?:om lag |rundt |vel |snart |drøye? |knapt? )?" + _NUMBER
         + r"\s+(?P<unit>dager|dagar|dag|uker|uke|veker|veke|måneder|måned|månader|månad|år)\s+(?:siden|sidan)"),
        ("last_year", r"i fjor"),
        ("this_year", r"(?:tidligere |tidlegare |seinere |senere )?i år(?!\s+\d)"),
        ("year", r"(?:i|siden|sidan|fra|frå|av|året|år|i år|helt siden|heilt sidan|tilbake til)\s+" + _YEAR
         + r"(?!\s*(?:kroner|meter|personer|menneske|innbygg|kvadrat|tonn|prosent|euro))"),
        ("decade", r"(?:på|i|fra|frå|siden|sidan)\s+(?:slutten av\s+|begynnelsen av\s+|byrjinga av\s+|midten av\s+)?"
         r"(?P<decade>(?:19|20)\d0|[3-9]0)[-–\s]?(?:tallet|talet|åra|årene)"),
        ("year", r"\(" + _YEAR + r"\)"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of time said in the text; `date` is its first day."""

    start: int
    end: int
    date: date
    precision: EventPrecision


def find_moments(text: str, published: date | None, *, start: int = 0, end: int | None = None) -> tuple[Moment, ...]:
    """List the times said between `start` and `end`, in text order, never overlapping.

    Relative ones need `published` and are left out without it.
    """
    found: list[Moment] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text, start, len(text) if end is None else end):
            if any(match.start() < other.end and other.start < match.end() for other in found):
                continue
            resolved = _resolve(name, match, published)
            if resolved is not None:
                day, precision = resolved
                found.append(Moment(start=match.start(), end=match.end(), date=day, precision=precision))
    return tuple(sorted(found, key=lambda moment: moment.start))


def _resolve(name: str, match: re.Match[str], published: date | None) -> tuple[date, EventPrecision] | None:
    said = {key: value.lower() for key, value in match.groupdict().items() if value}
    year = int(said["year"]) if "year" in said else None
    try:
        match name:
            case "iso":
                return date(int(said["year"]), int(said["number"]), int(said["day"])), "day"
            case "numeric":
                if year is not None and year < 100:
                    year += 2000 if year < 50 else 1900
                return date(year or 1, int(said["number"]), int(said["day"])), "day"
            case "day":
                month = _MONTHS[said.get("month") or said["short"]]
                return _with_year(year, said, month, int(said["day"]), published, "day")
            case "month":
                return _with_year(year, said, _MONTHS[said["month"]], 1, published, "month")
            case "season":
                return _season(said, year, published)
            case "year":
                return date(int(said["year"]), 1, 1), "year"
            case "decade":
                return None
    except ValueError:
        return None
    return _relative(name, said, published) if published else None


def _with_year(
    year: int | None, said: dict[str, str], month: int, day: int, published: date | None, precision: EventPrecision
) -> tuple[date, EventPrecision] | None:
    if year is not None:
        return date(year, month, day), precision
    if published is None:
        return None
    if said.get("relative") == "i fjor":
        return date(published.year - 1, month, day), precision
    resolved = date(published.year, month, day)
    # A month said without its year is the last one, unless it lies only a little ahead (a meeting to come).
    if "relative" not in said and (resolved - published).days > 100:
        resolved = date(published.year - 1, month, day)
    return resolved, precision


def _season(said: dict[str, str], year: int | None, published: date | None) -> tuple[date, EventPrecision] | None:
    month = _SEASONS[said["season"]]
    if year is not None:
        return date(year - (month == 12), month, 1), "season"
    if published is None:
        return None
    if said.get("relative") == "fjor":
        return date(published.year - 1 - (month == 12), month, 1), "season"
    resolved = date(published.year, month, 1)
    if resolved > published and (resolved - published).days > 45:
        resolved = date(published.year - 1, month, 1)
    return resolved, "season"


def _relative(name: str, said: dict[str, str], published: date) -> tuple[date, EventPrecision] | None:
    monday = published - timedelta(days=published.weekday())
    match name:
        case "today":
            return published, "day"
        case "yesterday":
            return published - timedelta(days=1), "day"
        case "before_yesterday":
            return published - timedelta(days=2), "day"
        case "tomorrow":
            return published + timedelta(days=1), "day"
        case "weekday":
            back = (published.weekday() - _WEEKDAYS[said["weekday"]]) % 7
            if "ahead" in said:
                return published + timedelta(days=(7 - back) if back else 7), "day"
            return published - timedelta(days=back), "day"
        case "week_ago":
            return monday - timedelta(days=7), "week"
        case "this_week":
            return monday, "week"
        case "month_ago":
            return (published.replace(day=1) - timedelta(days=1)).replace(day=1), "month"
        case "last_year":
            return date(published.year - 1, 1, 1), "year"
        case "this_year":
            return date(published.year, 1, 1), "year"
        case "ago":
            return _ago(said, published)
    return None


def _ago(said: dict[str, str], published: date) -> tuple[date, EventPrecision]:
    count = int(said["count"]) if said["count"].isdigit() else _NUMBERS[said["count"]]
    unit = said["unit"]
    if unit.startswith("dag"):
        return published - timedelta(days=count), "day"
    if unit.startswith(("uk", "vek")):
        day = published - timedelta(weeks=count)
        return day - timedelta(days=day.weekday()), "week"
    if unit.startswith("mån"):
        months = published.year * 12 + published.month - 1 - count
        return date(months // 12, months % 12 + 1, 1), "month"
    return date(published.year - count, 1, 1), "year"
