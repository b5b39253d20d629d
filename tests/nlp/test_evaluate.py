"""Measuring readings on labelled texts."""

import json
from pathlib import Path

import pytest

from nlp.evaluate import evaluate, read_gold
from nlp.places import load_gazetteer
from nlp.reading import Action, Factuality, Link, Reading, Tie, TieEvent, TieMention

TEXT = "Moss og Karlstad er vennskapsbyer. Moss Avis skriver."
GOLD = {
    "id": "t1",
    "text": TEXT,
    "lang": "nb",
    "mentions": [
        {"start": 0, "end": 4, "kind": "kommune", "id": "3103"},
        {"start": 8, "end": 16, "kind": "city", "id": "Karlstad"},
        {"start": 35, "end": 44, "label": "trap", "info": "newspaper title"},
    ],
    "ties": [{"kommune_number": "3103", "city_en": "Karlstad", "actions": ["signed"]}],
    "borderline": [
        {
            "start": 0,
            "end": 4,
            "why": "event: visit?",
            "kommune_number": "3103",
            "city_en": "Karlstad",
            "actions": ["visit"],
        }
    ],
}


def reading(*actions: tuple[Action, Factuality], trap: bool = False) -> Reading:
    tie = Tie(kommune_id="moss", city_id="se-karlstad")
    links = [
        Link(start=0, end=4, kind="kommune", place_id="moss", score=1.0, rule="r"),
        Link(start=8, end=16, kind="city", place_id="se-karlstad", score=1.0, rule="r"),
    ]
    if trap:
        links.append(Link(start=35, end=39, kind="kommune", place_id="moss", score=1.0, rule="r"))
    return Reading(
        article_id="t1", version=1, content_hash="", model_version="m", language="nb", entities=(), links=tuple(links),
        mentions=(TieMention(tie=tie, start=0, end=34, score=0.9, rule="r"),),
        events=tuple(
            TieEvent(
                tie=tie, action=action, factuality=factuality, date=None, date_precision=None, decided_by=None,
                start=0, end=34, score=0.9, rule="r",
            )
            for action, factuality in actions
        ),
        stances=(),
    )  # fmt: skip


def score(*actions: tuple[Action, Factuality], trap: bool = False) -> dict[tuple[str, str], tuple[int, int, int]]:
    scores = evaluate([(GOLD, reading(*actions, trap=trap))], load_gazetteer())
    return {key: (tally.right, tally.wrong, tally.missed) for key, tally in scores.tallies.items()}


def test_right_answers_count_right() -> None:
    counts = score(("signed", "happened"))
    assert counts[("kommune", "all")] == (1, 0, 0)
    assert counts[("city", "all")] == (1, 0, 0)
    assert counts[("tie", "all")] == (1, 0, 0)
    assert counts[("event", "all")] == (1, 0, 0)
    assert counts[("trap", "newspaper")] == (1, 0, 0)


def test_a_linked_trap_is_one_wrong_kommune_and_one_wrong_trap() -> None:
    counts = score(("signed", "happened"), trap=True)
    assert counts[("kommune", "all")] == (1, 1, 0)
    assert counts[("trap", "newspaper")] == (0, 1, 0)


def test_a_missed_and_a_false_event_count_apart() -> None:
    assert score(("terminated", "happened"))[("event", "all")] == (0, 1, 1)


@pytest.mark.parametrize("factuality", ["negated", "hypothetical"])
def test_what_did_not_happen_is_no_answer(factuality: Factuality) -> None:
    assert score(("signed", "happened"), ("terminated", factuality))[("event", "all")] == (1, 0, 0)


def test_what_is_left_open_counts_neither_way() -> None:
    assert score(("signed", "happened"), ("visit", "happened"))[("event", "all")] == (1, 0, 0)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(GOLD) + "\n{}\n", "utf8")
    with pytest.raises(ValueError, match=r"gold\.jsonl:2"):
        list(read_gold(path))
