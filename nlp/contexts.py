"""What the words around a candidate say: named pieces of evidence for and against its being the place.

Each piece is a short readable string (`before:i`, `after-class:facility`, `text:sport`). Their weights are learned
(`nlp/training/linker.py`) and summed in `nlp/links.py`, so a decision can always be traced to its evidence.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nlp.names import Candidate, load_lexicon, load_words, read_table, word_list
from nlp.places import Gazetteer, Place

_TOKEN = re.compile(r"[^\W_]+(?:[.'][^\W_]+)*|\n\n+|[^\w\s]")
_DASHES = frozenset("-–—−*•")
_OPENERS = frozenset("\"'«“”„(")
_FRIENDS = re.compile(
    r"\bvenn?(?:er)? (?:med|av)\b|ven+skaps?(?:by|kommun|avtal|samarbeid|forbind|foren)|ven+skap(?:et)?\b|ven+eavtal"
    r"|samarbeidsavtal|samarbeidskommun|partnerskapsavtal|intensjonsavtal|partnarskap|partner(?:kommun|by)"
    r"|tvillingby|søsterby|(?:si|seie|sagt|sier|seier|sa) opp (?:\w+ )?avtal"
    r"|(?:avslutt|frys|bryt|brøt|forny|signer|underteikn|undertegn)\w* (?:\w+ ){0,2}(?:avtal|samarbeid|kontakt)"
)
_AGREEMENT = re.compile(
    r"avtal(?:e|en|ar|er|a|ane|ene)\b|samarbeid|ven+skap|ven+(?:by|kommun)|partnar|partner|delegasjon|intensjonserkl"
    r"|(?:kontakt|forbindelse|samband|tilknytning|bånd)(?:en|et|ene|a|ane)? (?:med|til)\b|nødhjelp|hjelpesending"
    r"|\b(?:bryt|brøt|brot|brutt|braut|brudd|kutt|frys|fros)\w*\b|\bopps(?:agt|igelse|eiing)|\bpå is\b"
    r"|\bven+(?:er|ene|ane|en)\b|\bband(?:a|et)\b|\bbånd(?:a|ene|et)\b"
)
_WITH = re.compile(  # "avtalen med X", "brøt med X", "vennskapet til X", "vennskapsbyene X"
    r"(?:(?:avtal|samarbeid|ven+skap|kontakt|forbindelse|samband|tilknytning|partn[ae]rskap|relasjon)\w*(?: \w+){0,2} "
    r"(?:med|til|mot)|\b(?:bryt|brøt|brot|brutt|brote|braut|brudd|kutt|fris?t|frys)\w* (?:\w+ ){0,2}(?:med)"
    r"|ven+skaps?(?:by|kommun)\w*) (?:(?:den |det |dei |de )?(?:\w{3,}sk[e]?) )?(?:by(?:en|ene|ane)? )?[«(]?$"
)
_DEMONYM = re.compile(r"\w{3,}(?:sk|ske)$")  # "Svenske Kalix", "Estisk-russiske Narva"
_COUNCIL = re.compile(r"kommunestyre|bystyre|heradsstyre|formannskap|ordfører|ordførar|kommunedirektør|rådmann")
_PLAYERS = (
    "trener",
    "trenar",
    "spiller",
    "spelar",
    "keeper",
    "kaptein",
    "spiss",
    "sportssjef",
    "målvakt",
    "midtstopper",
)
_PLAYED = frozenset({"tapte", "taper", "tapar", "vant", "slo", "slår", "spilte", "spelte", "scoret", "scora"})
_MATCH = re.compile(
    r"\b(?:(?:heime|hjemme|borte)(?:bane|kamp|lag)\w*|uavgjort|stadion|serierunde\w*|straffe(?:spark|konk)\w*|eliteserien"
    r"|obos-?lig\w*|cup(?:en|finale\w*)|opprykk\w*|nedrykk\w*)\b",
    re.IGNORECASE,
)
_TRANSFER = re.compile(
    r"gratis|overgang|kontrakt|klubb|utlån|signer|proff|stall|spillerlogistikk|sportssjef|sportsleg|låne?t ut"
    r"|draktnummer|trener|trenar"
)
_LIST_GAP = re.compile(
    r"(?: (?:i|på) (?:[A-ZÆØÅ][\w-]+ ?){1,3}| \([^()]{2,20}\))?(?: (?:fra|frå|siden|sidan|i) \d{4})?"
    r"\s*(?:,|/|;|og|eller|samt|, og|og dei?|, det)\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextView:
    """What is looked up once a text: sentence starts, friend-town words, sport words, tokens near each candidate."""

    text: str
    folded: str
    friends: tuple[int, ...]
    agreements: tuple[int, ...]
    councils: bool
    person_names: frozenset[str]
    place_names: frozenset[str]
    club_names: frozenset[str]
    starts: frozenset[int]  # where candidates begin


@dataclass(frozen=True, slots=True)
class Around:
    """The tokens before (nearest first) and after a candidate, and whether it begins a sentence."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    begins: bool
    before_begins: bool
    listed: int = 1  # how many names the list has that the candidate stands in
    head: str = ""  # the word before the first name of that list
    sport: int = 0  # how much is said of sport near by, 0 to 3


