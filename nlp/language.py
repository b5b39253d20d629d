"""Telling the language of a text: nb, nn, se, fkv, fi, sv, da, en, ru, uk.

Function words decide where they are many; where they are few, lingua's letter statistics are added. lingua has
neither Northern Sámi nor Kven: Sámi is told by its letters (č đ ŋ š ŧ ž and á) and function words, Kven from Finnish
by the words in which the two differ (`oon`, `met`, `ette` for `olen`/`on`, `me`, `että`). Cyrillic script is Russian or
Ukrainian by the letters that only one of them has. Of a mixed text the language of most words is returned; only the
beginning, middle and end of long texts are looked at.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("nb", "nn", "se", "fkv", "fi", "sv", "da", "en", "ru", "uk")
UNKNOWN = "und"

_PIECE = 700  # characters looked at in the beginning, the middle and the end
_SURE = 6  # function words of one language that settle it without lingua
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_FUNCTION_WORDS = {
    "nb": "ikke jeg hun hva hvem hvor hvordan hvorfor være blir ble blitt fra noe noen mye bare etter også kommunen "
    "enn gjør gjøre sier sa sitt selv nå mer hvis flere andre første denne disse dem deres hans hennes må kunne skulle "
    "hadde dette en et er av har med på som til vi de den det og at",
    "nn": "ikkje eg ho kva kven kor korleis kvifor vere vera blir vart vorte blei frå noko nokon mykje berre etter òg "
    "enn gjer gjere seier sa sjølv no meir dersom fleire andre fyrste denne desse dei deira hans hennar må kunne skulle "
    "hadde dette ein eit er av har med på som til vi me den det og at eller ikkje nokre kommunar samstundes medan "
    "vedteke vedtok seie",
    "sv": "inte jag och att är för från med som den det av på till men också eller hon han vad vem hur varför blir blev "
    "mycket bara efter mer än sig sin vid nu när över många kommunen ett en har hade ska skulle kunna detta dessa där",
    "da": "ikke jeg og at er for fra med som den det af på til men også eller hun han hvad hvem hvordan hvorfor bliver "
    "blev meget kun efter mere end sig sin ved nu når over mange kommunen et en har havde skal skulle kunne dette disse "
    "siger noget nogen have været lige byrådet",
    "en": "the and of to in is that for was with as on are this by not from at have has had but be or an which were they "
    "their its who will would about he she it his her been after said",
    "fi": "ja on ei että se oli ovat joka mutta kun niin myös sen hän olla ole kuin tai jos vain nyt me te he olen "
    "mukaan kanssa sekä vuonna kaupunki kunta",
    "fkv": "ja oon ei ette se oli oova joka mutta ko niin kans sen hän olla ole tahi jos vain nyt met tet het mie sie "
    "kväänin kvääni kunnan hunnin heiđän meiđän teiđän",
    "se": "ja lea leat ii eai ahte dat dan das go gos mii maid muhto lei ledje sii son mun don dál nu okta guokte leamaš "
    "galgá galget maiddái dahje jos vai suohkan sámi davvi gielda gávpot leage mearridii šiehtadus",
}  # fmt: skip
_SAMI_LETTERS = frozenset("čđŋšŧžáČĐŊŠŦŽÁ")
_KVEN_ONLY = frozenset("oon oova ette met tet het mie sie ko kans tahi kväänin kvääni heiđän meiđän teiđän kveenin".split())
_FINNISH_ONLY = frozenset("että ovat olen me te he kun kanssa tai minä sinä kuin".split())
_LINGUA_CODES = {
    "BOKMAL": "nb", "NYNORSK": "nn", "SWEDISH": "sv", "DANISH": "da", "ENGLISH": "en", "FINNISH": "fi",
    "RUSSIAN": "ru", "UKRAINIAN": "uk",
}  # fmt: skip


def detect(text: str) -> str:
    """Return the code of the language that most of `text` is written in, `und` where there are no words to tell it by."""
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
    hits = _count(words)
    first, second = hits.most_common(2)
    if first[1] < _SURE or first[1] < 1.25 * second[1] or first[1] - second[1] < 4:
        chances = _lingua_chances(sample)
        scores = {
            language: math.log(chances.get(language, 0.0) + 0.02) + 6.0 * hits[language] / (2 + len(words) ** 0.75)
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
def _words_of() -> dict[str, dict[str, float]]:
    """Weigh each function word by how few of the languages have it."""
    lists = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
    shared = Counter(word for words in lists.values() for word in words)
    return {language: {word: 1 / shared[word] for word in words} for language, words in lists.items()}


def _count(words: list[str]) -> Counter[str]:
    """Return the weighted function words of each language in `words`."""
    found = Counter(words)
    hits: Counter[str] = Counter()
    for language, weights in _words_of().items():
        hits[language] = sum(weights[word] * min(count, 20) for word, count in found.items() if word in weights)  # type: ignore[assignment]
    return hits


def _is_sami(words: list[str]) -> bool:
    function_words = _words_of()["se"]
    norwegian = _words_of()["nb"]
    sami = sum(word in function_words or bool(_SAMI_LETTERS & set(word[1:])) for word in words)
    other = sum(word in norwegian or word in _words_of()["nn"] for word in words)
    return sami >= 2 and sami > other and sami * 4 >= len(words)


def _finnish_or_kven(words: list[str]) -> str:
    kven = sum(word in _KVEN_ONLY or "đ" in word for word in words)
    finnish = sum(word in _FINNISH_ONLY for word in words)
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
