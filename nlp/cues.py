"""The words that Norwegian uses of ties and of what is done about them, from `nlp/data/cues.toml`.

The rules of `nlp.ties` and `nlp.events` read with them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

from nlp.reading import Action


def _compile(parts: Sequence[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)


_TABLE = tomllib.loads((files("nlp") / "data" / "cues.toml").read_text("utf-8"))

FRIENDS: Final = _compile(_TABLE["friends"])  # by themselves call two places friends or partners
AGREEMENT: Final = _compile(_TABLE["agreement"])  # an agreement or co-operation, of whomever
NEAR_TIE: Final = _compile(_TABLE["near_tie"])  # worth a closer look at the city beside
ANAPHOR: Final = _compile(_TABLE["anaphor"])  # the tie or its foreign end, said without its name
NOT_KOMMUNE: Final = _compile(_TABLE["not_kommune"])  # other parties than a kommune
NEGATION: Final = _compile(_TABLE["negation"])
PROPOSAL: Final = _compile(_TABLE["proposal"])
HYPOTHETIC: Final = _compile(_TABLE["hypothetic"])
DECIDED: Final = _compile(_TABLE["decided"])
REJECTED: Final = _compile(_TABLE["rejected"])
OPINION: Final = _compile(_TABLE["opinion"])  # somebody speaks for himself
KEEP: Final = _compile(_TABLE["keep"])  # wants for a tie, in opinion texts
ESTABLISH: Final = _compile(_TABLE["establish"])
CUES: Final[Mapping[Action, re.Pattern[str]]] = {name: _compile(parts) for name, parts in _TABLE["actions"].items()}
PLURAL_ANAPHOR: Final = re.compile(r"(?:ene|ane|banda|båndene|begge|de to|dei to|de tre|dei tre|alle)\b", re.IGNORECASE)

# Adjectives of nations: `de russiske byene`, `den svenske avtalen`.
LANDS = (
    (re.compile(r"\brussisk", re.IGNORECASE), "ru"),
    (re.compile(r"\bukrainsk", re.IGNORECASE), "ua"),
    (re.compile(r"\b(?:hvite|kvite)russisk|\bbelarusisk", re.IGNORECASE), "by"),
    (re.compile(r"\bpalestinsk", re.IGNORECASE), "ps"),
    (re.compile(r"\bkinesisk", re.IGNORECASE), "cn"),
    (re.compile(r"\bsvensk", re.IGNORECASE), "se"),
    (re.compile(r"\bdansk", re.IGNORECASE), "dk"),
    (re.compile(r"\bfinsk", re.IGNORECASE), "fi"),
    (re.compile(r"\bislandsk", re.IGNORECASE), "is"),
    (re.compile(r"\bpolsk", re.IGNORECASE), "pl"),
    (re.compile(r"\btysk", re.IGNORECASE), "de"),
    (re.compile(r"\bamerikansk", re.IGNORECASE), "us"),
    (re.compile(r"\best(?:isk|nisk|landsk)", re.IGNORECASE), "ee"),
    (re.compile(r"\b(?:latvisk|lettisk)", re.IGNORECASE), "lv"),
    (re.compile(r"\blitauisk", re.IGNORECASE), "lt"),
)
