"""Finding place names in running text: an index of all spellings, and the places in the text where one stands.

Looking up is by token, so the time grows with the text, not with the number of names. What is found here is a
*candidate*; whether it means the place is decided in `nlp/links.py`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise, product
from typing import Literal

from nlp.places import Gazetteer, NameKind
from nlp.transliterate import sounds

Form = Literal["plain", "genitive", "compound", "closed", "misspelt"]
OtherKind = Literal["club", "media", "thing", "metonym", "fylke", "region", "country"]


class _Fold(dict[int, str]):
    """One lower-case letter without accents for each character, so that offsets stay (ö and ø are one, ä and æ)."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        low = letter.lower()
        folded = _SPECIAL.get(low)
        if folded is None:
            if code in _SPACES:
                folded = " "
            elif len(low) != 1:
                folded = letter if len(letter.casefold()) != 1 else letter.casefold()
            elif "\u0400" <= low <= "\u052f":
                folded = low
            else:
                folded = unicodedata.normalize("NFD", low)[0]
        self[code] = folded
        return folded


_SPECIAL = {
    "ö": "ø", "ä": "æ", "å": "å", "æ": "æ", "ø": "ø", "ð": "d", "þ": "t", "ł": "l", "đ": "d", "ß": "s", "ı": "i",
    "ŋ": "n", "ŧ": "t", "ё": "е", "’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-",
    "—": "-", "−": "-",
}  # fmt: skip
_SPACES = frozenset(map(ord, "\u00a0\u2007\u2009\u202f\t\n\r"))
_FOLD = _Fold()
_ASCII = str.maketrans({"ø": "o", "æ": "a", "å": "a"})


