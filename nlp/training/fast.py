"""Train the fast tier: a spaCy pipeline (hashed shapes + distilled word vectors, CNN, transition-based names)."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Config

from nlp.training.augment import Names, vary
from nlp.training.corpus import Sentence
from nlp.training.names import score
from nlp.wordvectors import WordVectors, attach

CONFIG = """
[nlp]
lang = "nb"
pipeline = ["ner"]
batch_size = 64

[components]

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = true
hidden_width = 64
maxout_pieces = 2
use_upper = true
nO = null

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2Vec.v2"

[components.ner.model.tok2vec.embed]
@architectures = "bybaand.WordVectorEmbed.v1"
width = 96
dimensions = 68
attrs = ["NORM", "PREFIX", "SUFFIX", "SHAPE"]
rows = [5000, 1000, 2500, 1000]

[components.ner.model.tok2vec.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
window_size = 1
maxout_pieces = 3
depth = 4
"""


def make_doc(nlp: spacy.Language, sentences: Sequence[Sentence]) -> Doc:
    """Return the sentences as one spaCy document with its names and sentence starts."""
    words: list[str] = []
    spaces: list[bool] = []
    starts: list[bool] = []
    spans: list[tuple[int, int, str]] = []
    for sentence in sentences:
        first = len(words)
        begins = {a: i for i, (a, _b) in enumerate(sentence.tokens)}
        ends = {b: i for i, (_a, b) in enumerate(sentence.tokens)}
        for i, (a, b) in enumerate(sentence.tokens):
            words.append(sentence.text[a:b])
            spaces.append(i + 1 == len(sentence.tokens) or sentence.tokens[i + 1][0] > b)
            starts.append(i == 0)
        spans += [(first + begins[a], first + ends[b] + 1, label) for a, b, label in sentence.spans]
    doc = Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts)
    doc.ents = tuple(Span(doc, a, b, label=label) for a, b, label in spans)
    return doc


def _groups(document: Sequence[Sentence], chance: random.Random | None) -> Iterable[Sequence[Sentence]]:
    at = 0
    while at < len(document):
        size = chance.choice((1, 2, 4, 6)) if chance else 5
        yield document[at : at + size]
        at += size


def _bare(doc: Doc) -> Doc:
    words = [token.text for token in doc]
    return Doc(
        doc.vocab,
        words=words,
        spaces=[bool(token.whitespace_) for token in doc],
        sent_starts=[token.is_sent_start for token in doc],
    )


def evaluate(nlp: spacy.Language, documents: Iterable[Sequence[Sentence]]) -> dict[str, float]:
    """Score the pipeline on gold tokens."""
    gold = [make_doc(nlp, group) for document in documents for group in _groups(document, None)]
    found = list(nlp.pipe(_bare(doc) for doc in gold))
    return score(
        [{(e.start, e.end, e.label_) for e in doc.ents} for doc in gold],
        [{(e.start, e.end, e.label_) for e in doc.ents} for doc in found],
    )


def train(
    documents: list[list[Sentence]],
    dev: dict[str, list[list[Sentence]]],
    names: Names,
    vectors: WordVectors,
    out: Path,
    *,
    epochs: int = 14,
    budget: int = 1200,
    rate: float = 2e-3,
    dropout: float = 0.15,
    seed: int = 17,
    config: str = CONFIG,
    start: Path | None = None,
) -> None:
    """Train, keep the best epoch of the dev sets (mean F, GPE merged) in `out`, log to `out.log.jsonl`.

    With `start`, go on from that pipeline.
    """
    fix_random_seed(seed)
    chance = random.Random(seed)
    if start is not None:
        nlp = spacy.load(start)
        attach(nlp, vectors)
        optimizer = nlp.resume_training()
    else:
        nlp = spacy.util.load_model_from_config(Config().from_str(config), auto_fill=True)
        attach(nlp, vectors)
        sample = [
            Example(_bare(doc), doc)
            for document in documents[::4]
            for doc in [make_doc(nlp, group) for group in _groups(document, None)][::3]
        ]
        optimizer = nlp.initialize(lambda: sample)
        attach(nlp, vectors)
    optimizer.L2 = 0.01
    out.mkdir(parents=True, exist_ok=True)
    best, began, steps = 0.0, time.monotonic(), 0
    total = epochs * sum(len(s.tokens) for d in documents for s in d) // budget
    for epoch in range(1, epochs + 1):
        examples = []
        for document in documents:
            varied = [vary(s, names, chance, rate=0.5) for s in document]
            for group in _groups(varied, chance):
                doc = make_doc(nlp, group)
                examples.append(Example(_bare(doc), doc))
        chance.shuffle(examples)
        losses: dict[str, float] = {}
        batch: list[Example] = []
        size = 0
        for example in [*examples, None]:
            if example is None or size > budget:
                progress = min(1.0, steps / total)
                optimizer.learn_rate = rate * min(1.0, progress / 0.03 + 0.02) * max(0.03, 1 - progress)
                nlp.update(batch, sgd=optimizer, drop=dropout, losses=losses)
                batch, size = [], 0
                steps += 1
            if example is not None:
                batch.append(example)
                size += len(example.reference)
        with nlp.use_params(optimizer.averages):
            scores = {name: evaluate(nlp, docs) for name, docs in dev.items()}
            mean = sum(s["merged"] for s in scores.values()) / len(scores)
            if mean > best:
                best = mean
                nlp.to_disk(out, exclude=["vocab"])
                vectors.save(out)
        line = {"epoch": epoch, "seconds": round(time.monotonic() - began), "loss": round(losses["ner"]), "dev": scores}
        print(json.dumps(line), flush=True)
        with (out.parent / f"{out.name}.log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")


def ship(trained: Path, out: Path) -> None:
    """Copy a trained pipeline to where it is shipped, without the words of the corpus that spaCy kept."""
    out.mkdir(parents=True, exist_ok=True)
    for name in ("config.cfg", "meta.json", "tokenizer", "vectors.npz", "words.json"):
        shutil.copy(trained / name, out / name)
    shutil.copytree(trained / "ner", out / "ner", dirs_exist_ok=True)
