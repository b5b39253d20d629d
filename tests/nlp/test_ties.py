"""Which pairs a text calls friends. Links are made by hand, so that only the rules for ties are tried."""

import re

import pytest

from nlp.reading import Link, Tie
from nlp.sentences import split_sentences
from nlp.ties import candidate_pairs, city_lists, find_ties, settle_ties


def links_of(text: str, *, kommuner: str = "", cities: str = "") -> tuple[Link, ...]:
    found = [
        Link(start=m.start(), end=m.end(), kind=kind, place_id=name.lower(), score=1.0, rule="by hand")
        for kind, names in (("kommune", kommuner), ("city", cities))
        for name in names.split()
        for m in re.finditer(rf"\b{name}s?\b", text)
    ]
    return tuple(sorted(found, key=lambda link: link.start))


def ties_of(text: str, *, kommuner: str, cities: str, pairs: frozenset[tuple[str, str]] = frozenset()) -> set[str]:
    links = links_of(text, kommuner=kommuner, cities=cities)
    found = find_ties(text, split_sentences(text), links, pairs=pairs)
    return {f"{mention.tie.kommune_id} {mention.tie.city_id}" for mention in found}


@pytest.mark.parametrize(
    "text",
    [
        "Moss og Karlstad er vennskapsbyer.",
        "Moss og Karlstad er venskapsbyar.",
        "Vennskapsbyen Karlstad feirer. Moss sender hilsen.",
        "Karlstad er vennskapsbyen til Moss.",
        "Moss har skrevet under en samarbeidsavtale med Karlstad.",
        "Moss har mange venner. Vennskapsbyene er mange. Blant dem er Karlstad.",
        "Moss har inngått vennskap. Avtalen med Karlstad gjelder i fire år.",
    ],
)
def test_friends_and_agreements_are_ties(text: str) -> None:
    assert ties_of(text, kommuner="Moss", cities="Karlstad") == {"moss karlstad"}


@pytest.mark.parametrize(
    "text",
    [
        "En mann fra Moss er dømt i Karlstad.",
        "Moss tapte mot Karlstad i går. Trenere og spillere reiste hjem.",
        "Toget fra Moss stanset ved Karlstad.",
    ],
)
def test_two_places_in_one_sentence_are_no_tie(text: str) -> None:
    assert ties_of(text, kommuner="Moss", cities="Karlstad") == set()


def test_each_city_of_a_list_gets_its_tie() -> None:
    text = "Vennskapsbyene til Moss er Karlstad, Horsens, Nokia og Tosno."
    assert ties_of(text, kommuner="Moss", cities="Karlstad Horsens Nokia Tosno") == {
        "moss karlstad",
        "moss horsens",
        "moss nokia",
        "moss tosno",
    }


def test_pairs_in_a_row_are_kept_apart() -> None:
    text = "Med vennskapsavtaler er Stavanger knyttet til Nablus, Trondheim til Ramallah og Bergen til Hebron."
    assert ties_of(text, kommuner="Stavanger Trondheim Bergen", cities="Nablus Ramallah Hebron") == {
        "stavanger nablus",
        "trondheim ramallah",
        "bergen hebron",
    }


def test_a_text_without_a_word_of_friendship_has_no_candidates() -> None:
    text = "En mann fra Moss er dømt i Karlstad."
    links = links_of(text, kommuner="Moss", cities="Karlstad")
    assert candidate_pairs(text, split_sentences(text), links, pairs=frozenset()) == ()


def test_without_words_of_friendship_only_near_or_known_pairs_are_candidates() -> None:
    text = "Ordføreren i Moss er syk. Det regner. Det blåser. Det snør. En mann er dømt i Karlstad."
    links = links_of(text, kommuner="Moss", cities="Karlstad")
    sentences = split_sentences(text)
    assert candidate_pairs(text, sentences, links, pairs=frozenset()) == ()
    assert candidate_pairs(text, sentences, links, pairs=frozenset({("moss", "karlstad")})) != ()
    near = "Ordføreren i Moss er syk. En mann er dømt i Karlstad."
    links = links_of(near, kommuner="Moss", cities="Karlstad")
    assert candidate_pairs(near, split_sentences(near), links, pairs=frozenset()) != ()


def test_the_trained_reader_and_the_rules_decide_together() -> None:
    text = "Moss og Karlstad er vennskapsbyer. Tosno ligger lenger øst."
    links = links_of(text, kommuner="Moss", cities="Karlstad Tosno")
    sentences = split_sentences(text)
    ruled = find_ties(text, sentences, links)
    karlstad, tosno = Tie(kommune_id="moss", city_id="karlstad"), Tie(kommune_id="moss", city_id="tosno")
    kept = settle_ties(ruled, {karlstad: 0.9, tosno: 0.02}, sentences, links, pairs=frozenset())
    assert {mention.tie for mention in kept} == {karlstad}
    assert "reader 0.90" in kept[0].rule


def test_what_is_said_in_plain_words_stands_and_what_is_not_needs_the_reader() -> None:
    text = "Moss har skrevet under. Avtalen med Karlstad gjelder i fire år."
    links = links_of(text, kommuner="Moss", cities="Karlstad")
    sentences = split_sentences(text)
    ruled = find_ties(text, sentences, links)
    karlstad = Tie(kommune_id="moss", city_id="karlstad")
    assert settle_ties(ruled, {karlstad: 0.0}, sentences, links, pairs=frozenset()) == ()
    assert settle_ties(ruled, {karlstad: 0.9}, sentences, links, pairs=frozenset()) != ()
    plain = "Moss og Karlstad er vennskapsbyer."
    links = links_of(plain, kommuner="Moss", cities="Karlstad")
    ruled = find_ties(plain, split_sentences(plain), links)
    assert settle_ties(ruled, {karlstad: 0.0}, split_sentences(plain), links, pairs=frozenset()) != ()


def test_cities_named_in_one_breath_are_a_list() -> None:
    text = "Vennene er Karlstad, Horsens og Nokia. Tosno ligger i Russland, og Nokia er kjent for støvler."
    links = links_of(text, cities="Karlstad Horsens Nokia Tosno")
    assert city_lists(text, links) == (frozenset({"karlstad", "horsens", "nokia"}),)
