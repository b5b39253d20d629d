"""Linking: which names in a text mean a kommune or a foreign city, and which one.

Two questions, answered one after the other. *Does the name mean a place?* The evidence of `nlp/contexts.py` is
weighed. *Which place?* Namesakes are told apart by fylke and country, other places in the text, the known ties, the
paper's own region, the date, and size last. Where the second question has no answer the link is None with the reason.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import pairwise

from nlp.contexts import (
    Around,
    PlacePriors,
    TextView,
    describe,
    family_names,
    given_names,
    is_list_gap,
    load_name_counts,
    view_text,
)
from nlp.names import Candidate, NameIndex, Spelling, fold, load_lexicon, load_words, read_table, word_list
from nlp.places import Gazetteer, Place
from nlp.reading import Entity, Link, PlaceKind
from nlp.sentences import split_sentences

_ACCEPT = 0.5
_MARGIN = 0.8  # how much better the best of several namesakes must be
_OTHER_REASON = {
    "club": "a club", "media": "a newspaper or another medium", "thing": "a company, work or event",
    "metonym": "a state's leadership",
    "fylke": "a fylke, no kommune", "region": "a region", "country": "a country",
}  # fmt: skip
_CLASS_REASON = {
    "sport": "the club, not the place", "club": "a club", "clubhead": "a club", "facility": "an institution or company",
    "media": "a newspaper or another medium", "ship": "a ship", "orghead": "an institution or company",
    "region": "a region, not the town", "event": "an event or treaty", "thing": "a thing named after the place",
}  # fmt: skip


@dataclass(slots=True)
class _Mention:
    """A candidate on its way to a decision."""

    candidate: Candidate
    around: Around
    name: str
    surface: str
    score: float = 0.0
    reason: str = ""
    evidence: list[str] = field(default_factory=list)
    places: tuple[Place, ...] = ()
    place: Place | None = None
    certainty: float = 1.0
    listed_with_previous: bool = False
    joined: bool = False  # by a hyphen with the name before it


class Linker:
    """Links texts against one gazetteer. Holds no state between texts."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.index = NameIndex(gazetteer)
        self.priors = PlacePriors(gazetteer)
        self.counts = load_name_counts()
        self.weights = _load_weights()
        self.partners: dict[str, set[str]] = defaultdict(set)
        for kommune, city in gazetteer.tie_pairs:
            self.partners[kommune].add(city)
            self.partners[city].add(kommune)
        self.capitals = word_list("capital")

    def link(
        self,
        text: str,
        entities: Sequence[Entity] = (),
        *,
        sentences: Sequence[tuple[int, int]] | None = None,
        published: date | None = None,
        fylke: str | None = None,
    ) -> tuple[Link, ...]:
        """Return the links of `text` in order, None links with their reasons among them."""
        clean, origin = _squeeze(text)
        if origin is not None:
            back = {position: number for number, position in reversed(list(enumerate(origin)))}
            inner = [
                (back[start], back[end - 1] + 1) for start, end in sentences or () if start in back and end - 1 in back
            ]
            found = self._link(clean, (), inner or split_sentences(clean), published, fylke)
            return tuple(
                Link(
                    start=origin[link.start], end=origin[link.end - 1] + 1, kind=link.kind, place_id=link.place_id,
                    score=link.score, rule=link.rule, metonym=link.metonym,
                )
                for link in found
            )  # fmt: skip
        return self._link(text, entities, split_sentences(text) if sentences is None else sentences, published, fylke)

    def _link(
        self,
        text: str,
        entities: Sequence[Entity],
        sentences: Sequence[tuple[int, int]],
        published: date | None,
        fylke: str | None,
    ) -> tuple[Link, ...]:
        folded = fold(text)
        candidates = list(self.index.find(text, folded))
        view, arounds = view_text(text, folded, sentences, candidates)
        known = [self._known(c, a, text, folded) for c, a in zip(candidates, arounds, strict=True)]
        spelled = [mention for mention in known if mention.candidate.pattern.spellings]
        for one, two in pairwise(spelled):
            gap = text[one.candidate.end : two.candidate.start]
            two.listed_with_previous = is_list_gap(gap)
            two.joined = gap in ("-", "–", "‐", "—")
        scene = _Scene(self.gazetteer, candidates, folded, published, fylke)
        labels = _Labels(entities)
        for mention in known:
            self._weigh(mention, view, scene, labels)
        self._hamlets(known, text)
        self._agree(known)
        self._choose(known, scene)
        return tuple(link for mention in known if (link := self._write(mention)) is not None)

    # --- does the name mean a place? ----------------------------------------------------------------------------------

    def _known(self, candidate: Candidate, around: Around, text: str, folded: str) -> _Mention:
        span = slice(candidate.start, candidate.name_end)
        return _Mention(candidate, around, folded[span], " ".join(text[span].split()))

    def _weigh(self, mention: _Mention, view: TextView, scene: _Scene, labels: _Labels) -> None:
        candidate = mention.candidate
        pattern = candidate.pattern
        if not pattern.spellings:
            mention.reason = _OTHER_REASON[pattern.others[0][0]]
            return
        mention.places = tuple(dict.fromkeys(self.gazetteer[s.place_id] for s in pattern.spellings))
        mention.evidence = describe(candidate, mention.around, view, self.priors, self.counts)
        mention.evidence += scene.describe(mention, view, self.partners)
        if (label := labels.over(candidate)) is not None:
            mention.evidence.append(f"entity:{label}")
        if "a-free-name" in mention.evidence and "its-land-in-text" in mention.evidence:
            mention.evidence.append("a-free-name+its-land")
        if candidate.form in ("compound", "closed"):
            mention.score, mention.reason = self._weigh_compound(mention, view)
            return
        total = sum(self.weights.get(piece, 0.0) for piece in mention.evidence)
        mention.score = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        if (veto := _veto(mention, view)) is not None:
            mention.score, mention.reason = min(mention.score, 0.05), veto
        else:
            mention.reason = self._explain(mention.evidence, mention.score >= _ACCEPT)

    def _weigh_compound(self, mention: _Mention, view: TextView) -> tuple[float, str]:
        """Decide a compound by its other part: `-ordføreren` is the kommune, `-treneren` the club."""
        candidate = mention.candidate
        head = candidate.head
        kind = load_lexicon().classify(head)
        name = mention.name
        surface = view.text[candidate.start : candidate.name_end]
        kommune = any(place.kind == "kommune" for place in mention.places)
        strong = (
            kommune
            or any(place.place_id in self.priors.tied for place in mention.places)
            or any((place.population or 0) >= 200_000 for place in mention.places)
        )
        strong_tie = kommune or any(place.place_id in self.priors.tied for place in mention.places)
        if head[:1].isupper():
            other = self.index.exact(head)
            if other is not None and other.spellings and not mention.around.sport and strong:
                return 0.75, f"a place, joined with {head}"
            return 0.05, f"part of the name {surface}-{head}"
        if "before:given-name" in mention.evidence:
            return 0.05, "a person's name"
        if "before-class:orghead" in mention.evidence and mention.around.before[0][:1].isupper():
            return 0.05, "an institution or company"
        if name in word_list("needs-friends"):
            return 0.1, "a region, a company or the like rather than the town"
        if kind == "tie" or head.startswith("avtale"):
            if head.startswith(("avtale", "avtala")) and (name in word_list("treaty") or not strong_tie):
                return 0.05, "a treaty"
            return (0.9 if strong else 0.4), f"the place of {head}"
        if kind in _CLASS_REASON and kind != "orghead":
            return 0.06, _CLASS_REASON[kind]
        doubtful = name in load_words("common_words.csv") or surface in given_names() or surface in family_names()
        if kind == "office":
            return (0.98 if kommune or strong else 0.75), f"the place of {head}"
        if doubtful and (mention.around.begins or not strong) and name not in view.place_names:
            return 0.3, "may be a common word or a name"
        return (0.9 if kind == "person" else 0.75) if strong else 0.4, f"the place of {head}"

    def _explain(self, evidence: Iterable[str], accepted: bool) -> str:
        """Name the piece of evidence that weighs most in the direction taken."""
        weighed = [(self.weights.get(piece, 0.0), piece) for piece in evidence if piece != "always"]
        if accepted:
            _, piece = max(weighed, default=(0.0, ""))
            return _phrase(piece)
        _, piece = min(weighed, default=(0.0, ""))
        for start, reason in _NO_REASONS:
            if piece.startswith(start):
                return reason
        return f"doubtful: {_phrase(piece)}"

    def _hamlets(self, mentions: Sequence[_Mention], text: str) -> None:
        """Reject "Kvam i Sogndal", a hamlet there and not the kommune Kvam; and "Europcar Førde / Florø" as a whole."""
        for one, two in pairwise(mentions):
            gap = text[one.candidate.end : two.candidate.start]
            if not one.places or not two.places:
                continue
            if gap in (" i ", " på ") and one.score >= _ACCEPT and two.score >= _ACCEPT:
                mine, theirs = _today(self.gazetteer, one.places), _today(self.gazetteer, two.places)
                homes = [place for place in mine if place.kind == "kommune"]
                kommuner = bool(homes) and all(place.kind == "kommune" for place in theirs)
                small = all((place.population or 0) < 20_000 for place in homes)
                if kommuner and small and not set(mine) & set(theirs) and one.around.head != "mellom":
                    one.score, one.reason = 0.1, f"!a place in {theirs[0].name}"
            elif gap in (" ", "/", " / ", "-", "–") and one.reason.startswith("!") and one.score < _ACCEPT:
                two.score, two.reason = 0.1, one.reason

    def _agree(self, mentions: Sequence[_Mention]) -> None:
        """Let the mentions of one name in a text speak for each other: weak ones lean towards the sure ones."""
        spelled = [mention for mention in mentions if mention.places]
        begin = 0
        for number in range(1, len(spelled) + 1):
            if number < len(spelled) and spelled[number].listed_with_previous:
                continue
            group, begin = spelled[begin:number], number
            sure = sum(m.score > 0.55 for m in group)
            for mention in group:
                if (
                    sure >= 2
                    and mention.score <= 0.8
                    and not mention.reason.startswith("!")
                    and not (_STUBBORN & set(mention.evidence))
                ):
                    moved = _logit(mention.score) + 2.2
                    mention.score = 1 / (1 + math.exp(-moved))
                    mention.reason = "listed with places"
        by_name: dict[str, list[_Mention]] = defaultdict(list)
        for mention in mentions:
            if mention.places and mention.candidate.form in ("plain", "genitive"):
                by_name[mention.name].append(mention)
        for group in by_name.values():
            if len(group) < 2:
                continue
            strength = [_logit(mention.score) for mention in group]
            for mention, own in zip(group, strength, strict=True):
                others = (sum(strength) - own) / (len(group) - 1)
                if abs(own) < 2.5 and not mention.reason.startswith("!") and not _STUBBORN & set(mention.evidence):
                    moved = own + 0.5 * max(-3.0, min(3.0, others))
                    score = 1 / (1 + math.exp(-moved))
                    if (score >= _ACCEPT) != (mention.score >= _ACCEPT):
                        mention.reason = "as elsewhere in the text"
                    mention.score = score

    # --- which place? -------------------------------------------------------------------------------------------------

    def _choose(self, mentions: Sequence[_Mention], scene: _Scene) -> None:
        taken = [m for m in mentions if m.places and m.score >= _ACCEPT]
        for mention in taken:
            choices = _today(self.gazetteer, mention.places)
            if len(choices) == 1:
                mention.place = choices[0]
        scene.settle(mention.place for mention in taken if mention.place is not None)
        scores = {id(m): self._compare(m, scene) for m in taken if m.place is None}
        whole: dict[str, Counter[str]] = defaultdict(Counter)
        for mention in taken:
            for place_id, value in scores.get(id(mention), {}).items():
                whole[mention.name][place_id] = max(whole[mention.name][place_id], round(1000 * value))
        for mention in taken:
            own = scores.get(id(mention))
            if own is None:
                continue
            ranked = sorted(own.items(), key=lambda pair: (-pair[1], pair[0]))
            if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _MARGIN:
                best = whole[mention.name].most_common()
                best.sort(key=lambda pair: (-pair[1], pair[0]))
                ranked = [(place_id, thousandths / 1000) for place_id, thousandths in best]
            lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 9.0
            if lead < _MARGIN and self._is_one_town(ranked[0][0], ranked[1][0]):
                lead = _MARGIN
            if lead < _MARGIN and self._is_far_larger(
                [place_id for place_id, value in ranked if ranked[0][1] - value < _MARGIN]
            ):
                mention.reason = f"{mention.reason}; the larger"
                lead = _MARGIN
            if lead < _MARGIN:
                kommuner = all(self.gazetteer[place_id].kind == "kommune" for place_id, _ in ranked[:2])
                kind = "kommuner" if kommuner else "places"
                mention.reason = f"two {kind} named {mention.surface}"
                mention.certainty = 0.0
            else:
                mention.place = self.gazetteer[ranked[0][0]]
                mention.certainty = 1 / (1 + math.exp(-1.5 * lead))

    def _is_one_town(self, one: str, other: str) -> bool:
        """Say whether two cities of one name are so near that the source lists one town twice."""
        a, b = self.gazetteer[one], self.gazetteer[other]
        return a.kind == b.kind == "city" and _distance(a, b) < 30

    def _is_far_larger(self, place_ids: Sequence[str]) -> bool:
        """Say whether the first of some cities of one country is known to have twice the inhabitants of each other."""
        first, *others = (self.gazetteer[place_id] for place_id in place_ids)
        return all(
            first.kind == place.kind == "city"
            and first.country == place.country
            and (first.population or 0) >= 2 * (place.population or math.inf)
            for place in others
        )

    def _compare(self, mention: _Mention, scene: _Scene) -> dict[str, float]:
        """Return points for each place that the name can mean, higher is likelier."""
        points: dict[str, float] = {}
        for spelling in mention.candidate.pattern.spellings:
            place = self.gazetteer[spelling.place_id]
            value = (
                self.priors.rank(place) + _spelling_bonus(spelling, place) + scene.points(mention, place, self.partners)
            )
            for today in self.gazetteer.today(place):
                part = value - (0.3 if len(place.successors) > 1 else 0.0)
                if len(place.successors) > 1:
                    part += scene.partner_points(today, self.partners)
                points[today.place_id] = max(points.get(today.place_id, -99.0), part)
        return points

    # --- the result ---------------------------------------------------------------------------------------------------

    def _write(self, mention: _Mention) -> Link | None:
        candidate = mention.candidate
        if not mention.places:
            other = candidate.pattern.others[0][0]
            land = _LAND_KINDS.get(other)
            if land is None:
                return None
            return Link(
                start=candidate.start, end=candidate.end, kind=land, place_id=None, score=0.9, rule=mention.reason,
                metonym=other == "metonym",
            )  # fmt: skip
        worth = any(p.kind == "kommune" or p.place_id in self.priors.tied for p in mention.places)
        if mention.place is None:
            if not worth and mention.score < _ACCEPT:
                return None
            kind: PlaceKind = "kommune" if any(p.kind == "kommune" for p in mention.places) else "city"
            sure = mention.score if mention.score >= _ACCEPT else 1 - mention.score
            return Link(
                start=candidate.start, end=candidate.end, kind=kind, place_id=None, score=round(sure, 3),
                rule=mention.reason.lstrip("!"),
            )  # fmt: skip
        place = mention.place
        metonym = place.place_id in self.capitals and _is_metonym(mention)
        rule = mention.reason
        if candidate.form == "misspelt":
            rule = f"misspelt {place.name}; {rule}"
        elif candidate.heard:
            rule = f"sounds like {place.name}; {rule}"
        elif len(mention.places) > 1:
            rule = f"{rule}; chosen among {len(mention.places)} of that name"
        return Link(
            start=candidate.start, end=candidate.end, kind=place.kind, place_id=place.place_id,
            score=round(mention.score * mention.certainty, 3), rule=rule.lstrip("!"), metonym=metonym,
        )  # fmt: skip


