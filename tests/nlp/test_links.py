"""The linker against sentences of every trap class, and what must hold for any text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.links import link
from nlp.places import load_gazetteer
from nlp.reading import Entity

_MARK = re.compile(r"\[(?P<right>[^\]|]+)\|(?P<place>[^\]]+)\]|\{(?P<wrong>[^}]+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A marked sentence: its class, plain text, wanted links, spans that are no place, and the call's options."""

    group: str
    text: str
    wanted: tuple[tuple[int, int, str], ...]
    traps: tuple[tuple[int, int], ...]
    options: dict[str, str]


def read_cases(path: Path) -> list[Case]:
    cases, group = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif line and not line.startswith("#"):
            marked, *options = line.replace("\\n", "\n").split(" // ")
            text, at, wanted, traps = "", 0, [], []
            for match in _MARK.finditer(marked):
                text += marked[at : match.start()]
                words = match["right"] or match["wrong"]
                span = (len(text), len(text) + len(words))
                text, at = text + words, match.end()
                if match["right"]:
                    wanted.append((*span, match["place"]))
                else:
                    traps.append(span)
            text += marked[at:]
            pairs = dict(option.split("=", 1) for option in options)
            cases.append(Case(group, text, tuple(wanted), tuple(traps), pairs))
    return cases


CASES = [case for name in ("link_cases.txt", "link_texts.txt") for case in read_cases(Path(__file__).with_name(name))]


def judge(case: Case) -> list[str]:
    """Return what is wrong with the links of a case, each as one line."""
    published = case.options.get("published")
    links = [
        found
        for found in link(
            case.text,
            (),
            load_gazetteer(),
            published=date.fromisoformat(published) if published else None,
            fylke=case.options.get("fylke"),
        )
        if found.place_id
    ]
    faults = []
    for start, end, place in case.wanted:
        here = [found.place_id for found in links if found.start < end and start < found.end]
        if place != "?" and place not in here:
            faults.append(f"missed {case.text[start:end]} ({place}, got {here}): {case.text}")
    faults += [
        f"wrong {case.text[found.start : found.end]} = {found.place_id} ({found.rule}): {case.text}"
        for found in links
        if not any(found.start < end and start < found.end for start, end, _ in case.wanted)
    ]
    return faults


def test_enough_cases_of_every_class() -> None:
    assert sum(len(case.wanted) + len(case.traps) for case in CASES) >= 300


@pytest.mark.parametrize("group", sorted({case.group for case in CASES}))
def test_few_faults_in_each_class(group: str) -> None:
    cases = [case for case in CASES if case.group == group]
    marks = sum(len(case.wanted) + len(case.traps) for case in cases)
    faults = [fault for case in cases for fault in judge(case)]
    assert len(faults) <= max(1, 0.1 * marks), "\n".join(faults)


def test_few_faults_over_all() -> None:
    marks = sum(len(case.wanted) + len(case.traps) for case in CASES)
    faults = [fault for case in CASES for fault in judge(case)]
    assert len(faults) <= 0.04 * marks, "\n".join(faults)


def links_of(text: str, **options: object) -> dict[str, str | None]:
    """Return the words of each kommune or city link with its place."""
    found = link(text, (), load_gazetteer(), **options)  # type: ignore[arg-type]
    return {text[f.start : f.end]: f.place_id for f in found if f.kind in ("kommune", "city")}


def reasons_of(text: str) -> dict[str, str]:
    return {text[f.start : f.end]: f.rule for f in link(text, (), load_gazetteer()) if f.place_id is None}


def test_a_namesake_without_context_is_no_link_but_a_reason() -> None:
    assert reasons_of("Herøy kommune har sendt ut en pressemelding.")["Herøy"] == "two kommuner named Herøy"


def test_a_name_that_is_no_place_carries_its_reason() -> None:
    assert reasons_of("Det skriver Moss Avis onsdag.").get("Moss") is None  # the whole paper's name is known
    assert reasons_of("Moss tingrett behandler saken.")["Moss"] == "an institution or company"
    assert "person" in reasons_of("Representanten Kari Lund stemte imot.")["Lund"]
    assert reasons_of("Bryne-treneren var skuffet.")["Bryne-treneren"] == "the club, not the place"


