"""What the site tells, drawn from the warehouse: ties, kommuner and sources with all that stands on their pages.

Of paid and withdrawn texts only head data; addresses of mail never; see the comments in `sql/`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from digest.queries import read_query
from digest.site.draw import Month, Stretch
from digest.words import (
    Language,
    body_name,
    count,
    country_name,
    cut,
    day,
    decision_day,
    form_name,
    headline,
    label,
    plain,
    safe_link,
    say,
    sentence_case,
    slug,
    stance_name,
    status_name,
)

NB: Language = "nb"
STATUSES = ("ended", "frozen", "disputed", "proposed", "active", "doubtful", "unknown")
"""The order in which a status tells of a kommune on the map: the most telling first."""
VERIFICATION = {
    "verified": "bekreftet",
    "one_source": "én kilde",
    "unverified": "ikke bekreftet",
    "doubtful": "tvilsom",
}
BASIS = {"registry": "registeret", "document": "et dokument", "press": "avisene", "analyst": "en analytiker"}
_SQL = Path(__file__).with_name("sql")
_FOREVER = date(9999, 12, 31)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SOURCES_SHOWN = 5
_LATEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A text as it may be shown: its headline and address, where and when, and one sentence where that is allowed."""

    title: str
    url: str | None
    meta: str
    day: date | None = None
    sentence: str | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A decision or proposal with its reports. `tone` is sure, unsure or open; `day` is the last possible one."""

    day: date
    headline: str
    tone: str
    tag: str
    meta: str
    sentence: str | None
    notes: tuple[str, ...]
    reports: tuple[Cited, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One status of a tie: since when, on whose word, and what backs it."""

    status: str
    name: str
    since: str
    until: str
    known: str
    basis: str
    sentence: str | None
    reports: tuple[Cited, ...]
    documents: tuple[tuple[str, str], ...]
    is_contradicted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An opinion text's wish for a tie."""

    stance: str
    stance_words: str
    cited: Cited
    answers: Cited | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Everything on a tie's page."""

    tie_id: str
    slug: str
    kommune_id: str
    kommune: str
    fylke: str
    city: str
    country: str
    status: str
    status_words: str
    since: str
    since_short: str
    since_day: date | None
    kind: str | None
    verification: str
    in_registry: bool
    documents: tuple[tuple[str, str], ...]
    is_former: bool
    stories: int
    lately: int
    papers: int
    last_day: date | None
    healthy_weeks: int | None
    weeks_silent: int | None
    sees_local_paper: bool | None
    course: tuple[Stretch, ...]
    steps: tuple[Step, ...]
    decisions: tuple[Decision, ...]
    months: tuple[Month, ...]
    evidence: tuple[Cited, ...]
    evidence_told: int
    posts: tuple[Post, ...]

    @property
    def name(self) -> str:
        """«Tromsø–Murmansk»."""
        return f"{self.kommune}–{self.city}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kommune:
    """Everything on a kommune's page; `successors` are (place_id, name)."""

    place_id: str
    name: str
    number: str | None
    fylke: str
    population: int | None
    lat: float
    lon: float
    ended: date | None
    successors: tuple[tuple[str, str], ...]
    ties: tuple[Tie, ...]
    former: tuple[Tie, ...]
    months: tuple[Month, ...]
    papers: tuple[tuple[str, str], ...]

    @property
    def status(self) -> str | None:
        """The most telling status of its ties."""
        held = {tie.status for tie in self.ties}
        return next((status for status in STATUSES if status in held), None)

    @property
    def tally(self) -> tuple[tuple[str, int], ...]:
        """How many of its ties have each status, the most telling first."""
        counted = [(status, sum(tie.status == status for tie in self.ties)) for status in STATUSES]
        return tuple((status, number) for status, number in counted if number)

    @property
    def stories(self) -> int:
        """Stories on its ties; one that names two of them counts twice."""
        return sum(tie.stories for tie in self.ties)

    @property
    def decisions(self) -> tuple[tuple[Tie, Decision], ...]:
        """What was decided or proposed about its ties last, newest first; unsure reports stand on the ties' pages."""
        told = [(tie, one) for tie in self.ties for one in tie.decisions if one.tone != "unsure"]
        return tuple(sorted(told, key=lambda pair: (-pair[1].day.toordinal(), pair[0].city))[:_LATEST])

    @property
    def latest(self) -> tuple[Cited, ...]:
        """The last stories about its ties, each once, newest first."""
        by_text = {(one.title, one.url): one for tie in self.ties for one in tie.evidence}
        newest = sorted(by_text.values(), key=lambda one: (one.day or date.min, one.title), reverse=True)
        return tuple(newest[:_LATEST])


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything on a source's page; `lately` are days of the last eight weeks, `healthy_lately` those that count."""

    source_id: str
    name: str
    owner: str
    region: str
    first_day: date | None
    days: int
    healthy_days: int
    lately: int
    healthy_lately: int
    articles: int
    paid: int
    tie_stories: int
    weeks: tuple[dict[str, Any], ...]
    months: tuple[Month, ...]
    outages: tuple[dict[str, Any], ...]

    @property
    def slug(self) -> str:
        """Its file name."""
        return slug(self.source_id)

    @property
    def is_read(self) -> bool:
        """True when there are days that we have tried to read."""
        return self.days > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that the site tells, as of `today`; `writers` are the names under opinion texts, which no quote may carry."""

    today: date
    built_at: datetime
    first_day: date
    info: Mapping[str, str]
    ties: tuple[Tie, ...]
    kommuner: tuple[Kommune, ...]
    sources: tuple[Source, ...]
    writers: frozenset[str] = frozenset()
    totals: Mapping[str, int] = field(default_factory=dict)


def read_site(con: duckdb.DuckDBPyConnection, today: date | None = None) -> Site:
    """Return everything that the pages show; `today` is otherwise the day that the warehouse was built for."""
    info = dict(con.execute("select key, value from build_info").fetchall())
    today = today or date.fromisoformat(info["today"])
    ((first_day,),) = con.execute("select min(day) from source_days").fetchall()
    first_day = first_day or today
    months = {
        key: tuple(map(_month, of_it))
        for key, of_it in groupby(_rows(con, "months", today), key=itemgetter("level", "key"))
    }
    ties = _ties(con, today, months)
    kommuner = _kommuner(con, ties, months)
    return Site(
        today=today,
        built_at=datetime.fromisoformat(info["built_at"].replace("Z", "+00:00")),
        first_day=first_day,
        info=info,
        ties=ties,
        kommuner=kommuner,
        sources=_sources(con, today),
        writers=_writers(con),
        totals=_totals(con),
    )


def shown(text: str | None) -> str | None:
    """Return outside text as it may be shown: one line, at most 200 characters, no addresses of mail."""
    if not text:
        return None
    text = plain(without_mail(text))
    # Words from the middle of a sentence say so.
    return cut(f"… {text}" if text[:1].islower() else text)


def without_mail(text: str) -> str:
    """Return a text with its addresses of mail taken out."""
    return _MAIL.sub("[e-postadresse]", text)


def host(url: str) -> str:
    """Return an address's host, as the words of a link."""
    return re.sub(r"^https?://(?:www\.)?", "", url, flags=re.IGNORECASE).partition("/")[0]


