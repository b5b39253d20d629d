"""What is said to have been done about a tie, by the rules alone."""

import re
from datetime import date

import pytest

from nlp.events import Claim, date_claim, read_events
from nlp.reading import Action, Link, Tie, TieEvent
from nlp.sentences import split_sentences
from nlp.ties import find_ties

PUBLISHED = date(2022, 10, 27)


def events_of(text: str) -> tuple[TieEvent, ...]:
    links = tuple(
        sorted(
            (
                Link(start=m.start(), end=m.end(), kind=kind, place_id=name.lower(), score=1.0, rule="by hand")  # type: ignore[arg-type]
                for kind, name in (("kommune", "Moss"), ("city", "Karlstad"), ("city", "Tosno"))
                for m in re.finditer(rf"\b{name}\b", text)
            ),
            key=lambda link: link.start,
        )
    )
    sentences = split_sentences(text)
    events, _ = read_events(text, sentences, links, find_ties(text, sentences, links), {}, PUBLISHED)
    return events


def said(text: str) -> set[tuple[str, str]]:
    return {(event.action, event.factuality) for event in events_of(text)}


@pytest.mark.parametrize(
    ("text", "action", "factuality"),
    [
        ("Kommunestyret i Moss vedtok å si opp vennskapsavtalen med Karlstad.", "terminated", "happened"),
        ("Kommunestyret i Moss vedtok å seie opp venskapsavtalen med Karlstad.", "terminated", "happened"),
        ("Moss har avsluttet vennskapet med Karlstad.", "terminated", "happened"),
        ("Venskapen mellom Moss og Karlstad er avslutta.", "terminated", "happened"),
        ("Høyre mener at Moss bør si opp vennskapsavtalen med Karlstad.", "proposed_termination", "proposed"),
        ("Rådmannen tilrår Moss å seie opp venskapsavtalen med Karlstad.", "proposed_termination", "proposed"),
        ("Forslaget om å si opp vennskapsavtalen mellom Moss og Karlstad falt.", "rejected_termination", "happened"),
        ("Moss vedtok ikke å si opp vennskapsavtalen med Karlstad.", "rejected_termination", "happened"),
        ("Moss har frosset vennskapsavtalen med Karlstad.", "frozen", "happened"),
        ("Moss har lagt vennskapsavtalen med Karlstad på is.", "frozen", "happened"),
        ("Moss og Karlstad har fornyet vennskapsavtalen.", "renewed", "happened"),
        ("Moss og Karlstad har vært vennskapsbyer siden 1946.", "signed", "happened"),
        ("En delegasjon fra vennskapsbyen Karlstad besøkte Moss.", "visit", "happened"),
    ],
)
def test_actions_are_read_with_their_factuality(text: str, action: str, factuality: str) -> None:
    assert (action, factuality) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Moss og Karlstad er vennskapsbyer.",
        "Dersom krigen varer, kan Moss si opp vennskapsavtalen med Karlstad.",
        "Moss har ikke sagt opp vennskapsavtalen med Karlstad.",
    ],
)
def test_what_did_not_happen_ends_nothing(text: str) -> None:
    assert ("terminated", "happened") not in said(text)


def test_evidence_is_where_the_words_are_and_the_date_is_resolved() -> None:
    text = "Moss og Karlstad er vennskapsbyer. Kommunestyret vedtok onsdag å si opp avtalen."
    (event,) = [event for event in events_of(text) if event.action == "terminated"]
    assert "si opp avtalen" in text[event.start : event.end]
    assert (event.date, event.date_precision) == (date(2022, 10, 26), "day")
    assert event.decided_by == "kommunestyre"


def test_a_proposal_that_is_adopted_in_the_same_text_is_only_the_ending() -> None:
    text = (
        "Høyre foreslo å si opp vennskapsavtalen mellom Moss og Karlstad. "
        "Kommunestyret vedtok torsdag å si opp avtalen."
    )
    actions = {event.action for event in events_of(text)}
    assert "terminated" in actions
    assert "proposed_termination" not in actions


def test_cities_of_one_sentence_can_fare_differently() -> None:
    text = "Moss sa opp vennskapsavtalen med Tosno, mens avtalen med Karlstad er lagt på is."
    fates = {(event.tie.city_id, event.action) for event in events_of(text) if event.factuality == "happened"}
    assert ("tosno", "terminated") in fates
    assert ("karlstad", "frozen") in fates
    assert ("karlstad", "terminated") not in fates


@pytest.mark.parametrize(
    ("action", "expected"), [("terminated", (date(2022, 10, 26), "day")), ("visit", (PUBLISHED, "published"))]
)
def test_a_headline_takes_the_date_from_where_the_same_is_told_again(
    action: Action, expected: tuple[date, str]
) -> None:
    text = "Moss sier takk for seg i Karlstad\n\nOnsdag ble Moss og Karlstad skilt.\n\nAlle stemte for."
    sentences = split_sentences(text)
    claim = Claim(
        tie=Tie(kommune_id="moss", city_id="karlstad"),
        action=action,
        factuality="happened",
        sentence=0,
        start=0,
        end=sentences[0][1],
        cue=0,
        score=0.9,
        rule="reader 0.90",
        retold=(0, 1, 2),
    )
    event = date_claim(text, sentences, claim, PUBLISHED)
    assert (event.date, event.date_precision) == expected
