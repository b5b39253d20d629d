from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from nlp.wordvectors import WordVectors


def small() -> WordVectors:
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁Mos", -1.0), ("s", -1.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    table = np.array([[10, 20], [30, 40]], dtype=np.int8)
    spelt = np.array([[0, 0]] * 4 + [[2, 4], [4, 8]], dtype=np.int8)
    return WordVectors(["Tromsø", "by"], table, spelt, np.array([0.5, 0.25], dtype=np.float32), tokenizer)


def test_a_known_word_has_its_own_vector() -> None:
    assert small().vector("Tromsø").tolist() == [5, 5]


def test_genitives_and_capitals_fall_back_on_the_known_word() -> None:
    assert small().vector("Tromsøs").tolist() == small().vector("TROMSØ").tolist() == [5, 5]


def test_an_unknown_word_is_spelt_from_its_pieces() -> None:
    assert small().vector("Moss").tolist() == [1.5, 1.5]


def test_vectors_survive_saving(tmp_path: Path) -> None:
    vectors = small()
    vectors.save(tmp_path)
    vectors.tokenizer.save(str(tmp_path / "tokenizer.json"))
    again = WordVectors.load(tmp_path, tmp_path / "tokenizer.json")
    assert again.vector("by").tolist() == vectors.vector("by").tolist()
    assert again.dimensions == 2
