"""What the words around a candidate say: named pieces of evidence for and against its being the place.

Each piece is a short readable string (`before:i`, `after-class:facility`, `text:sport`). Their weights are learned
(`nlp/training/linker.py`) and summed in `nlp/links.py`, so a decision can always be traced to its evidence.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.names import Candidate, load_lexicon, load_words, read_table
from nlp.places import Gazetteer, Place

_TOKEN = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*|\n\n+|[^\w\s]")
_DASHES = frozenset("-–—−*•")
_OPENERS = frozenset("\"'«“”„(")
_PLACE_WORDS = frozenset(
    "i på til fra frå ved utenfor utafor utanfor nær mellom over rundt via omkring innenfor inni sør nord øst vest "
    "aust nordover sørover".split()
)
_SAID = frozenset(
    "sier seier sa fortalte forteller fortel mener meiner tror trur sier skriver skriv forklarer forklarar påpeker "
    "understreker legger svarer svarar spør hevder ifølge ifølgje opplyser opplyser fremholder kommenterer roser".split()
)
_TITLES = frozenset(
    "herr fru frk frøken dr prof professor statsråd statsminister utenriksminister justisminister minister "
    "statssekretær stortingsrepresentant ordfører ordførar varaordfører varaordførar rådmann direktør sjef leder leiar "
    "redaktør forsker forskar advokat biskop prost pater sogneprest prest lensmann politimester kong dronning prins "
    "president kaptein trener trenar keeper spiss fylkesordfører fylkesordførar rektor lektor inspektør oberst general "
    "forfatter forfattar artist skuespiller komiker fotograf foto tekst byrådsleder gruppeleder gruppeleiar "
    "partileder partileiar nestleder nestleiar talsmann talsperson pressetalsmann stortingspolitiker politiker "
    "politikar kommunedirektør doktor lege helsesjef rådgiver rådgjevar saksbehandler prosjektleder".split()
)
_FRIENDS = re.compile(
    r"ven+skaps?(?:by|kommun|avtal|samarbeid|forbind)|venskaps?by|ven+skap(?:et)?\b|ven+eavtal|samarbeidsavtal|tvillingby|partnerby|søsterby"
    r"|ven+skapsforening|samarbeidskommun|partnerskapsavtal|intensjonsavtal|partnarskap|partnerkommun"
)
_LIST_GAP = re.compile(r"^\s*(?:,|/|;|og|eller|samt|,\s+og)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """What is looked up once a text: sentence starts, friend-town words, sport words, tokens near each candidate."""

    text: str
    folded: str
    sentence_starts: frozenset[int]
    sport: int
    friends: tuple[int, ...]
    person_names: frozenset[str]
    place_names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Around:
    """The tokens before (nearest first) and after a candidate, and whether it begins a sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    begins: bool
    before_begins: bool


def view_text(
    text: str, folded: str, sentences: Sequence[tuple[int, int]], candidates: Sequence[Candidate]
) -> tuple[TextView, tuple[Around, ...]]:
    """Look at the whole text once; returns the view and the surroundings of each candidate."""
    starts = frozenset(_first_letter(text, start, end) for start, end in sentences)
    sport = load_words("sport_words.csv")
    words = Counter(word for word in re.findall(r"[^\W\d_]+", folded) if word in sport)
    score = sum(min(count, 3) for count in words.values())
    around = tuple(_look_around(text, candidate, starts) for candidate in candidates)
    people, places = set(), set()
    for candidate, seen in zip(candidates, around, strict=True):
        name = folded[candidate.start : candidate.name_end]
        if _after_given_name(seen):
            people.add(name)
        elif candidate.form in ("plain", "genitive") and (
            (seen.before[:1] and seen.before[0].lower() in ("i", "frå", "fra", "utenfor") and not seen.after[:1] == ("-",))
            or seen.after[:1] in (("kommune",), ("herad",), ("formannskap",), ("kommunestyre",))
        ):
            places.add(name)
    view = TextView(
        text=text,
        folded=folded,
        sentence_starts=starts,
        sport=min(4, int(math.log2(1 + 40 * score / (20 + folded.count(" "))))) if score > 1 else 0,
        friends=tuple(match.start() for match in _FRIENDS.finditer(folded)),
        person_names=frozenset(people),
        place_names=frozenset(places),
    )
    return view, around


def _first_letter(text: str, start: int, end: int) -> int:
    while start < end and not text[start].isalnum():
        start += 1
    return start


