"""Learn the weights of the linker's evidence from NorNE.

    python -m nlp.training.linker NORNE_FOLDER [--without DOCUMENTS.txt]

Every gazetteer name in the treebank is an example: marked GPE it is a place, marked anything else it is not (LOC is
left out). Writes `nlp/data/name_counts.csv` and `nlp/data/evidence_weights.csv`. NorNE's annotation is CC0; single
names and weights are all that is kept of it. `--without` names documents to leave out, one an id a line, so that
texts which serve as a test are not learned.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from nlp.contexts import NameCounts, PlacePriors, describe, view_text
from nlp.names import Candidate, NameIndex, fold, load_lexicon
from nlp.places import load_gazetteer

DATA = Path(__file__).parents[1] / "data"
_CLOSING = frozenset(".,;:!?)]}»%")
_FOLDS = 5
_OFTEN = 3
_FILES = ("nob-train.conll.gz", "nno-train.conll.gz", "nob-dev.conllu.gz", "nno-dev.conllu.gz")


@dataclass(frozen=True, slots=True)
class Document:
    """A treebank document put together again: its text, sentences and entities as (start, end, label)."""

    name: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    entities: tuple[tuple[int, int, str], ...]


def read_treebank(path: Path) -> Iterator[Document]:
    """Yield the documents of a NorNE file (NDT columns or CoNLL-U); twenty-five sentences make one without names."""
    spaced = ".conllu" in path.name
    sentences: list[list[tuple[str, str, bool]]] = []
    tokens: list[tuple[str, str, bool]] = []
    name, chunk = path.name, 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# document"):
                if sentences:
                    yield _join(name, sentences, spaced)
                sentences, name = [], line.split("=")[1].strip()
            elif not line and tokens:
                sentences.append(tokens)
                tokens = []
                if spaced and len(sentences) == 25:
                    yield _join(f"{path.name}:{chunk}", sentences, spaced)
                    sentences, chunk = [], chunk + 1
            elif line and not line.startswith("#"):
                columns = line.split("\t")
                if "-" not in columns[0] and columns[1] != "|":
                    label = re.search(r"name=([\w-]+)", columns[-1])
                    tokens.append((columns[1], label[1] if label else "O", "SpaceAfter=No" not in columns[-1]))
    if sentences:
        yield _join(name, sentences, spaced)


def _join(name: str, sentences: list[list[tuple[str, str, bool]]], spaced: bool) -> Document:
    text = ""
    spans: list[tuple[int, int]] = []
    entities: list[tuple[int, int, str]] = []
    for tokens in sentences:
        text += "\n" if text else ""
        begin, space, quoted = len(text), False, False
        for form, label, gap in tokens:
            closing = form in _CLOSING or (form == '"' and quoted)
            if space and not (closing and not spaced):
                text += " "
            start = len(text)
            text += form
            if label.startswith("I-") and entities and entities[-1][2] == label[2:]:
                entities[-1] = (entities[-1][0], len(text), label[2:])
            elif label != "O":
                entities.append((start, len(text), label[2:]))
            if form == '"':
                quoted = not quoted
            space = gap if spaced else not (form in "([«" or (form == '"' and quoted))
        spans.append((begin, len(text)))
    return Document(name, text, tuple(spans), tuple(entities))


@dataclass(slots=True)
class Example:
    """One candidate with its answer and the document it stands in."""

    document: str
    name: str
    surface: str
    place: bool
    candidate: Candidate


def label_candidate(candidate: Candidate, document: Document) -> bool | None:
    """Say whether the treebank calls the candidate a place; None where that is not clear."""
    for start, end, label in document.entities:
        if start < candidate.end and candidate.start < end:
            exact = start == candidate.start and end in (candidate.end, candidate.name_end)
            rest = document.text[candidate.end : end].split()
            if start == candidate.start and rest and load_lexicon().classify(rest[0].lower()) in ("office", "sub"):
                return True  # "Bodø kommune" is an ORG there, a kommune mention here; "Oslo vest" a LOC
            if label.startswith("GPE"):
                return exact
            return None if label in ("LOC", "DRV") and exact else False
    return False


def main() -> None:
    """Fit, print the score on folds held out by document and on the treebank's dev part, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("norne", type=Path)
    parser.add_argument("--without", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print so many of the worst mistakes")
    options = parser.parse_args()
    left_out = set(options.without.read_text().split()) if options.without else set()
    documents = [document for name in _FILES for document in read_treebank(options.norne / name)]
    documents = [document for document in documents if document.name not in left_out]
    gazetteer = load_gazetteer()
    index, priors = NameIndex(gazetteer), PlacePriors(gazetteer)

    def examples(documents: list[Document]) -> list[tuple[Document, list[Example]]]:
        found = []
        for document in documents:
            folded = fold(document.text)
            rows = []
            for candidate in index.find(document.text, folded):
                if not candidate.pattern.spellings or candidate.form in ("compound", "closed", "misspelt"):
                    continue
                place = label_candidate(candidate, document)
                if place is not None:
                    name = folded[candidate.start : candidate.name_end]
                    surface = document.text[candidate.start : candidate.end]
                    rows.append(Example(document.name, name, surface, place, candidate))
            found.append((document, rows))
        return found

    trained = examples(documents)
    by_name: dict[str, Counter[str]] = defaultdict(Counter)  # documents, not mentions: one text proves little
    by_document: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for _, rows in trained:
        for row in rows:
            by_document[row.document, row.name]["place" if row.place else "other"] = 1
    for (_, name), answers_there in by_document.items():
        by_name[name].update(answers_there)
    counts = NameCounts(by_name)

    features: list[list[str]] = []
    flat: list[Example] = []
    for document, rows in trained:
        candidates = [row.candidate for row in rows]
        view, around = view_text(document.text, fold(document.text), document.sentences, candidates)
        for row, seen in zip(rows, around, strict=True):
            less = by_document[row.document, row.name]
            features.append(describe(row.candidate, seen, view, priors, counts, less=less))
            flat.append(row)
    often = Counter(name for row in features for name in row)
    kept = [{name: 1 for name in row if often[name] >= _OFTEN} for row in features]
    vectors = DictVectorizer(sort=True)
    matrix = vectors.fit_transform(kept)
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    answers = np.array([row.place for row in flat])
    print(len(flat), "examples,", answers.sum(), "places,", matrix.shape[1], "pieces of evidence")
    fold_of = {name: number % _FOLDS for number, name in enumerate(sorted({row.document for row in flat}))}
    folds = np.array([fold_of[row.document] for row in flat])
    guessed = np.zeros(len(flat))
    for number in range(_FOLDS):
        model = LogisticRegression(C=0.5, solver="liblinear", random_state=0)
        model.fit(matrix[folds != number], answers[folds != number])
        guessed[folds == number] = model.predict_proba(matrix[folds == number])[:, 1]
    _report("held-out folds", guessed, answers)
    model = LogisticRegression(C=0.5, solver="liblinear", random_state=0).fit(matrix, answers)
    for row, guess, evidence in sorted(
        zip(flat, guessed, features, strict=True), key=lambda t: -abs(t[1] - t[0].place)
    )[: options.show]:
        print(f"   {guess:.2f} {'place' if row.place else 'other'} {row.surface} ({row.document}) {' '.join(evidence)}")

    with (DATA / "name_counts.csv").open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["name", "place", "other"])
        writer.writerows((name, n["place"], n["other"]) for name, n in sorted(by_name.items()) if n.total() > 1)
    with (DATA / "evidence_weights.csv").open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["evidence", "weight"])
        weights = dict(zip(vectors.get_feature_names_out(), model.coef_[0], strict=True))
        weights["always"] = weights.get("always", 0.0) + float(model.intercept_[0])
        writer.writerows((name, f"{weight:.3f}") for name, weight in sorted(weights.items()) if abs(weight) >= 0.01)


def _report(what: str, guessed: np.ndarray, answers: np.ndarray) -> None:
    said = guessed >= 0.5
    right = int((said & answers).sum())
    precision, recall = right / max(1, said.sum()), right / max(1, answers.sum())
    f1 = 2 * precision * recall / (precision + recall)
    print(f"{what}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f} n={len(answers)}")


if __name__ == "__main__":
    main()
