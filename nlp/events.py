"""What a text says was done, proposed or refused about its ties, with the words that say so.

Rules read cue words in the clause: the form of the verb, negation, modality, votes and deferral decide whether a thing
happened. The trained reader (`nlp.pairs`), where its weights are there, decides which of the rules' readings stand and
adds those that no cue shows; `rule` says who spoke.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, get_args

from nlp import cues
from nlp.dates import find_moments
from nlp.pairs import Judgement
from nlp.reading import Action, EventPrecision, Factuality, Link, Tie, TieEvent, TieMention

Span = tuple[int, int]
ACTIONS: tuple[Action, ...] = get_args(Action)
RULES_VERSION: Final = "3"  # raise when a rule changes what is read
TRAINED = 0.9  # the trained reader's weight against the rules
# What an action must reach; endings most, since a false ending is the worst error.
ENOUGH: Mapping[Action, float] = {**dict.fromkeys(ACTIONS, 0.4), "terminated": 0.45}
SURE = 0.75  # what a proposal beside its own refusal must reach
RETOLD = 0.5  # from here on a sentence tells the action too
_PROPOSALS = ("proposed_signing", "proposed_termination")

_CLAUSE = re.compile(
    r"[;:]|,? (?:men|mens|medan|imens|hvorav|derimot|likevel)\b"
    r"|, (?=(?:og|som|der|da|då|selv|sjølv|fordi|etter)\b)"
    r"|\. |\n"
)
_INFINITIVE = re.compile(
    r"\b(?:å|bør|burde|må|måtte|vil|ville|skal|skulle|kan|kunne|tør|be|late?|for at|at)"
    r"(?:\s+(?!(?:har|hadde|er|var|ble|vart|blei|blir)\b)\w+){0,3}\s*$",
    re.IGNORECASE,
)
_FINITE = re.compile(r"^(?:\w*(?:et|te|de|dd|gt|tt|er|ar)|sa|la|br[øa]ut?t?|fr[øa]u?s)\b(?!\s+seg\b)", re.IGNORECASE)
_BODIES = (
    ("kommunestyre", r"kommunestyre\w*|kommunestyrerepresentant\w*|de folkevalgte|dei folkevalde|kommunepolitikar\w*"),
    ("bystyre", r"bystyre\w*"),
    ("heradsstyre", r"heradsstyr\w*"),
    ("formannskap", r"formannskap\w*|formannskapet|kommuneutval\w*|kommunalutvalg\w*|byråd\w*|byutvikl\w*"),
    ("ordfører", r"\w*-?ordfører\w*|\w*-?ordførar\w*|byrådsleder\w*|byrådsleiar\w*"),
    ("kommunedirektør", r"kommunedirektør\w*|rådmann\w*|administrasjon\w*|kommunalsjef\w*"),
    (
        "foreign side",
        r"(?:russisk|ukrainsk|svensk|dansk|finsk|kinesisk) side|byen trakk seg|borgermester\w*|borgarmeister\w*",
    ),
)
_DECIDERS = tuple((name, re.compile(r"(?<!\w)(?:" + pattern + r")(?!\w)", re.IGNORECASE)) for name, pattern in _BODIES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One action said of one tie in one sentence, before the text as a whole is weighed.

    `retold` numbers the sentences that the trained reader takes to tell it.
    """

    tie: Tie
    action: Action
    factuality: Factuality
    sentence: int
    start: int
    end: int
    cue: int
    score: float
    rule: str
    retold: tuple[int, ...] = ()


def find_claims(
    text: str, sentences: Sequence[Span], links: Sequence[Link], mentions: Sequence[TieMention]
) -> tuple[Claim, ...]:
    """List what the rules read, one claim a cue, tie and sentence."""
    ties = tuple(dict.fromkeys(mention.tie for mention in mentions))
    if not ties:
        return ()
    claims: list[Claim] = []
    recent: tuple[Tie, ...] = ()
    for number, (start, end) in enumerate(sentences):
        named = tuple(mention.tie for mention in mentions if mention.start == start)
        scope = _scope(text, (start, end), links, ties, named, recent)
        if named:
            recent = named
        for tie in scope:
            claims.extend(_claims(text, (start, end), number, tie, links, ties))
    return tuple(claims)