def _select(name: str) -> str:
    return read_query(_SQL / f"{name}.sql")


def _rows(con: duckdb.DuckDBPyConnection, name: str, today: date | None = None) -> list[dict[str, Any]]:
    text = _select(name)
    found = con.execute(text, {"today": today} if "$today" in text else {})
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    return {name: list(of_it) for name, of_it in groupby(rows, key=itemgetter(key))}


def _month(row: dict[str, Any]) -> Month:
    return Month(
        start=row["month_start"],
        articles=row["articles"] or 0,
        stories=row["stories"],
        reach=row["reach"],
        opinion_stories=row["opinion_stories"],
        all_stories=row["all_stories"],
        share=row["share"],
        share_low=row["share_low"],
        share_high=row["share_high"],
        coverage=row["coverage"],
        sources_changed=bool(row["sources_changed"]),
        reason=row["reason"],
    )


def _cited(
    row: dict[str, Any], *, prefix: str = "", sentence: str | None = None, more: str = "", tag: str = ""
) -> Cited:
    printed = row.get(f"{prefix}published_day")
    parts = [
        plain(row[f"{prefix}paper"]) or "ukjent avis",
        day(NB, printed) if printed else None,
        form_name(NB, row.get("opinion_form")) if not prefix and row.get("is_opinion") else None,
        more or None,
        say(NB, "withdrawn") if row.get("is_withdrawn") and not prefix else None,
        say(NB, "paid") if row.get("paywalled") and not prefix else None,
    ]
    return Cited(
        title=cut(without_mail(row[f"{prefix}title"] or "")) or "(uten tittel)",
        url=safe_link(row[f"{prefix}url"]),
        meta=" · ".join(part for part in parts if part),
        day=printed,
        sentence=shown(sentence),
        tag=tag,
    )