_LAND_KINDS: dict[str, PlaceKind] = {"fylke": "fylke", "region": "region", "country": "country", "metonym": "country"}
_NO_REASONS = (
    ("text:a-person", "a person's name"), ("before:given", "a person's name"), ("before:title", "a person's name"),
    ("person-name", "a person's name"), ("before:said", "a person's name"), ("after:said", "a person's name"),
    ("after-class:facility", "an institution or company"), ("before-class:orghead", "an institution or company"),
    ("after-class:media", "a newspaper or another medium"), ("after-class:club", "a club"),
    ("before-class:ship", "a ship"), ("before-class:club", "a club"), ("sport", "the club, not the place"),
    ("text:sport", "the club, not the place"), ("after-class:sport", "the club, not the place"),
    ("after:capital", "part of a longer name"), ("before:capital", "part of a longer name"),
    ("before:joined", "part of a longer name"), ("a-common", "a common word"), ("begins-sentence", "a common word"),
    ("a-given", "a person's name"), ("a-family", "a person's name"),
)  # fmt: skip


_PHRASES = {
    "an-unmistakable-name": "a name of nothing else", "text:named-as-place": "named as a place elsewhere in the text",
    "tie-partner-in-text": "its friend town is in the text", "successor-in-text": "its successor is in the text",
    "its-land-beside-it": "its country or fylke stands beside it", "its-land-in-text": "its country is in the text",
    "friends-near": "friend towns are spoken of", "friends-in-text": "friend towns are spoken of",
    "dateline": "a dateline", "before:postcode": "after a postal code", "after:where": "followed by “der”",
    "list-after-place-word": "in a list of places", "kommune:name": "the name of a kommune",
    "kommune:town": "a town in the kommune", "after:end": "at the end of the sentence",
}  # fmt: skip