def test_the_last_part_of_a_compound_tells_what_a_name_belongs_to() -> None:
    assert reasons_of("Leder i Hole pensjonistforening vil si opp avtalen.")["Hole"] == "an institution or company"
    assert reasons_of("Klepp mållag reiser til Skottland.")["Klepp"] == "an institution or company"


@pytest.mark.parametrize("name", ["Roslavl", "Beit Sahour", "Fanø"])
def test_small_towns_are_read_where_a_council_is_spoken_of(name: str) -> None:
    text = f"Ordføreren i Nittedal vil ikke gi slipp. Kommunestyret berget {name} med to stemmer."
    assert links_of(text)[name] is not None


def test_a_kommune_whose_name_is_a_word_begins_a_sentence_on_ties() -> None:
    text = "Kommunestyrene har delt seg. Gran sa opp samarbeidet, Lunner beholdt det."
    assert links_of(text)["Gran"] == "gran"


def test_an_abolished_kommune_is_its_successor() -> None:
    assert links_of("Ordføreren i Rygge kommune møtte opp.")["Rygge"] == "moss"


def test_a_split_kommune_needs_context() -> None:
    assert links_of("Kommunestyret i Tysfjord møttes.")["Tysfjord"] is None
    assert links_of("Kommunestyret i Tysfjord er venn med Kirisji.")["Tysfjord"] == "hamaroy"


def test_the_date_decides_between_an_old_and_a_present_kommune() -> None:
    text = "Kommunestyret i Sande møttes onsdag. Også Holmestrand og Svelvik var til stede."
    assert links_of(text, published=date(2015, 5, 1))["Sande"] == "holmestrand"


def test_the_papers_fylke_decides_between_namesakes() -> None:
    assert links_of("Våler kommune stenger badet.", fylke="Østfold")["Våler"] == "valer-ostfold"
    assert links_of("Våler kommune stenger badet.", fylke="34")["Våler"] == "valer-innlandet"


def test_a_full_mention_settles_the_short_ones() -> None:
    text = "Herøy i Nordland har fått ny ordfører. Herøy kommune feirer, og Herøy er glad i fest."
    assert {f.place_id for f in link(text, (), load_gazetteer()) if f.kind == "kommune"} == {"heroy-nordland"}


def test_a_capital_that_acts_is_a_metonym() -> None:
    found = {
        f.start: f.metonym for f in link("Moskva truer Norge. Han bor i Moskva.", (), load_gazetteer()) if f.place_id
    }
    assert found == {0: True, 30: False}


def test_kreml_is_a_metonym_and_no_city() -> None:
    (found,) = link("Det er Kreml som bestemmer.", (), load_gazetteer())
    assert (found.kind, found.place_id, found.metonym) == ("country", None, True)


def test_fylker_regions_and_countries_are_named_but_not_linked() -> None:
    found = link("Nordland, Karelia og Ukraina er ikke kommuner.", (), load_gazetteer())
    assert [(f.kind, f.place_id) for f in found] == [("fylke", None), ("region", None), ("country", None)]


def test_entities_are_evidence_and_no_gate() -> None:
    text = "Vi besøkte Tromsø i fjor."
    person = Entity(start=11, end=17, label="PER")
    place = Entity(start=11, end=17, label="GPE_LOC")
    scores = [link(text, entities, load_gazetteer())[0].score for entities in ((place,), (), (person,))]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0.5 for score in scores)


