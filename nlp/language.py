"""Telling the language of a text: nb, nn, se, fkv, fi, sv, da, en, ru, uk.

Function words decide where they are many; where they are few, lingua's letter statistics are added. lingua has
neither Northern Sámi nor Kven: Sámi is told by its letters (č đ ŋ š ŧ ž and á) and function words, Kven from Finnish
by the words in which the two differ (`oon`, `met`, `ette` for `olen`/`on`, `me`, `että`). Cyrillic script is Russian or
Ukrainian by the letters that only one of them has. Of a mixed text the language of most words is returned; only the
beginning, middle and end of long texts are looked at.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("nb", "nn", "se", "fkv", "fi", "sv", "da", "en", "ru", "uk")
UNKNOWN = "und"

_PIECE = 700  # characters looked at in the beginning, the middle and the end
_SURE = 6  # function words of one language that settle it without lingua
_PRIOR = {"nb": 0.9, "nn": 0.6}  # what a Norwegian paper prints, in log-odds
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SAMI_LETTERS = frozenset("čđŋšŧžáČĐŊŠŦŽÁ")
_LINGUA_CODES = {
    "BOKMAL": "nb", "NYNORSK": "nn", "SWEDISH": "sv", "DANISH": "da", "ENGLISH": "en", "FINNISH": "fi",
    "RUSSIAN": "ru", "UKRAINIAN": "uk",
}  # fmt: skip


def detect(text: str) -> str:
    """Return the code of the language that most of `text` is in, `und` where there are no words to tell it by."""
    sample = _sample(text)
    words = [word.lower() for word in _WORD.findall(sample)]
    if not words:
        return UNKNOWN
    cyrillic = sum("\u0400" <= word[0] <= "\u052f" for word in words)
    if cyrillic * 2 > len(words):
        return _russian_or_ukrainian(sample)
    words = [word for word in words if not "\u0400" <= word[0] <= "\u052f"]
    if _is_sami(words):
        return "se"
    if 5 * sum(word in _lists()["fkv-not-fi"] or "đ" in word for word in words) >= len(words) >= 4:
        return "fkv"
    hits = _count(words)
    first, second = sorted(hits.items(), key=lambda pair: (-pair[1], pair[0]))[:2]
    if first[1] < _SURE or first[1] < 1.25 * second[1] or first[1] - second[1] < 4:
        chances = _lingua_chances(sample)
        scores = {
            language: math.log(chances.get(language, 0.0) + 0.02)
            + _PRIOR.get(language, 0.0)
            + 6.0 * hits[language] / (2 + len(words) ** 0.75)
            for language in hits
            if language != "se"
        }
        best = max(sorted(scores), key=lambda language: scores[language])
    else:
        best = first[0]
    return _finnish_or_kven(words) if best in ("fi", "fkv") else best


def _sample(text: str) -> str:
    if len(text) <= 3 * _PIECE:
        return text
    middle = len(text) // 2
    return " ".join((text[:_PIECE], text[middle - _PIECE // 2 : middle + _PIECE // 2], text[-_PIECE:]))


@cache
def _lists() -> dict[str, frozenset[str]]:
    rows = list(csv.DictReader((files("nlp") / "data" / "function_words.csv").read_text("utf-8").splitlines()))
    return {name: frozenset(r["word"] for r in rows if r["language"] == name) for name in {r["language"] for r in rows}}


@cache
def _words_of() -> dict[str, dict[str, float]]:
    """Weigh each function word by how few of the languages have it."""
    lists = {language: words for language, words in _lists().items() if language in LANGUAGES}
    shared = Counter(word for words in lists.values() for word in words)
    return {language: {word: 1 / shared[word] for word in words} for language, words in lists.items()}


def _count(words: list[str]) -> dict[str, float]:
    """Return the weighted function words of each language in `words`."""
    found = Counter(words)
    return {
        language: sum(weights[word] * min(count, 20) for word, count in found.items() if word in weights)
        for language, weights in _words_of().items()
    }


def _is_sami(words: list[str]) -> bool:
    function_words = _words_of()["se"]
    norwegian = _words_of()["nb"]
    sami = sum(word in function_words or bool(_SAMI_LETTERS & set(word[1:])) for word in words)
    other = sum(word in norwegian or word in _words_of()["nn"] for word in words)
    return sami >= 2 and sami > other and sami * 4 >= len(words)


def _finnish_or_kven(words: list[str]) -> str:
    kven = sum(word in _lists()["fkv-not-fi"] or "đ" in word for word in words)
    finnish = sum(word in _lists()["fi-not-fkv"] for word in words)
    return "fkv" if kven > finnish else "fi"


def _russian_or_ukrainian(sample: str) -> str:
    letters = Counter(sample.lower())
    ukrainian = sum(letters[letter] for letter in "іїєґ")
    russian = sum(letters[letter] for letter in "ыэёъ")
    if ukrainian == russian:
        chances = _lingua_chances(sample)
        return "uk" if chances.get("uk", 0.0) > chances.get("ru", 0.0) else "ru"
    return "uk" if ukrainian > russian else "ru"


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(*(getattr(Language, name) for name in _LINGUA_CODES)).build()


def _lingua_chances(sample: str) -> dict[str, float]:
    values = _detector().compute_language_confidence_values(sample)
    return {_LINGUA_CODES[found.language.name]: found.value for found in values}
