"""The reading record: what was found in one version of one article, and how it is stored.

Offsets are characters into `crawlers.article.document(title, lead, text)`; `end` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Label = Literal["PER", "ORG", "GPE_LOC", "GPE_ORG", "LOC", "PROD", "EVT", "DRV", "MISC"]
PlaceKind = Literal["kommune", "city", "fylke", "region", "country"]
Action = Literal[
    "signed",
    "renewed",
    "proposed_signing",
    "frozen",
    "terminated",
    "proposed_termination",
    "rejected_termination",
    "resumed",
    "aid",
    "visit",
]
Factuality = Literal["happened", "proposed", "negated", "hypothetical", "historical"]
EventPrecision = Literal["day", "week", "month", "season", "year", "published"]
Stand = Literal["keep", "freeze", "end", "establish", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A named entity as the model saw it."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A mention and the place it denotes; `place_id` None means: looked at, not linked, for the reason in `rule`.

    `score` is the probability (0 to 1) that the link is right. `metonym` marks a capital that stands for a state's
    leadership and other places that stand for someone else.
    """

    start: int
    end: int
    kind: PlaceKind
    place_id: str | None
    score: float
    rule: str
    metonym: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Tie:
    """A kommune and a foreign city with any agreement."""

    kommune_id: str
    city_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TieMention:
    """A tie and the sentence that names it."""

    tie: Tie
    start: int
    end: int
    score: float
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TieEvent:
    """What is said to have been done, proposed or refused about a tie, with the words that say so.

    `date` is the decision's first possible day and None where the text gives none; `date_precision` says how much of
    it is known, `published` meaning that only the day of printing is known. Only `factuality == "happened"` may move
    a tie's status.
    """

    tie: Tie
    action: Action
    factuality: Factuality
    date: date | None
    date_precision: EventPrecision | None
    decided_by: str | None
    start: int
    end: int
    score: float
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What an opinion text wants for a tie, with the words that show it best."""

    tie: Tie
    stance: Stand
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything read out of one article version. A pure function of the text, the models and the gazetteer.

    `signature` is the MinHash of the text's word shingles (128 x uint32; empty for texts under 20 words), for finding
    copies of a text. `opinion_form` is the form that the text itself shows (a disclaimer, "Svar til").
    `embedding` is L2-normalised, or empty where no embedding model is set.
    """

    article_id: str
    version: int
    content_hash: str
    model_version: str
    language: str
    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    mentions: tuple[TieMention, ...]
    events: tuple[TieEvent, ...]
    stances: tuple[Stance, ...]
    signature: tuple[int, ...] = ()
    embedding: tuple[float, ...] = ()
    opinion_form: str | None = None
