"""The digest of one ISO week, drawn from the warehouse: what was decided, proposed, debated, silent and missing.

Each story is told once, in the section that matters most; what a paid or withdrawn text says beyond its head data is
never told. Shifts are those that could not be seen a week before, so that no digest repeats the last one's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from digest.queries import read_query
from digest.subscribers import Wishes
from digest.words import cut, plain, safe_link
from warehouse.shifts import MIN_STORIES, MIN_WEEKS, change_points, rate_ratio

_SQL = Path(__file__).with_name("sql")
_NAMES = "select kommune_id, kommune_name from ties union select city_id, city_name from ties"
_OLD = timedelta(days=60)
"""Age at which a decision that is reported for the first time is no longer called new."""
_STATES = ("decided", "proposed", "reported")
"""From the surest: a story stands where its surest step belongs."""
BEFORE = 26
"""Healthy weeks that a single week is measured against."""
_SURE = 0.5
SURGE_STORIES = 3
"""Fewest stories that make a week stand out."""
_SAME_SHIFT = 3
"""Weeks by which the start of a shift may move from one digest to the next and still be the same."""


class WeekError(Exception):
    """There is no digest of that week; the message (Norwegian) says which weeks there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TieName:
    """A tie with the names that a reader knows."""

    tie_id: str
    kommune_id: str
    kommune: str
    fylke: str
    city_id: str
    city: str
    city_en: str
    country: str | None

    def city_in(self, language: str) -> str:
        """The city's name for readers of a language."""
        return self.city_en if language == "en" else self.city


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """An article as it may be cited: head data only. `url` is None where it is no address that may be linked to."""

    article_id: str
    story_id: str
    title: str
    url: str | None
    paper: str
    day: date | None
    opinion_form: str | None = None
    is_opinion: bool = False
    paid: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One action of one kommune on one or more ties at one time. `sentence` is what may be shown of the evidence."""

    ties: tuple[TieName, ...]
    decision_ids: tuple[str, ...]
    action: str
    state: str
    date_from: date | None
    date_to: date | None
    date_precision: str | None
    decided_by: str | None
    reported_on: date
    sentence: str | None
    denials: int
    contradicted: bool
    is_new: bool
    is_ahead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A story and the steps that it tells: one item of the digest. Counts are those of its best told step."""

    steps: tuple[Step, ...]
    cited: Print
    stories: int
    papers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A tie's week; None where the sources were down. Shares are 0 to 1, with their 95 % interval."""

    week: str
    start: date
    stories: int | None
    share: float | None
    share_low: float | None
    share_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The attention to a tie, week by week, to the digest's week; `reach` is the papers of that week."""

    tie: TieName
    points: tuple[Point, ...]
    reach: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A change in the attention to a tie: of its level since `week`, or this week alone (`surge`).

    Means are unique stories a week; `ratio` is after/before with a 95 % interval, None where nothing came before.
    """

    course: Course
    surge: bool
    week: str
    before: float
    weeks_before: int
    after: float
    ratio: float | None
    ratio_low: float
    ratio_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """What a text wants for the ties; `sure` False where the reading is more likely wrong than right."""

    stance: str
    sure: bool
    ties: tuple[TieName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """An opinion text about ties, the text that it answers, and how many answered it by the week's end."""

    cited: Print
    stands: tuple[Stand, ...]
    sentence: str | None
    answers: Print | None
    replies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A tie that nobody writes about; weeks are whole ones, healthy those in which the papers could be read."""

    tie: TieName
    status: str
    last_day: date | None
    healthy_weeks: int
    weeks: int
    sees_local_paper: bool
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTie:
    """A tie with Ukraine that is new to us; `cited` is None where only a document tells of it."""

    tie: TieName
    status: str
    cited: Print | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A source that was not wholly fetched; `states` are those of the missing days."""

    source_id: str
    name: str
    missing: int
    days: int
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One week.

    `names` maps place ids to names, and `followed` names what the digest was narrowed to.
    """

    week: str
    first_day: date
    last_day: date
    is_over: bool
    built_at: datetime
    silent_weeks: int
    decisions: tuple[News, ...]
    proposals: tuple[News, ...]
    unsure: tuple[News, ...]
    earlier: tuple[News, ...]
    shifts: tuple[Shift, ...]
    courses: tuple[Course, ...]
    posts: tuple[Post, ...]
    silent: tuple[Silent, ...]
    ukraine: tuple[NewTie, ...]
    ukraine_ties: int
    outages: tuple[Outage, ...]
    stories: int
    papers: int
    tie_stories: int
    names: Mapping[str, str]
    followed: tuple[str, ...] = ()
    only_decisions: bool = False

    @property
    def is_quiet(self) -> bool:
        """True when there is neither decision nor proposal nor a report of one to tell."""
        return not (self.decisions or self.proposals or self.unsure)


def week_days(week: str) -> tuple[date, date]:
    """Return Monday and Sunday of an ISO week «2024-W14»; raises WeekError for anything else."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if found is None:
            raise ValueError
        first = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise WeekError(f"«{week}» er ingen uke. Skriv den som 2024-W14 (ISO-uke).") from None
    return first, first + timedelta(days=6)


