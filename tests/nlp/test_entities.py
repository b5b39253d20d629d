from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import spacy

from nlp import entities
from nlp.entities import EntityModel, Parsed, load_entities

TEXT = (
    "Tromsø sier opp avtalen med Murmansk\n\n"
    "– Vi måtte gjøre det, sier ordfører Gunnar Wilhelmsen (Ap). Kommunestyret i Øvre Eiker er uenig.\n\n"
    "Eg trur ikkje Noreg vil ha Russland som granne, seier Kari Nordmann i Bergens Tidende."
)


@cache
def model(tier: str) -> EntityModel:
    return load_entities(tier)


def read(tier: str, text: str) -> Parsed:
    return next(iter(model(tier).read([text])))


TIERS = pytest.mark.parametrize("tier", ["fast", "accurate"])


@TIERS
def test_names_are_found_with_their_kind(tier: str) -> None:
    found = {(TEXT[e.start : e.end], e.label[:3]) for e in read(tier, TEXT).entities}
    assert {("Murmansk", "GPE"), ("Gunnar Wilhelmsen", "PER"), ("Kari Nordmann", "PER"), ("Russland", "GPE")} <= found


@TIERS
def test_entities_begin_and_end_at_tokens_within_a_sentence(tier: str) -> None:
    parsed = read(tier, TEXT)
    starts, ends = {a for a, _ in parsed.tokens}, {b for _, b in parsed.tokens}
    for entity in parsed.entities:
        assert entity.start in starts
        assert entity.end in ends
    assert next(TEXT[a:b] for a, b in parsed.sentences) == "Tromsø sier opp avtalen med Murmansk"


@TIERS
def test_the_answer_does_not_depend_on_batch_and_order(tier: str) -> None:
    texts = [TEXT, "Bodø.", "", TEXT[::-1], "Hun bor i Kirkenes nå. " * 8]
    alone = [read(tier, text) for text in texts]
    assert list(model(tier).read(texts)) == alone
    assert list(model(tier).read(reversed(texts))) == alone[::-1]


@TIERS
@pytest.mark.parametrize(
    "text",
    ["", "a", " \n ", "\0", "Mur\0mansk", "🤖🤖", "x" * 3000, "Мурманск і Київ", "<p>Tromsø&nbsp;</p>", "A-" * 900],
)
def test_odd_texts_are_answered(tier: str, text: str) -> None:
    for entity in read(tier, text).entities:
        assert 0 <= entity.start < entity.end <= len(text)


def test_a_sentence_longer_than_the_encoder_reads_is_read_to_its_end() -> None:
    text = "og så kom " * 400 + "Kari Nordmann fra Tromsø"
    assert "Kari Nordmann" in {text[e.start : e.end] for e in read("accurate", text).entities}


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entities, "FAST", tmp_path / "gone")
    monkeypatch.setattr(entities, "ACCURATE", tmp_path / "gone.safetensors")
    for tier in ("fast", "accurate"):
        with pytest.raises(FileNotFoundError, match=r"gone.*nlp\.training"):
            load_entities(tier)


def test_any_spacy_pipeline_may_be_named(tmp_path: Path) -> None:
    nlp = spacy.blank("nb")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Tromsø"}])
    nlp.to_disk(tmp_path / "own")
    parsed = next(iter(load_entities(tmp_path / "own").read(["Han bor i Tromsø."])))
    assert [(e.start, e.end, e.label) for e in parsed.entities] == [(10, 16, "GPE_LOC")]


def test_a_spacy_pipeline_without_entities_is_refused(tmp_path: Path) -> None:
    spacy.blank("nb").to_disk(tmp_path / "bare")
    with pytest.raises(ValueError, match="finds no entities"):
        load_entities(tmp_path / "bare")