def _phrase(piece: str) -> str:
    """Put a piece of evidence into words."""
    if piece in _PHRASES:
        return _PHRASES[piece]
    kind, _, what = piece.partition(":")
    if kind in ("before", "before2"):
        return f"after “{' '.join(what.split('|'))}”"
    if kind == "after":
        return f"before “{what}”"
    if kind == "seen":
        return "mostly a place in the treebank" if int(what) > 0 else "rarely a place in the treebank"
    if kind == "in-a-list":
        return "in a list of names"
    if kind in ("city", "city-rank", "kommune-size"):
        return "a well-known place"
    if kind in ("before-class", "after-class"):
        return f"beside a word of the kind {what}"
    return piece.replace("-", " ")


def _is_metonym(mention: _Mention) -> bool:
    before, after = mention.around.before, mention.around.after
    if before and before[0].lower() in ("i", "på", "utenfor", "nær", "via", "ved", "rundt", "sentrale"):
        return False
    following = next((word for word in after if word.isalpha()), "")
    if (after and after[0] in ",.()") or mention.candidate.form != "plain":
        return False
    return following.lower() in word_list("attitude")


def _veto(mention: _Mention, view: TextView) -> str | None:
    """Return why the name is no place in spite of all weights, or None."""
    candidate = mention.candidate
    surface = view.text[candidate.start : candidate.name_end]
    before, after = mention.around.before, mention.around.after
    first = before[0] if before else ""
    next_ = after[0] if after else ""
    if "before:given-name" in mention.evidence and not (next_.lower().startswith("kommune")):
        return "!a person's name"
    if surface in given_names() and next_[:1].isupper() and view.text[candidate.end : candidate.end + 1] == " ":
        return "!a person's name"
    if (
        first.lower() in word_list("title-before-name")
        and not next_.lower().startswith("kommune")
        and "before:quote" not in mention.evidence
    ):
        return "!a person's name"
    titled = len(before) > 1 and before[1].lower() in word_list("title-before-name")
    if (
        titled
        and first.istitle()
        and view.text[candidate.start - 1 : candidate.start] == " "
        and candidate.start - len(first) - 1 not in view.starts
        and not next_.lower().startswith("kommune")
    ):
        return "!a person's name"
    if candidate.heard and first.lower() not in _BEFORE_HEARD and mention.name not in view.place_names:
        return "a name that only sounds like a town's"
    if candidate.form == "misspelt" and not _is_slip(mention, view):
        return "!another word"
    if len(surface) <= 3 and surface.isupper() and not all(p.kind == "kommune" for p in mention.places):
        return "an abbreviation"
    if "before:joined" in mention.evidence and not mention.joined:
        return "!part of a longer name"
    if next_ == "08" and mention.name == "sarpsborg":
        return "!a club"
    kind = load_lexicon().classify(next_)
    gap = view.text[candidate.end : candidate.end + 1] == " "
    if gap and kind in ("club", "media", "facility") and next_[:1].isupper() and next_ not in ("Sp", "SV"):
        return "!" + _CLASS_REASON[kind]
    if gap and kind == "facility" and candidate.form == "plain" and next_ not in _LOWER_TOWN:
        return "!" + _CLASS_REASON[kind]
    if gap and kind == "club" and candidate.form == "plain" and len(next_) > 5:
        return "!an institution or company"  # Seljord næringslag
    if gap and next_[:1].isupper() and (kind == "orghead" or "entity:ORG+" in mention.evidence):
        return "!an institution or company"
    if gap and candidate.form == "plain" and _goes_on(next_, surface) and candidate.end + 1 not in view.starts:
        return "!part of a longer name"
    if gap and kind == "media" and candidate.form == "plain":
        return "!" + _CLASS_REASON[kind]
    found = load_lexicon().classify(first)
    beside = view.text[candidate.start - 1 : candidate.start] == " "
    if beside and (found == "ship" or (found in ("orghead", "club", "facility") and first[:1].isupper())):
        return "!" + _CLASS_REASON[found]
    if first in ("i", "på") and len(before) > 1 and not next_.startswith("kommune"):
        seat = before[1]
        if seat in word_list("seat") or (
            len(before) > 2
            and seat[:1].isupper()
            and before[2].islower()
            and seat.endswith(("en", "et", "a"))
            and (load_lexicon().classify(seat) == "facility")
        ):
            return "!an institution or company"
    second = load_lexicon().classify(after[1]) if len(after) > 1 else ""
    if gap and next_ in ("gamle", "nye", "store", "nedre", "øvre") and second in ("facility", "media"):
        return "!an institution or company"
    if first in ("lufthavn", "flyplass", "lufthamn", "avdeling", "avd", "flystasjon"):
        return "!an institution or company"
    if mention.name in word_list("needs-friends") and not (
        {"friends-near", "in-a-list:3", "in-a-list:4", "its-land-beside-it", "tie-partner-in-text"}
        & set(mention.evidence)
        and first.lower() not in ("styrt", "på", "i")
    ):
        return "!a region, a company or the like rather than the town"
    if (
        next_ in ("for", "etter", "på", "og")
        and len(after) > 1
        and fold(after[1]) == mention.name
        and after[1].islower()
    ):
        return "!a common word"
    if next_ in ("fylke", "oblast", "fylkeskommune", "län", "len", "guvernement") or (
        next_ in ("fylket", "regionen", "området", "distriktet") and gap
    ):
        return "!a region, not the town"
    return None


