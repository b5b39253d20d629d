"""The status of every tie, bitemporal: what was true when, and when it became known.

Only what happened moves a status: `signed`, `renewed`, `resumed` (active), `frozen`, `terminated` (ended), each as a
*decided* decision (see `decisions`). The registry gives the status before the first step. A tie that has ended can't
be frozen: such a report is shown among the decisions and moves nothing. Where two decisions say the opposite of the
same day with about the same weight, the status is `disputed`, and both are cited. A termination told only in
retrospect (`RETOLD` days or more after its day) counts for nothing when a decision that was printed in its own time
shows that the tie still stood: lists of who ended what are where kommuner get mixed up. Nothing is frozen or ended
before it was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from warehouse.decisions import STEPS, Decision, Report, Rules, View, view

BEGINNING = date(1900, 1, 1)
END = date(9999, 12, 31)
RETOLD = 60
_EVEN = 0.1
"""Scores nearer to each other than this weigh the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What the registry says of a tie: its status and the year of its signing, None where the source gives none.

    `held_until` is the first day on which the kommune no longer existed: no status outlives its kommune. While the year
    of the signing is not over, the tie may still be unsigned: it counts from the year's last day.
    """

    tie_id: str
    status: str
    signed_year: int | None = None
    held_until: date = END
    year_is_over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rectangle: `status` held from `valid_from` to `valid_to` as known from `known_from` to `known_to`.

    `valid_from` and `valid_to` are the first possible days, the `_latest` ones the last possible of the same change.
    """

    tie_id: str
    status: str
    valid_from: date
    valid_from_latest: date
    valid_to: date
    valid_to_latest: date
    date_precision: str | None
    known_from: date
    known_to: date
    basis: str
    decision_id: str | None
    action: str | None
    event_ids: tuple[str, ...]
    score: float | None
    conflicts_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    status: str
    valid_from: date
    valid_from_latest: date
    valid_to: date
    valid_to_latest: date
    date_precision: str | None
    basis: str
    decision_id: str | None
    action: str | None
    conflicts_with: tuple[str, ...]


def steps(decisions: Iterable[Decision], bases: Mapping[str, Base], rules: Rules) -> list[Step]:
    """Return all rectangles of all ties, by tie, knowledge and validity."""
    by_tie: dict[str, list[Decision]] = {tie_id: [] for tie_id in bases}
    for decision in decisions:
        if decision.action in STEPS or decision.action == "rejected_termination":
            by_tie.setdefault(decision.tie_id, []).append(decision)
    found: list[Step] = []
    for tie_id in sorted(by_tie):
        base = bases.get(tie_id) or Base(tie_id=tie_id, status="unknown")
        found += _steps_of_tie(base, by_tie[tie_id], rules)
    return found


def _steps_of_tie(base: Base, decisions: list[Decision], rules: Rules) -> list[Step]:
    ground = _ground(base, decisions, rules)
    moments = {report.known_from for decision in decisions for report in decision.reports}
    moments |= {report.known_to for decision in decisions for report in decision.reports}
    if ground:
        moments.add(ground.valid_from)
    days = sorted(moment for moment in moments if moment < END)
    last = base.held_until
    open_since: dict[_Line, date] = {}
    cited: dict[_Line, tuple[tuple[str, ...], float | None]] = {}
    closed: list[Step] = []
    for day in days:
        lines = {
            _ended(line, min(line.valid_to, last), min(line.valid_to_latest, last)): evidence
            for line, evidence in _lines_known(day, ground, decisions, rules).items()
            if line.valid_from < last
        }
        gone = [line for line in open_since if line not in lines]
        closed += [_step(base.tie_id, line, open_since.pop(line), day, cited[line]) for line in gone]
        for line, evidence in lines.items():
            open_since.setdefault(line, day)
            cited[line] = evidence
    closed += [_step(base.tie_id, line, since, END, cited[line]) for line, since in open_since.items()]
    return sorted(closed, key=lambda step: (step.known_from, step.valid_from, step.status))


def _step(
    tie_id: str, line: _Line, known_from: date, known_to: date, cited: tuple[tuple[str, ...], float | None]
) -> Step:
    return Step(
        tie_id=tie_id,
        status=line.status,
        valid_from=line.valid_from,
        valid_from_latest=line.valid_from_latest,
        valid_to=line.valid_to,
        valid_to_latest=line.valid_to_latest,
        date_precision=line.date_precision,
        known_from=known_from,
        known_to=known_to,
        basis=line.basis,
        decision_id=line.decision_id,
        action=line.action,
        event_ids=cited[0],
        score=cited[1],
        conflicts_with=line.conflicts_with,
    )