def view_text(
    text: str, folded: str, sentences: Sequence[tuple[int, int]], candidates: Sequence[Candidate]
) -> tuple[TextView, tuple[Around, ...]]:
    """Look at the whole text once; returns the view and the surroundings of each candidate."""
    friends = tuple(match.start() for match in _FRIENDS.finditer(folded))
    near_sport = _sport_levels(folded, candidates)
    agreements = tuple(match.start() for match in _AGREEMENT.finditer(folded))
    councils = _COUNCIL.search(folded) is not None
    if friends or (agreements and councils):  # a text on friend towns that also names a club
        near_sport = [max(0, level - 1) for level in near_sport]
    around = _chain(
        text,
        candidates,
        [
            _look_around(text, c, *_sentence_of(c, sentences, text), sport)
            for c, sport in zip(candidates, near_sport, strict=True)
        ],
    )
    people, places, clubs = set(), set(), set()
    for candidate, seen in zip(candidates, around, strict=True):
        name = folded[candidate.start : candidate.name_end]
        if not candidate.pattern.spellings:
            if candidate.pattern.others[0][0] == "club":
                clubs.add(candidate.pattern.words[0])
        elif _after_given_name(seen):
            people.add(name)
        elif _is_club_name(candidate, seen):
            clubs.add(name)
        elif candidate.form in ("plain", "genitive") and (
            (seen.before[:1] and seen.before[0].lower() in ("i", "frå", "fra", "utenfor") and seen.after[:1] != ("-",))
            or seen.after[:1] in (("kommune",), ("herad",), ("formannskap",), ("kommunestyre",))
        ):
            places.add(name)
    view = TextView(
        text=text,
        folded=folded,
        friends=friends,
        agreements=agreements,
        councils=councils,
        person_names=frozenset(people),
        place_names=frozenset(places),
        club_names=frozenset(clubs),
        starts=frozenset(candidate.start for candidate in candidates),
    )
    return view, around


def _sport_levels(folded: str, candidates: Sequence[Candidate]) -> list[int]:
    """Return for each candidate how much is said of sport near it (60 words) and in the whole text: 0 to 3."""
    sport = load_words("sport_words.csv")
    hits = [match.start() for match in re.finditer(r"[^\W\d_]+", folded) if match.group() in sport]
    words = {folded[at : at + 5] for at in hits}
    for candidate in candidates:
        if not candidate.pattern.spellings and candidate.pattern.others[0][0] == "club":
            hits += [candidate.start] * (2 if candidate.head[:1].isupper() else 1)
    hits.sort()
    if len(hits) < 2:
        return [0] * len(candidates)
    whole = 100 * len(hits) / (folded.count(" ") + 40)
    cap = 3 if len(words) > 2 else 1
    levels = []
    for candidate in candidates:
        left, right = bisect_left(hits, candidate.start - 200), bisect_left(hits, candidate.end + 200)
        rate = 0.5 * whole + 0.5 * 100 * (right - left) / 70
        levels.append(min(cap, 0 if rate < 1.2 else 1 if rate < 2.2 else 2 if rate < 4 else 3))
    return levels