def _look_around(text: str, candidate: Candidate, starts: frozenset[int]) -> Around:
    left_edge = max(0, candidate.start - 90)
    left = [
        (match.group(), left_edge + match.start())
        for match in _TOKEN.finditer(text, left_edge, candidate.start)
    ]
    right = [match.group() for match in _TOKEN.finditer(text, candidate.end, min(len(text), candidate.end + 60))]
    before: list[str] = []
    position = -1
    for token, at in reversed(left[-6:]):
        if token.startswith("\n"):
            break
        if position < 0:
            position = at
        before.append(token)
    cut = next((i for i, token in enumerate(right) if token.startswith("\n")), len(right))
    begins = candidate.start in starts or not before or before[0] in ".!?:"
    return Around(tuple(before[:4]), tuple(right[:cut][:4]), begins, position in starts or len(before) == 1)


def _is_given(word: str) -> bool:
    return word in given_names() or ("-" in word and word.split("-")[0] in given_names())


def _after_given_name(seen: Around) -> bool:
    before = seen.before
    if not before or seen.begins:
        return False
    if _is_given(before[0]):
        return True
    if before[0] == "." and len(before) > 2 and len(before[1]) == 1 and before[1].isupper():
        return before[2][:1].isupper()
    return before[0] == "-" and len(before) > 1 and _is_given(before[1])


@cache
def given_names() -> frozenset[str]:
    """Return the given names known."""
    return frozenset(row["name"] for row in read_table("person_names.csv") if row["kind"] == "given")


@cache
def family_names() -> frozenset[str]:
    """Return the family names known."""
    return frozenset(row["name"] for row in read_table("person_names.csv") if row["kind"] == "family")


class PlacePriors:
    """How well known each place is, from its size, its country and the known ties."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.tied = frozenset(place_id for pair in gazetteer.tie_pairs for place_id in pair)
        self.gazetteer = gazetteer

    def rank(self, place: Place) -> float:
        """Return a number that orders namesakes where the text decides nothing; about the log10 of inhabitants."""
        size = math.log10(max(place.population or 3000, 300))
        if place.kind == "kommune":
            return 6.5 + size / 3 if not place.successors else 5.0
        return size + (1.8 if place.place_id in self.tied else 0.0) + _NEARNESS.get(place.country, 0.0)

    def describe(self, candidate: Candidate) -> Iterator[str]:
        """Yield what is known of the name before any text is read."""
        spellings = candidate.pattern.spellings
        places = [(self.gazetteer[s.place_id], s.kind) for s in spellings]
        kommuner = [(p, kind) for p, kind in places if p.kind == "kommune"]
        cities = [(p, kind) for p, kind in places if p.kind == "city"]
        if kommuner:
            kinds = {kind for _, kind in kommuner}
            how = "name" if "no" in kinds and any(not p.successors for p, k in kommuner if k == "no") else (
                "town" if "town" in kinds else "old" if "no" in kinds else "other"
            )
            size = max(p.population or 2000 for p, _ in kommuner)
            yield f"kommune:{how}"
            if how in ("name", "town"):
                yield f"kommune-size:{min(5, int(math.log10(size) * 2) - 6)}"
        if cities:
            best, kind = max(cities, key=lambda pair: (self.rank(pair[0]), pair[0].place_id))
            rank = int(2 * self.rank(best))
            main = "main" if kind in ("no", "en") else "alt" if kind == "alt" else "tr"
            tied = "tied" if best.place_id in self.tied else "free"
            yield f"city:{main}:{tied}"
            if not kommuner:
                yield f"city-rank:{max(6, min(15, rank))}"
                yield f"city-rank:{main}:{max(6, min(15, rank))}"
        if kommuner and cities:
            yield "kommune-and-city"


_NEARNESS = {
    "SE": 1.0, "DK": 1.0, "FI": 0.8, "IS": 1.2, "FO": 1.2, "GL": 1.2, "RU": 0.7, "UA": 0.9, "EE": 0.5, "LV": 0.5,
    "LT": 0.5, "DE": 0.5, "GB": 0.5, "PL": 0.4, "FR": 0.3, "NL": 0.3, "ES": 0.2, "IT": 0.2, "US": 0.0, "PS": 0.6,
    "MX": -1.0, "IN": -0.8, "CN": -0.6, "BR": -0.8, "TR": -0.3, "PH": -1.0, "ID": -1.0, "JP": -0.5, "CO": -0.8,
    "VE": -0.8, "NG": -0.8, "PK": -0.6, "IR": -0.4, "TZ": -0.7, "CD": -0.7, "AR": -0.6, "PE": -0.7, "BD": -0.7,
}  # fmt: skip


class NameCounts:
    """How often a name stood for a place, a person, an organisation or none in the treebank; held per name."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self.counts = counts

    def describe(self, name: str, less: Mapping[str, int] | None = None) -> str:
        """Return the bucket of the name's log-odds; `less` takes away the counts of the text at hand in training."""
        found = dict(self.counts.get(name, {}))
        for key, count in (less or {}).items():
            found[key] = found.get(key, 0) - count
        place = found.get("place", 0)
        other = found.get("other", 0)
        if place + other < 2:
            return "seen:0"
        odds = math.log((place + 0.5) / (other + 0.5))
        return f"seen:{max(-3, min(3, round(odds)))}"