def _goes_on(word: str, name: str) -> bool:
    """Say whether a capital right behind a name makes it the first part of another's: `Karasjok Klinikk`."""
    return word[:1].isupper() and word[1:2].islower() and not name.isupper() and not _OWN.match(word)


def _is_slip(mention: _Mention, view: TextView) -> bool:
    """Say whether a word that is nearly a place name stands where a place must stand."""
    before, after = mention.around.before, mention.around.after
    if mention.around.begins or mention.around.sport or "before:capital" in mention.evidence:
        return False
    first = before[0].lower() if before else ""
    name = mention.candidate.pattern.words[0]
    named = name in view.place_names or after[:1] == ("kommune",) or first in ("kommunen", "byen", "vennskapsbyen")
    placed = first in ("i", "til", "fra", "frå", "med") and len(mention.name) >= 7 and not mention.name.endswith("s")
    return named or (placed and (first == "i" or "friends-near" in mention.evidence))


_STUBBORN = frozenset(
    {"after-class:facility", "after-class:media", "after-class:club", "before-class:orghead", "before-class:clubhead"}
    | {"text:a-person-has-this-name", "sport-verb-beside", "sport-score-beside"}
)  # evidence about this one mention that the other mentions of the name don't overrule
_OWN = re.compile(r"(?i:kommun|bystyr|herad|formannskap|ordfør|rådmann|sentrum)|Bys?$|Sp$")  # the kommune's own
_BEFORE_HEARD = frozenset(
    {"i", "til", "fra", "frå", "med", "mot", "mellom", "for", "om", "ved", "utenfor", "utanfor", "og", ",", "(", "både"}
    | {"byen", "kommunen", "vennskapsbyen", "venskapsbyen", "vennskapsby", "venskapsby", "ukrainske", "russiske"}
)
_LOWER_TOWN = frozenset({"torg", "torget", "strand", "gard", "gård", "plass", "scene", "dalen", "fjorden"})


