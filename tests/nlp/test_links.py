"""The linker against sentences of every trap class, and what must hold for any text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.links import link
from nlp.places import load_gazetteer

_MARK = re.compile(r"\[(?P<right>[^\]|]+)\|(?P<place>[^\]]+)\]|\{(?P<wrong>[^}]+)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A marked sentence: its class, plain text, wanted links, spans that are no place, and the call's options."""

    group: str
    text: str
    wanted: tuple[tuple[int, int, str], ...]
    traps: tuple[tuple[int, int], ...]
    options: dict[str, str]


def read_cases(path: Path) -> list[Case]:
    cases, group = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif line and not line.startswith("#"):
            marked, *options = line.replace("\\n", "\n").split(" // ")
            text, at, wanted, traps = "", 0, [], []
            for match in _MARK.finditer(marked):
                text += marked[at : match.start()]
                words = match["right"] or match["wrong"]
                span = (len(text), len(text) + len(words))
                text, at = text + words, match.end()
                if match["right"]:
                    wanted.append((*span, match["place"]))
                else:
                    traps.append(span)
            text += marked[at:]
            pairs = dict(option.split("=", 1) for option in options)
            cases.append(Case(group, text, tuple(wanted), tuple(traps), pairs))
    return cases


CASES = [
    case for name in ("link_cases.txt", "link_texts.txt") for case in read_cases(Path(__file__).with_name(name))
]


def judge(case: Case) -> list[str]:
    """Return what is wrong with the links of a case, each as one line."""
    published = case.options.get("published")
    links = [
        found
        for found in link(
            case.text,
            (),
            load_gazetteer(),
            published=date.fromisoformat(published) if published else None,
            fylke=case.options.get("fylke"),
        )
        if found.place_id
    ]
    faults = []
    for start, end, place in case.wanted:
        here = [found.place_id for found in links if found.start < end and start < found.end]
        if place != "?" and place not in here:
            faults.append(f"missed {case.text[start:end]} ({place}, got {here}): {case.text}")
    for found in links:
        if not any(found.start < end and start < found.end for start, end, _ in case.wanted):
            faults.append(f"wrong {case.text[found.start : found.end]} = {found.place_id} ({found.rule}): {case.text}")
    return faults


def test_enough_cases_of_every_class() -> None:
    assert sum(len(case.wanted) + len(case.traps) for case in CASES) >= 300


@pytest.mark.parametrize("group", sorted({case.group for case in CASES}))
def test_few_faults_in_each_class(group: str) -> None:
    cases = [case for case in CASES if case.group == group]
    marks = sum(len(case.wanted) + len(case.traps) for case in cases)
    faults = [fault for case in cases for fault in judge(case)]
    assert len(faults) <= max(1, 0.1 * marks), "\n".join(faults)


def test_few_faults_over_all() -> None:
    marks = sum(len(case.wanted) + len(case.traps) for case in CASES)
    faults = [fault for case in CASES for fault in judge(case)]
    assert len(faults) <= 0.04 * marks, "\n".join(faults)
