"""Vary training sentences: other names in the places of the old ones, other quotation marks, capitals."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from nlp.training.corpus import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names to put in: Norwegian places, foreign places, first names, surnames; each a plain list."""

    home: tuple[str, ...]
    abroad: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


def vary(sentence: Sentence, names: Names, chance: random.Random, *, rate: float) -> Sentence:
    """Return the sentence, at `rate` with names replaced or its letter case and signs changed."""
    if sentence.spans and chance.random() < rate:
        sentence = _rename(sentence, names, chance)
    draw = chance.random()
    if draw < 0.02:
        return _recase(sentence, str.upper)
    if draw < 0.03:
        return _recase(sentence, str.lower)
    if draw < 0.2:
        return _requote(sentence, chance)
    return sentence


def _rename(sentence: Sentence, names: Names, chance: random.Random) -> Sentence:
    text, shift = sentence.text, 0
    edits: list[tuple[int, int, str]] = []
    for start, end, label in sentence.spans:
        old = sentence.text[start:end]
        if chance.random() < 0.5 or old.isupper() or not old[0].isupper():
            continue
        new = _another(old, label, names, chance)
        if new is not None:
            edits.append((start, end, new))
    if not edits:
        return sentence

    def moved(offset: int) -> int:
        return offset + sum(len(new) - (end - start) for start, end, new in edits if end <= offset)

    for start, end, new in edits:
        text = text[: start + shift] + new + text[end + shift :]
        shift += len(new) - (end - start)
    tokens: list[tuple[int, int]] = []
    replaced = {start: (end, new) for start, end, new in edits}
    inside = 0
    for start, end in sentence.tokens:
        if start in replaced:
            old_end, new = replaced[start]
            at = moved(start)
            tokens += [(at + m.start(), at + m.end()) for m in re.finditer(r"\S+", new)]
            inside = old_end
        elif start >= inside:
            tokens.append((moved(start), moved(end)))
    spans = tuple((moved(s), moved(e), label) for s, e, label in sentence.spans)
    return Sentence(text=text, tokens=tuple(tokens), spans=spans, ends_paragraph=sentence.ends_paragraph)


def _another(old: str, label: str, names: Names, chance: random.Random) -> str | None:
    if "-" in old and label.startswith("GPE"):
        return None
    genitive = old.endswith("s") and chance.random() < 0.25
    if label in ("GPE_LOC", "GPE_ORG"):
        new = chance.choice(names.home if chance.random() < 0.6 else names.abroad)
        if label == "GPE_ORG" and chance.random() < 0.3:
            return None
    elif label == "PER":
        words = old.split()
        if any(not word[0].isupper() for word in words):
            return None
        if len(words) == 1:
            new = chance.choice(names.last if chance.random() < 0.6 else names.first)
        else:
            new = " ".join([chance.choice(names.first), *(chance.choice(names.last) for _ in words[1:])])
    else:
        return None
    if genitive and len(old) > 4:
        new += "'" if new[-1] in "sxz" else "s"
    return new


def _recase(sentence: Sentence, change: object) -> Sentence:
    text = "".join(change(c) if len(change(c)) == 1 else c for c in sentence.text)  # type: ignore[operator]
    return Sentence(text=text, tokens=sentence.tokens, spans=sentence.spans, ends_paragraph=sentence.ends_paragraph)


def _requote(sentence: Sentence, chance: random.Random) -> Sentence:
    pairs = chance.choice(("«»", '""', "“”", "””"))
    text, opened = "", False
    for sign in sentence.text:
        if sign in '"«»“”':
            opened = not opened
            sign = pairs[0] if opened else pairs[1]
        text += sign
    if text[:2] in ("- ", "– "):
        text = chance.choice(("–", "-", "—")) + text[1:]
    return Sentence(text=text, tokens=sentence.tokens, spans=sentence.spans, ends_paragraph=sentence.ends_paragraph)