def _is_club_name(candidate: Candidate, seen: Around) -> bool:
    """Say whether the name is used for a club beyond doubt: FK Haugesund, Sogndal Fotball, Bryne-treneren."""
    lexicon = load_lexicon()
    if candidate.form == "compound":
        return lexicon.classify(candidate.head) == "sport"
    beside = [word for word in (*seen.before[:1], *seen.after[:1]) if word[:1].isupper()]
    return any(lexicon.classify(word) == "club" for word in beside)


def is_list_gap(between: str) -> bool:
    """Say whether two names with `between` between them stand in one list."""
    return len(between) <= 45 and _LIST_GAP.fullmatch(between) is not None


def _chain(text: str, candidates: Sequence[Candidate], around: Sequence[Around]) -> tuple[Around, ...]:
    """Tell each name of a list (Vejle, Mikkeli og Borås) how long the list is and what stands before it."""
    result = list(around)
    places = [number for number, candidate in enumerate(candidates) if candidate.pattern.spellings]
    begin = 0
    for at in range(1, len(places) + 1):
        if at < len(places) and is_list_gap(text[candidates[places[at - 1]].end : candidates[places[at]].start]):
            continue
        first = around[places[begin]]
        head = first.before[0].lower() if first.before and not first.begins else ""
        for number in places[begin:at]:
            result[number] = replace(around[number], listed=at - begin, head=head)
        begin = at
    return tuple(result)


def _first_letter(text: str, start: int, end: int) -> int:
    while start < end and not text[start].isalnum():
        start += 1
    return start


def _sentence_of(candidate: Candidate, sentences: Sequence[tuple[int, int]], text: str) -> tuple[int, int]:
    """Return the sentence that the candidate begins in, or the whole text where none is given."""
    number = bisect_right(sentences, (candidate.start, len(text) + 1)) - 1
    if number >= 0 and candidate.start < sentences[number][1]:
        return sentences[number][0], max(sentences[number][1], candidate.end)
    return 0, len(text)


def _look_around(text: str, candidate: Candidate, begin: int, stop: int, sport: int) -> Around:
    edge = max(begin, candidate.start - 90)
    left = [(match.group(), match.start()) for match in _TOKEN.finditer(text, edge, candidate.start)]
    right = [match.group() for match in _TOKEN.finditer(text, candidate.end, min(stop, candidate.end + 60))]
    before = [token for token, _ in reversed(left[-6:]) if not token.startswith("\n")]
    first = _first_letter(text, begin, stop)
    return Around(
        tuple(before[:4]),
        tuple(right[:4]),
        begins=candidate.start <= first or (bool(before) and before[0] in ".!?:"),
        before_begins=bool(left) and left[-1][1] <= first,
        sport=sport,
    )


