"""What held when, and when it was known: the courses of known ties, told by reports."""

from datetime import date
from typing import Any

import pytest

from warehouse.decisions import Rules
from warehouse.status import Base, steps

MURMANSK, PETSJENGA, SEVEROMORSK = "tromso–ru-murmansk", "sor-varanger–ru-petsjenga", "sor-varanger–ru-severomorsk"


def told(tie: str, action: str, day: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"tie": tie, "action": action, "date": day, **fields}


@pytest.fixture(scope="module")
def con(module_papers: Any) -> Any:
    """The courses of the ties that the texts of 2022 to 2024 tell, in reports."""
    papers = module_papers
    papers.crawl("2022-02-21", "2024-04-07")
    three = ("tromso–ru-murmansk", "tromso–ru-arkhangelsk", "tromso–ru-nadym")
    papers.article("2022-03-04", events=tuple(told(tie, "frozen", "2022-03-01", precision="month") for tie in three))
    papers.article(
        "2022-10-25", events=tuple(told(tie, "proposed_termination", None, factuality="proposed") for tie in three)
    )
    papers.article("2022-10-26", events=tuple(told(tie, "terminated", "2022-10-26") for tie in three))
    papers.article("2023-10-27", events=(told(MURMANSK, "frozen"),))  # an old state retold
    for tie in (PETSJENGA, SEVEROMORSK):
        papers.article("2022-03-10", events=(told(tie, "frozen", "2022-03-01", precision="month"),))
        papers.article(
            "2022-11-03",
            events=(
                told(tie, "rejected_termination", "2022-11-02"),
                told(tie, "terminated", None, factuality="negated"),
            ),
        )
    papers.article(
        "2023-04-27",
        events=(told(SEVEROMORSK, "terminated", "2023-04-26"), told(PETSJENGA, "rejected_termination", "2023-04-26")),
    )
    papers.article("2024-03-21", events=(told(PETSJENGA, "terminated", "2024-03-20"),))
    papers.article("2022-03-04", events=(told("bodo–ru-vyborg", "frozen", "2022-03-01", precision="month"),))
    papers.article("2022-10-29", events=(told("bodo–ru-vyborg", "rejected_termination", "2022-10-27"),))
    papers.article(
        "2024-04-03", events=(told("bodo–ru-vyborg", "proposed_termination", "2024-04-02", factuality="proposed"),)
    )
    papers.article("2022-11-05", events=(told("moss–ru-velikij-novgorod", "frozen", "2022-01-01", precision="year"),))
    papers.article("2022-11-25", events=(told("harstad–ru-kirovsk-murmansk", "terminated", "2022-11-24"),))
    papers.article("2022-03-18", events=(told("vardo–ru-arkhangelsk", "frozen", "2022-03-15"),))
    papers.article("2024-02-08", events=(told("vardo–ru-arkhangelsk", "terminated", None, precision=None),))
    papers.article("2023-06-21", events=(told("lyngdal–ua-kryvyj-rih", "signed", "2023-06-20"),))
    papers.article("2023-06-22", events=(told("lyngdal–ua-kryvyj-rih", "frozen", "2022-01-01", precision="year"),))
    # A lone weak report, a hypothetical one, one that was corrected, and two that contradict each other.
    papers.article("2023-05-05", events=(told("rana–ru-petrozavodsk", "terminated", "2023-05-04", score=0.5),))
    papers.article(
        "2023-05-06",
        events=(told("rana–ru-petrozavodsk", "terminated", "2023-05-05", factuality="hypothetical"),),
    )
    papers.article(
        "2024-04-06", article_id="corrected", events=(told("ovre-eiker–ua-balta", "terminated", "2024-04-05"),)
    )
    papers.article(
        "2024-04-06",
        article_id="corrected",
        version=2,
        modified_at="2024-04-07T08:00:00Z",
        fetched_at="2024-04-07T09:00:00Z",
        events=(told("ovre-eiker–ua-balta", "signed", "2024-04-05"),),
    )
    # A list of March 2024 mixes the kommuner up: Vardø's tie still stood after October 2022.
    papers.article("2022-11-18", events=(told("vardo–ru-arkhangelsk", "rejected_termination", "2022-11-17"),))
    papers.article("2024-03-22", events=(told("vardo–ru-arkhangelsk", "terminated", "2022-10-01", precision="month"),))
    papers.article("2023-09-02", events=(told("narvik–ru-tosno", "terminated", "2023-09-01"),))
    papers.article("2023-09-02", events=(told("narvik–ru-tosno", "rejected_termination", "2023-09-01"),))
    return papers.build()


