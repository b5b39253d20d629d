"""Write the site: pages from templates into a new folder, which then takes the place of the old one.

The same warehouse and settings always make the same bytes. No page loads anything from another host.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from digest.letter import Letter, lay_out, split_note
from digest.site import draw
from digest.site.outline import AreasError, area_paths
from digest.site.read import NB, STATUSES, Kommune, Site, Tie, host, read_site, without_mail
from digest.week import Digest, WeekError, last_finished_week, read_week, week_days
from digest.words import (
    OSLO,
    count,
    day,
    listed,
    moment,
    percent,
    plain,
    say,
    slug,
    source_state,
    span,
    stance_name,
    status_name,
    whole,
)

ARCHIVE = 13
"""Finished weeks that always have a page; older ones have one where a digest was made of them, the newest `SENT`."""
SENT = 52
HEAVIEST = 500_000
"""Bytes that a page should not exceed."""
_TEMPLATES = Path(__file__).parents[1] / "templates" / "pages"
TIES_TABLE = "avtaler/avtaler.csv"
_ASSETS = ("style.css", "site.js")
_CHARTED = 8


class SiteError(Exception):
    """The site can't be written; the message (Norwegian) says where and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """What the site is called and where it will lie; `title` may carry a mark in brackets, «Bybånd (demo …)»."""

    title: str = "Bybånd"
    base_url: str = ""
    kommuner_geojson: Path | None = None
    silent_weeks: int = 12
    today: date | None = None
    sent_weeks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many pages the site has, and those of them that weigh more than `HEAVIEST`."""

    pages: int
    heavy: tuple[str, ...]


def write_site(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: SiteSettings,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Written:
    """Write the whole site to `folder`; raises SiteError.

    An interruption leaves the old site as it was.
    """
    try:
        areas = area_paths(settings.kommuner_geojson) if settings.kommuner_geojson else None
    except AreasError as error:
        raise SiteError(str(error)) from None
    site = read_site(con, settings.today)
    weeks = tuple(_weeks(con, site, settings))
    files = dict(_files(site, weeks, settings, areas, progress))
    _swap(folder, files)
    pages = {name: len(text.encode()) for name, text in files.items() if name.endswith(".html")}
    return Written(pages=len(pages), heavy=tuple(name for name, size in pages.items() if size > HEAVIEST))


def _swap(folder: Path, files: dict[str, str]) -> None:
    new, old = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    try:
        # Both are left from a run that was killed; if it died between two renames, the old site is put back first.
        if old.exists() and not folder.exists():
            old.rename(folder)
        for left in (new, old):
            if left.exists():
                shutil.rmtree(left)
        new.mkdir(parents=True)
        for name, text in files.items():
            file = new / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
        for asset in _ASSETS:
            shutil.copyfile(_TEMPLATES / asset, new / asset)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except OSError as error:
        raise SiteError(
            f"Kan ikke skrive sidene i {folder}: {error.strerror}. Rett rettighetene eller [data] folder."
        ) from None
    with suppress(OSError):
        shutil.rmtree(old)


def _weeks(con: duckdb.DuckDBPyConnection, site: Site, settings: SiteSettings) -> Iterator[tuple[Digest, Letter]]:
    """Yield the weeks that have a page, newest first."""
    last = week_days(last_finished_week(site.today))[0]
    lately = {_week(last - timedelta(weeks=back)) for back in range(ARCHIVE)}
    sent = sorted(settings.sent_weeks, reverse=True)[:SENT]
    for week in sorted({*lately, *sent}, reverse=True):
        try:
            told = read_week(con, week, silent_weeks=settings.silent_weeks)
        except WeekError:
            continue  # before the first crawled day
        # The week's picture is drawn here, not by the letter: as SVG that follows light and dark.
        yield told, lay_out(replace(told, courses=()), NB, title=settings.title)


def _week(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _files(
    site: Site,
    weeks: tuple[tuple[Digest, Letter], ...],
    settings: SiteSettings,
    areas: dict[str, str] | None,
    progress: Callable[[int, int], None],
) -> Iterator[tuple[str, str]]:
    name, mark = _title(settings.title)
    templates = _environment()
    base = settings.base_url.rstrip("/")
    common = {
        "site": site,
        "name": name,
        "mark": mark,
        "base_url": base,
        "built": moment(NB, site.built_at),
        "weeks": weeks,
        "names_writer": lambda text: any(writer in text for writer in site.writers),
        "by_tie": {tie.tie_id: tie for tie in site.ties},
        "by_name": {tie.name: tie for tie in site.ties},
        "by_source": {source.slug: source for source in site.sources},
        "read_ties": [tie for tie in site.ties if not tie.is_former],
        "counts": {status: sum(tie.status == status and not tie.is_former for tie in site.ties) for status in STATUSES},
    }
    dots = _dots(site)
    # Three years tell the course of a status; what began before is told in words.
    window = (min(date(site.first_day.year, 1, 1), date(site.today.year - 2, 1, 1)), site.today)

    by_kommune = {kommune.place_id: kommune for kommune in site.kommuner}
    pages: list[tuple[str, str, dict[str, Any]]] = [
        ("index.html", "index.html", {"map": draw.norway(dots, areas, links=False), **_week_of(weeks, "")}),
        ("metode.html", "method.html", {}),
        ("kart.html", "map.html", {"map": draw.norway(dots, areas), "fylker": _by_fylke(site)}),
        ("avtaler/index.html", "ties.html", {}),
        ("kilder/index.html", "sources.html", {}),
        ("uker/index.html", "weeks.html", {}),
    ]
    for at, (told, _) in enumerate(weeks):
        newer, older = weeks[at - 1][0] if at else None, weeks[at + 1][0] if at + 1 < len(weeks) else None
        pages.append(
            (f"uker/{told.week}.html", "week.html", {"newer": newer, "older": older, **_week_of(weeks[at:], "../")})
        )
    for tie in site.ties:
        held_by = by_kommune.get(tie.kommune_id)
        more = {"tie": tie, "kommune": held_by, "window": window, "stances": _stances(tie)}
        pages.append((f"avtaler/{tie.slug}.html", "tie.html", more))
    pages += [
        (f"kommuner/{kommune.place_id}.html", "kommune.html", {"kommune": kommune, "window": window})
        for kommune in site.kommuner
    ]
    pages += [
        (f"kilder/{source.slug}.html", "source.html", {"source": source}) for source in site.sources if source.is_read
    ]
    for done, (path, template, more) in enumerate(pages):
        root = "../" * path.count("/")
        yield path, templates.get_template(template).render(**common, root=root, path=path, **more)
        progress(done + 1, len(pages))
    yield from _tables(site)
    yield "feed.xml", templates.get_template("feed.xml").render(**common, entries=_entries(weeks, base), root="")


def _tables(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the figures as files that a spreadsheet opens, for every page that shows some."""
    yield TIES_TABLE, _table(
        ("Avtale", "Kommune", "By", "Land", "Fylke", "Status", "Siden", "Saker", "Siste 52 uker", "Sist omtalt",
         "Stille uker", "Uker i alt uten sak", "Leser lokalavisen", "Bekreftet"),
        (
            (
                tie.tie_id, tie.kommune, tie.city, tie.country, tie.fylke, tie.status_words,
                tie.since if tie.since_day else "", tie.stories, tie.lately, tie.last_day, tie.healthy_weeks,
                tie.weeks_silent, None if tie.sees_local_paper is None else "ja" if tie.sees_local_paper else "nei",
                tie.verification,
            )
            for tie in site.ties
        ),
    )  # fmt: skip
    shown = (
        *((f"avtaler/{tie.slug}.csv", tie.months) for tie in site.ties),
        *((f"kommuner/{kommune.place_id}.csv", kommune.months) for kommune in site.kommuner),
        *((f"kilder/{source.slug}.csv", source.months) for source in site.sources if source.is_read),
    )
    heads = ("Måned", "Saker", "Av alle", "Andel (%)", "Lav (95 %)", "Høy (95 %)", "Aviser", "Merknad")
    for name, months in shown:
        if months:
            yield name, _table(heads, map(_month_row, months))