def _is_beaten(low: str, second: str, following: str) -> bool:
    """Say whether the words are those of a match whatever else the text is on: "seier over", "tapte mot"."""
    if low in ("mot", "over", "for") and second in word_list("match") and (low != "for" or second.startswith("tap")):
        return True
    return low in ("beseiret", "beseira") or following in ("scoret", "scora", "utlignet", "utligna", "rykket", "rykka")


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
            return 8.0 + size / 3 if not place.successors else 6.5
        known = 2.4 if place.place_id in self.tied else 1.0 if place.source == "aliases" else 0.0
        return 1.4 * size - 2.0 + known + _NEARNESS.get(place.country, 0.0)

    def is_unmistakable(self, candidate: Candidate) -> bool:
        """Say whether the spelling is one of a kommune, of a city that we chose, or of a large city."""
        return any(
            s.kind != "gn"
            and (
                (place := self.gazetteer[s.place_id]).kind == "kommune"
                or place.source in ("ties", "aliases", "hand")
                or (place.population or 0) >= 300_000
            )
            for s in candidate.pattern.spellings
        )

    def describe(self, candidate: Candidate) -> Iterator[str]:
        """Yield what is known of the name before any text is read."""
        spellings = candidate.pattern.spellings
        places = [(self.gazetteer[s.place_id], s.kind) for s in spellings]
        kommuner = [(p, kind) for p, kind in places if p.kind == "kommune"]
        cities = [(p, kind) for p, kind in places if p.kind == "city"]
        if kommuner:
            kinds = {kind for _, kind in kommuner}
            how = (
                "name"
                if "no" in kinds and any(not p.successors for p, k in kommuner if k == "no")
                else ("town" if "town" in kinds else "old" if "no" in kinds else "other")
            )
            size = max(p.population or 2000 for p, _ in kommuner)
            yield f"kommune:{how}"
            if how in ("name", "town"):
                yield f"kommune-size:{min(5, int(math.log10(size) * 2) - 6)}"
        if cities:
            best, kind = max(cities, key=lambda pair: (self.rank(pair[0]), pair[0].place_id))
            rank = int(2 * self.rank(best))
            main = {"no": "main", "en": "main", "alt": "alt", "gn": "gn"}.get(kind, "tr")
            tied = "tied" if best.place_id in self.tied else "free"
            yield f"city:{main}:{tied}"
            if not kommuner:
                yield f"city-rank:{max(6, min(15, rank))}"
                yield f"city-rank:{main}:{max(6, min(15, rank))}"
        if kommuner and cities:
            yield "kommune-and-city"


