"""From reports to decisions."""

from datetime import date

from warehouse.decisions import Decision, Report, Rules, decided_from, gather, view

TIE = "tromso–ru-murmansk"
OPEN = date(9999, 12, 31)


def report(number: int, printed: str, action: str = "terminated", **fields: object) -> Report:
    day = date.fromisoformat(printed)
    values: dict[str, object] = {
        "event_id": f"e{number}",
        "tie_id": TIE,
        "action": action,
        "factuality": "happened",
        "date_from": None,
        "date_to": day,
        "date_precision": None,
        "known_from": day,
        "known_to": OPEN,
        "score": 0.9,
        "story_id": f"s{number}",
    }
    if on := fields.pop("on", None):
        values |= {
            "date_from": date.fromisoformat(str(on)),
            "date_to": date.fromisoformat(str(on)),
            "date_precision": "day",
        }
    return Report(**(values | fields))  # type: ignore[arg-type]


def told(decisions: list[Decision]) -> list[tuple[str, list[str]]]:
    return [(decision.action, [each.event_id for each in decision.reports]) for decision in decisions]


def test_reports_of_one_day_are_one_decision_even_when_the_weekday_was_misprinted() -> None:
    reports = [report(1, "2022-10-26", on="2022-10-26"), report(2, "2022-10-28", on="2022-10-27")]
    assert told(gather(reports)) == [("terminated", ["e1", "e2"])]


def test_two_decisions_of_one_kind_far_apart_stay_two() -> None:
    reports = [
        report(1, "2022-11-02", "rejected_termination", on="2022-11-02"),
        report(2, "2023-06-22", "rejected_termination", on="2023-06-21"),
    ]
    assert len(gather(reports)) == 2


def test_a_month_joins_the_day_inside_it() -> None:
    month = {"date_from": date(2022, 10, 1), "date_to": date(2022, 10, 31), "date_precision": "month"}
    assert told(gather([report(1, "2022-10-26", on="2022-10-26"), report(2, "2023-02-01", **month)])) == [
        ("terminated", ["e1", "e2"])
    ]


def test_a_season_retold_is_the_decision_that_was_news_in_it() -> None:
    news = {"date_from": date(2024, 1, 26), "date_precision": "published"}
    season = {"date_from": date(2023, 12, 1), "date_to": date(2024, 2, 29), "date_precision": "season"}
    (decision,) = gather([report(1, "2024-02-02", **news), report(2, "2024-04-05", **season)])
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert (seen.date_from, seen.date_to, seen.date_precision) == (date(2024, 1, 26), date(2024, 2, 2), "published")
    late = {"date_from": date(2024, 3, 26), "date_precision": "published"}
    assert len(gather([report(1, "2024-04-02", **late), report(2, "2024-04-05", **season)])) == 2


def test_an_undated_retelling_years_later_is_no_second_decision() -> None:
    reports = [report(1, "2022-03-05", "frozen", on="2022-03-04"), report(2, "2024-02-01", "frozen")]
    assert told(gather(reports)) == [("frozen", ["e1", "e2"])]


def test_an_undated_report_after_a_resumption_is_a_decision_of_its_own() -> None:
    reports = [
        report(1, "1992-05-02", "frozen", on="1992-05-01"),
        report(2, "1995-05-02", "resumed", on="1995-05-01"),
        report(3, "2024-02-01", "frozen"),
    ]
    assert [decision.action for decision in gather(reports)] == ["frozen", "resumed", "frozen"]


def test_an_undated_report_joins_the_document_of_its_month() -> None:
    month = {"date_from": date(2022, 3, 1), "date_to": date(2022, 3, 31), "date_precision": "month"}
    document = report(1, "2022-03-31", "frozen", basis="document", story_id=None, **month)
    assert told(gather([document, report(2, "2022-03-18", "frozen")])) == [("frozen", ["e2", "e1"])]


def test_a_visit_without_a_date_joins_only_a_recent_one() -> None:
    reports = [
        report(1, "2019-06-10", "visit", on="2019-06-09"),
        report(2, "2019-06-20", "visit"),
        report(3, "2023-06-20", "visit"),
    ]
    assert told(gather(reports)) == [("visit", ["e1", "e2"]), ("visit", ["e3"])]


def test_decisions_that_say_the_opposite_of_one_day_name_each_other() -> None:
    one, other = gather(
        [
            report(1, "2023-04-27", "terminated", on="2023-04-26"),
            report(2, "2023-04-27", "rejected_termination", on="2023-04-26"),
        ]
    )
    assert one.conflicts_with == (other.decision_id,)
    assert other.conflicts_with == (one.decision_id,)


def test_one_weak_report_is_only_reported() -> None:
    (decision,) = gather([report(1, "2022-10-26", score=0.5, on="2022-10-26")])
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert seen.state == "reported"
    assert decided_from(decision, Rules()) is None


def test_two_independent_weak_reports_decide_from_the_second_on() -> None:
    (decision,) = gather(
        [report(1, "2022-10-26", score=0.5, on="2022-10-26"), report(2, "2022-10-28", score=0.5, on="2022-10-26")]
    )
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert (seen.state, round(seen.score, 2)) == ("decided", 0.75)
    assert decided_from(decision, Rules()) == date(2022, 10, 28)


def test_reprints_of_one_weak_story_decide_nothing() -> None:
    (decision,) = gather(
        [
            report(1, "2022-10-26", score=0.5, on="2022-10-26", story_id="s"),
            report(2, "2022-10-26", score=0.5, on="2022-10-26", story_id="s"),
        ]
    )
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert (seen.state, seen.score) == ("reported", 0.5)


def test_an_analyst_decides_alone() -> None:
    (decision,) = gather([report(1, "2022-10-26", score=0.1, on="2022-10-26", accepted=True)])
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert (seen.state, seen.basis, seen.score) == ("decided", "analyst", 1.0)


def state(**fields: object) -> str:
    (decision,) = gather([report(1, "2024-04-06", **fields)])  # type: ignore[arg-type]
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    return seen.state


def test_an_undated_ending_needs_more_than_a_dated_one_and_a_freeze_does_not() -> None:
    assert state(score=0.72) == "reported"
    assert state(score=0.72, on="2024-04-05") == "decided"
    assert state(score=0.8) == "decided"
    assert state(score=0.62, action="frozen") == "decided"


def test_undated_claims_of_opinion_and_of_texts_that_say_both_are_not_heard() -> None:
    assert state(score=0.99, opinion=True) == "reported"
    assert state(score=0.99, opinion=True, on="2024-04-05") == "decided"
    assert state(score=0.99, gainsaid=True) == "reported"


def test_news_stands_at_the_top_of_a_text() -> None:
    assert state(score=0.99, deep=True) == "reported"
    assert state(score=0.99, deep=True, action="frozen") == "decided"


def test_a_refusal_retold_far_down_is_no_new_one() -> None:
    reports = [
        report(1, "2022-10-28", "rejected_termination", on="2022-10-27"),
        report(2, "2024-04-03", "rejected_termination", deep=True),
    ]
    assert told(gather(reports)) == [("rejected_termination", ["e1", "e2"])]


def test_a_proposal_is_never_decided() -> None:
    (decision,) = gather([report(1, "2022-10-25", "proposed_termination", on="2022-10-25", factuality="proposed")])
    seen = view(decision, decision.reports, Rules())
    assert seen is not None
    assert seen.state == "proposed"
