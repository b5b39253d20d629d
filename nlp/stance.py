"""What an opinion text wants for a tie, and the form of opinion that the text itself shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp import cues
from nlp.events import Claim
from nlp.pairs import STANDS, Judgement
from nlp.reading import Stance, Stand, Tie, TieMention

Span = tuple[int, int]
DEMAND = 0.2  # what a proposal read in an opinion text adds to the stance it would serve

_FORMS = (
    ("leserbrev", r"\b(?:les[ea]r(?:inn)?(?:brev|legg|innlegg)\w*|leserinnlegg|lesarinnlegg)\b"),
    ("kronikk", r"\b(?:kronikk(?:en|ør)?|kronikken)\b"),
    ("leder", r"\b(?:(?:dette er en leder|leiarartikkel|lederartikkel|avisas leder|på lederplass|på leiarplass))\b"),
    ("kommentar", r"\b(?:dette er en kommentar|kommentar skrevet av|kommentator|kommentaren gir uttrykk)\b"),
    ("debatt", r"\b(?:debattinnlegg\w*|dette er et innlegg|innlegget gir uttrykk|meiningsytring|meningsytring|svar til|"
     r"tilsvar|replikk til|debatt:)"),
)  # fmt: skip
_OPINION_FORMS = tuple((form, re.compile(pattern, re.IGNORECASE)) for form, pattern in _FORMS)
_KEEP = cues.KEEP
_END = re.compile(
    r"\b(?:si opp|seie opp|avslutt\w*|kutt\w*|bryt\w*|skrot\w*|avvikl\w*|slutt|brudd|brot|strek|termin\w*|dropp\w*)\b",
    re.IGNORECASE,
)
_FREEZE = re.compile(r"\b(?:frys\w*|på is|på vent|i bero|pause\w*|suspender\w*)\b", re.IGNORECASE)
_ESTABLISH = cues.ESTABLISH


def find_opinion_form(title: str, text: str) -> str | None:
    """Return the form of opinion that the title or the text's first and last lines name; None where none does."""
    shown = "\n".join((title, text[:300], text[-400:]))
    for form, pattern in _OPINION_FORMS:
        if pattern.search(shown):
            return form
    return None


def find_stances(
    text: str,
    sentences: Sequence[Span],
    mentions: Sequence[TieMention],
    claims: Sequence[Claim],
    judged: Mapping[Tie, Judgement],
) -> tuple[Stance, ...]:
    """Give each tie of an opinion text one stance with the sentence that shows it best."""
    out: list[Stance] = []
    for tie in dict.fromkeys(mention.tie for mention in mentions):
        judgement = judged.get(tie)
        chances = _by_reader(judgement) if judgement else _by_rules(text, sentences, tie, claims)
        stand = max(STANDS, key=lambda name: (chances.get(name, 0.0), name == "none"))
        start, end = _shows(text, sentences, mentions, tie, stand)
        out.append(Stance(tie=tie, stance=stand, start=start, end=end, score=round(chances[stand], 3)))
    return tuple(out)


def _by_reader(judgement: Judgement) -> dict[Stand, float]:
    """The trained reader's stances; a demand that it reads in the text speaks for ending or establishing."""
    chances = dict(judgement.stance)
    chances["end"] += DEMAND * judgement.actions["proposed_termination"]
    chances["establish"] += DEMAND * judgement.actions["proposed_signing"]
    total = sum(chances.values())
    return {stand: chance / total for stand, chance in chances.items()}


def _by_rules(text: str, sentences: Sequence[Span], tie: Tie, claims: Sequence[Claim]) -> dict[Stand, float]:
    weights: dict[Stand, float] = {"none": 0.7}

    def add(stand: Stand, weight: float) -> None:
        weights[stand] = weights.get(stand, 0.0) + weight

    for claim in claims:
        if claim.tie != tie:
            continue
        if claim.action == "proposed_termination":
            add("end", 2.0)
        elif claim.action == "proposed_signing":
            add("establish", 2.0)
        elif claim.action == "rejected_termination":
            add("keep", 0.7)
        elif claim.action == "frozen" and claim.factuality == "proposed":
            add("freeze", 2.0)
    for start, end in sentences:
        words = text[start:end]
        if cues.OPINION.search(words) or cues.PROPOSAL.search(words):
            negated = bool(cues.NEGATION.search(words))
            if _END.search(words):
                add("keep" if negated else "end", 0.8)
            if _KEEP.search(words):
                add("keep", 0.8)
            if _FREEZE.search(words) and not negated:
                add("freeze", 0.5)
            if _ESTABLISH.search(words) and not negated:
                add("establish", 0.6)
    total = sum(weights.values())
    return {stand: weight / total for stand, weight in weights.items()}


def _shows(text: str, sentences: Sequence[Span], mentions: Sequence[TieMention], tie: Tie, stand: Stand) -> Span:
    pattern = {"keep": _KEEP, "end": _END, "freeze": _FREEZE, "establish": _ESTABLISH}.get(stand)
    first = next(mention for mention in mentions if mention.tie == tie)
    if pattern is None:
        return first.start, first.end
    best = max(
        sentences,
        key=lambda span: (
            bool(pattern.search(text, *span)) * 2
            + bool(cues.PROPOSAL.search(text, *span))
            + bool(cues.ANAPHOR.search(text, *span))
            + (span[0] == first.start),
            -span[0],
        ),
        default=(first.start, first.end),
    )
    return best if pattern.search(text, *best) else (first.start, first.end)
