"""Does what was read fit the words that tell it? A last look at the events, for a false ending is the worst error.

The trained reader and the rules look at one pair at a time. Here the pairs of a text are looked at together: a sentence
that names another kommune, another city or another country than the pair's tells of that one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp import cues
from nlp.reading import Link, Tie, TieEvent, TieMention

Span = tuple[int, int]

SURE = 0.8  # an ending that reader and rules are so sure of needs no known word: nobody lists all ways of saying it
_ENDING = re.compile(
    r"\b(?:sa|sagt|si|sier|sies|seie|seier|seiast|seiest|sagde)\b[^.!?]{0,50}\bopp\b|\bopps(?:igelse|agt|eiing)|avslutt|avvikl"
    r"|\bbr(?:yte|yter|yt|øt|aut|utt|ote|oten|udd|ot|udet|otet)\w*|\bbrudd|slutt|skrot|kutt|opphev|oppheva|strøket|strykes"
    r"|\but av\b|\btrakk|\btrekk\w* seg|løs(?:te|er)? seg|la(?:gt)? ned|legg\w* ned|over og ut|opphør|fulgte|\bskilte\b"
    r"|søppel|historie\b|kast|vrak|makuler|annuller|terminer|kansell",
    re.IGNORECASE,
)
_NO_ENDING = re.compile(
    r"\bbr(?:øt|aut|yter|yte|yt|ot|utt|ote) ut\b|avslutning(?:s\w|\w*en av (?:dag|kveld|år))", re.IGNORECASE
)
_BARE_END = re.compile(r"\b(?:er|var|tok|tek|tar|blir|ble|vart|blei) slutt\b", re.IGNORECASE)
_TIE_ENDS = re.compile(
    r"(?:avtal|samarbeid|ven+skap|bånd|band|kontakt|forbindels|partnerskap|partnarskap)\w*(?: \w+){0,4} "
    r"(?:er|var|tok|tek|tar|blir|ble|vart|blei) slutt\b|slutt(?:en)? (?:på|med|for) ",
    re.IGNORECASE,
)
_DEMAND = re.compile(
    r"\b(?:bør|burde|må|vil|skal|ønsker|ønskjer|krever|krev|foreslår|foreslo|føreslår|ber|håper|håpar|mener|meiner|oppfordrer"
    r"|anbefaler|tilrår|går inn for)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:sa|sagt opp|avsluttet|avslutta|avslutna|brøt|braut|brutt|brote|vedtok|vedtatt|vedteke|vedtaket|stemte|røysta"
    r"|bestemte|besluttet|gikk ut|gjekk ut|kuttet|kutta|skrotet|skrota|opphevet|oppheva|trakk|slutt|strøket|strykes"
    r"|enstemmig|samrøystes)\b",
    re.IGNORECASE,
)
_ENDS_IT = re.compile(
    r"\b(?:vedtok|vedtatt|vedteke|besluttet|bestemte|bestemt|avgjorde|avgjort)\b[^.!?;]{0,60}\bå (?:si opp"
    r"|sei[ea] opp|avslutt[ea]|bryt[ea]|kutt[ea]|avvikl[ea]|opphev[ea])\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:ikke|ikkje|nei|imot|avvis\w*|avslo|avslå\w*|ned|nedstemt\w*|falt|fall|stemte mot|røysta mot)\b",
    re.IGNORECASE,
)


def fitting(
    text: str,
    events: Iterable[TieEvent],
    mentions: Sequence[TieMention],
    sentences: Sequence[Span],
    links: Sequence[Link],
    pairs: frozenset[tuple[str, str]],
) -> tuple[TieEvent, ...]:
    """Return the events that fit their sentences; a demand told as an ending becomes a proposal."""
    ties = {mention.tie for mention in mentions}
    starts = [start for start, _ in sentences]
    kept: list[TieEvent] = []
    for event in events:
        number = max(0, bisect_right(starts, event.start) - 1)
        span = sentences[number] if sentences else (event.start, event.end)
        if event.factuality in ("happened", "historical", "proposed") and _is_told_of_another(
            text, event.tie, span, links, ties, pairs
        ):
            continue
        if event.action == "terminated" and event.factuality == "happened":
            changed = _as_ending(text[span[0] : span[1]], event)
            if changed is None:
                continue
            event = changed
        elif event.action == "rejected_termination" and event.factuality == "happened":
            event = _as_refusal(text[span[0] : span[1]], event)
        kept.append(event)
    return tuple(dict.fromkeys(_without_doubles(kept)))


def _without_doubles(events: Sequence[TieEvent]) -> list[TieEvent]:
    """Keep one proposal to end where a demand was turned into a second one."""
    seen: set[tuple[Tie, str]] = set()
    kept = []
    for event in events:
        key = (event.tie, event.action)
        if event.action == "proposed_termination" and event.factuality == "proposed":
            if key in seen:
                continue
            seen.add(key)
        kept.append(event)
    return kept


def _as_ending(sentence: str, event: TieEvent) -> TieEvent | None:
    """Return the ending, a proposal where it is only demanded, or None where no word tells one and nobody is sure."""
    if _NO_ENDING.search(sentence):
        return None
    if not _ENDING.search(sentence):
        return event if event.score >= SURE and not cues.CUES["frozen"].search(sentence) else None
    if (
        _BARE_END.search(sentence)
        and not _TIE_ENDS.search(sentence)
        and not _ENDING.search(_BARE_END.sub("", sentence))
    ):
        return None
    if _DEMAND.search(sentence) and not _DONE.search(sentence):
        return replace(
            event,
            action="proposed_termination",
            factuality="proposed",
            rule=f"{event.rule}; only demanded in these words",
        )
    return event


def _as_refusal(sentence: str, event: TieEvent) -> TieEvent:
    """Return the refusal, or the ending where the sentence decides just that and refuses nothing."""
    if _ENDS_IT.search(sentence) and not _REFUSES.search(sentence):
        return replace(event, action="terminated", rule=f"{event.rule}; decided in these words")
    return event


def _is_told_of_another(
    text: str, tie: Tie, span: Span, links: Sequence[Link], ties: set[Tie], pairs: frozenset[tuple[str, str]]
) -> bool:
    """Say whether the sentence's own names make another pair of the text the likelier one."""
    here = [link for link in links if link.place_id and span[0] <= link.start < span[1]]
    kommuner = {link.place_id for link in here if link.kind == "kommune"}
    cities = {link.place_id for link in here if link.kind == "city"}
    if kommuner and tie.kommune_id not in kommuner:
        return any(
            other.kommune_id in kommuner and (other.city_id in cities if cities else other.city_id == tie.city_id)
            for other in ties
        )
    if cities and tie.city_id not in cities:
        return any(
            other.city_id in cities
            and (other.kommune_id in kommuner if kommuner else other.kommune_id == tie.kommune_id)
            for other in ties
        )
    if not cities:
        lands = {code for word, code in cues.LANDS if word.search(text, *span)}
        if lands and tie.city_id.split("-")[0] not in lands:
            return True
        known = any(kommune == tie.kommune_id for kommune, _ in pairs)
        return (
            tie.kommune_id in kommuner
            and known
            and (tie.kommune_id, tie.city_id) not in pairs
            and _has_rival(tie, ties, pairs)
        )
    if not kommuner:
        rivals = [other for other in ties if other.city_id == tie.city_id and other != tie]
        if rivals:
            return _nearest(links, span[0], {tie.kommune_id, *(other.kommune_id for other in rivals)}) != tie.kommune_id
    return False


def _has_rival(tie: Tie, ties: set[Tie], pairs: frozenset[tuple[str, str]]) -> bool:
    """Say whether the text ties the city to another kommune, and the registry knows that pair."""
    return any(
        other.city_id == tie.city_id and (other.kommune_id, other.city_id) in pairs for other in ties if other != tie
    )


def _nearest(links: Sequence[Link], before: int, kommuner: set[str]) -> str | None:
    """Return the one of `kommuner` that is named last before a position, else the first named at all."""
    named = [link.place_id for link in links if link.place_id in kommuner and link.start < before]
    if named:
        return named[-1]
    return next((link.place_id for link in links if link.place_id in kommuner), None)
