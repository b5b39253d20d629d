"""Read NorNE (train: NDT columns, dev: CoNLL-U) into texts with the character offsets of tokens, sentences and names.

The train files carry no spacing, so it is restored by rule; dev keeps the spacing of the file. The texts may not be
republished: they are read where they lie and never copied into the project.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PER", "ORG", "GPE_LOC", "GPE_ORG", "LOC", "PROD", "EVT", "DRV", "MISC")
_NO_SPACE_BEFORE = frozenset(".,:;!?)]»”%…") | {"...", ").", "),"}
_NO_SPACE_AFTER = frozenset("([«“")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One treebank sentence as text; offsets are characters into `text`; `spans` are (start, end, label)."""

    text: str
    tokens: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int, str], ...]
    ends_paragraph: bool


def read_documents(path: Path) -> Iterator[list[Sentence]]:
    """Yield the documents of one NorNE file, each a list of sentences in order."""
    document: list[Sentence] = []
    rows: list[list[str]] = []
    conllu = ".conllu" in path.name
    paragraph_next = False
    with gzip.open(path, "rt", encoding="utf8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("#"):
                if line.startswith("# document") and document:
                    yield document
                    document = []
                if line.startswith("# newpar"):
                    paragraph_next = True
            elif line:
                if not rows and paragraph_next and document:
                    # A dev file has no documents: a new paragraph is the nearest thing, good enough as context.
                    yield document
                    document = []
                paragraph_next = False
                rows.append(line.split("\t"))
            elif rows:
                if (sentence := _sentence(rows, conllu)) is not None:
                    document.append(sentence)
                rows = []
        if rows and (sentence := _sentence(rows, conllu)) is not None:
            document.append(sentence)
    if document:
        yield document


def _sentence(rows: list[list[str]], conllu: bool) -> Sentence | None:
    rows = [row for row in rows if "-" not in row[0]]
    headline = not conllu and rows[-1][1] == "|"
    if not conllu:
        rows = [row for row in rows if row[1] != "|"]
    text, quoted, glue = "", False, True
    tokens: list[tuple[int, int]] = []
    spans: list[tuple[int, int, str]] = []
    for row in rows:
        word, misc = row[1], row[-1]
        opening = word in ('"', "''") and not quoted
        if conllu:
            spaced = not glue
        else:
            closing = word in ('"', "''") and quoted
            spaced = not glue and word not in _NO_SPACE_BEFORE and not closing
        if spaced and text:
            text += " "
        start = len(text)
        text += word
        tokens.append((start, len(text)))
        name = next(part for part in misc.split("|") if part.startswith("name="))[5:]
        if name.startswith("I-") and spans and spans[-1][1] >= tokens[-2][1]:
            spans[-1] = (spans[-1][0], len(text), spans[-1][2])
        elif name != "O":
            spans.append((start, len(text), name[2:]))
        if conllu:
            glue = "SpaceAfter=No" in misc
        else:
            if word in ('"', "''"):
                quoted = not quoted
            glue = word in _NO_SPACE_AFTER or opening
    if not text:
        return None
    return Sentence(text=text, tokens=tuple(tokens), spans=tuple(spans), ends_paragraph=headline)