def status(con: Any, tie: str, day: str, known: str = "2024-04-08") -> str | None:
    rows = con.execute(
        "select status from tie_status_as_of($day::date, $known::date) where tie_id = $tie",
        {"day": day, "known": known, "tie": tie},
    ).fetchall()
    assert len(rows) <= 1
    return rows[0][0] if rows else None


@pytest.mark.parametrize("city", ["ru-murmansk", "ru-arkhangelsk", "ru-nadym"])
def test_tromso_freezes_in_spring_and_ends_in_october(con: Any, city: str) -> None:
    tie = f"tromso–{city}"
    days = ("2022-02-01", "2022-03-15", "2022-10-25", "2022-10-26", "2024-01-01")
    assert [status(con, tie, day) for day in days] == ["active", "frozen", "frozen", "ended", "ended"]


def test_what_was_not_yet_printed_was_not_known(con: Any) -> None:
    assert status(con, MURMANSK, "2022-10-26", known="2022-10-25") == "frozen"
    assert status(con, MURMANSK, "2022-03-15", known="2022-03-02") == "active"


def test_a_retold_freeze_does_not_revive_an_ended_tie(con: Any) -> None:
    assert status(con, MURMANSK, "2024-04-08") == "ended"


def test_sor_varanger_votes_down_then_ends_one_and_later_the_other(con: Any) -> None:
    assert [status(con, SEVEROMORSK, day) for day in ("2022-12-01", "2023-04-26")] == ["frozen", "ended"]
    assert [status(con, PETSJENGA, day) for day in ("2022-12-01", "2023-12-01", "2024-03-20")] == [
        "frozen",
        "frozen",
        "ended",
    ]


def test_a_proposal_and_a_refusal_move_nothing(con: Any) -> None:
    assert status(con, "bodo–ru-vyborg", "2024-04-08") == "frozen"
    kinds = con.execute(
        "select action, kind, state from decisions_observed where tie_id = 'bodo–ru-vyborg' order by date_from"
    ).fetchall()
    assert kinds == [
        ("frozen", "step", "decided"),
        ("rejected_termination", "stand", "decided"),
        ("proposed_termination", "proposal", "proposed"),
    ]


@pytest.mark.parametrize(
    ("tie", "days"),
    [
        ("moss–ru-velikij-novgorod", {"2022-12-01": "frozen", "2024-04-08": "frozen"}),
        ("harstad–ru-kirovsk-murmansk", {"2022-11-23": "active", "2022-11-24": "ended"}),
        ("vardo–ru-arkhangelsk", {"2022-04-01": "frozen", "2024-02-01": "frozen", "2024-02-08": "ended"}),
        ("vardo–ru-severomorsk", {"2024-04-08": "active"}),
        # A freeze before the signing is a misreading.
        ("lyngdal–ua-kryvyj-rih", {"2022-06-01": None, "2023-06-19": None, "2023-06-20": "active"}),
    ],
)
def test_the_course_of_other_ties(con: Any, tie: str, days: dict[str, str | None]) -> None:
    assert {day: status(con, tie, day) for day in days} == days


def test_a_lone_weak_report_is_shown_and_moves_nothing(con: Any) -> None:
    assert status(con, "rana–ru-petrozavodsk", "2024-04-08") == "active"
    assert con.execute(
        "select state, known_from from decisions_observed where tie_id = 'rana–ru-petrozavodsk'"
    ).fetchall() == [("reported", None)]


def test_a_corrected_article_takes_its_report_back(con: Any) -> None:
    tie = "ovre-eiker–ua-balta"
    assert status(con, tie, "2024-04-06", known="2024-04-06") == "ended"
    assert status(con, tie, "2024-04-06", known="2024-04-07") == "active"
    assert con.execute("select action from decisions_observed where tie_id = ?", [tie]).fetchall() == [("signed",)]


