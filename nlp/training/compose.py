"""Compose labelled practice texts out of `nlp.training.phrases`: endless, even, and a little stiff.

They teach the reader what verbs, frames and negations do before it sees the written texts. Seeded.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from nlp.training import phrases


def _words(joined: str) -> list[str]:
    return joined.split()


KOMMUNER = tuple(
    _words(
        "Tromsø Bodø Moss Vefsn Alta Sandnes Stord Voss Kinn Lund Harstad Narvik Vadsø Hamar Molde "
        "Lyngdal Gjøvik Steinkjer Bømlo Sola Sogndal Odda Førde Kragerø Halden Levanger Røros Sula "
        "Askøy Volda"
    )
)
CITIES = tuple(
    _words(
        "Murmansk Vyborg Kirovsk Karlstad Horsens Nokia Balta Kherson Gouda Nablus Kemi Lviv "
        "Apatity Borås Vejle Mikkeli Butsja Zboriv Nadym Tosno Visby Kolding Tartu Oulu Poltava "
        "Rivne Vaasa Narva Gdynia Wismar"
    )
)
NAMES = frozenset(
    _words(
        "Høyre Høgre SV Rødt Raudt MDG-politiker MDG-politikar Frp Arbeiderpartiet Arbeidarpartiet "
        "Venstre Senterpartiet"
    )
)
# What an infinitive's action becomes in each frame; None is no action.
OUTCOME = {
    "decided": {
        "terminated": "terminated",
        "frozen": "frozen",
        "signed": "signed",
        "renewed": "renewed",
        "resumed": "resumed",
    },
    "proposed": {"terminated": "proposed_termination", "signed": "proposed_signing"},
    "rejected": {"terminated": "rejected_termination"},
    "nothing": {},
    "elsewhere": {},
}


def compose(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield `count` labelled texts in the form of `nlp/training/texts`, bokmål and nynorsk in turn."""
    chance = random.Random(seed)
    for number in range(count):
        yield _text(chance, "nb" if number % 2 else "nn", number)


class _Composer:
    def __init__(self, chance: random.Random, language: str) -> None:
        self.chance = chance
        self.language = language
        self.kommuner = chance.sample(KOMMUNER, 2)
        self.cities = chance.sample(CITIES, 3)
        self.named = False

    def fill(self, template: str, *, city: int = 0, other: int = 1) -> str:
        full, bare = phrases.NP[self.language]
        np = self.chance.choice(bare if self.named and self.chance.random() < 0.55 else full)
        text = template.replace("{A}", np).replace("{a}", self.chance.choice(bare))
        for slot, values in phrases.SLOTS[self.language].items():
            while "{" + slot + "}" in text:
                value = self.chance.choice(values)
                if slot in "BP" and value.split()[0].strip(",") not in NAMES:
                    value = value[0].lower() + value[1:]
                text = text.replace("{" + slot + "}", value, 1)
        text = text.replace("{K}", self.kommuner[0]).replace("{k}", self.kommuner[1])
        text = text.replace("{C}", self.cities[city]).replace("{c}", self.cities[other])
        return re.sub(r"^\w|(?<=– )\w|(?<=[.?!] )\w", lambda match: match.group().upper(), text)

    def action(self, city: int = 0) -> tuple[str, str | None]:
        """One sentence about the city and the action it says, None for none."""
        language, chance = self.language, self.chance
        if chance.random() < 0.5:
            verb = chance.choices(("terminated", "frozen", "signed", "renewed", "resumed"), (5, 2, 2, 1, 1))[0]
            frame = chance.choices(tuple(OUTCOME), (4, 4, 4, 4, 1))[0]
            template = chance.choice(phrases.FRAMES[language][frame])
            template = template.replace("{V}", chance.choice(phrases.VERBS[language][verb]))
            return self.fill(template, city=city), OUTCOME[frame].get(verb)
        kinds = [kind for kind in phrases.SAYINGS[language] if kind != "none"]
        kind = chance.choice(kinds)
        said = self.fill(chance.choice(phrases.SAYINGS[language][kind]), city=city)
        return said, None if kind == "mentioned" else kind


def _text(chance: random.Random, language: str, number: int) -> dict[str, Any]:
    maker = _Composer(chance, language)
    parts: list[str] = []
    events: dict[int, list[tuple[str, str]]] = {0: [], 1: [], 2: []}
    ties = {0}
    notties: list[list[str]] = []
    shape = chance.random()
    if shape < 0.12:
        parts.append(maker.fill(chance.choice(phrases.SAYINGS[language]["none"])))
        ties = set()
        notties.append([maker.kommuner[0], maker.cities[0]])
        if chance.random() < 0.5:
            parts.append(maker.fill(chance.choice(phrases.SAYINGS[language]["none"])))
    else:
        if chance.random() < 0.7:
            parts.append(maker.fill(chance.choice(phrases.INTROS[language])))
            maker.named = True
        if chance.random() < 0.3:
            parts.append(maker.fill(chance.choice(phrases.FILL[language]), other=2))
        if shape < 0.32:
            template, first, second = chance.choice(phrases.FATES[language])
            said = maker.fill(template)
            parts.append(said)
            ties.add(1)
            for city, action in ((0, first), (1, second)):
                if action:
                    events[city].append((action, _clause_of(said, maker.cities[city])))
        else:
            for _ in range(chance.choice((1, 1, 2))):
                said, action = maker.action()
                parts.append(said)
                maker.named = True
                if action:
                    events[0].append((action, said))
                if chance.random() < 0.4:
                    parts.append(maker.fill(chance.choice(phrases.FILL[language]), other=2))
    if chance.random() < 0.3:
        parts.append(maker.fill(chance.choice(phrases.FILL[language]), other=2))
    if ties and maker.kommuner[0] not in " ".join(parts):
        parts.insert(0, maker.fill(chance.choice(phrases.INTROS[language])))
    text = " ".join(parts)
    return {
        "id": f"c{number}",
        "language": language,
        "text": text,
        "source": "composed",
        "ties": [
            {
                "kommune": maker.kommuner[0],
                "city": maker.cities[city],
                "events": [
                    {"action": action, "factuality": "happened", "evidence": said}
                    for action, said in _weigh(events[city])
                ],
                "stance": None,
            }
            for city in sorted(ties)
            if maker.cities[city] in text and maker.kommuner[0] in text
        ],
        "notties": [pair for pair in notties if pair[0] in text and pair[1] in text],
    }


def _weigh(events: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As the guidelines have it: adopted or voted down in the same text, a proposal is no event of its own."""
    actions = {action for action, _ in events}
    if actions & {"terminated", "rejected_termination"}:
        events = [event for event in events if event[0] != "proposed_termination"]
    if "signed" in actions:
        events = [event for event in events if event[0] != "proposed_signing"]
    return events


def _clause_of(said: str, city: str) -> str:
    """The sentence of `said` that names the city."""
    for sentence in re.split(r"(?<=\.) ", said):
        if city in sentence:
            return sentence
    return said
