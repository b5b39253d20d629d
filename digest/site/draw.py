"""The site's pictures, as SVG inside the page: colours come from the style sheet, so that they follow light and dark.

Across, everything is told in per cent of the width: a picture fills a phone and a desk alike, and its letters keep
their size. Each picture says in words (`aria-label`) what it shows; the figures stand in a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from digest.site.outline import SHEET, outline_path, project
from digest.words import Language, count, percent, status_name

LANGUAGE: Language = "nb"
_MONTHS = ("jan.", "feb.", "mars", "april", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month's figure; `share` and its 95 % interval (0 to 1) are None where `reason` says why."""

    start: date
    articles: int
    stories: int | None
    reach: int | None
    opinion_stories: int | None
    all_stories: int | None
    share: float | None
    share_low: float | None
    share_high: float | None
    coverage: float | None
    sources_changed: bool
    reason: str | None

    @property
    def name(self) -> str:
        """«mars 2022»."""
        return f"{_MONTHS[self.start.month - 1]} {self.start.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which a tie had one status; `end` is the first day after it.

    `since` and `until` say both no more precisely than they are known; `until` is empty while it lasts.
    """

    status: str
    start: date
    end: date
    since: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A kommune on the map: `status` is the one that its ties tell it by, None without a tie."""

    name: str
    number: str | None
    lat: float
    lon: float
    status: str | None
    stories: int
    link: str | None
    words: str