@cache
def load_name_counts() -> NameCounts:
    """Load the counts shipped."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_table("name_counts.csv"):
        counts[row["name"]] = {"place": int(row["place"]), "other": int(row["other"])}
    return NameCounts(counts)


def describe(
    candidate: Candidate,
    around: Around,
    view: TextView,
    priors: PlacePriors,
    counts: NameCounts,
    *,
    less: Mapping[str, int] | None = None,
) -> list[str]:
    """List the evidence about one candidate, in a fixed order, without repeats."""
    lexicon = load_lexicon()
    name = view.folded[candidate.start : candidate.name_end]
    surface = view.text[candidate.start : candidate.name_end]
    evidence = ["always", *priors.describe(candidate), counts.describe(name, less)]
    add = evidence.append
    if len(candidate.pattern.words) > 1:
        add("several-words")
    elif len(surface) <= 3:
        add("short")
    shouted = len(surface) > 2 and surface.isupper()
    if shouted:
        add("capitals")
    common = name in load_words("common_words.csv")
    family = surface in family_names()
    given = surface in given_names()
    if common:
        add("a-common-word")
    if family:
        add("a-family-name")
    if given:
        add("a-given-name")
    add(f"form:{candidate.form}")

    before, after = around.before, around.after
    first, second = (before[0] if before else ""), (before[1] if len(before) > 1 else "")
    next_, next2 = (after[0] if after else ""), (after[1] if len(after) > 1 else "")
    if around.begins:
        add("begins-sentence")
        if common:
            add("begins-sentence+common")
    low = first.lower()
    if first and not (around.begins and first in ".!?"):
        quoted = first in _OPENERS
        if quoted:
            add("before:quote" if first != "(" else "before:(")
            low, first = second.lower(), second
        if first[:1].isupper() and not low in _PLACE_WORDS:
            if _after_given_name(around):
                add("before:given-name")
            elif around.before_begins:
                add("before:capital-at-start")
            else:
                add("before:capital")
        if low in _PLACE_WORDS or first.islower():
            add(f"before:{low}")
            if low in _TITLES:
                add("before:title")
            if low in _SAID:
                add("before:said")
            if family or given:
                add(f"person-name+before:{low}")
            if view.sport >= 2:
                add(f"sport+before:{low}")
            add(f"before2:{second.lower() if second[:1].islower() else _shape(second)}|{low}")
        elif not first[:1].isalnum():
            add(f"before:{first}")
            add(f"before2:{_shape(second)}|{first}")
        if first[:1].isdigit():
            add("before:number")
            if len(first) == 4:
                add("before:postcode")
        found = lexicon.classify(first)
        if found:
            add(f"before-class:{found}")
    if before[:1] == ("-",) and second[:1].isalpha() and view.text[candidate.start - 1 : candidate.start] == "-":
        add("before:joined")
    if next_:
        if next_.islower():
            add(f"after:{next_}")
            if next_ in _SAID:
                add("after:said")
            if around.begins:
                add(f"begins+after:{next_}")
        elif next_[:1].isupper():
            add("after:capital")
            if next_ in family_names():
                add("after:family-name")
        elif next_[:1].isdigit():
            add("after:number")
        else:
            add(f"after:{next_}")
        found = lexicon.classify(next_)
        if found:
            add(f"after-class:{found}")
        if next_[:1].isupper() and found == "" and next2[:1].isupper():
            add("after:two-capitals")
        if next2.islower() and next_.islower():
            if (found2 := lexicon.classify(next2)) in ("facility", "media", "club"):
                add(f"after2-class:{found2}")
        if next_ in ("-", "–") and (next2[:1].isdigit() or next2[:1].isupper()):
            add("after:dash-score" if next2[:1].isdigit() else "after:dash-name")
    else:
        add("after:end")
    if name in view.person_names:
        add("text:a-person-has-this-name")
        if low in ("i", "frå", "fra") or next_ in ("kommune",):
            add("text:person-but-place-words")
        elif candidate.form != "plain":
            add("text:person-genitive")
    if name in view.place_names:
        add("text:named-as-place")
        if name in view.person_names:
            add("text:both")
    if view.sport:
        add(f"text:sport{view.sport}")
        if low in ("i", "på", "frå", "fra", "til"):
            add(f"text:sport{view.sport}+{'i' if low == 'i' else 'other-place-word'}")
        elif candidate.form in ("plain", "genitive"):
            add(f"text:sport{view.sport}+bare")
    near = min((abs(at - candidate.start) for at in view.friends), default=10_000)
    if near < 150:
        add("friends-near")
    return list(dict.fromkeys(evidence))


def _shape(word: str) -> str:
    if not word:
        return "^"
    if word[:1].isupper():
        return "Cap"
    if word[:1].isdigit():
        return "num"
    return word if not word[:1].isalpha() else "low"