def _documents(urls: Iterable[str] | None) -> tuple[tuple[str, str], ...]:
    links = [link for link in map(safe_link, urls or ()) if link]
    return tuple((link, host(link)) for link in dict.fromkeys(links))


def _ties(
    con: duckdb.DuckDBPyConnection, today: date, months: Mapping[tuple[str, str], tuple[Month, ...]]
) -> tuple[Tie, ...]:
    courses = _grouped(_rows(con, "courses", today), "tie_id")
    reports = _grouped(_rows(con, "decisions", today), "tie_id")
    evidence = _grouped(_rows(con, "evidence", today), "tie_id")
    posts = _grouped(_rows(con, "posts", today), "tie_id")
    made = []
    for row in _rows(con, "ties", today):
        tie_id = row["tie_id"]
        told = _grouped(reports.get(tie_id, []), "decision_id")
        cited = evidence.get(tie_id, [])
        begins = row["status_from"]
        made.append(
            Tie(
                tie_id=tie_id,
                slug=slug(tie_id),
                kommune_id=row["kommune_id"],
                kommune=plain(row["kommune_name"]),
                fylke=row["fylke"] or "",
                city=plain(row["city_name"]),
                country=country_name(NB, row["country"]) or row["country"] or "ukjent land",
                status=row["status"],
                status_words=status_name(NB, row["status"]),
                since=_since(begins, row["status_from_latest"], row["status_precision"]),
                since_short=_since_short(begins, row["status_from_latest"], row["status_precision"]),
                since_day=begins if begins and begins.year > 1900 else None,
                kind=row["kind"],
                verification=VERIFICATION.get(row["verification"], row["verification"]),
                in_registry=row["in_registry"],
                documents=_documents(row["source_urls"]),
                is_former=row["valid_to"] is not None and row["valid_to"] < today,
                stories=row["stories"],
                lately=row["lately"],
                papers=row["papers"],
                last_day=row["last_day"],
                healthy_weeks=row["healthy_weeks"],
                weeks_silent=row["weeks_silent"],
                sees_local_paper=row["sees_local_paper"],
                course=tuple(
                    Stretch(
                        status=step["status"],
                        start=step["valid_from"],
                        end=step["valid_to"],
                        since=_begins(step),
                        until=_ends(step),
                    )
                    for step in courses.get(tie_id, [])
                ),
                steps=tuple(_step(step, told) for step in reversed(courses.get(tie_id, []))),
                decisions=tuple(_decision(of_it) for of_it in told.values()),
                months=months.get(("tie", tie_id), ()),
                evidence=tuple(_evidence(one) for one in cited),
                evidence_told=cited[0]["told"] if cited else 0,
                posts=tuple(_post(post) for post in posts.get(tie_id, [])),
            )
        )
    return tuple(made)


def _since(begins: date | None, latest: date | None, precision: str | None) -> str:
    if begins is None or latest is None or begins.year <= 1900:
        return "et ukjent tidspunkt"
    if precision == "year":
        return str(begins.year)
    if begins < latest:
        return _between(begins, latest)
    # Without a date in the text it is the day of the report: the deed is no younger.
    return day(NB, begins) if precision == "day" else f"{day(NB, begins)} eller før"