def last_finished_week(today: date) -> str:
    """Return the ISO week before the one that `today` lies in."""
    year, week, _ = (today - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def read_week(con: duckdb.DuckDBPyConnection, week: str, *, silent_weeks: int = 12) -> Digest:
    """Return the digest of a week; raises WeekError where the warehouse does not cover it."""
    first, last = week_days(week)
    info = dict(con.execute("select key, value from build_info where key in ('today', 'built_at')").fetchall())
    built_for = date.fromisoformat(info["today"])
    _check_covered(con, week, first, built_for)
    totals = _rows(con, "totals", week=week, last=last)[0]
    reports = _rows(con, "decisions", week=week, first=first, last=last)
    decisions, proposals, unsure, earlier = _items(reports, week, first, last)
    news = (*decisions, *proposals, *unsure, *earlier)
    told = {item.cited.story_id for item in news}
    named = {tie.tie_id for item in news for step in item.steps for tie in step.ties}
    posts = tuple(post for post in _posts(_rows(con, "posts", week=week, last=last)) if post.cited.story_id not in told)
    told |= {post.cited.story_id for post in posts}
    ukraine = tuple(
        new
        for new in map(_new_tie, _rows(con, "ukraine", first=first, last=last))
        if new.tie.tie_id not in named and not (new.cited and new.cited.story_id in told)
    )
    courses = _courses(_rows(con, "courses", first=first))
    until = min(last, built_for - timedelta(days=1))
    return Digest(
        week=week,
        first_day=first,
        last_day=last,
        is_over=built_for > last,
        built_at=_moment(info["built_at"]),
        silent_weeks=silent_weeks,
        decisions=decisions,
        proposals=proposals,
        unsure=unsure,
        earlier=earlier,
        shifts=_shifts(courses, week),
        courses=courses,
        posts=posts,
        silent=tuple(map(_silent, _rows(con, "silent", weeks=silent_weeks, week=week, until=until))),
        ukraine=ukraine,
        ukraine_ties=totals["ukraine_ties"],
        outages=tuple(
            Outage(
                source_id=row["source_id"],
                name=plain(row["name"]),
                missing=row["missing"],
                days=row["days"],
                states=tuple(row["states"]),
            )
            for row in _rows(con, "outages", first=first, last=last, built_for=built_for)
        ),
        stories=totals["stories"],
        papers=totals["papers"],
        tie_stories=totals["tie_stories"],
        names=dict(con.execute(_NAMES).fetchall()),
    )


def narrow(digest: Digest, wishes: Wishes) -> Digest:
    """Return what a subscriber wants of it: any of the kommuner, fylker and cities, or everything where none is named.

    With `only_decisions` what remains is decisions and, since they may be the reason for there being none, outages.
    """
    ids = {*wishes.kommuner, *wishes.cities}

    def wanted(tie: TieName) -> bool:
        return tie.kommune_id in ids or tie.city_id in ids or tie.fylke in wishes.fylker

    if ids or wishes.fylker:
        digest = replace(
            digest,
            decisions=_narrow_news(digest.decisions, wanted),
            proposals=_narrow_news(digest.proposals, wanted),
            unsure=_narrow_news(digest.unsure, wanted),
            earlier=_narrow_news(digest.earlier, wanted),
            shifts=tuple(shift for shift in digest.shifts if wanted(shift.course.tie)),
            courses=tuple(course for course in digest.courses if wanted(course.tie)),
            posts=tuple(
                replace(post, stands=stands)
                for post in digest.posts
                if (
                    stands := tuple(
                        replace(stand, ties=ties)
                        for stand in post.stands
                        if (ties := tuple(tie for tie in stand.ties if wanted(tie)))
                    )
                )
            ),
            silent=tuple(silent for silent in digest.silent if wanted(silent.tie)),
            ukraine=tuple(new for new in digest.ukraine if wanted(new.tie)),
            followed=tuple(digest.names.get(name, name) for name in (*wishes.kommuner, *wishes.fylker, *wishes.cities)),
        )
    if wishes.only_decisions:
        digest = replace(
            digest, proposals=(), unsure=(), shifts=(), courses=(), posts=(), silent=(), ukraine=(), only_decisions=True
        )
    return digest


def _narrow_news(items: Iterable[News], wanted: Callable[[TieName], bool]) -> tuple[News, ...]:
    return tuple(
        replace(item, steps=steps)
        for item in items
        if (
            steps := tuple(
                replace(step, ties=ties)
                for step in item.steps
                if (ties := tuple(tie for tie in step.ties if wanted(tie)))
            )
        )
    )


def _select(name: str) -> str:
    return read_query(_SQL / f"{name}.sql")


def _rows(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> list[dict[str, Any]]:
    found = con.execute(_select(name), values)
    columns = [column[0] for column in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _check_covered(con: duckdb.DuckDBPyConnection, week: str, first: date, built_for: date) -> None:
    ((earliest,),) = con.execute("select min(day) from source_days").fetchall()
    if earliest is None:
        raise WeekError("Datavarehuset har ingen kildedager ennå. Kjør «bybaand run» først.")
    if not earliest - timedelta(days=6) <= first <= built_for:
        weeks = [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in (earliest, built_for)]
        raise WeekError(
            f"Datavarehuset dekker ikke uke {week}, bare {weeks[0]} til {weeks[1]}. "
            "Velg en av dem, eller hent mer («bybaand run», «bybaand crawl --since»)."
        )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _tie(row: dict[str, Any]) -> TieName:
    return TieName(
        tie_id=row["tie_id"],
        kommune_id=row["kommune_id"],
        kommune=row["kommune_name"],
        fylke=row["fylke"] or "",
        city_id=row["city_id"],
        city=row["city_name"],
        city_en=row["city_en"] or row["city_name"],
        country=row["country"],
    )


def _print(row: dict[str, Any]) -> Print:
    return Print(
        article_id=row["article_id"],
        story_id=row["story_id"],
        title=cut(row["title"]) or "(uten tittel)",
        url=safe_link(row["url"]),
        paper=plain(row["paper"]) or "?",
        day=row["published_day"],
        opinion_form=row["opinion_form"],
        is_opinion=row.get("is_opinion", True),
        paid=row["paywalled"],
        withdrawn=row.get("is_withdrawn", False),
    )


def _items(
    reports: list[dict[str, Any]], week: str, first: date, last: date
) -> tuple[tuple[News, ...], tuple[News, ...], tuple[News, ...], tuple[News, ...]]:
    """Return decisions, proposals, unsure reports, and what is new only to us; each story in the first that fits.

    A proposal that only opinion texts make is none: it stands among those texts. Nor is it news that a registered tie
    was once signed.
    """
    raised = {row["decision_id"] for row in reports if not row["is_opinion"]}
    new: list[dict[str, Any]] = []
    old: list[dict[str, Any]] = []
    for row in reports:
        if row["kind"] == "proposal" and row["decision_id"] not in raised:
            continue
        if not _is_old(row, first):
            new.append(row)
        elif not (row["in_registry"] and row["action"] in ("signed", "renewed")):
            old.append(row)
    news = _news(new, week, last)
    told = {item.cited.story_id for item in news}
    decisions, proposals, unsure = (tuple(item for item in news if item.steps[0].state == state) for state in _STATES)
    return (
        decisions,
        proposals,
        unsure,
        tuple(item for item in _news(old, week, last) if item.cited.story_id not in told),
    )


def _is_old(row: dict[str, Any], first: date) -> bool:
    day, precision = row["date_to"], row["date_precision"]
    return row["kind"] != "proposal" and day is not None and precision != "published" and first - day > _OLD


def _news(reports: list[dict[str, Any]], week: str, last: date) -> tuple[News, ...]:
    """Gather reports into steps that one sentence tells, and steps into stories, the surest first."""
    by_act: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in reports:
        act = (row["kommune_id"], row["action"], row["state"], row["date_from"], row["date_precision"])
        by_act.setdefault(act, []).append(row)
    gathered = [group for rows in by_act.values() for group in _told_together(rows)]
    gathered.sort(key=lambda group: (_STATES.index(group[0]["state"]), -len(group), group[0]["decision_id"]))
    by_story: dict[str, list[list[dict[str, Any]]]] = {}
    for group in gathered:
        by_story.setdefault(group[0]["story_id"], []).append(group)
    items = [
        News(
            steps=tuple(_step(group, groups[0][0]["article_id"], week, last) for group in groups),
            cited=_print(groups[0][0]),
            stories=max(row["stories"] for row in groups[0]),
            papers=max(row["papers"] for row in groups[0]),
        )
        for groups in by_story.values()
    ]
    return tuple(sorted(items, key=_weight))


def _told_together(reports: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Part the decisions of one act by the sentence that tells them: the best for most of them, then the rest.

    What stands under one quote is what that quote tells, so that no tie borrows another's evidence.
    """
    left = {row["decision_id"] for row in reports}
    groups = []
    while left:
        sentences: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in reports:
            if row["decision_id"] in left:
                rows = sentences.setdefault((row["article_id"], row["evidence"]), [])
                if row["decision_id"] not in {other["decision_id"] for other in rows}:
                    rows.append(row)
        told = [_named(rows) for rows in sentences.values()]
        best = min(told, key=_sentence_rank)
        groups.append(best)
        left -= {row["decision_id"] for row in best}
    return groups


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the ties whose city the sentence names, or all where it names none."""
    return [row for row in rows if row["city_name"] in row["evidence"]] or rows


def _sentence_rank(rows: list[dict[str, Any]]) -> tuple[Any, ...]:
    row = min(rows, key=lambda row: row["rank"])
    names_cities = all(row["city_name"] in row["evidence"] for row in rows)
    usable = (row["is_withdrawn"], row["is_opinion"], not row["is_of_week"], not row["quotable"])
    return (*usable, not names_cities, -len(rows), row["rank"], row["article_id"], row["evidence"])


def _weight(item: News) -> tuple[Any, ...]:
    """Order: what is decided, proposed, only reported; then what most papers tell, then the newest."""
    step = item.steps[0]
    return (
        _STATES.index(step.state),
        not step.is_new,
        -item.papers,
        -item.stories,
        -step.reported_on.toordinal(),
        step.decision_ids[0],
    )


def _step(group: Sequence[dict[str, Any]], cited: str, week: str, last: date) -> Step:
    row = group[0]
    # The quote beside a link must stand behind that link, not in another paper's print of the story.
    shown = row["quotable"] and row["evidence"] and row["article_id"] == cited
    return Step(
        ties=tuple(_tie(one) for one in sorted(group, key=lambda one: (-one["decision_score"], one["decision_id"]))),
        decision_ids=tuple(one["decision_id"] for one in group),
        action=row["action"],
        state=row["state"],
        date_from=row["date_from"],
        date_to=row["date_to"],
        date_precision=row["date_precision"],
        decided_by=next((plain(one["decided_by"]) for one in group if one["decided_by"]), None),
        reported_on=min(one["first_report_day"] for one in group),
        sentence=cut(row["evidence"]) if shown else None,
        denials=max(one["denials"] for one in group),
        contradicted=any(one["is_contradicted"] for one in group),
        is_new=row["week"] == week,
        is_ahead=row["kind"] == "proposal" and row["date_precision"] == "day" and row["date_from"] > last,
    )


def _courses(rows: list[dict[str, Any]]) -> tuple[Course, ...]:
    """Return the ties' courses, those with most stories in the last week first."""
    courses = []
    for _, of_tie in groupby(rows, key=lambda row: row["tie_id"]):
        weeks = list(of_tie)
        courses.append(
            Course(
                tie=_tie(weeks[0]),
                points=tuple(
                    Point(
                        week=row["week"],
                        start=row["week_start"],
                        stories=row["stories"],
                        share=row["share"],
                        share_low=row["share_low"],
                        share_high=row["share_high"],
                    )
                    for row in weeks
                ),
                reach=weeks[-1]["reach"],
            )
        )
    return tuple(sorted(courses, key=lambda course: (-(course.points[-1].stories or 0), course.tie.tie_id)))


def _shifts(courses: Iterable[Course], week: str) -> tuple[Shift, ...]:
    found = []
    for course in courses:
        weeks = [(point.week, point.stories) for point in course.points if point.stories is not None]
        if weeks and weeks[-1][0] == week:
            shift = _level(course, weeks) or _surge(course, weeks)
            if shift:
                found.append(shift)
    return tuple(sorted(found, key=lambda shift: (-shift.ratio_low, shift.course.tie.tie_id)))


def _level(course: Course, weeks: list[tuple[str, int]]) -> Shift | None:
    """Return the last change of level if it could not be seen a week before."""
    if len(weeks) <= MIN_WEEKS or sum(count for _, count in weeks) < MIN_STORIES:
        return None
    names = [name for name, _ in weeks]
    counts = [count for _, count in weeks]
    now = change_points(names, counts)
    if not now:
        return None
    start, before, after, ratio, low, high, _, weeks_before = now[-1][:8]
    at = names.index(str(start))
    if any(abs(names.index(str(shift[0])) - at) <= _SAME_SHIFT for shift in change_points(names[:-1], counts[:-1])):
        return None
    # A change of long ago that only now passes the test is no news.
    if len(names) - at > 2 * _SAME_SHIFT + 4:
        return None
    return Shift(
        course=course,
        surge=False,
        week=str(start),
        before=float(before),  # type: ignore[arg-type]
        weeks_before=int(weeks_before),  # type: ignore[call-overload]
        after=float(after),  # type: ignore[arg-type]
        ratio=ratio,  # type: ignore[arg-type]
        ratio_low=float(low),  # type: ignore[arg-type]
        ratio_high=high,  # type: ignore[arg-type]
    )


def _surge(course: Course, weeks: list[tuple[str, int]]) -> Shift | None:
    """Return this week as a surge if it lies clearly above the weeks before."""
    *before, (week, stories) = weeks
    before = before[-BEFORE:]
    if stories < SURGE_STORIES or len(before) < MIN_WEEKS:
        return None
    earlier = sum(count for _, count in before)
    low, high = rate_ratio(earlier, len(before), stories, 1)
    if low <= 1:
        return None
    mean = earlier / len(before)
    return Shift(
        course=course,
        surge=True,
        week=week,
        before=mean,
        weeks_before=len(before),
        after=float(stories),
        ratio=stories / mean if mean else None,
        ratio_low=low,
        ratio_high=high if high != float("inf") else None,
    )


def _posts(rows: list[dict[str, Any]]) -> tuple[Post, ...]:
    posts = []
    for _, of_story in groupby(
        sorted(rows, key=lambda row: (row["story_id"], row["tie_id"])), lambda row: row["story_id"]
    ):
        ties = list(of_story)
        taken = [row for row in ties if row["stance"] != "none"]
        by_stance = sorted(taken or ties, key=lambda row: (_stand(row), -row["stance_score"]))
        best = max(taken, key=lambda row: (row["sentence"] is not None, row["stance_score"]), default=None)
        row = ties[0]
        answered = {key.removeprefix("target_"): value for key, value in row.items() if key.startswith("target_")}
        has_target = answered["article_id"] is not None and answered["story_id"] != row["story_id"]
        posts.append(
            Post(
                cited=_print(row),
                stands=tuple(
                    Stand(stance=stance, sure=sure, ties=tuple(_tie(one) for one in of_stance))
                    for (stance, sure), of_stance in groupby(by_stance, key=_stand)
                ),
                sentence=cut(best["sentence"]) if best and best["sentence"] else None,
                answers=_print(answered) if has_target else None,
                replies=row["replies"],
            )
        )
    return tuple(sorted(posts, key=_worth))


def _stand(row: dict[str, Any]) -> tuple[str, bool]:
    return str(row["stance"]), row["stance"] == "none" or row["stance_score"] >= _SURE


def _worth(post: Post) -> tuple[Any, ...]:
    """Order: who takes a stand, what nobody has answered, the newest."""
    day = post.cited.day
    return (
        all(stand.stance == "none" for stand in post.stands),
        post.replies > 0,
        -(day.toordinal() if day else 0),
        post.cited.article_id,
    )


def _silent(row: dict[str, Any]) -> Silent:
    return Silent(
        tie=_tie(row),
        status=row["status"],
        last_day=row["last_day"],
        healthy_weeks=row["healthy_weeks"],
        weeks=row["weeks_silent"],
        sees_local_paper=row["sees_local_paper"],
        is_verified=row["is_verified"],
    )


def _new_tie(row: dict[str, Any]) -> NewTie:
    return NewTie(
        tie=_tie(row), status=row["status"] or "unknown", cited=_print(row) if row["article_id"] is not None else None
    )
