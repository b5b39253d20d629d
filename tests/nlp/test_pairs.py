"""The trained tie reader: how passages are cut and marked, and that its answers depend on nothing else."""

import pytest
from tokenizers import Tokenizer

from nlp.encoder import BASE
from nlp.pairs import (
    ACTIONS,
    CITIES,
    ELSEWHERE,
    KOMMUNE,
    PairReader,
    alias,
    cut_passages,
)
from nlp.reading import Link, Tie
from nlp.sentences import split_sentences
from nlp.settings import MODELS

TEXT = "Tromsø-ordføreren er klar. Tromsø og Murmansk er vennskapsbyer. Avtalen ble sagt opp onsdag."
TIE = Tie(kommune_id="tromso", city_id="ru-murmansk")
LINKS = (
    Link(start=0, end=17, kind="kommune", place_id="tromso", score=1.0, rule="by hand"),
    Link(start=27, end=33, kind="kommune", place_id="tromso", score=1.0, rule="by hand"),
    Link(start=37, end=45, kind="city", place_id="ru-murmansk", score=1.0, rule="by hand"),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BASE / "tokenizer.json"))


@pytest.fixture(scope="module")
def reader() -> PairReader:
    return PairReader.load(MODELS / "pairs.safetensors")


def test_names_become_aliases_and_the_pair_is_marked(tokenizer: Tokenizer) -> None:
    (passage,) = cut_passages(tokenizer, TEXT, split_sentences(TEXT), LINKS)
    assert [place for _, _, place in passage.places] == ["tromso", "tromso", "ru-murmansk"]
    assert passage.kinds(TIE).count(1) == 2
    assert passage.kinds(TIE).count(2) == 1
    assert passage.kinds(Tie(kommune_id="tromso", city_id="se-kiruna")).count(4) == 1
    assert passage.kinds(Tie(kommune_id="tromso", city_id="se-kiruna"), {"ru-murmansk"}).count(5) == 1
    said = tokenizer.decode(list(passage.ids))
    assert "Tromsø" not in said
    assert "ordføreren" in said  # what follows the name in a compound stays


def test_long_texts_are_cut_at_sentences(tokenizer: Tokenizer) -> None:
    text = TEXT + " Det regnet hele dagen, og ingen gikk ut." * 120
    passages = cut_passages(tokenizer, text, split_sentences(text), LINKS)
    assert len(passages) > 3
    assert all(len(passage.ids) <= 256 for passage in passages)
    numbers = [n for passage in passages for n in passage.sentence if n >= 0]
    assert set(numbers) == set(range(len(split_sentences(text))))


def test_an_ending_is_seen_and_the_answer_is_the_same_alone_or_among_others(reader: PairReader) -> None:
    other = Tie(kommune_id="tromso", city_id="se-kiruna")
    sentences = split_sentences(TEXT)
    (alone,) = reader.read(TEXT, sentences, LINKS, [TIE])
    among = reader.read(TEXT, sentences, LINKS, [other, TIE])
    assert among[1] == alone
    assert alone.stated > 0.5
    assert max(ACTIONS, key=lambda action: alone.actions[action]) == "terminated"
    assert abs(sum(alone.stance.values()) - 1) < 1e-5
    assert reader.read(TEXT, sentences, LINKS, []) == ()


def test_passages_beside_are_read_only_for_ties_worth_it(reader: PairReader) -> None:
    rain = " Det regnet hele dagen, og ingen gikk ut." * 30
    text = "Tromsø feirer." + rain + " Avtalen med Murmansk ble sagt opp onsdag."
    at = text.index("Murmansk")
    links = (
        Link(start=0, end=6, kind="kommune", place_id="tromso", score=1.0, rule="by hand"),
        Link(start=at, end=at + 8, kind="city", place_id="ru-murmansk", score=1.0, rule="by hand"),
    )
    sentences = split_sentences(text)
    (whole,) = reader.read(text, sentences, links, [TIE])
    assert reader.read(text, sentences, links, [TIE], worth=lambda judged: list(judged)) == (whole,)
    (part,) = reader.read(text, sentences, links, [TIE], worth=lambda judged: [])
    assert (part.stated, part.stance) == (whole.stated, whole.stance)
    assert 0 in whole.sentences
    assert 0 not in part.sentences


def test_a_city_listed_with_the_one_in_question_is_no_rival(reader: PairReader) -> None:
    text = "Tromsø har vennskapsbyene Murmansk og Nadym. Bystyret sa onsdag opp alle avtalene."
    links = tuple(
        Link(start=at, end=at + len(name), kind=kind, place_id=place, score=1.0, rule="by hand")
        for name, kind, place in (
            ("Tromsø", "kommune", "tromso"),
            ("Murmansk", "city", "ru-murmansk"),
            ("Nadym", "city", "ru-nadym"),
        )
        if (at := text.index(name)) >= 0
    )
    sentences = split_sentences(text)
    both = frozenset({"ru-murmansk", "ru-nadym"})
    (alone,) = reader.read(text, sentences, links, [TIE])
    (listed,) = reader.read(text, sentences, links, [TIE], lists=[both])
    assert listed != alone
    assert listed.actions["terminated"] > 0.5


def test_a_city_is_read_as_one_of_its_country() -> None:
    assert alias("city", "ru-vyborg") == alias("city", "ru-nadym") != alias("city", "se-karlstad")
    assert alias("kommune", "moss") == alias("kommune", "alta")


@pytest.mark.parametrize("piece", [KOMMUNE, ELSEWHERE, *CITIES.values()])
def test_each_alias_is_one_piece(tokenizer: Tokenizer, piece: str) -> None:
    assert tokenizer.token_to_id(piece) is not None