def scope_of(
    text: str, sentences: Sequence[Span], links: Sequence[Link], mentions: Sequence[TieMention]
) -> tuple[tuple[Tie, ...], ...]:
    """The ties that each sentence may speak of: named, or pointed to (`avtalen`, `den russiske byen`)."""
    ties = tuple(dict.fromkeys(mention.tie for mention in mentions))
    out: list[tuple[Tie, ...]] = []
    recent: tuple[Tie, ...] = ()
    for start, end in sentences:
        named = tuple(mention.tie for mention in mentions if mention.start == start)
        out.append(_scope(text, (start, end), links, ties, named, recent))
        recent = named or recent
    return tuple(out)


def _scope(
    text: str, span: Span, links: Sequence[Link], ties: Sequence[Tie], named: tuple[Tie, ...], recent: tuple[Tie, ...]
) -> tuple[Tie, ...]:
    start, end = span
    places = {link.place_id for link in links if start <= link.start < end}
    cities = tuple(tie for tie in ties if tie.city_id in places)
    if named or cities:
        return tuple(dict.fromkeys((*named, *cities)))
    pointer = cues.ANAPHOR.search(text, start, end)
    kommune = tuple(tie for tie in ties if tie.kommune_id in places)
    if pointer:
        pool = kommune or recent or tuple(ties)
        if cues.PLURAL_ANAPHOR.search(pointer.group()):
            owners = {tie.kommune_id for tie in pool}
            return tuple(tie for tie in ties if tie.kommune_id in owners)
        overlap = tuple(tie for tie in recent if tie in pool)
        return overlap or pool
    if kommune and len(ties) == 1:
        return kommune
    return recent if len(ties) == 1 else ()


def _claims(text: str, span: Span, number: int, tie: Tie, links: Sequence[Link], ties: Sequence[Tie]) -> list[Claim]:
    start, end = span
    out: list[Claim] = []
    others = {other.city_id for other in ties} - {tie.city_id}
    for clause in _clauses(text, span):
        here = {link.place_id for link in links if clause[0] <= link.start < clause[1]}
        if tie.city_id not in here and here & others:
            continue
        for action, pattern in cues.CUES.items():
            for match in pattern.finditer(text, *clause):
                judged = _judge(text, (start, end), clause, action, match)
                if judged is None:
                    continue
                verdict, factuality, score, why = judged
                out.append(
                    Claim(
                        tie=tie,
                        action=verdict,
                        factuality=factuality,
                        sentence=number,
                        start=clause[0],
                        end=clause[1],
                        cue=match.start(),
                        score=score,
                        rule=f"«{match.group().strip()}» {why}",
                    )
                )
                break
    return out


def _clauses(text: str, span: Span) -> list[Span]:
    start, end = span
    cuts = [start, *(match.start() for match in _CLAUSE.finditer(text, start, end)), end]
    out: list[Span] = []
    for left, right in pairwise(cuts):
        while left < right and text[left] in " ,;:.–-\n":
            left += 1
        while left < right and text[right - 1].isspace():
            right -= 1
        if right - left > 3:
            out.append((left, right))
    return out


