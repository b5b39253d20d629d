"""Static word vectors distilled from the encoder, and the spaCy layer that reads them.

A known word has its own vector; any other word gets the mean of its pieces' vectors, so no word is without one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import spacy
from spacy.attrs import intify_attr
from spacy.ml.featureextractor import FeatureExtractor
from spacy.tokens import Doc
from thinc.api import (
    HashEmbed,
    Linear,
    Maxout,
    Model,
    chain,
    concatenate,
    list2ragged,
    ragged2list,
    with_array,
)
from thinc.types import Floats2d, Ragged
from tokenizers import Tokenizer

_KEPT = 200_000


class WordVectors:
    """Word and piece vectors in 8 bits, with one scale a dimension."""

    def __init__(
        self, words: list[str], table: np.ndarray, pieces: np.ndarray, scale: np.ndarray, tokenizer: Tokenizer
    ):
        self.rows = {word: row for row, word in enumerate(words)}
        self.table, self.pieces, self.scale, self.tokenizer = table, pieces, scale, tokenizer
        self._seen: dict[str, np.ndarray] = {}

    @classmethod
    def load(cls, folder: Path, tokenizer: Path) -> WordVectors:
        """Read `vectors.npz` and `words.json` of a folder; `tokenizer` is the encoder's tokenizer.json."""
        arrays = np.load(folder / "vectors.npz")
        words = json.loads((folder / "words.json").read_text("utf8"))
        return cls(words, arrays["words"], arrays["pieces"], arrays["scale"], Tokenizer.from_file(str(tokenizer)))

    def save(self, folder: Path) -> None:
        """Write `vectors.npz` and `words.json`."""
        np.savez_compressed(folder / "vectors.npz", words=self.table, pieces=self.pieces, scale=self.scale)
        (folder / "words.json").write_text(json.dumps(list(self.rows), ensure_ascii=False), "utf8")

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        return len(self.scale)

    def vector(self, word: str) -> np.ndarray:
        """Return the vector of one word."""
        found = self._seen.get(word)
        if found is None:
            row = self.rows.get(word)
            if row is None and word.isupper() and len(word) > 4:
                row = self.rows.get(word.capitalize())
            if row is None and len(word) > 4 and word[-1] == "s" and word[0].isupper():
                row = self.rows.get(word[:-1])
            found = self.table[row] * self.scale if row is not None else self.spelt(word)
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            self._seen[word] = found
        return found

    def spelt(self, word: str) -> np.ndarray:
        """Return the vector of a word from its pieces alone."""
        ids = self.tokenizer.encode(word[:60], add_special_tokens=False).ids or [3]
        return cast(np.ndarray, self.pieces[ids].astype(np.float32).mean(0) * self.scale)


def _forward(
    model: Model[list[Doc], Ragged], docs: list[Doc], is_train: bool
) -> tuple[Ragged, Callable[[Ragged], list[Doc]]]:
    source: WordVectors = model.attrs["vectors"]
    rows = [source.vector(token.text) for doc in docs for token in doc]
    data = np.stack(rows).astype(np.float32) if rows else np.zeros((0, model.get_dim("nO")), dtype=np.float32)
    if is_train and rows:
        # A tenth of the words are spelt out, so that unknown words are met in training.
        spell = np.random.default_rng(len(rows)).random(len(rows)) < 0.1
        words = [token.text for doc in docs for token in doc]
        for i in np.flatnonzero(spell):
            data[i] = source.spelt(words[i])
    lengths = model.ops.asarray1i([len(doc) for doc in docs])
    return Ragged(model.ops.asarray2f(data), lengths), lambda _gradient: []


@spacy.registry.architectures("bybaand.WordVectorEmbed.v1")  # type: ignore[untyped-decorator]
def embed_words(width: int, dimensions: int, attrs: list[str], rows: list[int]) -> Model[list[Doc], list[Floats2d]]:
    """Embed words by hashed attributes and by the static vectors (set afterwards with `attach`)."""
    hashed = [HashEmbed(width, row, column=column, seed=8 + column, dropout=0.0) for column, row in enumerate(rows)]
    by_shape: Model[Any, Any] = chain(
        FeatureExtractor([intify_attr(attr) for attr in attrs]), list2ragged(), with_array(concatenate(*hashed))
    )
    source: Model[list[Doc], Ragged] = Model("word_vectors", _forward, dims={"nO": dimensions}, attrs={"vectors": None})
    by_vector: Model[Any, Any] = chain(source, with_array(Linear(width, dimensions)))
    mix: Model[Any, Any] = with_array(Maxout(width, width * (len(rows) + 1), nP=3, dropout=0.0, normalize=True))
    return chain(concatenate(by_shape, by_vector), mix, ragged2list())


def attach(nlp: spacy.Language, vectors: WordVectors) -> None:
    """Give a pipeline's embedding layers their vectors."""
    for name in nlp.pipe_names:
        model = getattr(nlp.get_pipe(name), "model", None)
        if model is not None:
            for node in model.walk():
                if node.name == "word_vectors":
                    node.attrs["vectors"] = vectors