def test_names_broken_by_the_layout_are_found_where_they_stand() -> None:
    for text in (
        "Vi dro til Sør-\nVaranger.",
        "Vi dro til Sør\u00adVar\u00adanger.",
        "Vi dro til Mo  i \n Rana.",
        "Dro til Alta\u0301s by.",
    ):
        for found in link(text, (), load_gazetteer()):
            assert 0 <= found.start < found.end <= len(text)
    assert links_of("Vi dro til Sør-\nVaranger i går.") == {"Sør-\nVaranger": "sor-varanger"}
    assert links_of("Vi dro til Trom\u00adsø i går.") == {"Trom\u00adsø": "tromso"}
    assert links_of("Vi dro til Mo  i Rana i går.") == {"Mo  i Rana": "rana"}


def test_the_links_are_the_same_every_time_and_whatever_was_read_before() -> None:
    text = " ".join(case.text for case in CASES[:40])
    first = link(text, (), load_gazetteer())
    link("Noe helt annet om Herøy i Nordland og Bergen.", (), load_gazetteer())
    assert link(text, (), load_gazetteer()) == first


_PIECES = ["Tromsø", "Bø", "Moss'", "St. Petersburg", "Mo i Rana", "Vadsø-ordføreren", "kommune", "Kari Lund", "i",
           "\n\n",
           "Sør-\nVaranger", "«", "»", "–", "s", "\u0301", "\u00ad", "İ", "ß", "ﬁ", "Мурманск", "😀",
           "\0", "10–8", "<b>"]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=25), st.sampled_from(["", " "]))
def test_any_text_gives_ordered_spans_inside_it(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    end = 0
    for found in link(text, (), load_gazetteer()):
        assert end <= found.start < found.end <= len(text)
        assert 0.0 <= found.score <= 1.0
        assert found.rule
        end = found.end


def test_a_very_long_text_is_read() -> None:
    text = "Ordføreren i Vadsø møtte kollegaen fra Murmansk. " * 4000
    assert len(link(text, (), load_gazetteer())) == 8000


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ordføreren takket. Karasjok Klinikk og Čavžo Safari delte kake.", "Karasjok"),
        ("Ordføreren vil si opp avtalen. Sogndal tapte på heimebane søndag.", "Sogndal"),
        ("Det stadfester varaordfører Ståle Surnadal.", "Surnadal"),
        ("Hotell Odessa i Lillesand er stengt.", "Odessa"),
        ("Bystyret vedtok avtalen. Hos Khmelnyk var det stille.", "Khmelnyk"),
    ],
)
def test_a_name_that_goes_on_plays_or_only_sounds_is_no_place(text: str, name: str) -> None:
    assert links_of(text).get(name) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bergen klaget på vedtaket om vennskapsbyen.", "Bergen"),
        ("Murmansk-vennskapsforeningen i Vadsø er lagt ned.", "Murmansk-vennskapsforeningen"),
        ("Gjøvik vant kampen om sykehuset.", "Gjøvik"),
        ("Harstad slo fast med 15-12 stemmer at vennskapsavtalen skal avsluttes.", "Harstad"),
        ("Lillehammer Bystyre vedtok å si opp avtalen.", "Lillehammer"),
        ("Larvik Kommunes vennskapsby er Borås.", "Larvik"),
        ("HARSTAD Kommunestyret har sagt opp avtalen.", "HARSTAD"),
        ("Rådmann Hansen Lillehammer kommune skrev brevet.", "Lillehammer"),
        ("Kommunestyret i Lom har fornyet avtalen med vennskapsbyen Duluth.", "Duluth"),
    ],
)
def test_a_kommune_before_its_own_council_or_in_a_common_phrase_is_one(text: str, name: str) -> None:
    assert any(place is not None for words, place in links_of(text).items() if words.startswith(name))


def test_a_town_that_sounds_so_is_linked_with_that_reason() -> None:
    text = "Lom kommune har fornyet vennskapsbyavtalen med Tjortkiv i Ukraina."
    (town,) = [found for found in link(text, (), load_gazetteer()) if found.kind == "city"]
    assert (town.place_id, town.rule.split(";")[0]) == ("ua-tsjortkiv", "sounds like Tsjortkiv")


def test_two_towns_that_sound_alike_are_not_told_apart() -> None:
    assert links_of("Lom kommune har avtale med Rovenkij.").get("Rovenkij") is None