def _judge(
    text: str, sentence: Span, clause: Span, action: Action, match: re.Match[str]
) -> tuple[Action, Factuality, float, str] | None:
    before = text[clause[0] : match.start()]
    lead = text[sentence[0] : match.start()]
    whole = text[sentence[0] : sentence[1]]
    near = text[max(clause[0], match.start() - 45) : match.start()]
    negated = bool(cues.NEGATION.search(near)) or bool(re.match(r"\W+(?:ikke|ikkje)\b", text[match.end() : clause[1]]))
    infinitive = bool(_INFINITIVE.search(before)) and not _FINITE.match(match.group())
    proposal = cues.PROPOSAL.search(lead)
    decided = cues.DECIDED.search(lead) or (cues.DECIDED.search(whole) and not proposal)
    rejected = cues.REJECTED.search(whole)
    if cues.HYPOTHETIC.search(before):
        return (action, "hypothetical", 0.4, "under a condition")
    if action == "terminated":
        if rejected or (negated and (infinitive or decided)):
            return ("rejected_termination", "happened", 0.7, "turned down")
        if negated:
            return ("terminated", "negated", 0.5, "denied")
        if infinitive and not decided:
            return ("proposed_termination", "proposed", 0.65, "wanted, not done") if proposal else None
        if proposal and not decided and re.search(r"(?:s|ast|es)$", match.group().split()[0]):
            return ("proposed_termination", "proposed", 0.65, "wanted, not done")
        return ("terminated", "happened", 0.7, "decided" if decided else "said as done")
    if action in ("frozen", "resumed", "renewed"):
        if negated:
            return (action, "negated", 0.4, "denied")
        if infinitive and not decided:
            return (action, "proposed", 0.5, "wanted, not done")
        return (action, "happened", 0.65, "said as done")
    if action == "signed":
        if negated:
            return (action, "negated", 0.4, "denied")
        if infinitive and not decided:
            return ("proposed_signing", "proposed", 0.55, "wanted, not done") if proposal else None
        return (action, "happened", 0.6, "said as done")
    if negated or (infinitive and proposal):
        return None
    return (action, "happened", 0.5, "said as done")


