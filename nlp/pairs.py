"""The trained reader: one kommune, one city, one text in; whether they are tied and what was done about it out.

The shared encoder reads each passage once, every place in it under one alias, so that names don't matter. Half-way up,
the two places in question and the others get marks, and the upper layers, tuned for this, read the passage anew for
each pair. Each sentence then gets a probability an action; the text gets one an action, one of the tie being stated,
and for an opinion text one for each stance.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import get_args

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertModel

from nlp.encoder import BASE, load_encoder
from nlp.reading import Action, Link, Stand, Tie

Span = tuple[int, int]
ACTIONS: tuple[Action, ...] = get_args(Action)
STANDS: tuple[Stand, ...] = get_args(Stand)
# One piece each: what the lower layers read for every kommune and for the cities of a country, so that names don't
# matter and `den russiske byen` still tells which is meant. The country is the first part of a city's place_id.
KOMMUNE = "▁Bergen"
CITIES = {
    "by": "▁Minsk",
    "cn": "▁Beijing",
    "de": "▁Berlin",
    "dk": "▁København",
    "fi": "▁Helsinki",
    "gb": "▁London",
    "is": "▁Island",
    "lt": "▁Vilnius",
    "pl": "▁Warszawa",
    "ps": "▁Gaza",
    "ru": "▁Moskva",
    "se": "▁Stockholm",
    "ua": "▁Ukraina",
    "us": "▁Chicago",
}
ELSEWHERE = "▁Milano"
KINDS = ("other word", "the kommune", "the city", "another kommune", "another city", "a city listed with the city")
LONGEST = 256  # pieces a passage
MOST_PASSAGES = 6  # a pair; those that name the city first, so that a book costs no more than an article
LOWER = 6  # layers shared by all pairs, as the base has them
_CLS, _SEP = 0, 2
Row = tuple[int, int, tuple[str, str] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of whole sentences as the encoder reads it.

    `sentence` numbers the sentence of each piece (-1 for the signs at both ends), `places` says at which piece which
    place stands.
    """

    ids: tuple[int, ...]
    sentence: tuple[int, ...]
    places: tuple[tuple[int, str, str], ...]

    def kinds(self, tie: Tie, listed: Collection[str] = ()) -> list[int]:
        """Mark each piece for one pair; see `KINDS`. `listed` are the cities that the text lists with the pair's."""
        marks = [0] * len(self.ids)
        for at, kind, place in self.places:
            if place == tie.kommune_id:
                marks[at] = 1
            elif place == tie.city_id:
                marks[at] = 2
            elif kind == "kommune":
                marks[at] = 3
            else:
                marks[at] = 5 if place in listed else 4
        return marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the trained reader thinks of one pair in one text; probabilities from 0 to 1."""

    tie: Tie
    stated: float
    actions: Mapping[Action, float]
    sentences: Mapping[int, Mapping[Action, float]]
    stance: Mapping[Stand, float]


def name_part(text: str, link: Link) -> Span:
    """The part of a mention that is the name: `Tromsø` in `Tromsø-ordføreren`."""
    surface = text[link.start : link.end]
    head, _dash, tail = surface.rpartition("-")
    if head and tail[:1].islower():
        return link.start, link.start + len(head)
    return link.start, link.end


def alias(kind: str, place_id: str) -> str:
    """The piece that stands for a place: one for all kommuner, one for the cities of a country."""
    return KOMMUNE if kind == "kommune" else CITIES.get(place_id.split("-")[0], ELSEWHERE)


def cut_passages(
    tokenizer: Tokenizer, text: str, sentences: Sequence[Span], links: Sequence[Link]
) -> tuple[Passage, ...]:
    """Cut a text into passages that the encoder can hold; the last sentence of one is the first of the next."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    named = sorted(
        (*name_part(text, link), link.kind, link.place_id)
        for link in links
        if link.place_id is not None and link.kind in ("kommune", "city")
    )
    rows: list[tuple[int, int, tuple[str, str] | None]] = []
    at = here = 0
    open_place = -1
    for piece, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
        while start < end and text[start].isspace():
            start += 1
        while at + 1 < len(sentences) and start >= sentences[at + 1][0]:
            at += 1
        while here < len(named) and named[here][1] <= start:
            here += 1
        if here < len(named) and named[here][0] < end and start < named[here][1]:
            if here != open_place:
                open_place = here
                kind, place = named[here][2], named[here][3]
                rows.append((tokenizer.token_to_id(alias(kind, place)) or 0, at, (kind, place)))
            continue
        rows.append((piece, at, None))
    return tuple(
        Passage(
            ids=(_CLS, *(row[0] for row in part), _SEP),
            sentence=(-1, *(row[1] for row in part), -1),
            places=tuple((n + 1, *row[2]) for n, row in enumerate(part) if row[2]),
        )
        for part in _cut(rows)
    )


