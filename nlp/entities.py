"""Names in Norwegian text: what kind of thing each stands for, with the words and sentences around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from nlp.reading import Entity
from nlp.sentences import split_sentences, split_tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the entity model sees in one text; every pair is (start, end) in characters of that text."""

    entities: tuple[Entity, ...]
    sentences: tuple[tuple[int, int], ...]
    tokens: tuple[tuple[int, int], ...]


class EntityModel(Protocol):
    """Reads texts one by one; the answer to a text does not depend on the other texts."""

    version: str

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        """Yield one `Parsed` a text, in order."""


class _Nothing:
    """Stands in while the weights are being trained."""

    version = "none"

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        for text in texts:
            sentences = split_sentences(text)
            tokens = split_tokens(text, {end for _start, end in sentences})
            yield Parsed(entities=(), sentences=sentences, tokens=tokens)


def load_entities(tier: str = "fast") -> EntityModel:
    """Load the shipped model of a tier (`fast` or `accurate`), or any other by its folder or name."""
    return _Nothing()
