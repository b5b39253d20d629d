"""What the replica papers print: the invented demo texts, and as many more as a test of endurance asks for."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from crawlers.article import Author

TEXTS = Path(__file__).with_name("texts")
MARK = "Oppdiktet demotekst fra Bybånds testaviser. Avisen har ikke trykket dette."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as a paper prints it. `paragraphs`: `## ` begins a heading, `<` raw markup, else running text.

    `number` is the platform's own count; `reply_url` the address of the post that this one answers.
    """

    id: str
    source: str
    number: int
    published: datetime
    title: str
    lead: str = ""
    paragraphs: tuple[str, ...] = ()
    modified: datetime | None = None
    kind: Literal["news", "opinion"] = "news"
    form: str | None = None
    section: str = "Nyheter"
    tags: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    language: str = "nb"
    paywalled: bool = False
    wire: str | None = None
    copy_of: str | None = None
    reply_to: str | None = None
    reply_url: str | None = None
    correction: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> str:
        """The running text that an extractor is to find."""
        kept = [part.removeprefix("## ") for part in self.paragraphs if not part.startswith("<")]
        return "" if self.paywalled else "\n\n".join(kept)


def read_texts(folder: Path = TEXTS) -> tuple[Story, ...]:
    """Read every `*.jsonl` of the folder; raises ValueError naming file, line and field."""
    stories: list[Story] = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                stories.append(_story(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path}:{number}: {type(error).__name__} {error}") from None
    return tuple(stories)


def _story(text: dict[str, Any]) -> Story:
    modified = text.get("modified")
    return Story(
        id=text["id"],
        source=text["source"],
        number=number_of(text["id"]),
        published=datetime.fromisoformat(text["published"]),
        modified=datetime.fromisoformat(modified) if modified else None,
        title=text["title"],
        lead=text.get("lead") or "",
        paragraphs=tuple(text["paragraphs"]),
        kind=text["kind"],
        form=text.get("form"),
        section=text.get("section") or "Nyheter",
        tags=tuple(text.get("tags") or ()),
        authors=tuple(Author(name=one["name"], role=one.get("role") or None) for one in text.get("authors") or ()),
        language=text.get("language") or "nb",
        paywalled=bool(text.get("paywalled")),
        wire=text.get("wire"),
        copy_of=text.get("copy_of"),
        reply_to=text.get("reply_to"),
        correction=text.get("correction"),
    )


def number_of(story_id: str) -> int:
    """Return a stable number for an id: its digits where it has any, else a hash."""
    digits = re.sub(r"\D", "", story_id)
    return int(digits) if digits else int(sha256(story_id.encode()).hexdigest()[:6], 16)


_SUBJECTS = [
    "Kommunestyret",
    "Formannskapet",
    "Havnestyret",
    "Idrettslaget",
    "Rektoren",
    "Ordføreren",
    "Kulturskolen",
    "Brannvesenet",
    "Fiskerlaget",
    "Vegkontoret",
]
_VERBS = ["behandlet", "utsatte", "la fram", "roste", "drøftet", "åpnet", "stengte", "kartla", "vedtok", "presenterte"]
_OBJECTS = [
    "planen for den nye svømmehallen",
    "vegen over fjellet",
    "rapporten om skolebyggene",
    "budsjettet for neste år",
    "kaia i indre havn",
    "forslaget om flere bussavganger",
    "rasvarselet langs fjorden",
    "tilbudet til eldre i bygda",
    "lyset i lysløypa",
    "prøveboringen ved elva",
]
_TIMES = [
    "tirsdag",
    "onsdag kveld",
    "i helga",
    "før påske",
    "etter et langt møte",
    "uten debatt",
    "for tredje gang",
    "med stor interesse",
]
_MORE = [
    "Saken kommer opp igjen om noen uker",
    "Innbyggerne får komme med innspill",
    "Det ble notert uten merknader",
    "Arbeidet skal være ferdig til høsten",
    "Ingen av de frammøtte hadde spørsmål",
    "Prisen er ennå ikke kjent",
    "Naboene er varslet i brev",
    "Et nytt møte er satt til neste måned",
    "Regningen sendes fylkeskommunen",
]


def grow(source: str, count: int, *, seed: int = 1, first: datetime | None = None) -> tuple[Story, ...]:
    """Make `count` different invented stories for a source, one every three hours from `first` (default January 2023)."""
    chance = random.Random(f"{seed}:{source}")
    begin = first or datetime(2023, 1, 1, 6, tzinfo=UTC)
    return tuple(_grown(source, number, chance, begin + timedelta(hours=3 * number)) for number in range(count))


def _grown(source: str, number: int, chance: random.Random, published: datetime) -> Story:
    def sentence() -> str:
        return (
            f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)} {chance.choice(_TIMES)}."
            f" {chance.choice(_MORE)}."
        )

    opinion = chance.random() < 0.2
    return Story(
        id=f"g{source}{number}",
        source=source,
        number=500_000 + number,
        published=published,
        title=f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)} ({number})",
        lead=f"{sentence()} Sak nummer {number}.",
        paragraphs=tuple(
            " ".join(sentence() for _ in range(chance.randint(1, 3))) for _ in range(chance.randint(3, 9))
        ),
        kind="opinion" if opinion else "news",
        form="debatt" if opinion else None,
        section="Meninger" if opinion else "Nyheter",
        tags=("kommune",),
        authors=(Author(name="Oda Demo", role="journalist"),),
        paywalled=chance.random() < 0.1,
    )


def newest(stories: Iterable[Story], count: int | None = None) -> list[Story]:
    """Return the stories, newest first."""
    return sorted(stories, key=lambda story: (story.published, story.number), reverse=True)[:count]
