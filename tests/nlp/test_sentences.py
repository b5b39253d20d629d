from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import paragraphs, split_sentences, tokenise


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "Møtet med f.eks. Tromsø begynner kl. 12 den 26. april.",
        "St. Olav og Per A. Hansen møtte dr. Berg i Washington D.C. i går.",
        "Saken står i nr. 4 av bladet, jf. Stortingets vedtak.",
        "– Hva skjer nå? spør han.",
        "Han svarte «Nei!» og gikk.",
        "Avtalen er fra 1972, bl.a. med Murmansk.",
    ],
)
def test_abbreviations_initials_and_quotes_do_not_end_a_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Han stemte for Ap. Hun stemte mot.", ["Han stemte for Ap.", "Hun stemte mot."]),
        ("– Vi sier opp. – Nei, sa han.", ["– Vi sier opp.", "– Nei, sa han."]),
        ("«Vi er ferdige.» Det sa han.", ["«Vi er ferdige.»", "Det sa han."]),
        ("Vedtaket kom i 2022. Alle var enige.", ["Vedtaket kom i 2022.", "Alle var enige."]),
        ("Sier opp avtalen\n\nTromsø vil ikke mer.", ["Sier opp avtalen", "Tromsø vil ikke mer."]),
        ("Overskrift uten punktum\nTromsø vil ikke mer.", ["Overskrift uten punktum", "Tromsø vil ikke mer."]),
        ("Hvorfor? Fordi!  Ja …  Slik er det.", ["Hvorfor?", "Fordi!", "Ja …", "Slik er det."]),
    ],
)
def test_stops_and_paragraphs_end_a_sentence(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_wrapped_lines_stay_in_one_sentence() -> None:
    text = "Kommunestyret i Øvre Eiker vedtok i går å inngå vennskap med den\nukrainske byen Balta og med\nvyborg."
    assert sentences(text) == [text]


def test_the_full_stop_of_a_party_is_a_token_of_its_own_at_the_end() -> None:
    text = "Høyre og Ap. Så gikk de."
    assert [text[a:b] for a, b in tokenise(text)] == ["Høyre", "og", "Ap", ".", "Så", "gikk", "de", "."]


def test_a_compound_with_a_hyphen_is_one_token() -> None:
    text = "Tromsø-ordføreren møtte Bodø/Glimt."
    assert next(text[a:b] for a, b in tokenise(text)) == "Tromsø-ordføreren"


@given(st.text(max_size=300))
def test_any_text_is_cut_into_ordered_parts_that_lose_only_white_space(text: str) -> None:
    at, lost = 0, ""
    for start, end in split_sentences(text):
        assert at <= start < end <= len(text)
        lost += text[at:start]
        at = end
    assert not (lost + text[at:]).replace("\0", "").strip()
    assert all(a < b for a, b in paragraphs(text))


@pytest.mark.parametrize("text", ["", " ", "\0", "\n\n\n", "a", "🤖", "." * 1000, "Hei. " * 20_000])
def test_odd_texts_are_answered(text: str) -> None:
    split_sentences(text)
    tokenise(text)
