from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nlp import embed
from nlp.embed import Embedder, load_embedder

PASSAGES = [
    "Kommunestyret i Tromsø vedtok å si opp vennskapsavtalen med Murmansk.",
    "Fotballaget vant hjemmekampen med tre mål mot to.",
    "Regjeringen foreslår høyere avgift på diesel fra nyttår.",
]


@cache
def shipped() -> Embedder:
    return load_embedder()


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Hvilken by avsluttet samarbeidet med en russisk vennskapsby?", 0),
        ("Kven vann kampen?", 1),
        ("Hva blir dyrere for bilister?", 2),
    ],
)
def test_a_question_is_nearest_to_the_passage_that_answers_it(question: str, best: int) -> None:
    scores = shipped().embed([question], "query") @ shipped().embed(PASSAGES).T
    assert int(scores.argmax()) == best


def test_vectors_have_length_one_and_do_not_depend_on_the_batch() -> None:
    together = shipped().embed([*PASSAGES, "", "🤖\0", "ord " * 2000])
    assert together.shape == (6, shipped().dimensions)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for row, text in zip(together, PASSAGES, strict=False):
        assert np.array_equal(row, shipped().embed([text])[0])


def test_no_texts_give_no_rows() -> None:
    assert shipped().embed([]).shape == (0, shipped().dimensions)


def test_a_missing_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embed, "BASE", tmp_path / "gone")
    with pytest.raises(FileNotFoundError, match=r"gone.*nlp\.training"):
        load_embedder()