def _month_row(month: draw.Month) -> tuple[object, ...]:
    if month.share is None:
        return (f"{month.start:%Y-%m}", month.stories, month.all_stories, None, None, None, None, month.reason)
    shares = [None if share is None else 100 * share for share in (month.share, month.share_low, month.share_high)]
    note = "andre kilder enn måneden før" if month.sources_changed else ""
    return (f"{month.start:%Y-%m}", month.stories, month.all_stories, *shares, month.reach or 0, note)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return CSV as a Norwegian Excel opens it: semicolons, decimal commas and a byte order mark."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(heads)
    table.writerows(
        [f"{cell:.3f}".replace(".", ",") if isinstance(cell, float) else cell for cell in row] for row in rows
    )
    return f"\ufeff{out.getvalue()}"


def _title(title: str) -> tuple[str, str]:
    name, _, mark = plain(title).partition(" (")
    return name, mark.removesuffix(")")


def _week_of(weeks: tuple[tuple[Digest, Letter], ...], root: str) -> dict[str, Any]:
    """Return what the week's template needs: the letter, and its pictures drawn as SVG."""
    if not weeks:
        return {"told": None, "letter": None, "week_picture": None, "told_ties": []}
    told, letter = weeks[0]
    written = [course for course in told.courses if course.points[-1].stories and course.points[-1].share is not None]
    rows = [
        (
            f"{plain(course.tie.kommune)}–{plain(course.tie.city)}",
            f"{root}avtaler/{slug(course.tie.tie_id)}.html",
            course.points[-1],
        )
        for course in written[:_CHARTED]
    ]
    return {
        "told": told,
        "letter": letter,
        "week_picture": draw.week_shares(rows) if rows else None,
        "told_ties": _told_ties(told),
    }