class _Labels:
    """The entities of a text by place; they don't overlap."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = sorted(entities, key=lambda entity: entity.start)
        self._ends = [entity.end for entity in self._entities]

    def over(self, candidate: Candidate) -> str | None:
        """Return the label of the entity over the name, with `+` where the entity is longer than the name."""
        at = bisect_right(self._ends, candidate.start)
        if at < len(self._entities) and (entity := self._entities[at]).start < candidate.name_end:
            longer = entity.start < candidate.start or entity.end > candidate.end
            return entity.label + ("+" if longer else "")
        return "none" if self._entities else None


def _spelling_bonus(spelling: Spelling, place: Place) -> float:
    if place.kind == "city":
        return {"no": 0.0, "en": -0.2, "tr": -0.2, "alt": -0.4, "gn": -1.2, "mis": -1.0}.get(spelling.kind, 0.0)
    return {"no": 0.0, "town": -1.0, "old": -1.5}.get(spelling.kind, 0.0)


def _today(gazetteer: Gazetteer, places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(today for place in places for today in gazetteer.today(place)))


def _logit(score: float) -> float:
    score = min(0.999, max(0.001, score))
    return math.log(score / (1 - score))


# --- what else the text tells -----------------------------------------------------------------------------------------


class _Scene:
    """The countries, fylker and places that a text names, to tell namesakes apart."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        candidates: Sequence[Candidate],
        folded: str,
        published: date | None,
        fylke: str | None,
    ) -> None:
        self.gazetteer = gazetteer
        self.folded = folded
        self.published = published
        self.home = _fylke_number(fylke)
        self.candidates = candidates
        self.lands: list[tuple[int, int, str, str]] = []  # start, end, code, region within it
        for candidate in candidates:
            for kind, code in candidate.pattern.others:
                if kind in ("fylke", "region", "country"):
                    name = folded[candidate.start : candidate.name_end]
                    self.lands.append((candidate.start, candidate.end, code, _admin1(name)))
        for match in _adjectives().finditer(folded):
            self.lands.append((match.start(), match.end(), _adjective_codes()[match["stem"]], ""))
        self.codes = Counter(code for _, _, code, _ in self.lands)
        self.regions = {(code, admin1) for _, _, code, admin1 in self.lands if admin1}
        names = Counter(spelling.place_id for candidate in candidates for spelling in candidate.pattern.spellings)
        self.possible = frozenset(
            today.place_id for place_id in names for today in gazetteer.today(gazetteer[place_id])
        )
        self.settled: tuple[Place, ...] = ()
        self.kommune_at: dict[int, set[str]] = {}  # where a kommune may be named, and which
        self.bearers: dict[str, set[tuple[str, ...]]] = defaultdict(set)  # unambiguous names in the text, by place
        for candidate in candidates:
            spelled = {s.place_id for s in candidate.pattern.spellings}
            if any(gazetteer[place_id].kind == "kommune" for place_id in spelled):
                self.kommune_at[candidate.start] = {t.place_id for p in spelled for t in gazetteer.today(gazetteer[p])}
            if len(spelled) == 1:
                self.bearers[next(iter(spelled))].add(candidate.pattern.words)
        self.lands.sort()
        self.land_starts = [start for start, _, _, _ in self.lands]
        self.land_by_end = sorted(self.lands, key=lambda land: land[1])
        self.land_ends = [end for _, end, _, _ in self.land_by_end]

    def beside(self, mention: _Mention) -> set[str]:
        """Return the kommuner that the mention is said to lie in: "Os i Bjørnafjorden"."""
        end = mention.candidate.end
        return self.kommune_at.get(end + 3, set()) if self.folded[end : end + 3] == " i " else set()

    def settle(self, places: Iterable[Place]) -> None:
        """Take note of the places that are beyond doubt."""
        self.settled = tuple(dict.fromkeys(places))

    def near_land(self, mention: _Mention) -> tuple[set[str], set[tuple[str, str]]]:
        """Return the lands right beside the mention: "svenske Lund", "Lund i Sverige", "Herøy (Nordland)"."""
        start, end = mention.candidate.start, mention.candidate.end
        codes, regions = set(), set()
        after = self.lands[bisect_left(self.land_starts, end) : bisect_right(self.land_starts, end + 12)]
        before = self.land_by_end[bisect_left(self.land_ends, start - 24) : bisect_right(self.land_ends, start)]
        near = [land for land in after if _GAP_AFTER.fullmatch(self.folded[end : land[0]])]
        near += [land for land in before if _GAP_BEFORE.fullmatch(self.folded[land[1] : start])]
        for _, _, code, admin1 in near:
            codes.add(code)
            if admin1:
                regions.add((code, admin1))
        return codes, regions

    def describe(self, mention: _Mention, view: TextView, partners: Mapping[str, set[str]]) -> list[str]:
        """List the evidence that other names give on whether this one is a place."""
        found = []
        mine = {today.place_id for place in mention.places for today in self.gazetteer.today(place)}
        if any(partner in self.possible for place_id in mine for partner in partners.get(place_id, ())):
            found.append("tie-partner-in-text")
        if any(place.successors and set(place.successors) & self.possible for place in mention.places):
            found.append("successor-in-text")
        if self.beside(mention) & mine:
            found.append("its-kommune-beside-it")
        codes, _ = self.near_land(mention)
        lands = {place.country for place in mention.places} | {
            place.fylke_number for place in mention.places if place.fylke_number
        }
        if codes & lands:
            found.append("its-land-beside-it")
        elif self.codes and any(self.codes[land] for land in lands if land != "NO"):
            found.append("its-land-in-text")
        return found

    def points(self, mention: _Mention, place: Place, partners: Mapping[str, set[str]]) -> float:
        """Return how much the text speaks for `place`."""
        codes, regions = self.near_land(mention)
        value = 0.0
        if place.kind == "kommune":
            number = place.fylke_number or ""
            if number in codes:
                value += 4.0
            elif self.codes[number]:
                value += 1.5
            if any(code.isalpha() and code not in ("NO", "XX") for code in codes):
                value -= 5.0
            same = sum(1 for other in self.settled if other.fylke_number == number and other is not place)
            value += min(2.0, 0.7 * same)
            if self.home == number:
                value += 1.5
            value += self._by_date(place)
            value += self._name_points(mention, place)
        else:
            common = place.country in ("US", "GB")  # spoken of whatever the town
            if place.country in codes:
                value += 5.0 if (place.country, place.admin1 or "") in regions or not regions else 2.0
            elif self.codes[place.country]:
                value += 0.5 if common else 1.5
            if (place.country, place.admin1 or "") in self.regions:
                value += 1.5
            if any(other.kind == "city" and other.country == place.country for other in self.settled):
                value += 0.3 if common else 1.0
            if self.settled and any(_distance(place, other) < 350 for other in self.settled if other.kind == "city"):
                value += 0.6
        return value + self.partner_points(place, partners)

    def partner_points(self, place: Place, partners: Mapping[str, set[str]]) -> float:
        """Return points for a known tie partner that the text names."""
        settled = {other.place_id for other in self.settled}
        known = partners.get(place.place_id, set())
        return 3.0 if known & settled else 1.2 if known & self.possible else 0.0

    def _by_date(self, place: Place) -> float:
        if place.valid_to is None:
            return 0.0
        if self.published is not None and self.published <= place.valid_to:
            return 2.0
        return 0.0

    def _name_points(self, mention: _Mention, place: Place) -> float:
        """Give points where another name of the same kommune stands in the text: Bø … Midt-Telemark."""
        today = {p.place_id for p in self.gazetteer.today(place)} | {place.place_id}
        beside = self.beside(mention)
        if beside and beside <= today:
            return 4.0
        mine = mention.candidate.pattern.words
        return 2.0 if any(self.bearers[place_id] - {mine} for place_id in today if place_id in self.bearers) else 0.0