def _since_short(begins: date | None, latest: date | None, precision: str | None) -> str:
    """Say the same for a narrow column: the day where it is known, else the year."""
    if begins is None or begins.year <= 1900:
        return ""
    return f"{begins:%d.%m.%Y}" if begins == latest and precision == "day" else str(begins.year)


def _between(first: date, latest: date) -> str:
    """Say an unknown day between two, no more precisely than it is known."""
    if first.day == 1 and (latest + timedelta(days=1)).day == 1:
        if (first.year, first.month) == (latest.year, latest.month):
            return day(NB, first).partition(". ")[2]
        if (first.month, latest.month, first.year) == (1, 12, latest.year):
            return str(first.year)
    return f"en gang mellom {day(NB, first, year=latest.year)} og {day(NB, latest)}"


def _begins(row: dict[str, Any]) -> str:
    return _since(row["valid_from"], row["valid_from_latest"], row["date_precision"])


def _ends(row: dict[str, Any]) -> str:
    first, latest = row["valid_to"], row["valid_to_latest"]
    if first >= _FOREVER:
        return ""
    return day(NB, first) if first == latest else _between(first, latest)


def _step(row: dict[str, Any], told: Mapping[str, list[dict[str, Any]]]) -> Step:
    reports = told.get(row["decision_id"] or "", [])
    return Step(
        status=row["status"],
        name=sentence_case(status_name(NB, row["status"])),
        since=_begins(row),
        until=_ends(row),
        known=_known(row, reports),
        basis=BASIS.get(row["basis"], row["basis"]),
        sentence=shown(reports[0]["sentence"]) if reports else None,
        reports=_reports(reports),
        documents=_documents(row["source_urls"]) if row["basis"] in ("document", "registry") else (),
        is_contradicted=row["is_contradicted"],
    )


def _known(row: dict[str, Any], reports: list[dict[str, Any]]) -> str:
    """Say since when we could know; `known_from` of a step moves with every retelling, its first report does not."""
    if reports:
        return f"første gang meldt {day(NB, reports[0]['first_report_day'])}"
    if row["basis"] == "registry" or row["known_from"].year <= 1900:
        return ""
    return f"kjent {day(NB, row['known_from'])}"


def _reports(rows: list[dict[str, Any]]) -> tuple[Cited, ...]:
    by_article = {row["article_id"]: row for row in reversed(rows)}
    return tuple(_cited(row) for row in list(reversed(by_article.values()))[:_SOURCES_SHOWN])


def _decision(rows: list[dict[str, Any]]) -> Decision:
    best = rows[0]
    proposal = best["kind"] == "proposal"
    notes = []
    if best["state"] == "reported":
        notes.append(say(NB, "reported_why"))
    if best["is_contradicted"]:
        notes.append(say(NB, "conflict"))
    elif best["denials"]:
        notes.append(say(NB, "denied", reports=count(NB, best["denials"], "report")))
    when = decision_day(
        NB, best["date_from"], best["date_to"], best["date_precision"], best["first_report_day"], 0
    )  # every year is told: the page spans many
    who = say(NB, "by", who=plain(body_name(NB, best["decided_by"]))) if best["decided_by"] else say(NB, "by_nobody")
    counts = say(
        NB, "in_papers", stories=count(NB, best["stories"], "story"), papers=count(NB, best["papers"], "paper")
    )
    articles = {row["article_id"] for row in rows}
    return Decision(
        day=best["date_to"] or best["first_report_day"],
        headline=headline(NB, best["action"], best["state"], best["kommune_name"], [best["city_name"]]),
        tone="open" if proposal else "sure" if best["state"] == "decided" else "unsure",
        tag="Forslag" if proposal else say(NB, best["state"]),
        meta=sentence_case(" · ".join((when, who, counts))),
        sentence=shown(best["sentence"]),
        notes=tuple(notes),
        reports=_reports(rows),
        more=max(0, len(articles) - _SOURCES_SHOWN),
    )