_NEARNESS = {
    "SE": 1.0, "DK": 1.0, "FI": 0.8, "IS": 1.2, "FO": 1.2, "GL": 1.2, "RU": 0.7, "UA": 0.9, "EE": 0.5, "LV": 0.5,
    "LT": 0.5, "DE": 0.5, "GB": 0.9, "PL": 0.4, "FR": 0.3, "NL": 0.3, "ES": 0.2, "IT": 0.2, "US": 0.0, "PS": 0.6,
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
        odds = math.log((place + 1.5) / (other + 1.5))
        return f"seen:{max(-2, min(3, round(odds)))}"


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

    plain = not (common or family or given) and len(name) >= 4 and name not in view.person_names
    plain = plain and priors.is_unmistakable(candidate)
    if around.after and around.after[0][:1].isupper() and view.text[candidate.end : candidate.end + 1] == " ":
        plain = False  # Washington Irving
    if plain:
        add("an-unmistakable-name")

    before, after = around.before, around.after
    first, second = (before[0] if before else ""), (before[1] if len(before) > 1 else "")
    next_, next2 = (after[0] if after else ""), (after[1] if len(after) > 1 else "")
    if around.begins:
        add("begins-sentence")
        if common:
            add("begins-sentence+common")
    low = first.lower()
    if first and not (around.begins and first in ".!?"):
        quoted, bracket = first in _OPENERS, first == "("
        if quoted:
            add("before:(" if bracket else "before:quote")
            low, first = second.lower(), second
        if first[:1].isupper() and not bracket and low not in word_list("place-word") and not _DEMONYM.match(low):
            if _after_given_name(around):
                add("before:given-name")
            elif around.before_begins:
                add("before:capital-at-start")
            else:
                add("before:capital")
        if low in word_list("place-word") or first.islower():
            add(f"before:{low}")
            if low in word_list("title"):
                add("before:title")
            if low in word_list("said"):
                add("before:said")
            if family or given:
                add(f"person-name+before:{low}")
            add(f"before2:{second.lower() if second[:1].islower() else _shape(second)}|{low}")
        elif not first[:1].isalnum():
            add(f"before:{first}")
            add(f"before2:{_shape(second)}|{first}")
        if first[:1].isdigit():
            add("before:postcode" if len(first) == 4 else "before:number")
        found = lexicon.classify(first)
        if found not in ("", "person"):
            add(f"before-class:{found}")
    if before[:1] == ("-",) and second[:1].isalpha() and view.text[candidate.start - 1 : candidate.start] == "-":
        add("before:joined")
    if next_:
        if next_.islower():
            if not (next_ in word_list("said") and plain):
                add(f"after:{next_}")
            if next_ in word_list("said") and not plain:
                add("after:said")
            if around.begins and not plain:
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
        if found not in ("", "person"):
            add(f"after-class:{found}")
        if next_[:1].isupper() and found == "" and next2[:1].isupper():
            add("after:two-capitals")
        found2 = lexicon.classify(next2) if next2.islower() and next_.islower() else ""
        if found2 in ("facility", "media", "club"):
            add(f"after2-class:{found2}")
        if next_ in ("-", "–") and (next2[:1].isdigit() or next2[:1].isupper()):
            add("after:dash-score" if next2[:1].isdigit() else "after:dash-name")
    else:
        add("after:end")
    if (quoted_words := _quoted(view.text, candidate)) is not None:
        add("quoted-alone" if quoted_words == 1 else "in-a-title")
    if name in view.person_names:
        add("text:a-person-has-this-name")
        if low == "i" or next_ == "kommune" or before[:1] == ("(",):
            add("text:person-but-place-words")
        elif candidate.form != "plain":
            add("text:person-genitive")
    if name in view.place_names:
        add("text:named-as-place")
        if name in view.person_names:
            add("text:both")
    place_word = around.head if around.listed > 1 and around.head in word_list("place-word") else low
    if around.listed > 1 and not (given and low not in word_list("place-word")):
        add(f"in-a-list:{min(4, around.listed)}")
        if around.head in word_list("place-word") and low not in word_list("place-word"):
            add("list-after-place-word")
    if place_word == "mellom" and around.sport:
        place_word = "mot"
    where = (
        "i"
        if place_word in ("i", "utenfor", "utanfor", "nær")
        else "on"
        if place_word in word_list("place-word")
        else "bare"
    )
    postcode = len(first) == 4 and first.isdigit() and not around.begins
    dateline = around.begins and not before and (next_ == ":" or (next_ == "(" and next2.isupper()))
    if (
        next_ in ("kommune", "herad", "sentrum", "by")
        or low in ("hele", "heile")
        or lexicon.classify(first) == "placenoun"
        or (candidate.form == "genitive" and lexicon.classify(next_) == "office")
        or postcode
        or dateline
    ):
        where = "i"
    own = any(spelling.kind != "gn" for spelling in candidate.pattern.spellings)
    if own and not (plain or common or family or given) and len(name) >= 5 and where != "bare":
        add(f"a-town's-own-name+{where}")
    if dateline and (plain or "kommune:name" in evidence):
        add("dateline")
    if next_ == "," and next2 in ("der", "hvor", "kor"):
        add("after:where")
    if name in view.club_names:
        add(f"text:a-club-has-this-name+{where}" + ("" if around.sport else "+no-sport"))
    if low == "i" and around.sport and second.lower().startswith(_PLAYERS):
        where = "bare"  # "trenaren i Sogndal"
    if low in ("fra", "frå") and second.lower() in word_list("team"):
        where = "i"
        add("a-team-from")
    if _is_beaten(low, second.lower(), next_.lower()):
        add("sport-verb-beside")
    plays = where != "i" and (
        low in word_list("beaten")
        or next_.lower() in word_list("plays")
        or (low == "for" and second.lower() in word_list("beaten"))
    )
    if plays and around.sport:
        add("sport-verb-beside")
    elif plays and {low, next_.lower()} & _PLAYED and _MATCH.search(_sentence_around(view.text, candidate)):
        add("sport-verb-beside")
        add(f"sport2+{where}")  # one sentence on a match in a text on something else
    if around.sport:
        add(f"sport{around.sport}+{where}")
        if where != "i":
            if next_ in ("-", "–") and (next2[:1].isdigit() or next2[:1].isupper()):
                add("sport-score-beside")
            if first in ("-", "–") and second[:1].isupper():
                add("sport-score-beside")
            if _TRANSFER.search(view.folded, max(0, candidate.start - 60), candidate.end + 60):
                add("sport-transfer-beside")
    near = min((abs(at - candidate.start) for at in view.friends), default=10_000)
    if near < 300:
        add("friends-near")
        if next_.lower() in word_list("attitude") or _FRIENDS.search(view.folded, candidate.end, candidate.end + 35):
            add("friends-near+acts")
    elif view.friends:
        add("friends-in-text")
    # Towns that hardly anybody writes about are rare in the treebank, where such names are people and companies; in a
    # text on agreements and councils they are what it is about.
    doubts = {"before:given-name", "before:capital", "before:title", "before:said", "after:capital", "kommune-and-city"}
    free = own and not (common or family or given) and len(name) >= 3 and name not in view.person_names
    only_city = all(priors.gazetteer[spelling.place_id].kind == "city" for spelling in candidate.pattern.spellings)
    spoken = view.councils or bool(view.agreements and view.friends)  # of ties, whatever else is spoken of
    if spoken and around.sport == 1:
        add("sport1+ties")
    if spoken and common and "kommune:name" in evidence and not (low[:1].isalpha() or next_[:1].isupper()):
        add("a-common-kommune+ties")
    calm = not around.sport or (around.sport == 1 and spoken)
    if free and only_city and calm and not doubts & set(evidence):
        add("a-free-name")
        if min((abs(at - candidate.start) for at in view.agreements), default=10_000) < 160:
            add("a-free-name+agreement" + ("+council" if view.councils else ""))
        elif spoken:
            add("a-free-name+council")
        elif view.agreements or view.friends:
            add("a-free-name+ties")
    if only_city and spoken and common and not (family or given or around.begins or doubts & set(evidence)):
        add("a-common-town+ties")
    if only_city and calm and _WITH.search(view.folded, max(0, candidate.start - 70), candidate.start):
        add("agreement-with" + ("+common" if common or family or given else ""))
    return list(dict.fromkeys(evidence))


def _sentence_around(text: str, candidate: Candidate) -> str:
    """The words around a name up to the next full stop or line on each side, at most 100 characters away."""
    left = re.split(r"[.!?\n]", text[max(0, candidate.start - 100) : candidate.start])[-1]
    return (
        left
        + text[candidate.start : candidate.end]
        + re.split(r"[.!?\n]", text[candidate.end : candidate.end + 100])[0]
    )


def _quoted(text: str, candidate: Candidate) -> int | None:
    """Count the words of the short title in quotation marks that the name stands in; None where it stands in none."""
    left = text[max(0, candidate.start - 50) : candidate.start]
    right = text[candidate.end : candidate.end + 50]
    opened = max(left.rfind(sign) for sign in "«“„")
    if opened < 0 or "»" in left[opened:] or "”" in left[opened:]:
        opened = left.rfind('"')
        opening = left.count('"') % 2 == 1 and bool(left[opened + 1 : opened + 2].strip())
        if opened < 0 or not (opening or opened == len(left) - 1):
            return None
    closed = min((at for sign in '»”“"' if (at := right.find(sign)) >= 0), default=-1)
    if closed < 0:
        return None
    inside = left[opened + 1 :] + text[candidate.start : candidate.end] + right[:closed]
    words = inside.split()
    if len(words) > 7 or not inside[:1].isupper() or inside[-1:] in ".!?," or "\n" in inside:
        return None
    return len(words)


def _shape(word: str) -> str:
    if not word:
        return "^"
    if word[:1].isupper():
        return "Cap"
    if word[:1].isdigit():
        return "num"
    return word if not word[:1].isalpha() else "low"
