from dataclasses import replace

import pytest

from nlp.fit import fitting
from nlp.reading import Link, Tie, TieEvent, TieMention

KIRKENES = Tie(kommune_id="sor-varanger", city_id="ru-petsjenga")
TROMSO = Tie(kommune_id="tromso", city_id="ru-murmansk")
GAZA = Tie(kommune_id="tromso", city_id="ps-gaza")
RANA = Tie(kommune_id="rana", city_id="ru-petrozavodsk")
PAIRS = frozenset({(tie.kommune_id, tie.city_id) for tie in (KIRKENES, TROMSO, GAZA, RANA)})


def event(tie: Tie, text: str, **changes: object) -> TieEvent:
    told = TieEvent(
        tie=tie, action="terminated", factuality="happened", date=None, date_precision=None, decided_by=None,
        start=0, end=len(text), score=0.7, rule="reader 0.70",
    )  # fmt: skip
    return replace(told, **changes)  # type: ignore[arg-type]


def links(text: str, **places: str) -> list[Link]:
    """Link each name that stands in the text: `Tromsø="tromso"`."""
    return [
        Link(
            start=text.index(name), end=text.index(name) + len(name), place_id=place, score=1.0, rule="",
            kind="city" if "-" in place and place != "sor-varanger" else "kommune",
        )
        for name, place in places.items()
        if name in text
    ]  # fmt: skip


def fit(text: str, told: TieEvent, ties: list[Tie], **places: str) -> list[str]:
    mentions = [TieMention(tie=tie, start=0, end=len(text), score=0.9, rule="") for tie in ties]
    found = fitting(text, [told], mentions, [(0, len(text))], links(text, **places), PAIRS)
    return [each.action for each in found]


def test_a_sentence_on_another_pair_is_no_event_of_this_one() -> None:
    text = "Rana har sagt opp avtalen med Petrozavodsk."
    wrong = Tie(kommune_id="tromso", city_id="ru-petrozavodsk")
    places = {"Rana": "rana", "Petrozavodsk": "ru-petrozavodsk"}
    assert fit(text, event(wrong, text), [wrong, RANA], **places) == []
    assert fit(text, event(RANA, text), [wrong, RANA], **places) == ["terminated"]


def test_the_russian_towns_are_not_those_of_other_countries() -> None:
    text = "Kommunestyret i Tromsø har sagt opp avtalene med de tre russiske byene."
    assert fit(text, event(GAZA, text), [GAZA, TROMSO], Tromsø="tromso") == []
    assert fit(text, event(TROMSO, text), [GAZA, TROMSO], Tromsø="tromso") == ["terminated"]


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Tromsø og Murmansk er allerede vennskapsbyer.", []),
        ("Tromsø frøs avtalen med Murmansk høsten 2022.", []),
        ("Tromsø og Murmansk skrev under like før krigen braut ut.", []),
        ("Under avslutningskonserten spilte gjester fra Murmansk i Tromsø.", []),
        ("Båndet mellom Tromsø og Murmansk levde lenge etter at de offisielle møtene tok slutt.", []),
        ("Jeg mener Tromsø må avslutte avtalen med Murmansk.", ["proposed_termination"]),
        ("Femti års vennskap mellom Tromsø og Murmansk er slutt.", ["terminated"]),
        ("Onsdag sa Tromsø endelig opp avtalen med Murmansk.", ["terminated"]),
        ("Tromsø har brote med Murmansk.", ["terminated"]),
        ("Kommunestyret i Tromsø vedtok å si opp avtalen med Murmansk.", ["terminated"]),
    ],
)
def test_an_ending_needs_words_of_ending_that_are_not_a_wish(sentence: str, left: list[str]) -> None:
    assert fit(sentence, event(TROMSO, sentence), [TROMSO], Tromsø="tromso", Murmansk="ru-murmansk") == left


def test_where_several_kommuner_share_a_town_the_one_named_last_is_meant() -> None:
    harstad, ours = (Tie(kommune_id=kommune, city_id="ru-severomorsk") for kommune in ("harstad", "sor-varanger"))
    text = "Harstad følger med. I Sør-Varanger er det uro. Avtalen med Severomorsk ble avsluttet i april."
    start = text.index("Avtalen")
    sentences = [(0, 19), (20, 46), (start, len(text))]
    mentions = [TieMention(tie=tie, start=start, end=len(text), score=0.9, rule="") for tie in (harstad, ours)]
    named = links(text, **{"Harstad": "harstad", "Sør-Varanger": "sor-varanger", "Severomorsk": "ru-severomorsk"})
    told = [event(tie, text, start=start) for tie in (harstad, ours)]
    assert [each.tie for each in fitting(text, told, mentions, sentences, named, PAIRS)] == [ours]


def test_an_ending_that_is_beyond_doubt_needs_no_known_word() -> None:
    text = "Tromsø tok ned skiltet med Murmansk for godt."
    places = {"Tromsø": "tromso", "Murmansk": "ru-murmansk"}
    assert fit(text, event(TROMSO, text, score=0.95), [TROMSO], **places) == ["terminated"]
    assert fit(text, event(TROMSO, text, score=0.7), [TROMSO], **places) == []
    frozen = "Narvik frøs avtalen med Tosno, og Tromsø gjorde det samme med Murmansk."
    assert fit(frozen, event(TROMSO, frozen, score=0.95), [TROMSO], **places) == []


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("Med 14 mot 11 stemmer vedtok kommunestyret i Tromsø å si opp avtalen med Murmansk.", "terminated"),
        ("Kommunestyret i Tromsø vedtok ikke å si opp avtalen med Murmansk.", "rejected_termination"),
        ("Forslaget om å bryte med Murmansk ble vedtatt sendt tilbake i Tromsø.", "rejected_termination"),
    ],
)
def test_a_refusal_is_no_refusal_where_the_words_decide_the_ending(sentence: str, action: str) -> None:
    refused = event(TROMSO, sentence, action="rejected_termination")
    assert fit(sentence, refused, [TROMSO], Tromsø="tromso", Murmansk="ru-murmansk") == [action]
