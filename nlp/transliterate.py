"""Russian and Ukrainian names in Norwegian letters, by the rules of Språkrådet, and how such names sound.

Source: Språkrådet's advice on names in Ukraina and the Norwegian tables for transcription from Cyrillic. Fixed
exceptions (Kyiv, St. Petersburg, Tsjernobyl) are data: see `nlp/data/aliases.csv`.
"""

from __future__ import annotations

import re
from typing import Literal

CyrillicLanguage = Literal["ru", "uk"]

_RUSSIAN = dict(zip("абвгдзийклмнопрстуфыэ", "abvgdzijklmnoprstufye", strict=True)) | {
    "ж": "zj", "х": "kh", "ц": "ts", "ч": "tsj", "ш": "sj", "щ": "sjtsj", "ъ": "", "ь": "",
}  # fmt: skip
_UKRAINIAN = dict(zip("абвдезіклмнопрстуф", "abvdeziklmnoprstuf", strict=True)) | {
    "г": "h", "ґ": "g", "ж": "zj", "и": "y", "ї": "ji", "й": "j", "х": "kh", "ц": "ts", "ч": "tsj", "ш": "sj",
    "щ": "sjtsj", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
# Ways to write one sound of a Cyrillic name in Latin letters: Norwegian, English, German, Swedish, Polish.
_SOUNDS = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"[^a-zæøå]", ""),
        (r"ts[ijy]?a$|cj?a$", "5a"),
        (r"s[hj]?t(?:s?j|ch)|shchs?h?|szcz", "4"),
        (r"tsj|tch|tsch|tsh|ch|tj|cz", "4"),
        (r"[zs][hj]|sz|sch", "8"),
        (r"kh|g", "h"),
        (r"t?ts|tz|c", "5"),
        (r"[wf]", "v"),
        (r"x", "ks"),
        (r"[ijy]+", "i"),
        (r"i(?=[aeou])", ""),
        (r"(.)\1+", r"\1"),
    )
)
_SOFT = ((re.compile(r"tsj(?=[aou])"), "tsi"), (re.compile(r"([zs])j(?=[aou])"), r"\1i"), (re.compile(r"ch"), "kh"))
_VOWELS = "аеёиоуыэюя"
_WORD = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґ'’ʼ]+")


def transliterate(name: str, language: CyrillicLanguage) -> str:
    """Write each Cyrillic word of `name` in Norwegian letters; everything else stays as it is."""
    return _WORD.sub(lambda word: _transliterate_word(word.group(), language), name)


def sounds(name: str) -> tuple[str, ...]:
    """How a folded word from a Cyrillic language may sound, likeliest first: one key for Chortkiv, Tjortkiv, Tsjortkiv.

    `zja` is жа or зя and `ch` is ч or х, so some words have two keys (all first readings, all second ones). Compare
    keys only with keys.
    """
    soft = name
    for pattern, written in _SOFT:
        soft = pattern.sub(written, soft)
    return tuple(dict.fromkeys(_sound(spelling) for spelling in (name, soft)))


def _sound(name: str) -> str:
    for pattern, written in _SOUNDS:
        name = pattern.sub(written, name)
    return name


def _transliterate_word(word: str, language: CyrillicLanguage) -> str:
    step = _russian_letter if language == "ru" else _ukrainian_letter
    letters = word.lower()
    written = ""
    for position in range(len(letters)):
        written += step(letters, position, written)
    return written[:1].upper() + written[1:] if word[:1].isupper() else written


def _after(written: str, vowel: str) -> str:
    """Write the vowel of ё, є, ю, я: the j is not doubled, and becomes i after s and z."""
    if written.endswith("j"):
        return vowel
    return ("i" if written[-1:] in ("s", "z") else "j") + vowel


def _russian_letter(letters: str, position: int, written: str) -> str:
    letter, before = letters[position], letters[position - 1] if position else ""
    if letter == "е":
        if before == "й" or not position or before in _VOWELS:
            return "je"
        if before in "ьъ":
            return _after(written, "e")
        return "e"
    if letter in "ёюя":
        return _after(written, {"ё": "o", "ю": "u", "я": "a"}[letter])
    return _RUSSIAN.get(letter, letter)


def _ukrainian_letter(letters: str, position: int, written: str) -> str:
    letter, before = letters[position], letters[position - 1] if position else ""
    if letter in "єюя":
        return _after(written, {"є": "e", "ю": "u", "я": "a"}[letter])
    if letter == "ь":
        follows_o = letters[position + 1 : position + 2] == "о"
        return ("i" if before in "зсц" else "j") if follows_o else ""
    return _UKRAINIAN.get(letter, letter)