def _told_ties(told: Digest) -> list[str]:
    """Return the ids of the ties that a week's decisions, proposals and posts are about."""
    news = [step.ties for item in (*told.decisions, *told.proposals, *told.earlier) for step in item.steps]
    stands = [stand.ties for post in told.posts for stand in post.stands]
    return list(dict.fromkeys(tie.tie_id for ties in (*news, *stands) for tie in ties))


def _dots(site: Site) -> list[draw.Dot]:
    return [
        draw.Dot(
            name=kommune.name,
            number=kommune.number,
            lat=kommune.lat,
            lon=kommune.lon,
            status=kommune.status,
            stories=kommune.stories,
            link=f"kommuner/{kommune.place_id}.html" if kommune.ties else None,
            words=_kommune_words(kommune),
        )
        for kommune in site.kommuner
        if kommune.number and kommune.lat is not None
    ]


def _kommune_words(kommune: Kommune) -> str:
    ties = listed(NB, [f"{tie.city} ({tie.status_words})" for tie in kommune.ties[:6]])
    more = f" og {len(kommune.ties) - 6} til" if len(kommune.ties) > 6 else ""
    return f"{kommune.name}: {ties}{more}" if kommune.ties else kommune.name


def _by_fylke(site: Site) -> list[tuple[str, list[Kommune]]]:
    found: dict[str, list[Kommune]] = defaultdict(list)
    for kommune in site.kommuner:
        if kommune.number:
            found[kommune.fylke].append(kommune)
    return sorted(found.items())


def _stances(tie: Tie) -> list[tuple[str, str, int]]:
    order = ("keep", "establish", "none", "freeze", "end")
    counted = [(stance, sum(post.stance == stance for post in tie.posts)) for stance in order]
    return [(stance, stance_name(NB, stance), number) for stance, number in counted if number]


def _entries(weeks: tuple[tuple[Digest, Letter], ...], base: str) -> list[dict[str, str]]:
    """Return the feed's entries; a week is published on the Monday after, at seven in Oslo."""
    made = []
    for told, letter in weeks:
        monday = told.last_day + timedelta(days=1)
        at = datetime(monday.year, monday.month, monday.day, 7, tzinfo=OSLO).astimezone(UTC)
        news = [
            entry.headline for part in letter.parts if part.key in ("decisions", "proposals") for entry in part.entries
        ]
        made.append(
            {
                "id": f"{base}/uker/{told.week}.html" if base else f"urn:bybaand:uke:{told.week}",
                "link": f"{base}/uker/{told.week}.html" if base else f"uker/{told.week}.html",
                "title": letter.subject,
                "updated": f"{at:%Y-%m-%dT%H:%M:%SZ}",
                "summary": " ".join([letter.summary, *(f"{headline}." for headline in news)]),
            }
        )
    return made


def _finalized(value: Any) -> Any:
    """Take addresses of mail out of whatever outside text is shown, but leave links whole."""
    is_text = (
        isinstance(value, str) and not hasattr(value, "__html__") and not value.startswith(("http://", "https://"))
    )
    return without_mail(value) if is_text else value


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "day": lambda moment: day(NB, moment),
        "short_day": lambda moment: f"{moment:%d.%m.%Y}",
        "percent": lambda share: percent(NB, share),
        "whole": lambda number: whole(NB, number),
        "status": lambda status: status_name(NB, status),
        "state": lambda state: source_state(NB, state),
        "host": host,
    }
    made.globals |= {
        "attention": draw.attention,
        "status_line": draw.status_line,
        "health": draw.health,
        "interval": draw.interval,
        "split_note": split_note,
        "say": lambda key, **values: say(NB, key, **values),
        "count": lambda number, noun: count(NB, number, noun),
        "span": lambda first, last: span(NB, first, last),
        "listed": lambda names: listed(NB, list(names)),
    }
    return made
