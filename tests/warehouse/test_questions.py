"""The functions for analysts."""

from datetime import date
from typing import Any

import pytest

import warehouse

TIE = "tromso–ru-murmansk"


@pytest.fixture(scope="module")
def con(module_papers: Any) -> Any:
    papers = module_papers
    papers.crawl("2023-12-01", "2024-04-07")
    papers.article("2024-01-05", events=({"tie": TIE, "action": "terminated", "date": "2024-01-04"},))
    papers.article("2024-02-05", ties=(TIE,))
    return papers.build()


def test_attention_takes_a_dash_or_a_hyphen_and_comes_in_order_of_time(con: Any) -> None:
    weeks = warehouse.attention(con, tie="tromso-ru-murmansk", by="week")
    assert weeks.columns[:3] == ["level", "key", "week"]
    assert weeks.filter("stories > 0").select("week").fetchall() == [("2024-W01",), ("2024-W06",)]
    assert warehouse.attention(con, kommune="tromso", by="month").filter("stories > 0").select("month").fetchall() == [
        ("2024-01",),
        ("2024-02",),
    ]
    assert warehouse.attention(con, country="RU").shape[0] > 10


def test_relations_become_frames(con: Any) -> None:
    assert warehouse.attention(con, tie=TIE).pl().height == len(warehouse.attention(con, tie=TIE).df())


def test_an_unknown_name_is_answered_with_the_nearest(con: Any) -> None:
    with pytest.raises(warehouse.WarehouseError, match=r"Mente du .*tromso–ru-murmansk"):
        warehouse.attention(con, tie="tromsø–ru-murmansk")
    with pytest.raises(warehouse.WarehouseError, match="nøyaktig én"):
        warehouse.attention(con)


def test_a_decision_leads_to_its_sentences(con: Any) -> None:
    ((decision, evidence),) = (
        warehouse.decisions(con, tie=TIE, state="decided").select("decision_id, evidence").fetchall()
    )
    rows = warehouse.evidence(con, decision=decision).select("article_id, sentence, model_version, part").fetchall()
    assert rows == [("a00001", evidence, "m1", "articles/nordlys/2024-01.jsonl")]
    assert warehouse.evidence(con, tie=TIE, week="2024-W06").select("kind").fetchall() == [("mention",)]


def test_status_is_that_of_the_day_of_the_build_unless_asked_for_another(con: Any) -> None:
    assert warehouse.status(con, tie=TIE).select("status").fetchall() == [("ended",)]
    assert warehouse.status(con, tie=TIE, day=date(2024, 1, 3)).select("status").fetchall() == [("active",)]
    assert warehouse.status(con, tie=TIE, known=date(2024, 1, 4)).select("status").fetchall() == [("active",)]


def test_silence_takes_the_number_of_weeks(con: Any) -> None:
    silent = {row[0] for row in warehouse.silence(con, weeks=12).select("tie_id").fetchall()}
    assert "bodo–ru-vyborg" in silent
    assert TIE not in silent  # ended ties are not silent, they are over
