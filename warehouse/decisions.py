"""From reports to decisions: many articles tell of one decision, and some of them are wrong.

A *report* is one event in one article version (or one line of a document). Reports of the same tie and action are
one *decision* when their dates can be the same day. The rules, in the order in which they are applied:

1. Reports dated to the day belong together when at most `SAME_DAY` days lie between them (weekdays are misprinted).
2. A report dated to a week, month, season or year joins the decision inside its interval that is nearest to its
   printing; without one it opens its own.
3. A report without a date, or dated by its printing alone, joins the latest decision of the same tie and action before
   its printing, unless something in between shows that it no longer held (taken up again, voted on); else it opens its
   own, dated by its printing.
   *Avtalen er fryst* in 2024 retells 2022; it is not a second freeze.
4. A decision told by season only (*tidligere i vinter*) is the one that was news in that season, if there was one; the
   news then gives the days.

A decision is *decided* when an analyst accepts one of its reports, a document tells it, one independent story says it
with a score of `decide` or more (`decide_undated` where the text itself gives no date; `decide_freeze` for a freeze,
dated or not: it is mostly told as a state and costs less to believe), or two independent stories say it with `support`
or more each. Otherwise it is *reported*: shown, but it moves no status. Proposals are never decided.

Not heard at all, though shown, are undated claims of opinion texts (they wish and retell); undated claims further down
than headline, standfirst and `DEEP` characters (news stands at the top, below it is told what was before; a freeze is
excepted again); and an undated termination and refusal in one text (it tells of two ties, or of two times).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from itertools import groupby

SAME_DAY = 3
"""Days between two reports of one day that still tell of the same decision."""

DEEP = 80
"""Characters below headline and standfirst in which news may stand."""

PROPOSALS = frozenset({"proposed_signing", "proposed_termination"})
CONTACTS = frozenset({"aid", "visit"})
STEPS = {"signed": "active", "renewed": "active", "resumed": "active", "frozen": "frozen", "terminated": "ended"}
_PRECISION = {"day": 0, "week": 1, "month": 2, "season": 3, "interval": 3, "year": 4, "published": 5, None: 6}
_UNDONE_BY = {
    "terminated": {"signed", "renewed", "resumed", "rejected_termination", "frozen"},
    "frozen": {"signed", "renewed", "resumed"},
    "signed": {"terminated"},
    "renewed": {"terminated", "frozen"},
    "resumed": {"terminated", "frozen"},
}
_OPPOSES = {
    "terminated": {"rejected_termination", "renewed", "resumed", "signed"},
    "rejected_termination": {"terminated"},
    "frozen": {"renewed", "resumed", "signed"},
    "renewed": {"terminated", "frozen"},
    "resumed": {"terminated", "frozen"},
    "signed": {"terminated", "frozen"},
}
_LOOSE = ("season", "interval")
_RECENT = 45
"""Days before its printing within which an undated report of a visit, aid or vote looks for its decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What it takes to believe a report: scores are probabilities (0 to 1)."""

    decide: float = 0.7
    decide_undated: float = 0.75
    decide_freeze: float = 0.6
    support: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One telling of an event. `date_from` and `date_to` are the first and last possible day, None where unknown.

    `known_from` is the Oslo day of printing, `known_to` the day on which a later version took it back.
    A document's report has the basis `document` and no story. `deep`: it stands far down in its text (see above).
    `gainsaid`: the same text also says the opposite.
    """

    event_id: str
    tie_id: str
    action: str
    factuality: str
    date_from: date | None
    date_to: date | None
    date_precision: str | None
    known_from: date
    known_to: date
    score: float
    basis: str = "press"
    story_id: str | None = None
    opinion: bool = False
    gainsaid: bool = False
    deep: bool = False
    accepted: bool = False

    @property
    def dated(self) -> bool:
        """True where the text itself gives a day, month or year."""
        return self.date_from is not None and self.date_precision not in ("published", None)

    @property
    def heard(self) -> bool:
        """False for a claim that decides nothing, whatever its score."""
        return self.dated or not (self.opinion or self.gainsaid or (self.deep and self.action != "frozen"))