def fold(text: str) -> str:
    """Return `text` in lower case without accents, of the same length."""
    folded = text.translate(_FOLD)
    return folded if len(folded) == len(text) else "".join(_FOLD[ord(c)][:1] or " " for c in text)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write one place: which place and what kind of name it is."""

    place_id: str
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name as its words and what stands between them, with all that it can mean."""

    words: tuple[str, ...]
    joins: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    others: tuple[tuple[OtherKind, str], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name standing in the text. `start` to `end` is the whole word, `name_end` ends the name inside it.

    `head` is the other part of a compound in lower case (`ordføreren`), or the capitalised word after a hyphen. `heard`
    is a name that is written in no known way but sounds like one.
    """

    start: int
    end: int
    name_end: int
    form: Form
    head: str
    pattern: Pattern
    heard: bool = False


_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<![^\W_])[A-ZÀ-ÖØ-ÞĀ-ŽƵЀ-ЯҐ][^\W\d_]*(?![\d_])")
_JOIN = re.compile(r"\. |\.| ?[-/'] ?| |, ")
_TAIL = re.compile(r"(?:s|'s?)?-(?P<head>[^\W\d_]+)")
_SECOND = re.compile(r"[ -]([^\W\d_]+)")
_CYRILLIC = frozenset({"RU", "UA", "BY", "BG", "KZ", "KG"})
_HEARD = 2_000  # inhabitants that a town without a known tie needs to be found by its sound
# Only words with such letters are compared by sound: fewer to look up, and no `Fylgja`.
_FOREIGN = re.compile(r"ts|[sz][hj]|kh|ch|tj|tz|cz|w|[kn][iy]j?$|y[nj]|ji|ij|yi|iy|[kh]iv$|[kn]i?any$")
_CLOSED = re.compile(
    r"(?P<name>.{3,}?)s?(?P<head>ordfører\w*|ordførar\w*|rådmann\w*|politiker\w*|politikar\w*|mann|mannen|kvinna|kvinnen"
    r"|jenta|gutten|guten|folk|folket|familien|paret|området|regionen|distriktet)$"
)


class NameIndex:
    """All spellings of all places, of regions and countries, and of known clubs, papers and the like."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        spellings: dict[tuple[str, ...], dict[Spelling, None]] = defaultdict(dict)
        others: dict[tuple[str, ...], dict[tuple[OtherKind, str], None]] = defaultdict(dict)
        joins: dict[tuple[str, ...], tuple[str, ...]] = {}
        lands = {_split(row["name"])[0] for row in read_table("regions.csv") if row["kind"] != "adjective"}
        taken = {row["name"] for row in read_table("person_names.csv")}
        for place in gazetteer.places.values():
            for name in place.names:
                words, between = _split(name.text)
                if not words or len(name.text) < 2 or (place.kind == "city" and words in lands):
                    continue  # a far town named Nederland or Armenia is never meant
                if place.kind == "city" and name.kind in ("gn", "tr") and name.text in taken:
                    continue
                spellings[words].setdefault(Spelling(place.place_id, name.kind))
                joins.setdefault(words, between)
                if place.kind == "city" and any(letter in "øæå" for word in words for letter in word):
                    plain = tuple(word.translate(_ASCII) for word in words)
                    spellings[plain].setdefault(Spelling(place.place_id, "alt"))
                    joins.setdefault(plain, between)
        for row in read_table("regions.csv"):
            if row["kind"] != "adjective":
                words, between = _split(row["name"])
                others[words].setdefault((row["kind"], row["code"]))  # type: ignore[arg-type]
                joins.setdefault(words, between)
        for row in read_table("other_names.csv"):
            words, between = _split(row["name"])
            if words and words not in spellings:
                others[words].setdefault((row["class"], ""))  # type: ignore[arg-type]
                joins.setdefault(words, between)
        by_first: dict[str, list[Pattern]] = defaultdict(list)
        for words, between in joins.items():
            by_first[words[0]].append(
                Pattern(words, between, tuple(spellings.get(words, ())), tuple(others.get(words, ())))
            )
        for found in by_first.values():
            found.sort(key=lambda pattern: (-len(pattern.words), -sum(map(len, pattern.words)), pattern.words))
        self._by_first: Mapping[str, tuple[Pattern, ...]] = {key: tuple(found) for key, found in by_first.items()}
        self._near = self._misspellings(gazetteer)
        self._sounding = self._by_sound(gazetteer)
        self._near_name = lru_cache(maxsize=50_000)(self._find_near)

    def find(self, text: str, folded: str) -> Iterator[Candidate]:
        """Yield the candidates of `text` from left to right, the longest at each place; they don't overlap."""
        done = 0
        for match in _CAPITAL.finditer(text):
            start = match.start()
            if start < done or not text[start].isupper():
                continue
            candidate = self._at(text, folded, start, match.end())
            if candidate is not None:
                yield candidate
                done = candidate.end

    def exact(self, name: str) -> Pattern | None:
        """Return what `name` can mean when written exactly so (case and accents aside)."""
        words, _ = _split(name)
        return next((p for p in self._by_first.get(words[0], ()) if p.words == words), None) if words else None

    def _at(self, text: str, folded: str, start: int, end: int) -> Candidate | None:
        first = folded[start:end]
        best: Candidate | None = None
        for pattern in self._by_first.get(first, ()):
            stop = _match_rest(folded, pattern, end)
            if stop >= 0:
                best = self._close(text, folded, start, stop, stop, pattern)
                break
            if len(pattern.words) > 1 and (stop := _match_rest(folded, pattern, end, genitive=True)) >= 0:
                best = self._close(text, folded, start, stop - 1, stop, pattern)
                break
        if first.endswith("s") and (best is None or best.name_end == end):
            for pattern in self._by_first.get(first[:-1], ()):
                if len(pattern.words) == 1 and (best is None or _is_kommune_over_city(pattern, best.pattern)):
                    best = self._close(text, folded, start, end - 1, end, pattern)
                    break
        if best is None and len(first) >= 8 and (closed := _CLOSED.match(first)) is not None:
            for pattern in self._by_first.get(closed["name"], ()):
                if len(pattern.words) == 1 and any(s.place_id[2:3] != "-" for s in pattern.spellings):
                    return Candidate(start, end, start + closed.end("name"), "closed", closed["head"], pattern)
        if best is None and (heard := self._hear(text, folded, start, end)) is not None:
            return heard
        if best is None and len(first) >= 5:
            near = self._near_name(first)
            if near is None and first.endswith("s"):
                near = self._near_name(first[:-1])
            if near is not None:
                closed_word = self._close(text, folded, start, end, end, near)
                return Candidate(start, closed_word.end, end, "misspelt", closed_word.head, near)
        return best

    def _close(self, text: str, folded: str, start: int, name_end: int, end: int, pattern: Pattern) -> Candidate:
        """Take what clings to the name: genitive, apostrophe, and the rest of a compound."""
        form: Form = "plain" if name_end == end else "genitive"
        tail = _TAIL.match(folded, end)
        if tail is not None and not folded.startswith("- ", end):
            head = text[tail.start("head") : tail.end("head")]
            if head[0].isupper() and len(head) > 3 and self._is_place(head):
                return Candidate(start, end, name_end, form, "", pattern)  # two places: Kvam–Emmaboda
            return Candidate(start, tail.end(), name_end, "compound", head, pattern)
        if folded.startswith("'", end) and not folded[end + 1 : end + 2].isalnum() and folded[end - 1] in "sxz":
            form = "genitive"
            if "'" not in text[max(0, start - 1) : start] and "’" not in text[max(0, start - 1) : start]:
                end += 1
        elif folded.startswith("'s", end) and not folded[end + 2 : end + 3].isalnum():
            form, end = "genitive", end + 2
        return Candidate(start, end, name_end, form, "", pattern)

    def _is_place(self, word: str) -> bool:
        return any(s.kind != "gn" for p in self._by_first.get(fold(word), ()) if len(p.words) == 1 for s in p.spellings)

    def _find_near(self, word: str) -> Pattern | None:
        found = {self._near[key] for key in {word, *_shorter(word)} if key in self._near}
        found = {name for name in found if _one_slip(word, name)}
        if len(found) != 1:
            return None
        name = found.pop()
        return next((p for p in self._by_first[name] if len(p.words) == 1), None)

    def _hear(self, text: str, folded: str, start: int, end: int) -> Candidate | None:
        """Take one or two words for the town that sounds like them: Tjortkiv, Usjgorod, Veliky Ustjug."""
        second = _SECOND.match(folded, end)
        ends = [end]
        if second is not None and text[second.start(1)].isupper():
            ends.insert(0, second.end())
        for stop in ends:
            for name_end in (stop, stop - 1) if folded[stop - 1] == "s" else (stop,):
                words = _WORD.findall(folded[start:name_end])
                if sum(map(len, words)) < 6 or not _FOREIGN.search(folded, start, name_end):
                    continue
                for key in product(*map(sounds, words)):
                    if (pattern := self._sounding.get(key)) is not None:
                        return replace(self._close(text, folded, start, name_end, stop, pattern), heard=True)
        return None

    def _by_sound(self, gazetteer: Gazetteer) -> dict[tuple[str, ...], Pattern]:
        """Map the sound of a town's name to it, for Cyrillic countries, where only one place there sounds so.

        Towns are those with a known tie or some size; villages are too many, and some sound like people.
        """
        tied = {city for _, city in gazetteer.tie_pairs}
        found: dict[tuple[str, ...], Pattern] = {}
        owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for pattern in (pattern for patterns in self._by_first.values() for pattern in patterns):
            places = {
                spelling.place_id
                for spelling in pattern.spellings
                if spelling.kind != "gn" and gazetteer[spelling.place_id].country in _CYRILLIC
            }
            if not places or len(pattern.words) > 2 or pattern.others:
                continue
            worth = any(place in tied or (gazetteer[place].population or 0) >= _HEARD for place in places)
            for key in product(*map(sounds, pattern.words)):
                owners[key] |= places
                if worth and len(owners[key]) == 1:
                    found.setdefault(key, pattern)
        return {key: pattern for key, pattern in found.items() if len(owners[key]) == 1}

    @staticmethod
    def _misspellings(gazetteer: Gazetteer) -> dict[str, str]:
        """Map each one-word name worth it, and it less any one letter, to that name; "" where two names meet."""
        tied = {place_id for pair in gazetteer.tie_pairs for place_id in pair}
        near: dict[str, str] = {}
        for place in gazetteer.places.values():
            if place.kind == "city" and not (place.place_id in tied and place.country in ("RU", "UA")):
                continue
            for name in place.names:
                words, _ = _split(name.text)
                if len(words) != 1 or len(words[0]) < 6 or name.kind not in ("no", "town", "tr"):
                    continue
                for key in {words[0], *_shorter(words[0])}:
                    near[key] = words[0] if near.get(key, words[0]) == words[0] else ""
        return {key: name for key, name in near.items() if name}


def _split(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Split a name into its folded words and what stands between them."""
    folded = fold(name)
    found = list(_WORD.finditer(folded))
    words = tuple(match.group() for match in found)
    joins = tuple(folded[a.end() : b.start()] for a, b in pairwise(found))
    return words, joins


def _match_rest(folded: str, pattern: Pattern, position: int, *, genitive: bool = False) -> int:
    """Return where the rest of the pattern ends, or -1; with `genitive` its last word bears an s."""
    for number, word in enumerate(pattern.words[1:], start=1):
        join = _JOIN.match(folded, position)
        if join is None:
            return -1
        wanted, got = pattern.joins[number - 1], join.group()
        if got != wanted and not _same_join(wanted, got):
            return -1
        position = join.end()
        if genitive and number == len(pattern.words) - 1:
            word += "s"
        stop = position + len(word)
        if folded[position:stop] != word or (stop < len(folded) and folded[stop].isalnum()):
            return -1
        position = stop
    return position


def _same_join(wanted: str, got: str) -> bool:
    """Say whether `got` may stand for `wanted`: a space for a hyphen (Sør Varanger), none after a full stop."""
    if "." in wanted or "," in wanted:
        return got.strip() in (".", "", ",") and "/" not in got
    if wanted.strip() == "/":
        return got.strip() in ("/", "-")
    return got.strip() in ("-", "") and "." not in got and wanted.strip() in ("-", "")


def _is_kommune_over_city(pattern: Pattern, other: Pattern) -> bool:
    """Say whether the genitive reads better than the exact word: Ranas is Rana's, not a far place named Ranas."""
    return (
        any("-" not in s.place_id[:3] for s in pattern.spellings)
        and all(s.kind in ("alt", "gn", "tr", "en", "mis") or s.place_id[2:3] == "-" for s in other.spellings)
        and bool(other.spellings)
    )


def _one_slip(word: str, name: str) -> bool:
    """Say whether one letter was left out, added, changed or swapped with the next."""
    if word == name:
        return True
    at = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    rest, wanted = word[at:], name[at:]
    return (
        rest[1:] == wanted
        or rest == wanted[1:]
        or rest[1:] == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )


def _shorter(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(1, len(word)))


def read_table(name: str) -> list[dict[str, str]]:
    """Read one of the CSV files in `nlp/data/`."""
    return list(csv.DictReader((files("nlp") / "data" / name).read_text("utf-8").splitlines()))


@cache
def load_words(name: str, column: str = "word") -> frozenset[str]:
    """Return one column of a word list in `nlp/data/` as a set."""
    return frozenset(row[column] for row in read_table(name))


@cache
def word_list(name: str) -> frozenset[str]:
    """Return one of the lists in `nlp/data/word_lists.csv`."""
    return frozenset(row["word"] for row in read_table("word_lists.csv") if row["list"] == name)


class Lexicon:
    """Classes of the words that stand beside place names; prefixes are kept by length."""

    def __init__(self) -> None:
        self._exact: dict[str, str] = {}
        self._prefix: dict[str, str] = {}
        self._suffix: dict[str, str] = {}
        for row in read_table("lexicon.csv"):
            word = row["word"]
            if word.startswith("*"):
                self._suffix[word[1:]] = row["class"]
            elif word.endswith("*"):
                self._prefix[word[:-1].lower()] = row["class"]
            else:
                self._exact[word] = row["class"]
        self._lengths = sorted({len(prefix) for prefix in self._prefix}, reverse=True)
        self._classify = lru_cache(maxsize=50_000)(self._look_up)  # the same words stand beside names again and again

    def classify(self, word: str) -> str:
        """Return the class of a word as written, or an empty string."""
        return self._classify(word) if word else ""

    def _look_up(self, word: str) -> str:
        if (found := self._exact.get(word)) is not None:
            return found
        low = word.lower()
        if word != low and (found := self._exact.get(low)) is not None and found not in ("club", "orghead"):
            return found
        for length in range(min(9, len(low) - 2), 2, -1):  # a compound's last part says what it is
            if (found := self._suffix.get(low[-length:])) is not None:
                return found
        for length in self._lengths:
            if length <= len(low) and (found := self._prefix.get(low[:length])) is not None:
                return found
        return self._suffix.get(low, "") if len(low) > 4 else ""  # `orkester` alone as in `symfoniorkester`


@cache
def load_lexicon() -> Lexicon:
    """Load the classes of words once."""
    return Lexicon()