def attention(months: Sequence[Month], what: str) -> Markup:
    """Draw shares month by month with their intervals; grey where there is no figure, never zero."""
    height, top, bottom = 190, 14, 160
    known = [month for month in months if month.share is not None]
    highest = max((month.share_high or 0 for month in known), default=0.0) or 0.01
    step = _step(highest)
    ceiling = step * max(1, -(-highest // step))

    def y(share: float) -> str:
        return f"{bottom - (bottom - top) * share / ceiling:.1f}"

    width = 100 / len(months)
    parts = []
    tick = 0.0
    while tick <= ceiling + 1e-9:
        parts.append(f'<line class="rule" x1="0" x2="100%" y1="{y(tick)}" y2="{y(tick)}"/>')
        words = percent(LANGUAGE, tick) if tick else "0"
        parts.append(f'<text class="tick end" x="-8" y="{float(y(tick)) + 4:.1f}">{words}</text>')
        tick += step
    for at, month in enumerate(months):
        middle = f"{(at + 0.5) * width:.2f}%"
        if month.share is None or month.share_low is None or month.share_high is None:
            parts.append(
                f'<rect class="out" x="{at * width:.2f}%" width="{width:.2f}%" y="{top}" height="{bottom - top}">'
                f"<title>{escape(month_words(month))}</title></rect>"
            )
            continue
        cls = "point" if month.stories else "point none"
        parts.append(
            f'<g class="{cls}"><title>{escape(month_words(month))}</title>'
            f'<line x1="{middle}" x2="{middle}" y1="{y(month.share_low)}" y2="{y(month.share_high)}"/>'
            f'<circle cx="{middle}" cy="{y(month.share)}" r="{4 if month.stories else 2}"/></g>'
        )
    parts += _year_ticks([month.start for month in months], width, bottom)
    total = sum(month.stories or 0 for month in months)
    words = (
        f"{what}, {months[0].name} til {months[-1].name}: {count(LANGUAGE, total, 'story')} i måneder med tall; "
        f"{len(months) - len(known)} av {len(months)} måneder er uten tall."
    )
    return _svg(parts, height, words, "attention")


def month_words(month: Month) -> str:
    """Say a month's figure in words."""
    if month.share is None:
        return f"{month.name}: ikke noe tall ({month.reason or 'kildene var nede'})"
    return (
        f"{month.name}: {count(LANGUAGE, month.stories or 0, 'story')} av {month.all_stories}, "
        f"{percent(LANGUAGE, month.share)} ({interval(month)})"
    )


def interval(month: Month) -> str:
    """Return a month's 95 % interval: «2,1–9,8 %»."""
    low, high = percent(LANGUAGE, month.share_low or 0), percent(LANGUAGE, month.share_high or 0)
    return f"{'0' if not month.share_low else low.removesuffix(' %').strip()}–{high}"


def status_line(stretches: Sequence[Stretch], first: date, last: date, what: str, *, small: bool = False) -> Markup:
    """Draw a tie's statuses between two days; what began earlier is cut off at the left."""
    height = 12 if small else 56
    span = max(1, (last - first).days)

    def x(moment: date) -> float:
        return 100 * (min(max(moment, first), last) - first).days / span

    parts = []
    for stretch in stretches:
        left, right = x(stretch.start), x(stretch.end)
        if right <= left and stretch.start < last:
            continue
        name = status_name(LANGUAGE, stretch.status)
        # What began on the very last day is still to be seen.
        wide = max(right - left, 0.8)
        since = f"siden {stretch.start.year}" if date(1900, 1, 2) < stretch.start < first else ""
        parts.append(
            f'<rect class="fill-{stretch.status}" x="{min(left, 100 - wide):.2f}%" width="{wide:.2f}%" '
            f'y="{0 if small else 4}" height="{12 if small else 26}">'
            f"<title>{escape(_stretch_words(stretch))}</title></rect>"
        )
        if not small and wide > 16:
            parts.append(
                f'<text class="on-{stretch.status}" x="{left:.2f}%" dx="7" y="21">{name}'
                + (f'<tspan class="wide"> {since}</tspan>' if since and wide > 34 else "")
                + "</text>"
            )
    if not small:
        years = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        every = 1 + len(years) // 9
        for year in years[::every]:
            if first <= year <= last and x(year) < 96:
                parts.append(f'<line class="rule" x1="{x(year):.2f}%" x2="{x(year):.2f}%" y1="30" y2="37"/>')
                parts.append(f'<text class="tick" x="{x(year):.2f}%" dx="3" y="49">{year.year}</text>')
    words = f"{what}: " + "; ".join(_stretch_words(stretch) for stretch in stretches)
    return _svg(parts, height, words, "status-line")


def _stretch_words(stretch: Stretch) -> str:
    name = status_name(LANGUAGE, stretch.status)
    start = "" if stretch.start <= date(1900, 1, 1) else f" fra {stretch.since}"
    end = f" til {stretch.until}" if stretch.until else ""
    return f"{name}{start}{end}"


def health(weeks: Sequence[dict[str, Any]], what: str) -> Markup:
    """Draw a source's weeks: the darker, the more days were missing."""
    width = 100 / len(weeks)
    parts = []
    for at, week in enumerate(weeks):
        missing = week["days"] - week["healthy_days"]
        cls = "well" if not missing else "half" if missing < week["days"] / 2 else "ill"
        parts.append(
            f'<rect class="{cls}" x="{at * width:.3f}%" width="{width:.3f}%" y="4" height="26"><title>'
            f"{week['week']}: {week['healthy_days']} av {count(LANGUAGE, week['days'], 'day')} friske</title></rect>"
        )
    parts += _year_ticks([week["start"] for week in weeks], width, 30)
    ill = sum(week["days"] - week["healthy_days"] for week in weeks)
    days = sum(week["days"] for week in weeks)
    return _svg(parts, 60, f"{what}: {days - ill} av {count(LANGUAGE, days, 'day')} friske.", "health")


def week_shares(rows: Sequence[tuple[str, str, Any]]) -> Markup:
    """Draw ties side by side: label, address and a week's `Point` with share, interval and stories."""
    highest = max((point.share_high or 0 for *_, point in rows), default=0.0) or 0.01
    parts = []
    for at, (label, link, point) in enumerate(rows):
        middle = 40 * at + 31
        left, right, spot = (
            4 + 88 * (share or 0) / highest for share in (point.share_low, point.share_high, point.share)
        )
        parts.append(
            f'<a href="{escape(link)}"><text class="label" x="0" y="{middle - 13}">{escape(label)}</text></a>'
            f'<text class="tick end" x="100%" y="{middle - 13}">{count(LANGUAGE, point.stories or 0, "story")}, '
            f"{percent(LANGUAGE, point.share or 0)}</text>"
            f'<g class="point"><line x1="{left:.1f}%" x2="{right:.1f}%" y1="{middle}" y2="{middle}"/>'
            f'<circle cx="{spot:.1f}%" cy="{middle}" r="5"/></g>'
        )
    words = "; ".join(
        f"{label}: {count(LANGUAGE, point.stories or 0, 'story')}, {percent(LANGUAGE, point.share or 0)}, intervall "
        f"{percent(LANGUAGE, point.share_low or 0)} til {percent(LANGUAGE, point.share_high or 0)}"
        for label, _, point in rows
    )
    return _svg(parts, 40 * len(rows) + 4, f"Andel av alle saker denne uken. {words}", "week-shares", role="group")


def norway(dots: Iterable[Dot], areas: dict[str, str] | None = None, *, links: bool = True) -> Markup:
    """Draw the kommuner of Norway: dots on an outline, or as areas (paths by kommunenummer) where they are given."""
    parts = [] if areas else [f'<path class="land" d="{outline_path()}"/>']
    told = sorted(dots, key=lambda dot: (dot.status is not None, dot.stories, dot.name))
    for number, path in sorted((areas or {}).items()):
        if not any(dot.number == number and dot.status for dot in told):
            parts.append(f'<path class="area" d="{path}"/>')
    for dot in told:
        x, y = project(dot.lon, dot.lat)
        if dot.status is None:
            if not areas:
                parts.append(f'<circle class="other" cx="{x:.1f}" cy="{y:.1f}" r="1.6"/>')
            continue
        cls = f"fill-{dot.status}"
        if areas and dot.number in areas:
            shape = f'<path class="area {cls}" d="{areas[dot.number]}"><title>{escape(dot.words)}</title></path>'
        else:
            radius = 3.4 + min(9.0, 1.9 * dot.stories**0.5)
            shape = (
                f'<circle class="dot {cls}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
                f"<title>{escape(dot.words)}</title></circle>"
            )
        # The list beside the map is the way for the keyboard: two hundred stops more help nobody.
        parts.append(
            f'<a href="{escape(dot.link)}" tabindex="-1" aria-hidden="true">{shape}</a>'
            if links and dot.link
            else shape
        )
    label = "Kart over Norge med kommuner som har vennskapsbyer. Det samme står i listen."
    box = f"-8 -4 {SHEET[0] + 16} {SHEET[1] + 8}"
    role = "group" if links else "img"
    # All outside text above is escaped where it is put in.
    return Markup(f'<svg class="norway" viewBox="{box}" role="{role}" aria-label="{label}">{"".join(parts)}</svg>')  # noqa: S704


def _year_ticks(days: Sequence[date], width: float, bottom: float) -> list[str]:
    """Mark each January, or the first day where the picture covers less than a year."""
    marked: list[tuple[int, str]] = []
    for at, moment in enumerate(days):
        if at and moment.year != days[at - 1].year:
            marked.append((at, str(moment.year)))
    if days and (not marked or marked[0][0] * width > 15):
        marked.insert(0, (0, f"{_MONTHS[days[0].month - 1]} {days[0].year}"))
    parts = []
    for at, text in marked:
        parts.append(
            f'<line class="rule" x1="{at * width:.2f}%" x2="{at * width:.2f}%" y1="{bottom}" y2="{bottom + 7}"/>'
            f'<text class="tick" x="{at * width:.2f}%" dx="3" y="{bottom + 19}">{text}</text>'
        )
    return parts


def _step(highest: float) -> float:
    """Return a round distance between rules that leaves two to four of them."""
    for step in (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2):
        if highest / step <= 4:
            return step
    return 0.25


def _svg(parts: Iterable[str], height: float, words: str, cls: str, role: str = "img") -> Markup:
    head = f'<svg class="{cls}" width="100%" height="{height:g}" role="{role}" aria-label="{escape(words)}">'
    # All outside text in the parts is escaped where it is put in.
    return Markup(f"{head}{''.join(parts)}</svg>")  # noqa: S704
