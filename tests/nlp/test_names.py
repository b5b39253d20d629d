"""Finding names: whole words, the longest first, with what clings to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.names import NameIndex, fold, load_lexicon, read_table
from nlp.places import load_gazetteer


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(load_gazetteer())


def found(index: NameIndex, text: str) -> list[tuple[str, str, str]]:
    return [
        (
            text[c.start : c.end],
            c.form,
            c.pattern.spellings[0].place_id if c.pattern.spellings else c.pattern.others[0][0],
        )
        for c in index.find(text, fold(text))
    ]


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mo i Ranas venn", ("Mo i Ranas", "genitive", "rana")),
        ("Moss' by", ("Moss'", "genitive", "moss")),
        ("Moss er", ("Moss", "plain", "moss")),
        ("Vadsø-ordføreren", ("Vadsø-ordføreren", "compound", "vadso")),
        ("Lærdals-kvinner", ("Lærdals-kvinner", "compound", "laerdal")),
        ("Fyresdalordførar", ("Fyresdalordførar", "closed", "fyresdal")),
        ("St.Petersburg", ("St.Petersburg", "plain", "ru-st-petersburg")),
        ("Sør Varanger", ("Sør Varanger", "plain", "sor-varanger")),
        ("SØR-VARANGER", ("SØR-VARANGER", "plain", "sor-varanger")),
        ("Mo i\nRana", ("Mo i\nRana", "plain", "rana")),
        ("Bodø/Glimt", ("Bodø/Glimt", "plain", "club")),
        ("Nissdal", ("Nissdal", "misspelt", "nissedal")),
        ("Antsirabé", ("Antsirabé", "plain", "mg-antsirabe")),
        ("Troms og Finnmark", ("Troms og Finnmark", "plain", "fylke")),
        ("Ålesund", ("Ålesund", "plain", "alesund")),
    ],
)
def test_what_clings_to_a_name(index: NameIndex, text: str, wanted: tuple[str, str, str]) -> None:
    assert found(index, text) == [wanted]


@pytest.mark.parametrize("text", ["Osloborger", "hamarøyværing", "Trømsø2", "oslo", "Holmestrandveien", "iTromsø"])
def test_parts_of_words_and_small_letters_are_no_names(index: NameIndex, text: str) -> None:
    assert found(index, text) == []


def test_two_places_with_a_dash_are_two_names(index: NameIndex) -> None:
    assert [place for _, _, place in found(index, "Kvam–Emmaboda")] == ["kvam", "se-emmaboda"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Tjortkiv", "ua-tsjortkiv"),
        ("Chortkivs", "ua-tsjortkiv"),
        ("Usjgorod", "ua-uzjhorod"),
        ("Hljukhiv", "ua-hlukhiv"),
        ("Sjklow", "by-sjklov"),
        ("Veliky Ustjug", "ru-velikij-ustjug"),
    ],
)
def test_cyrillic_names_are_found_however_they_are_written(index: NameIndex, text: str, place: str) -> None:
    assert [(words, there) for words, _, there in found(index, f"De dro til {text}.")] == [(text, place)]


@pytest.mark.parametrize("text", ["Juryen", "Fylgja", "Istria"])
def test_norwegian_words_are_not_compared_by_sound(index: NameIndex, text: str) -> None:
    assert not found(index, f"Så kom {text}.")


def test_every_spelling_of_every_kommune_is_found(index: NameIndex) -> None:
    for place in load_gazetteer().kommuner():
        for name in place.names:
            candidates = list(index.find(name.text, fold(name.text)))
            assert len(candidates) == 1, name
            assert place.place_id in {s.place_id for s in candidates[0].pattern.spellings}, name


def test_words_have_classes_by_whole_word_beginning_and_end() -> None:
    lexicon = load_lexicon()
    assert [lexicon.classify(w) for w in ("kommune", "ordføreren", "trenaren", "katedralskole", "Blad", "xyz", "")] == [
        "office", "office", "sport", "facility", "media", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "key"),
    [("lexicon.csv", "word"), ("common_words.csv", "word"), ("evidence_weights.csv", "evidence"),
     ("name_counts.csv", "name"), ("hand_weights.csv", "evidence")],
)  # fmt: skip
def test_no_table_says_a_thing_twice(table: str, key: str) -> None:
    keys = [row[key] for row in read_table(table)]
    assert len(keys) == len(set(keys)), sorted(k for k in keys if keys.count(k) > 1)
