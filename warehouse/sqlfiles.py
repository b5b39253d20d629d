"""The SQL files: one select a file, the stem is the table, the header comment defines it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

SQL = Path(__file__).with_name("sql")
CHECKS = Path(__file__).with_name("checks")
PUBLISHED = ("reference", "facts", "marts")
_KIND = {"raw": "temp view", "staging": "temp table", "reference": "table", "facts": "table", "marts": "table"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One SQL file: its table, its definition in words, and what it says of each column."""

    name: str
    layer: str
    kind: str
    comment: str
    columns: Mapping[str, str]
    select: str

    @property
    def statement(self) -> str:
        """The statement that makes it."""
        return f"create {self.kind} {self.name} as\n{self.select}"


@cache
def models() -> tuple[Model, ...]:
    """Read all SQL files that make tables and views, in the order of their paths."""
    return tuple(_model(path, layer) for layer in _KIND for path in sorted((SQL / layer).glob("*.sql")))


def macros(folder: str = "macros") -> tuple[Path, ...]:
    """List the files that define macros; those in `macros_on_tables` need the tables first."""
    return tuple(sorted((SQL / folder).glob("*.sql")))


def checks() -> tuple[Path, ...]:
    """List the check files; each returns the offending rows, `<table>__<what>.sql`."""
    return tuple(sorted(CHECKS.glob("*.sql")))


def needs(other: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Return what each table is made of; `other` names what Python makes, and of what."""
    names = {model.name for model in models()} | set(other)
    graph: dict[str, set[str]] = {name: set(wanted) & names for name, wanted in other.items()}
    for model in models():
        words = set(re.findall(r"\b(?:from|join)\s+([a-z_]+)", _without_comments(model.select)))
        graph[model.name] = (words & names) - {model.name}
    return graph


def ordered(graph: Mapping[str, set[str]]) -> list[str]:
    """Return all table names in an order in which they can be made."""
    sorter = TopologicalSorter({name: sorted(graph[name]) for name in sorted(graph)})
    return list(sorter.static_order())


def _model(path: Path, layer: str) -> Model:
    text = path.read_text(encoding="utf-8")
    comment: list[str] = []
    columns: dict[str, str] = {}
    kind = _KIND[layer]
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        words = line.removeprefix("--").strip()
        if words.startswith("materialized:"):
            kind = words.removeprefix("materialized:").strip()
        elif words.startswith("@"):
            name, _, meaning = words[1:].partition(" ")
            columns[name] = meaning
        else:
            comment.append(words)
    return Model(name=path.stem, layer=layer, kind=kind, comment="\n".join(comment), columns=columns, select=text)


def _without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text).lower()
