"""Judgements: asked for in order of doubt, kept for good, stronger than the machine."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.review import Judgement, questions, record

TIE = "tromso–ru-murmansk"


def judgement(question: Any, verdict: str, **fields: Any) -> Judgement:
    return Judgement(
        judged_at=datetime(2024, 4, 8, fields.pop("hour", 7), tzinfo=UTC),
        judged_by="kari",
        judgement=verdict,  # type: ignore[arg-type]
        article_id=question.article_id,
        version=question.version,
        tie_id=question.tie_id,
        action=question.action,
        char_start=question.char_start,
        char_end=question.char_end,
        evidence=question.evidence,
        **fields,
    )


def test_analysts_win_over_the_machine(papers: Any) -> None:
    papers.crawl("2024-01-01", "2024-04-07")
    event = {"tie": TIE, "action": "terminated", "date": "2024-01-04", "score": 0.95}
    papers.article("2024-01-05", events=(event,))
    papers.article("2024-01-06", events=(event | {"tie": "bodo–ru-vyborg", "score": 0.3},))
    papers.article("2024-01-07", events=(event | {"tie": "vardo–ru-arkhangelsk"},))
    con = papers.build()
    doubts = questions(con)
    assert [each.tie_id for each in doubts] == ["bodo–ru-vyborg", "vardo–ru-arkhangelsk", TIE]  # least sure first
    by_tie = {each.tie_id: each for each in doubts}
    file = papers.data / "decisions.jsonl"
    record(file, judgement(by_tie[TIE], "accept"))
    record(file, judgement(by_tie[TIE], "reject", hour=8, note="gjelder en annen by"))  # she changed her mind
    record(file, judgement(by_tie["bodo–ru-vyborg"], "accept"))
    record(
        file,
        judgement(by_tie["vardo–ru-arkhangelsk"], "change", new_action="frozen", new_date=date(2024, 1, 2)),
    )
    con.close()
    con = papers.build()
    assert con.execute("select tie_id, action, state, basis from decisions_observed order by tie_id").fetchall() == [
        ("bodo–ru-vyborg", "terminated", "decided", "analyst"),
        (TIE, "terminated", "rejected", "analyst"),
        ("vardo–ru-arkhangelsk", "frozen", "decided", "analyst"),
    ]
    assert (
        dict(
            con.execute("select tie_id, status from tie_status_as_of(date '2024-04-08', date '2024-04-08')").fetchall()
        ).items()
        >= {TIE: "active", "bodo–ru-vyborg": "ended", "vardo–ru-arkhangelsk": "frozen"}.items()
    )
    assert questions(con) == []
    assert con.execute("select count(*), count(distinct judged_by) from decisions").fetchall() == [(4, 1)]
    assert con.execute(
        "select action, machine_action, event_date from tie_events where judgement = 'change'"
    ).fetchall() == [("frozen", "terminated", date(2024, 1, 2))]


def test_a_judgement_outlives_a_machine_that_no_longer_sees_the_event(papers: Any) -> None:
    papers.article("2024-01-05", events=({"tie": TIE, "action": "terminated", "date": "2024-01-04", "score": 0.4},))
    con = papers.build()
    (question,) = questions(con)
    con.close()
    record(papers.data / "decisions.jsonl", judgement(question, "accept", new_date=date(2024, 1, 4)))
    papers.readings[0]["events"] = []  # read again by other models
    con = papers.build()
    assert con.execute("select state, basis, date_from from decisions_observed").fetchall() == [
        ("decided", "analyst", date(2024, 1, 4))
    ]


def test_nothing_that_was_written_is_changed_and_a_torn_line_swallows_none(tmp_path: Path, papers: Any) -> None:
    papers.article("2024-01-05", events=({"tie": TIE, "action": "terminated", "date": "2024-01-04"},))
    con = papers.build()
    (question,) = questions(con)
    con.close()
    file = papers.data / "decisions.jsonl"
    record(file, judgement(question, "reject"))
    first = file.read_text(encoding="utf-8")
    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"judged_at": "2024')
    record(file, judgement(question, "accept", hour=9))
    assert file.read_text(encoding="utf-8").startswith(first)
    con = papers.build()
    assert con.execute("select judgement from decisions order by judged_at, judgement").fetchall() == [
        ("reject",),
        ("accept",),
    ]
    assert con.execute("select part, line from set_aside").fetchall() == [("decisions.jsonl", 2)]


def test_an_unknown_verdict_or_action_is_refused(papers: Any) -> None:
    papers.article("2024-01-05", events=({"tie": TIE, "action": "terminated"},))
    con = papers.build()
    (question,) = questions(con)
    for fields, words in (({"verdict": "maybe"}, "judgement"), ({"verdict": "change", "new_action": "hug"}, "action")):
        with pytest.raises(ValueError, match=words):
            judgement(question, **fields)