def weigh(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Keep one claim a tie, action and factuality, and drop what the text itself overtakes.

    A proposal that is adopted in the same text is only the ending, one that is voted down only the refusal.
    """
    best: dict[tuple[Tie, Action, Factuality], Claim] = {}
    for claim in claims:
        key = (claim.tie, claim.action, claim.factuality)
        if key not in best or claim.score > best[key].score:
            best[key] = claim
    done = {(claim.tie, claim.action) for claim in best.values() if claim.factuality == "happened"}
    kept = []
    for claim in best.values():
        if claim.factuality == "proposed" and claim.action not in _PROPOSALS:
            continue  # to propose a freeze or a renewal is no event
        if claim.action == "proposed_termination" and (claim.tie, "terminated") in done:
            continue
        if (
            claim.action == "proposed_termination"
            and (claim.tie, "rejected_termination") in done
            and claim.score < SURE
        ):
            continue  # voted down, unless the text has a demand of its own besides
        if claim.action == "proposed_signing" and (claim.tie, "signed") in done:
            continue
        if claim.factuality in ("negated", "hypothetical") and (claim.tie, claim.action) in done:
            continue
        kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: (claim.tie, claim.start, ACTIONS.index(claim.action))))


def date_claim(text: str, sentences: Sequence[Span], claim: Claim, published: date | None) -> TieEvent:
    """Give a claim its date, its decider and its final form; a visit that lies ahead is proposed."""
    day, precision = _when(text, sentences, claim, published)
    factuality = claim.factuality
    if claim.action == "visit" and factuality == "happened" and day and published and day > published:
        factuality = "proposed"
    decider = None if claim.action in ("visit", "aid") else _decider(text, sentences, claim)
    return TieEvent(
        tie=claim.tie,
        action=claim.action,
        factuality=factuality,
        date=day,
        date_precision=precision,
        decided_by=decider,
        start=claim.start,
        end=claim.end,
        score=claim.score,
        rule=claim.rule,
    )


def _when(
    text: str, sentences: Sequence[Span], claim: Claim, published: date | None
) -> tuple[date | None, EventPrecision | None]:
    """The time said nearest to the claim, or the only day said where it is retold: a headline seldom has its date."""
    start, end = sentences[claim.sentence]
    said = find_moments(text, published, start=start, end=end)
    inside = [moment for moment in said if claim.start <= moment.start < claim.end] or list(said)
    if inside:
        nearest = min(inside, key=lambda moment: abs(moment.start - claim.cue))
        return nearest.date, nearest.precision
    if claim.action not in ("visit", "aid"):
        days = {
            (moment.date, moment.precision)
            for number in claim.retold
            for moment in find_moments(text, published, start=sentences[number][0], end=sentences[number][1])
            if moment.precision == "day" and (published is None or moment.date <= published)
        }
        if len(days) == 1:
            return days.pop()
    if claim.factuality == "happened" and published and claim.action not in ("signed", "frozen"):
        return published, "published"
    return None, None


def _decider(text: str, sentences: Sequence[Span], claim: Claim) -> str | None:
    start, end = sentences[claim.sentence]
    for left, right in ((claim.start, claim.end), (start, end)):
        for name, pattern in _DECIDERS:
            if pattern.search(text, left, right):
                return name
    return None


def read_events(
    text: str,
    sentences: Sequence[Span],
    links: Sequence[Link],
    mentions: Sequence[TieMention],
    judged: Mapping[Tie, Judgement],
    published: date | None,
) -> tuple[tuple[TieEvent, ...], tuple[Claim, ...]]:
    """Return the events of the text's ties, and all that the rules read (for the stance)."""
    claims = find_claims(text, sentences, links, mentions)
    weighed = weigh(claims) if not judged else weigh(_settle(text, sentences, mentions, claims, judged))
    return tuple(date_claim(text, sentences, claim, published) for claim in weighed), claims


def _by_form(judgement: Judgement, ruled: Sequence[Claim]) -> dict[Action, float]:
    """The reader's probabilities, but where the verbs are plain they tell a thing done from one wanted.

    An ending that the rules read only as a demand is a demand: a false ending is the worst error, and the reverse
    would make some. A beginning that they read as made in two sentences, and nowhere as wished, is made.
    """
    chances = dict(judgement.actions)
    read = {claim.action for claim in ruled if claim.factuality in ("happened", "proposed")}
    wished = chances["proposed_termination"]
    if chances["terminated"] > wished and "proposed_termination" in read and "terminated" not in read:
        chances["terminated"], chances["proposed_termination"] = wished, chances["terminated"]
    made = {claim.sentence for claim in ruled if claim.action == "signed" and claim.factuality == "happened"}
    wished = chances["proposed_signing"]
    if wished > chances["signed"] and len(made) > 1 and "proposed_signing" not in read:
        chances["signed"], chances["proposed_signing"] = wished, chances["signed"]
    return chances


def _settle(
    text: str,
    sentences: Sequence[Span],
    mentions: Sequence[TieMention],
    claims: Sequence[Claim],
    judged: Mapping[Tie, Judgement],
) -> list[Claim]:
    """Weigh the rules' claims against the trained reader, action by action."""
    out: list[Claim] = []
    for tie in dict.fromkeys(mention.tie for mention in mentions):
        judgement = judged.get(tie)
        mine = [claim for claim in claims if claim.tie == tie]
        if judgement is None:
            out.extend(mine)
            continue
        sure = _by_form(judgement, mine)
        for action in ACTIONS:
            said: Factuality = "proposed" if action in _PROPOSALS else "happened"
            ruled = [claim for claim in mine if claim.action == action and claim.factuality == said]
            chance = TRAINED * sure[action] + (1 - TRAINED) * bool(ruled)
            if chance < ENOUGH[action]:
                continue
            number = max(judgement.sentences, key=lambda n: judgement.sentences[n][action])
            there = [claim for claim in ruled if claim.sentence == number] or (
                ruled if judgement.sentences[number][action] < 0.3 else []
            )
            reader = f"reader {judgement.actions[action]:.2f}"
            retold = tuple(n for n, said_of in judgement.sentences.items() if said_of[action] >= RETOLD)
            if there:
                rule = f"{there[0].rule}; {reader}"
                out.append(replace(there[0], score=round(chance, 3), rule=rule, retold=retold))
            else:
                start, end = sentences[number]
                out.append(
                    Claim(
                        tie=tie,
                        action=action,
                        factuality=said,
                        sentence=number,
                        start=start,
                        end=end,
                        cue=start,
                        score=round(chance, 3),
                        rule=reader,
                        retold=retold,
                    )
                )
        out.extend(
            claim
            for claim in mine
            if claim.factuality in ("negated", "hypothetical") and judgement.actions[claim.action] < 0.5
        )
    return out