def test_contradicting_reports_stay_side_by_side_and_the_status_is_disputed(con: Any) -> None:
    rows = con.execute(
        "select action, len(conflicts_with) from decisions_observed where tie_id = 'narvik–ru-tosno' order by action"
    ).fetchall()
    assert rows == [("rejected_termination", 1), ("terminated", 1)]
    assert status(con, "narvik–ru-tosno", "2024-04-08") == "disputed"


def test_a_tie_of_an_abolished_kommune_ends_with_it_and_its_heir_names_it(con: Any) -> None:
    assert status(con, "lenvik–ru-pinega", "2019-12-31") == "active"
    assert status(con, "lenvik–ru-pinega", "2020-01-01") is None
    heirs = con.execute(
        "select tie_id, inherited_from from ties where inherited_from is not null order by tie_id"
    ).fetchall()
    assert heirs == [
        ("hamaroy–ru-kirisji", "tysfjord–ru-kirisji"),
        ("narvik–ru-tosno", "ballangen–ru-tosno"),
        ("senja–ru-pinega", "lenvik–ru-pinega"),
    ]


def test_a_doubtful_tie_is_never_active(con: Any) -> None:
    assert status(con, "hamaroy–ru-kirisji", "2024-04-08") == "doubtful"


def test_every_step_cites_its_articles_or_the_registry(con: Any) -> None:
    assert (
        con.execute(
            "select count(*) from tie_status where basis = 'press' and (len(article_ids) = 0 or evidence is null)"
        ).fetchall()[0][0]
        == 0
    )


def test_documents_alone_tell_the_same_course(module_papers: Any, tmp_path: Any) -> None:
    papers = type(module_papers)(data=tmp_path, out=tmp_path / "bybaand.duckdb", tables=module_papers.tables)
    con = papers.build(tie_events_known=papers.tables / "tie_events_known.csv")
    assert status(con, MURMANSK, "2024-04-08") == "ended"
    assert status(con, MURMANSK, "1972-07-09") is None
    assert status(con, PETSJENGA, "2024-03-19") == "frozen"
    assert con.execute("select count(*) from decisions_observed").fetchall() == [(0,)]
    con.close()


def test_a_document_that_gives_two_months_makes_an_imprecise_step_that_begins_with_its_cause(
    module_papers: Any, tmp_path: Any
) -> None:
    papers = type(module_papers)(data=tmp_path, out=tmp_path / "bybaand.duckdb", tables=module_papers.tables)
    con = papers.build(tie_events_known=papers.tables / "tie_events_known.csv")
    course = con.execute(
        """
        select status, valid_from, valid_from_latest, date_precision, valid_to, valid_to_latest
        from tie_status where tie_id = 'bodo–ru-vyborg' and known_from <= '2022-04-01' and known_to > '2022-04-01'
            and basis = 'document'
        """
    ).fetchall()
    never = date(9999, 12, 31)
    assert course == [("frozen", date(2022, 2, 24), date(2022, 3, 31), "interval", never, never)]


def test_the_end_of_a_stretch_is_as_imprecise_as_the_start_of_the_next(con: Any) -> None:
    course = con.execute(
        """
        select status, valid_from, valid_from_latest, date_precision, valid_to, valid_to_latest
        from tie_status where tie_id = 'bodo–ru-vyborg' and known_to = '9999-12-31' order by valid_from
        """
    ).fetchall()
    first, latest, never = date(2022, 3, 1), date(2022, 3, 31), date(9999, 12, 31)
    assert [row[4:] for row in course] == [(first, latest), (never, never)]
    assert course[1][:4] == ("frozen", first, latest, "month")


def test_a_tie_that_may_still_be_unsigned_this_year_is_not_active_yet() -> None:
    base = Base(tie_id=MURMANSK, status="active", signed_year=2024, year_is_over=False)
    assert [(step.status, step.valid_from) for step in steps([], {MURMANSK: base}, Rules())] == [
        ("active", date(2024, 12, 31))
    ]
    over = Base(tie_id=MURMANSK, status="active", signed_year=2023)
    assert [step.valid_from for step in steps([], {MURMANSK: over}, Rules())] == [date(2023, 1, 1)]