def _cut(rows: Sequence[Row]) -> list[Sequence[Row]]:
    room = LONGEST - 2
    parts: list[Sequence[Row]] = []
    start = 0
    while start < len(rows):
        end = min(start + room, len(rows))
        if end < len(rows):
            cut = end
            while cut > start + room // 2 and rows[cut][1] == rows[cut - 1][1]:
                cut -= 1
            end = cut
        parts.append(rows[start:end])
        if end >= len(rows):
            break
        back = end
        while back > start + 1 and rows[back - 1][1] == rows[end - 1][1] and end - back < room // 3:
            back -= 1
        start = back
    return parts


class PairModel(nn.Module):
    """Upper layers and heads: marks in, one row of logits a sentence (actions) and one a passage out."""

    def __init__(self, encoder: BertModel, lower: int = LOWER) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        outs = len(ACTIONS)
        self.lower = lower
        self.base = [encoder]  # in a list: no part of the weights of this module
        self.upper = nn.ModuleList(encoder.encoder.layer[lower:])
        self.marks = nn.Parameter(torch.zeros(len(KINDS), width))
        self.token = nn.Linear(width, outs)
        self.sentence = nn.Sequential(nn.Linear(width * 3, 192), nn.GELU(), nn.Dropout(0.1), nn.Linear(192, outs))
        self.text = nn.Sequential(
            nn.Linear(width * 4, 192), nn.GELU(), nn.Dropout(0.1), nn.Linear(192, outs + 1 + len(STANDS))
        )

    def read_base(self, ids: Tensor, attention: Tensor) -> Tensor:
        """The lower layers, the same for all pairs of a passage."""
        encoder = self.base[0]
        hidden: Tensor = encoder.embeddings(input_ids=ids)
        mask = attention.bool()[:, None, None, :]
        for layer in encoder.encoder.layer[: self.lower]:
            hidden = layer(hidden, mask)
        return hidden

    def forward(self, hidden: Tensor, attention: Tensor, kinds: Tensor, pool: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits (batch, sentences, actions) and (batch, actions + tie + stands).

        `pool` (batch, sentences, pieces) holds the averaging weights of each sentence; rows of zeros are padding.
        """
        marks = self.marks * (torch.arange(len(KINDS)) > 0)[:, None]
        hidden = hidden + marks[kinds].to(hidden.dtype)
        mask = attention.bool()[:, None, None, :]
        for layer in self.upper:
            hidden = layer(hidden, mask)
        hidden = hidden.float()
        places = torch.stack([(kinds == kind).float() for kind in (1, 2)], 1)
        places = places / places.sum(-1, keepdim=True).clamp(min=1)
        spread = torch.bmm(places, hidden).flatten(1)
        mean = torch.bmm(pool, hidden)
        words = self.token(hidden)
        strongest = words.unsqueeze(1).masked_fill((pool == 0).unsqueeze(-1), -30.0).amax(2)
        sentence = self.sentence(torch.cat((mean, spread.unsqueeze(1).expand(-1, mean.shape[1], -1)), -1)) + strongest
        weights = attention.float()
        whole = torch.bmm((weights / weights.sum(1, keepdim=True)).unsqueeze(1), hidden).squeeze(1)
        text = self.text(torch.cat((hidden[:, 0], spread, whole), -1))
        summit = sentence.masked_fill(pool.sum(-1, keepdim=True) == 0, -30.0).amax(1)
        outs = len(ACTIONS)
        return sentence, torch.cat((text[:, :outs] + summit, text[:, outs:]), -1)


def lay_out(
    passages: Sequence[Passage], kinds: Sequence[Sequence[int]], pad: int = 1
) -> tuple[Tensor, Tensor, Tensor, Tensor, list[list[int]]]:
    """Pad passages to one length: ids, attention, kinds, averaging weights, and each row's sentence numbers."""
    longest = max(len(passage.ids) for passage in passages)
    numbers = [list(dict.fromkeys(n for n in passage.sentence if n >= 0)) or [0] for passage in passages]
    ids = np.full((len(passages), longest), pad, dtype=np.int64)
    attention = np.zeros((len(passages), longest), dtype=np.int64)
    marks = np.zeros((len(passages), longest), dtype=np.int64)
    pool = np.zeros((len(passages), max(map(len, numbers)), longest), dtype=np.float32)
    for row, passage in enumerate(passages):
        length = len(passage.ids)
        ids[row, :length] = passage.ids
        attention[row, :length] = 1
        marks[row, :length] = kinds[row]
        said = np.asarray(passage.sentence)
        for column, number in enumerate(numbers[row]):
            where = np.flatnonzero(said == number)
            if len(where):
                pool[row, column, where] = 1.0 / len(where)
    return torch.from_numpy(ids), torch.from_numpy(attention), torch.from_numpy(marks), torch.from_numpy(pool), numbers


def load_model(difference: Path, base: Path = BASE) -> PairModel:
    """Build the model of a tuned file; raises ValueError where its tensors are not those of this code."""
    encoder, own, notes = load_encoder(difference, base)
    model = PairModel(encoder, int(notes.get("lower", LOWER)))
    wanted = {name for name in model.state_dict() if not name.startswith("upper.")}
    if missing := wanted - own.keys():
        raise ValueError(f"{difference} is not a pair reader of this version: no {', '.join(sorted(missing)[:4])}")
    model.load_state_dict({name: own[name] for name in wanted}, strict=False)
    return model


class PairReader:
    """The trained reader with its weights loaded; `read` is deterministic and independent of what is read together."""

    def __init__(self, model: PairModel, tokenizer: Tokenizer, version: str) -> None:
        self._model = model.eval()
        self._tokenizer = tokenizer
        self.version = version

    @classmethod
    def load(cls, difference: Path, base: Path = BASE) -> PairReader:
        """Load the tuned layers (`nlp.encoder` form); raises FileNotFoundError where base or difference lacks."""
        model = load_model(difference, base)
        version = f"pairs-{sha256(difference.read_bytes()).hexdigest()[:8]}"
        return cls(model, Tokenizer.from_file(str(base / "tokenizer.json")), version)

    def read(
        self,
        text: str,
        sentences: Sequence[Span],
        links: Sequence[Link],
        ties: Sequence[Tie],
        *,
        lists: Sequence[frozenset[str]] = (),
        worth: Callable[[Mapping[Tie, Judgement]], Collection[Tie]] | None = None,
    ) -> tuple[Judgement, ...]:
        """Judge each pair; the same answer whatever else is asked. `lists` are the cities that the text lists together.

        `stated` is known from the passages that name the city. Given those judgements, `worth` says which ties can
        matter: only theirs go on to the passages beside, which tell of actions alone.
        """
        if not ties:
            return ()
        passages = cut_passages(self._tokenizer, text, sentences, links)
        looks = {
            tie: _Look(passages, tie, frozenset().union(*(group for group in lists if tie.city_id in group)))
            for tie in ties
        }
        based: dict[int, Tensor] = {}
        with torch.inference_mode():
            for look in looks.values():
                self._look(look, based, look.naming)
            judged = {tie: look.judgement() for tie, look in looks.items()}
            for tie in ties if worth is None else worth(judged):
                if looks[tie].beside:
                    self._look(looks[tie], based, looks[tie].beside)
                    judged[tie] = looks[tie].judgement()
        return tuple(judged.values())

    def _base(self, passages: Sequence[Passage], based: dict[int, Tensor], number: int) -> Tensor:
        if number not in based:
            passage = passages[number]
            ids, attention, _, _, _ = lay_out([passage], [[0] * len(passage.ids)])
            based[number] = self._model.read_base(ids, attention)
        return based[number]

    def _look(self, look: _Look, based: dict[int, Tensor], numbers: Sequence[int]) -> None:
        """Read some passages with the marks of one pair."""
        for number in numbers:
            _, attention, marks, pool, told = lay_out([look.passages[number]], [look.marked[number]])
            sentence, whole = self._model(self._base(look.passages, based, number), attention, marks, pool)
            look.told[number] = (told[0], torch.sigmoid(sentence[0]).numpy(), whole[0])


class _Look:
    """One pair on its way through a text: which passages to read, and what each told."""

    def __init__(self, passages: Sequence[Passage], tie: Tie, listed: Collection[str]) -> None:
        self.tie = tie
        self.passages = passages
        self.marked = {number: passage.kinds(tie, listed) for number, passage in enumerate(passages)}
        naming = [number for number, kinds in self.marked.items() if 2 in kinds]
        others = [
            number
            for number, kinds in self.marked.items()
            if 1 in kinds and 2 not in kinds and {number - 1, number + 1} & set(naming)
        ]
        self.naming = naming[:MOST_PASSAGES]
        self.beside = others[: MOST_PASSAGES - len(self.naming)]
        self.told: dict[int, tuple[list[int], np.ndarray, Tensor]] = {}

    def judgement(self) -> Judgement:
        """Put together what the passages read so far told."""
        outs = len(ACTIONS)
        stated = 0.0
        actions = np.zeros(outs)
        stance = np.zeros(len(STANDS))
        by_sentence: dict[int, np.ndarray] = {}
        for at in sorted(self.told):
            numbers, rows, whole = self.told[at]
            for number, row in zip(numbers, rows, strict=False):
                by_sentence[number] = np.maximum(by_sentence.get(number, 0.0), row)
            said = torch.sigmoid(whole[: outs + 1]).numpy()
            actions = np.maximum(actions, said[:outs])
            if at in self.naming:
                stated = max(stated, float(said[outs]))
                stance = stance + torch.softmax(whole[outs + 1 :], 0).numpy()
        stance = stance / max(1, len(self.naming))
        return Judgement(
            tie=self.tie,
            stated=stated,
            actions={action: float(p) for action, p in zip(ACTIONS, actions, strict=True)},
            sentences={
                number: {action: float(p) for action, p in zip(ACTIONS, row, strict=True)}
                for number, row in sorted(by_sentence.items())
            },
            stance={stand: float(p) for stand, p in zip(STANDS, stance, strict=True)},
        )
