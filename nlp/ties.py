"""Which kommune and which foreign city a text calls friends, and in which sentences.

Rules: friend-town words, agreements and lists in the sentence that names the city; a kommune named in the same
sentence, or the one that the text has in hand; the registry of known ties as a prior where words alone are too weak.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp import cues
from nlp.reading import Link, Tie, TieMention

Span = tuple[int, int]

TRAINED = 0.7  # the trained reader's weight against the rules
ENOUGH = 0.55  # what a tie must reach together
PLAIN = 0.8  # what the rules alone must reach: friend-town words beside both names
NEAR = 6  # sentences between a city and the word that makes it worth a closer look
CLOSE = 2  # sentences between a city and a kommune that may be tied where no word of the text says so

_LIST_GAP = re.compile(
    r"^[\s,;«»\"'()–-]*(?:(?:og|and|samt|eller|både|også|med|i|på|til|frå|fra|den|det|dei|de|to|tre|byen|byane|byene|"
    r"nabobyen|kommunen|\w+(?:ske|iske|sk|ke)|nordiske|\d{4}|"
    r"Sverige|Danmark|Finland|Island|Russland|Ukraina|Tyskland|Nederland|Polen|Estland|Latvia|Litauen|USA|Kina|Japan|Færøyene|"
    r"Færøyane|Grønland|Nicaragua|Guatemala|Frankrike|Skottland|England|Storbritannia|Slovakia|Tsjekkia|Kroatia|Serbia|Spania|Italia|"
    r"Ungarn|Palestina|Israel|Madagaskar|Belarus|Georgia|Romania|Bulgaria)[\s,;«»\"'()–-]*){0,5}$"
)
_PLACE_ONLY = re.compile(
    r"(?:^|\W)(?:i|frå|fra|ved|nær|utenfor|utanfor|innenfor|over|rundt|mot|mellom)\s+(?:sentrum av |byen )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    start: int
    end: int
    words: str
    kommuner: tuple[Link, ...]
    cities: tuple[Link, ...]
    strength: int  # 3 friend-town words, 2 agreement words, 1 anaphor, 0 none


def find_ties(
    text: str,
    sentences: Sequence[Span],
    links: Sequence[Link],
    *,
    pairs: frozenset[tuple[str, str]] = frozenset(),
    home: str = "NO",
    countries: Mapping[str, str] | None = None,
) -> tuple[TieMention, ...]:
    """List each tie once a sentence that states it, in text order; `pairs` are the ties known before."""
    del home, countries
    if not _names_both_kinds(links):
        return ()
    read = [_weigh(text, span, links) for span in sentences]
    if not any(sentence.strength for sentence in read):
        return ()
    main = _main_kommune(read)
    friends = any(sentence.strength == 3 for sentence in read)
    found: list[TieMention] = []
    carry = 0
    last: tuple[str, ...] = ()
    for number, sentence in enumerate(read):
        here = tuple(dict.fromkeys(link.place_id for link in sentence.kommuner if link.place_id))
        if sentence.cities:
            listed = sentence.strength == 0 and carry >= 2 and _is_list(text, sentence)
            strength = 2 if listed else sentence.strength
            for city, kommune, score, rule in _pair(
                text,
                sentence,
                last or ((main,) if main else ()),
                pairs=pairs,
                strength=strength,
                friends=friends,
                listed=listed,
            ):
                tie = Tie(kommune_id=kommune, city_id=city)
                found.append(TieMention(tie=tie, start=sentence.start, end=sentence.end, score=score, rule=rule))
        carry = sentence.strength if sentence.strength >= 2 else (carry if carry and sentence.cities else 0)
        if here:
            last = here if len(here) == 1 else ((main,) if main in here else here[-1:])
        del number
    return tuple(dict.fromkeys(found))


def _names_both_kinds(links: Sequence[Link]) -> bool:
    """Say whether any kommune and any city are named; most texts lack one of them and need no closer look."""
    return {"kommune", "city"} <= {link.kind for link in links if link.place_id and not link.metonym}


def _weigh(text: str, span: Span, links: Sequence[Link]) -> _Sentence:
    start, end = span
    words = text[start:end]
    inside = [link for link in links if start <= link.start < end and link.place_id and not link.metonym]
    if cues.FRIENDS.search(words):
        strength = 3
    elif cues.AGREEMENT.search(words):
        strength = 2
    elif cues.ANAPHOR.search(words):
        strength = 1
    else:
        strength = 0
    return _Sentence(
        start=start,
        end=end,
        words=words,
        kommuner=tuple(link for link in inside if link.kind == "kommune"),
        cities=tuple(link for link in inside if link.kind == "city"),
        strength=strength,
    )


def _main_kommune(read: Sequence[_Sentence]) -> str | None:
    counts: Counter[str] = Counter()
    for number, sentence in enumerate(read):
        for link in sentence.kommuner:
            if link.place_id:
                counts[link.place_id] += 3 if number == 0 else 1
    return counts.most_common(1)[0][0] if counts else None


def _is_list(text: str, sentence: _Sentence) -> bool:
    return len(_groups(text, sentence.cities)[0]) >= 2 or bool(
        re.match(
            r"\W*(?:det (?:er|gjeld)|de er|dei er|byene|byane|begge|den|med|i tillegg|dessuten"
            r"|blant|mellom|også|òg|andre)",
            sentence.words,
            re.I,
        )
    )


def _groups(text: str, links: Sequence[Link]) -> list[list[Link]]:
    """Mentions joined by commas and `og` belong together."""
    groups: list[list[Link]] = []
    for link in sorted(links, key=lambda link: link.start):
        if groups and groups[-1][-1].kind == link.kind and _LIST_GAP.match(text[groups[-1][-1].end : link.start]):
            groups[-1].append(link)
        else:
            groups.append([link])
    return groups


def _pair(
    text: str,
    sentence: _Sentence,
    before: tuple[str, ...],
    *,
    pairs: frozenset[tuple[str, str]],
    strength: int,
    friends: bool,
    listed: bool,
) -> list[tuple[str, str, float, str]]:
    out: list[tuple[str, str, float, str]] = []
    groups = _groups(text, [*sentence.kommuner, *sentence.cities])
    for position, group in enumerate(groups):
        if group[0].kind != "city":
            continue
        kommuner, rule = _partners(groups, position, before)
        for link in group:
            city = link.place_id or ""
            known = [kommune for kommune in kommuner if (kommune, city) in pairs]
            if not known and rule == "same sentence":
                known = [k.place_id for k in sentence.kommuner if k.place_id and (k.place_id, city) in pairs]
            registered = bool(known)
            if known and len(kommuner) > 1:
                kommuner = known
            lead = text[max(sentence.start, link.start - 30) : link.start]
            place_only = bool(_PLACE_ONLY.search(lead)) and len(group) == 1
            score = _score(strength, rule, registered=registered, friends=friends, place_only=place_only)
            if cues.NOT_KOMMUNE.search(sentence.words) and strength < 3 and not registered:
                score -= 0.25
            if score < 0.5:
                continue
            why = (
                "friend-town words"
                if strength == 3
                else "agreement words"
                if strength == 2
                else "pointing word"
                if strength
                else "no words"
            )
            if listed:
                why = "list after friend-town words"
            out.extend(
                (city, kommune, round(score, 2), f"{why}; {rule}" + ("; in the registry" if registered else ""))
                for kommune in kommuner
            )
    return out


def _partners(groups: Sequence[Sequence[Link]], position: int, before: tuple[str, ...]) -> tuple[list[str], str]:
    """The kommuner that the city group at `position` goes with."""
    kinds = "".join("K" if group[0].kind == "kommune" else "C" for group in groups)
    if "K" not in kinds:
        return list(before[-1:]), "kommune from before"
    chosen: Sequence[Link] = ()
    if kinds.count("K") == 1:
        chosen = groups[kinds.index("K")]
    elif kinds[0] == "K":
        back = kinds.rfind("K", 0, position)
        chosen = groups[back if back >= 0 else kinds.index("K")]
    else:
        ahead = kinds.find("K", position)
        chosen = groups[ahead if ahead >= 0 else kinds.rfind("K")]
    return list(dict.fromkeys(link.place_id for link in chosen if link.place_id)), "same sentence"


def _score(strength: int, rule: str, *, registered: bool, friends: bool, place_only: bool) -> float:
    score = {3: 0.9, 2: 0.7, 1: 0.55, 0: 0.2}[strength]
    if rule != "same sentence":
        score -= 0.15
    if strength == 2 and not friends:
        score -= 0.05
    if registered:
        score += 0.2 if friends else 0.1
        if strength == 0 and friends:
            score += 0.2
    if place_only:
        score -= 0.3 if strength < 3 else 0.2
    return min(score, 0.98)


def candidate_pairs(
    text: str, sentences: Sequence[Span], links: Sequence[Link], *, pairs: frozenset[tuple[str, str]], most: int = 40
) -> tuple[Tie, ...]:
    """List the pairs worth a closer look, likeliest first; a word of friendship, agreement or council must be near.

    A city goes with the kommuner of its sentence, the one named last before it, the text's main one, and those that the
    registry ties it to.
    """
    if not _names_both_kinds(links):
        return ()
    read = [_weigh(text, span, links) for span in sentences]
    friends = any(sentence.strength == 3 for sentence in read)
    near = [bool(cues.NEAR_TIE.search(sentence.words)) for sentence in read]
    main = _main_kommune(read)
    everywhere = {link.place_id for sentence in read for link in sentence.kommuner if link.place_id}
    ranked: dict[Tie, int] = {}
    last: str | None = None
    for number, sentence in enumerate(read):
        here = list(dict.fromkeys(link.place_id for link in sentence.kommuner if link.place_id))
        after = [link.place_id for other in read[number + 1 : number + 2] for link in other.kommuner if link.place_id]
        if not (friends or any(near[max(0, number - NEAR) : number + NEAR + 1])):
            last = here[-1] if here else last
            continue
        for link in sentence.cities:
            city = link.place_id or ""
            known = [kommune for kommune in everywhere if (kommune, city) in pairs]
            partners = (
                [(kommune, 3) for kommune in here]
                + [(last, 2), (main, 2)]
                + [(k, 1) for k in after]
                + [(k, 4) for k in sorted(known)]
            )
            for kommune, weight in partners:
                if kommune:
                    tie = Tie(kommune_id=kommune, city_id=city)
                    ranked[tie] = max(ranked.get(tie, 0), weight + sentence.strength)
        if here:
            last = here[-1]
    found = sorted(ranked, key=lambda tie: (-ranked[tie], tie))[:most]
    if not any(sentence.strength >= 2 for sentence in read):  # no word of friendship or agreement anywhere
        found = [tie for tie in found if (tie.kommune_id, tie.city_id) in pairs or _apart(read, tie) <= CLOSE]
    return tuple(found)


def _apart(read: Sequence[_Sentence], tie: Tie) -> int:
    """Count the sentences from the city to the nearest naming of the kommune."""
    kommune = [n for n, sentence in enumerate(read) if any(k.place_id == tie.kommune_id for k in sentence.kommuner)]
    city = [n for n, sentence in enumerate(read) if any(c.place_id == tie.city_id for c in sentence.cities)]
    return min((abs(one - other) for one in kommune for other in city), default=len(read))


def city_lists(text: str, links: Sequence[Link]) -> tuple[frozenset[str], ...]:
    """The sets of cities that the text names in one list, as `Vejle, Mikkeli og Borås`."""
    cities = [link for link in links if link.kind == "city" and link.place_id]
    groups = (frozenset(link.place_id or "" for link in group) for group in _groups(text, cities))
    return tuple(group for group in groups if len(group) > 1)


def settle_ties(
    ruled: Sequence[TieMention],
    stated: Mapping[Tie, float],
    sentences: Sequence[Span],
    links: Sequence[Link],
    *,
    pairs: frozenset[tuple[str, str]],
) -> tuple[TieMention, ...]:
    """Weigh the rules against the trained reader and keep the ties that both together believe.

    Without the reader the rules stand. The score is the weighted mean of the two, a little more for a pair in the
    registry; what the rules find said in plain words stands whatever the reader thinks, at the lowest score.
    """
    if not stated:
        return tuple(ruled)
    best: dict[Tie, float] = {}
    for mention in ruled:
        best[mention.tie] = max(best.get(mention.tie, 0.0), mention.score)
    scores: dict[Tie, float] = {}
    for tie in {**dict.fromkeys(best), **dict.fromkeys(stated)}:
        registered = (tie.kommune_id, tie.city_id) in pairs
        words = best.get(tie, 0.0)
        chance = (1 - TRAINED) * words + TRAINED * stated.get(tie, 0.0) + (0.05 if registered else 0.0)
        if words >= PLAIN:
            chance = max(chance, ENOUGH)
        if chance >= ENOUGH:
            scores[tie] = round(min(chance, 0.99), 3)
    kept = [
        TieMention(
            tie=mention.tie,
            start=mention.start,
            end=mention.end,
            score=scores[mention.tie],
            rule=f"{mention.rule}; reader {stated.get(mention.tie, 0.0):.2f}",
        )
        for mention in ruled
        if mention.tie in scores
    ]
    for tie in sorted(scores.keys() - best.keys()):
        start, end = _names_both(tie, sentences, links)
        kept.append(TieMention(tie=tie, start=start, end=end, score=scores[tie], rule=f"reader {stated[tie]:.2f}"))
    return tuple(sorted(kept, key=lambda mention: (mention.start, mention.tie)))


def _names_both(tie: Tie, sentences: Sequence[Span], links: Sequence[Link]) -> Span:
    """The first sentence that names the city, one that names the kommune too before others."""
    cities = [link.start for link in links if link.place_id == tie.city_id]
    kommuner = [link.start for link in links if link.place_id == tie.kommune_id]
    naming = [span for span in sentences if any(span[0] <= at < span[1] for at in cities)]
    both = [span for span in naming if any(span[0] <= at < span[1] for at in kommuner)]
    return (both or naming or list(sentences))[0]