def _evidence(row: dict[str, Any]) -> Cited:
    prints = f"trykt i {row['prints']} utgaver" if row["prints"] > 1 else ""
    tag = label(NB, row["action"]) if row["action"] and not row["is_withdrawn"] else ""
    return _cited(row, sentence=row["sentence"], more=prints, tag=tag)


def _post(row: dict[str, Any]) -> Post:
    return Post(
        stance=row["stance"],
        stance_words=stance_name(NB, row["stance"]),
        cited=_cited({**row, "is_opinion": True}, sentence=row["sentence"]),
        answers=_cited(row, prefix="target_") if row["target_title"] else None,
    )


def _kommuner(
    con: duckdb.DuckDBPyConnection, ties: tuple[Tie, ...], months: Mapping[tuple[str, str], tuple[Month, ...]]
) -> tuple[Kommune, ...]:
    held: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        held[tie.kommune_id].append(tie)
    rows = _rows(con, "kommuner")
    names = {row["place_id"]: plain(row["name"]) for row in rows}
    local = {
        kommune_id: tuple((slug(source_id), plain(name)) for source_id, name in papers)
        for kommune_id, papers in _local_papers(con).items()
    }
    inherited: dict[str, list[Tie]] = defaultdict(list)
    for row in rows:
        for heir in row["successors"] or ():
            inherited[heir] += held.get(row["place_id"], [])
    return tuple(
        Kommune(
            place_id=row["place_id"],
            name=names[row["place_id"]],
            number=row["kommune_number"],
            fylke=row["fylke"] or "",
            population=row["population"],
            lat=row["lat"],
            lon=row["lon"],
            ended=row["valid_to"],
            successors=tuple((heir, names[heir]) for heir in row["successors"] or () if heir in names),
            ties=tuple(held.get(row["place_id"], ())),
            former=tuple(inherited.get(row["place_id"], ())),
            months=months.get(("kommune", row["place_id"]), ()),
            papers=local.get(row["place_id"], ()),
        )
        for row in rows
    )


def _local_papers(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kommune_id, source_id, name in con.execute(
        """
        select distinct z.kommune_id, s.source_id, s.name
        from (select kommune_id, unnest(local_sources) as source_id from silence) as z
        inner join sources as s using (source_id)
        order by z.kommune_id, s.name
        """
    ).fetchall():
        found[kommune_id].append((source_id, name))
    return found


def _sources(con: duckdb.DuckDBPyConnection, today: date) -> tuple[Source, ...]:
    weeks = _grouped(_rows(con, "source_weeks", today), "source_id")
    months = _grouped(_rows(con, "source_months", today), "key")
    outages = _grouped(_rows(con, "outages", today), "source_id")
    return tuple(
        Source(
            source_id=row["source_id"],
            name=plain(row["name"]),
            owner=plain(row["publisher_group"]),
            region=", ".join(row["fylker"] or ()) or "hele landet",
            first_day=row["first_day"],
            days=row["days"],
            healthy_days=row["healthy_days"],
            lately=row["lately"],
            healthy_lately=row["healthy_lately"],
            articles=int(row["articles"]),
            paid=int(row["paywalled"]),
            tie_stories=row["tie_stories"],
            weeks=tuple(weeks.get(row["source_id"], ())),
            months=tuple(map(_month, months.get(row["source_id"], ()))),
            outages=tuple(outages.get(row["source_id"], ())),
        )
        for row in _rows(con, "sources", today)
    )


def _writers(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    found = con.execute("select distinct unnest(authors) from articles where is_opinion").fetchall()
    return frozenset(name for (name,) in found if name and len(name) > 4 and " " in name)


def _totals(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    found = con.execute(
        """
        select
            (select count(*) from articles) as articles,
            (select count(*) from stories) as stories,
            (select count(*) from articles where published_day is null) as undated,
            (select count(*) from articles where paywalled) as paid,
            (select count(*) from tie_events where judgement is not null) as judged
        """
    )
    columns = [column[0] for column in found.description]
    return dict(zip(columns, found.fetchall()[0], strict=True))