_GAP_AFTER = re.compile(r" ?(?:kommune )?(?:i|på|,|\() ?(?:det |den )?|, ?| \(")
_GAP_BEFORE = re.compile(
    r"(?:e|k|sk|ske|s)? (?:(?:by|vennskaps|venskaps|nabo|storby|småby|havne|hamne)?(?:by(?:en|ene|ane)|kommunen?) )?"
)


def _distance(one: Place, other: Place) -> float:
    """Return the distance in kilometres, good enough for neighbours."""
    x = math.radians(one.lon - other.lon) * math.cos(math.radians((one.lat + other.lat) / 2))
    return 6371 * math.hypot(x, math.radians(one.lat - other.lat))


@cache
def _adjective_codes() -> dict[str, str]:
    return {fold(row["name"]): row["code"] for row in read_table("regions.csv") if row["kind"] == "adjective"}


@cache
def _adjectives() -> re.Pattern[str]:
    stems = sorted(_adjective_codes(), key=len, reverse=True)
    return re.compile(r"\b(?P<stem>" + "|".join(stems) + r")(?:e|en|a|ene)?\b")


@cache
def _admin1_codes() -> dict[str, str]:
    return {fold(row["name"]): row["admin1"] for row in read_table("regions.csv") if row["admin1"]}