@dataclass(slots=True)
class Cluster:
    """Reports of one decision, as they are gathered."""

    action: str
    date_from: date
    date_to: date
    reports: list[Report] = field(default_factory=list)

    def distance(self, day: date) -> int:
        """Days from `day` to the nearest possible day of the decision."""
        if self.date_from <= day <= self.date_to:
            return 0
        return min(abs((day - self.date_from).days), abs((day - self.date_to).days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision about a tie, as far as its reports tell; `conflicts_with` names decisions that say the opposite."""

    decision_id: str
    tie_id: str
    action: str
    reports: tuple[Report, ...]
    conflicts_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A decision as known from some of its reports."""

    date_from: date
    date_to: date
    date_precision: str | None
    state: str
    basis: str
    score: float
    known_from: date


def gather(reports: Iterable[Report]) -> list[Decision]:
    """Return the decisions that the reports tell of, by tie and date."""
    decisions: list[Decision] = []
    ordered = sorted(reports, key=lambda report: (report.tie_id, report.known_from, report.event_id))
    for tie_id, of_tie in groupby(ordered, key=lambda report: report.tie_id):
        decisions += _gather_tie(tie_id, list(of_tie))
    return decisions


def _gather_tie(tie_id: str, reports: list[Report]) -> list[Decision]:
    clusters: list[Cluster] = []
    ordered = sorted(
        reports, key=lambda report: (_PRECISION[report.date_precision], report.known_from, report.event_id)
    )
    dated = [report for report in ordered if report.dated]
    undated = sorted(
        (report for report in ordered if not report.dated),
        key=lambda report: (report.known_from, report.event_id),
    )
    for report in sorted(dated, key=lambda report: (_PRECISION[report.date_precision], report.date_from or date.min)):
        _join_dated(clusters, report)
    for report in undated:
        _join_undated(clusters, report)
    _join_seasons(clusters)
    clusters.sort(key=lambda cluster: (cluster.date_from, cluster.action))
    named: list[Decision] = []
    taken: set[str] = set()
    for cluster in clusters:
        name = _name(tie_id, cluster, taken)
        taken.add(name)
        named.append(
            Decision(
                decision_id=name,
                tie_id=tie_id,
                action=cluster.action,
                reports=tuple(sorted(cluster.reports, key=lambda report: (report.known_from, report.event_id))),
            )
        )
    return [
        _with_conflicts(decision, cluster, named, clusters) for decision, cluster in zip(named, clusters, strict=True)
    ]


def _join_dated(clusters: list[Cluster], report: Report) -> None:
    first = report.date_from or report.known_from
    last = report.date_to or first
    slack = timedelta(days=SAME_DAY)
    near = [
        cluster
        for cluster in clusters
        if cluster.action == report.action and cluster.date_from <= last + slack and cluster.date_to >= first - slack
    ]
    if not near:
        clusters.append(Cluster(report.action, first, last, [report]))
        return
    best = min(near, key=lambda cluster: (cluster.distance(report.known_from), cluster.date_from))
    best.reports.append(report)


def _join_undated(clusters: list[Cluster], report: Report) -> None:
    slack = timedelta(days=SAME_DAY)
    before = [
        cluster
        for cluster in clusters
        if cluster.action == report.action
        and cluster.date_from <= report.known_from + slack
        # What is printed first only later can't be what this report retells.
        and any(other.basis == "document" or other.known_from <= report.known_from for other in cluster.reports)
    ]
    latest = max(before, key=lambda cluster: cluster.date_from, default=None)
    if latest:
        undone_by = _UNDONE_BY.get(report.action)
        if undone_by is None:
            joins = report.deep or latest.distance(report.known_from) <= _RECENT
        else:
            joins = not any(
                cluster.action in undone_by and latest.date_to < cluster.date_from <= report.known_from
                for cluster in clusters
            )
        if joins:
            latest.reports.append(report)
            return
    first = report.date_from or report.known_from
    last = max(report.date_to or report.known_from, first)
    clusters.append(Cluster(report.action, first, last, [report]))


def _join_seasons(clusters: list[Cluster]) -> None:
    """Let retellings of a season join the decision that was news in it."""
    for loose in list(clusters):
        if not all(report.basis == "press" and report.date_precision in _LOOSE for report in loose.reports):
            continue
        news = [
            cluster
            for cluster in clusters
            if cluster.action == loose.action
            and loose.date_from <= cluster.date_to <= loose.date_to
            and all(report.date_precision in ("published", None) for report in cluster.reports)
            and min(report.known_from for report in cluster.reports) <= loose.date_to
        ]
        if news:
            first = min(news, key=lambda cluster: (cluster.date_from, cluster.date_to))
            first.reports += loose.reports
            clusters.remove(loose)


def _name(tie_id: str, cluster: Cluster, taken: set[str]) -> str:
    stem = f"{tie_id}:{cluster.action}:{cluster.date_from.isoformat()}"
    # Two decisions of one kind may start on one day (a month and its first day); the first report tells them apart.
    return stem if stem not in taken else f"{stem}:{sha256(cluster.reports[0].event_id.encode()).hexdigest()[:6]}"


def _with_conflicts(
    decision: Decision, cluster: Cluster, decisions: Sequence[Decision], clusters: Sequence[Cluster]
) -> Decision:
    slack = timedelta(days=SAME_DAY)
    against = tuple(
        other.decision_id
        for other, theirs in zip(decisions, clusters, strict=True)
        if theirs.action in _OPPOSES.get(cluster.action, ())
        and theirs.date_from <= cluster.date_to + slack
        and theirs.date_to >= cluster.date_from - slack
        and _is_exact(theirs)
        and _is_exact(cluster)
    )
    return Decision(
        decision_id=decision.decision_id,
        tie_id=decision.tie_id,
        action=decision.action,
        reports=decision.reports,
        conflicts_with=against,
    )


def _is_exact(cluster: Cluster) -> bool:
    # A year holds many decisions: a freeze and a renewal in 2022 contradict each other only on one day.
    return (cluster.date_to - cluster.date_from).days <= 2 * SAME_DAY


def view(decision: Decision, reports: Sequence[Report], rules: Rules) -> View | None:
    """Return the decision as these of its reports tell it, or None when there is none of them."""
    if not reports:
        return None
    dated = min(reports, key=lambda report: (not report.accepted, _PRECISION[report.date_precision], report.known_from))
    first = dated.date_from or dated.known_from
    last, precision = max(dated.date_to or dated.known_from, first), dated.date_precision
    if precision in _LOOSE and not dated.accepted:
        for news in sorted(reports, key=lambda report: report.known_from):
            if news.date_precision == "published" and news.heard and news.date_to and first <= news.date_to <= last:
                first, last = max(first, news.date_from or first), news.date_to
                precision = "published"
                break
    by_story: dict[str, float] = {}
    for report in reports:
        if report.basis == "press":
            story = report.story_id or report.event_id
            by_story[story] = max(by_story.get(story, 0.0), report.score)
    miss = 1.0
    for score in by_story.values():
        miss *= 1.0 - min(score, 1.0)
    analyst = any(report.accepted for report in reports)
    document = any(report.basis == "document" for report in reports)
    press = _press_decides([report for report in reports if report.basis == "press"], rules)
    if decision.action in PROPOSALS:
        state = "proposed"
    elif analyst or document or press:
        state = "decided"
    else:
        state = "reported"
    basis = "analyst" if analyst else "document" if document and not press else "press"
    return View(
        date_from=first,
        date_to=last,
        date_precision=precision,
        state=state,
        basis=basis,
        score=1.0 if analyst else 1.0 - miss if by_story else dated.score,
        known_from=min(report.known_from for report in reports),
    )


def _press_decides(reports: Sequence[Report], rules: Rules) -> bool:
    heard = [report for report in reports if report.heard]
    if any(report.score >= _least(report, rules) for report in heard):
        return True
    supporting = {report.story_id or report.event_id for report in heard if report.score >= rules.support}
    return len(supporting) > 1


def _least(report: Report, rules: Rules) -> float:
    if report.action == "frozen":
        return rules.decide_freeze
    return rules.decide if report.dated else rules.decide_undated


def decided_from(decision: Decision, rules: Rules) -> date | None:
    """Return the first day on which the decision could be believed from its press reports, or None."""
    days = sorted({report.known_from for report in decision.reports})
    for day in days:
        known = [report for report in decision.reports if report.known_from <= day < report.known_to]
        seen = view(decision, known, rules)
        if seen and seen.state in ("decided", "proposed"):
            return day
    return None