def _ground(base: Base, decisions: list[Decision], rules: Rules) -> _Line | None:
    """The registry's word, unless a decision tells of the same signing with more care."""
    if base.status == "unknown":
        return None
    views = {decision.decision_id: view(decision, decision.reports, rules) for decision in decisions}
    decided = [
        (decision.action, seen)
        for decision in decisions
        if (seen := views[decision.decision_id]) is not None and seen.state == "decided"
    ]
    signings = [seen.date_from for action, seen in decided if action == "signed"]
    if base.status in ("active", "proposed") and signings:
        first = min(signings)
        earlier = [seen for _, seen in decided if seen.date_from < first]
        if base.signed_year is None or base.status == "proposed":
            told = not earlier
        else:
            told = any(day.year == base.signed_year for day in signings)
        if told and base.status == "active":
            return None
    start = latest = BEGINNING
    if base.signed_year:
        latest = date(base.signed_year, 12, 31)
        start = date(base.signed_year, 1, 1) if base.year_is_over else latest
    precision = "year" if base.signed_year else None
    return _Line(base.status, start, latest, END, END, precision, "registry", None, None, ())


def _lines_known(
    day: date, ground: _Line | None, decisions: list[Decision], rules: Rules
) -> dict[_Line, tuple[tuple[str, ...], float | None]]:
    known: list[tuple[Decision, View, list[Report]]] = []
    for decision in decisions:
        reports = [report for report in decision.reports if report.known_from <= day < report.known_to]
        seen = view(decision, reports, rules)
        if seen and seen.state == "decided":
            known.append((decision, seen, reports))
    known.sort(key=lambda item: (item[1].date_from, item[1].score, item[0].decision_id))
    lines: list[tuple[_Line, tuple[tuple[str, ...], float | None]]] = []
    if ground and ground.valid_from <= day:
        lines.append((ground, ((), None)))
    known = [item for item in known if not _disproved(item, known) and not _before_the_beginning(item, known)]
    weights = {decision.decision_id: seen for decision, seen, _ in known}
    for decision, seen, reports in known:
        if decision.action not in STEPS:
            continue  # a rejection moves nothing, but it may gainsay a step
        status = STEPS[decision.action]
        rivals = [weights[name] for name in decision.conflicts_with if name in weights]
        if any(_outweighs(rival, seen) for rival in rivals):
            continue
        if any(not _outweighs(seen, rival) for rival in rivals):
            status = "disputed"
        before = lines[-1][0] if lines else None
        if before and status == "frozen" and before.status == "ended":
            continue
        if before and before.status == status and decision.action != "renewed":
            continue  # told again: the first decision stands
        if before and before.valid_from == seen.date_from and status == before.status:
            continue
        if before:
            lines[-1] = (_ended(before, seen.date_from, seen.date_to), lines[-1][1])
        line = _Line(
            status,
            seen.date_from,
            seen.date_to,
            END,
            END,
            seen.date_precision,
            seen.basis,
            decision.decision_id,
            decision.action,
            decision.conflicts_with,
        )
        lines.append((line, (tuple(sorted(report.event_id for report in reports)), round(seen.score, 6))))
    return {line: evidence for line, evidence in lines if line.valid_from < line.valid_to}


def _disproved(item: tuple[Decision, View, list[Report]], known: list[tuple[Decision, View, list[Report]]]) -> bool:
    decision, seen, reports = item
    if decision.action != "terminated" or seen.basis != "press" or not _retold(seen, reports):
        return False
    return any(
        other.action in ("terminated", "rejected_termination", "frozen")
        and theirs.date_from > seen.date_to
        and not _retold(theirs, told)
        for other, theirs, told in known
    )


def _before_the_beginning(
    item: tuple[Decision, View, list[Report]], known: list[tuple[Decision, View, list[Report]]]
) -> bool:
    decision, seen, _ = item
    signed = [theirs.date_from for other, theirs, _ in known if other.action == "signed"]
    return decision.action in ("frozen", "terminated") and bool(signed) and seen.date_from < min(signed)


def _retold(seen: View, reports: list[Report]) -> bool:
    return all(report.basis == "press" and (report.known_from - seen.date_to).days >= RETOLD for report in reports)


def _outweighs(one: View, other: View) -> bool:
    rank = {"analyst": 2, "document": 1, "press": 1}
    if rank[one.basis] != rank[other.basis]:
        return rank[one.basis] > rank[other.basis]
    return one.score - other.score > _EVEN


def _ended(line: _Line, day: date, latest: date) -> _Line:
    ends = max(day, line.valid_from)
    return replace(line, valid_to=ends, valid_to_latest=max(latest, ends))