def _admin1(name: str) -> str:
    return _admin1_codes().get(name, "")


@cache
def _fylke_number(fylke: str | None) -> str | None:
    if fylke is None or fylke.isdigit():
        return fylke
    wanted = fold(fylke)
    return next(
        (row["code"] for row in read_table("regions.csv") if fold(row["name"]) == wanted and row["code"].isdigit()),
        None,
    )


def _load_weights() -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for table in ("evidence_weights.csv", "hand_weights.csv"):
        for row in read_table(table):
            weights[row["evidence"]] += float(row["weight"])
    return dict(weights)


_ODD = re.compile(
    r"[\u00ad\u200b-\u200d\ufeff\u0300-\u036f]|(?<=\w)[-‐]\n"
    r"|(?<=\w)[ \t]+\n[ \t]*(?=\w)|(?<=\w)\n[ \t]+(?=\w)|(?<=\w)  +(?=\w)"
)


def _squeeze(text: str) -> tuple[str, list[int] | None]:
    """Take out what breaks names apart (soft hyphens, loose accents, line breaks after hyphens, doubled spaces).

    Returns the text and, where anything was taken out, the place in the original of each character that is left.
    """
    if _ODD.search(text) is None:
        return text, None
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for match in _ODD.finditer(text):
        pieces.append(text[at : match.start()])
        origin.extend(range(at, match.start()))
        cut = match.group()
        if cut[0] in "-‐" and text[match.end() : match.end() + 1].isupper():
            pieces.append("-")
            origin.append(match.start())
        elif cut.isspace():
            pieces.append(" ")
            origin.append(match.start())
        at = match.end()
    pieces.append(text[at:])
    origin.extend(range(at, len(text)))
    return "".join(pieces), origin


_LINKERS: dict[str, Linker] = {}


def link(
    text: str,
    entities: Sequence[Entity],
    gazetteer: Gazetteer,
    *,
    sentences: Sequence[tuple[int, int]] | None = None,
    published: date | None = None,
    fylke: str | None = None,
) -> tuple[Link, ...]:
    """Link the places of one text, in order.

    `entities` are evidence, none are needed. `sentences` are (start, end); left out, they are split here. `published`
    tells which kommuner existed. `fylke` is the paper's own fylke, by name or two-digit number, for namesakes.
    """
    linker = _LINKERS.get(gazetteer.version)
    if linker is None:
        linker = _LINKERS[gazetteer.version] = Linker(gazetteer)
    return linker.link(text, entities, sentences=sentences, published=published, fylke=fylke)
