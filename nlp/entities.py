"""Names in Norwegian text: what kind of thing each stands for, with the words and sentences around it.

Two tiers are shipped: `fast` (a spaCy pipeline) and `accurate` (the fine-tuned encoder); a folder or the name of any
other spaCy pipeline or Hugging Face token classifier may be given instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, cast, get_args

import numpy as np
import spacy
import torch
from spacy.tokens import Doc
from tokenizers import Tokenizer

from nlp.encoder import BASE, MODELS, load_encoder
from nlp.reading import Entity, Label
from nlp.sentences import split_sentences, split_tokens

Span = tuple[int, int]

FAST = MODELS / "fast"
ACCURATE = MODELS / "accurate.safetensors"
_WINDOW = 128  # pieces read together; the training windows were of 1 sentence up to 192 pieces
_LONGEST = 500  # pieces that the encoder can read at once, less the marks
_ROWS = 16  # windows a batch
_CHUNK = 1000  # words that the spaCy pipeline reads together
_LABELS: frozenset[str] = frozenset(get_args(Label))
_OTHER_LABELS = {
    "GPE": "GPE_LOC",
    "PERSON": "PER",
    "PRS": "PER",
    "LOCATION": "LOC",
    "FAC": "LOC",
    "ORGANIZATION": "ORG",
    "NORP": "DRV",
    "EVENT": "EVT",
    "EVN": "EVT",
    "PRODUCT": "PROD",
    "WORK_OF_ART": "PROD",
    "WRK": "PROD",
    "OBJ": "PROD",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What the entity model sees in one text; every pair is (start, end) in characters of that text."""

    entities: tuple[Entity, ...]
    sentences: tuple[Span, ...]
    tokens: tuple[Span, ...]


class EntityModel(Protocol):
    """Reads texts one by one: the answer to a text depends neither on the other texts nor on their order.

    `version` changes when the weights change.
    """

    version: str

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        """Yield one `Parsed` a text, in order."""
        ...


def load_entities(tier: str | Path = "accurate") -> EntityModel:
    """Load a shipped tier, or any model by its folder or name.

    Raises FileNotFoundError where weights are missing and ValueError where the model names no entities.
    """
    if tier == "fast":
        return _load_fast(FAST)
    if tier == "accurate":
        return _load_accurate(ACCURATE)
    folder = Path(tier)
    if folder.is_file() and folder.suffix == ".safetensors":
        return _load_accurate(folder)
    if folder.is_dir():
        if (folder / "vectors.npz").is_file():
            return _load_fast(folder)
        if (folder / "meta.json").is_file():
            return _load_spacy(folder)
        return _load_classifier(str(folder))
    if find_spec(str(tier).replace("/", "_")) is not None:
        return _load_spacy(str(tier))
    return _load_classifier(str(tier))


def _split(text: str) -> tuple[tuple[Span, ...], list[list[Span]]]:
    """Return the sentences and the tokens of each."""
    sentences = split_sentences(text)
    tokens = split_tokens(text, {end for _start, end in sentences})
    grouped: list[list[Span]] = [[] for _ in sentences]
    at = 0
    for span in tokens:
        while at < len(sentences) - 1 and span[0] >= sentences[at][1]:
            at += 1
        if sentences and sentences[at][0] <= span[0] and span[1] <= sentences[at][1]:
            grouped[at].append(span)
    return sentences, grouped


def _known(label: str) -> Label:
    label = label.upper()
    label = _OTHER_LABELS.get(label, label)
    return cast(Label, label if label in _LABELS else "MISC")


def _digest(*paths: Path) -> str:
    digest = sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


class _Pipeline:
    """A spaCy pipeline over our own words and sentences."""

    def __init__(self, nlp: spacy.Language, version: str) -> None:
        self.nlp, self.version = nlp, version

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        for text in texts:
            sentences, grouped = _split(text)
            chunks: list[list[list[Span]]] = []
            for group in grouped:
                if not group:
                    continue
                if not chunks or sum(map(len, chunks[-1])) + len(group) > _CHUNK:
                    chunks.append([])
                chunks[-1] += [group[at : at + _CHUNK] for at in range(0, len(group), _CHUNK)]
            entities: list[Entity] = []
            for chunk in chunks:
                spans = [span for group in chunk for span in group]
                for ent in self.nlp(self._doc(text, chunk)).ents:
                    start, end = spans[ent.start][0], spans[ent.end - 1][1]
                    entities.append(Entity(start=start, end=end, label=_known(ent.label_)))
            tokens = tuple(span for group in grouped for span in group)
            yield Parsed(entities=tuple(entities), sentences=sentences, tokens=tokens)

    def _doc(self, text: str, chunk: Sequence[Sequence[Span]]) -> Doc:
        spans = [span for group in chunk for span in group]
        return Doc(
            self.nlp.vocab,
            words=[text[start:end] for start, end in spans],
            spaces=[i + 1 == len(spans) or spans[i + 1][0] > end for i, (_start, end) in enumerate(spans)],
            sent_starts=[i == 0 for group in chunk for i in range(len(group))],
        )


class _Tagger:
    """A token classifier over our own words: the first piece of a word decides its tag."""

    def __init__(
        self, tokenizer: Tokenizer, classify: Any, tags: Sequence[str], marks: tuple[int, int, int], version: str
    ) -> None:
        self.tokenizer, self.classify, self.tags, self.version = tokenizer, classify, tags, version
        self.first, self.last, self.pad = marks
        self.cost = _transitions(tags)

    def read(self, texts: Iterable[str]) -> Iterator[Parsed]:
        for text in texts:
            sentences, grouped = _split(text)
            tokens = tuple(span for group in grouped for span in group)
            entities = tuple(self._entities(text, sentences, grouped))
            yield Parsed(entities=entities, sentences=sentences, tokens=tokens)

    def _entities(self, text: str, sentences: Sequence[Span], grouped: Sequence[Sequence[Span]]) -> Iterator[Entity]:
        windows = list(self._windows(text, sentences, grouped))
        for at in range(0, len(windows), _ROWS):
            batch = windows[at : at + _ROWS]
            width = max(len(ids) for ids, _columns, _spans in batch) + 2
            ids = torch.full((len(batch), width), self.pad, dtype=torch.long)
            mask = torch.zeros((len(batch), width), dtype=torch.long)
            for row, (pieces, _columns, _spans) in enumerate(batch):
                ids[row, : len(pieces) + 2] = torch.tensor([self.first, *pieces, self.last])
                mask[row, : len(pieces) + 2] = 1
            scores = self.classify(ids, mask)
            for row, (_pieces, columns, spans) in enumerate(batch):
                if columns:
                    path = _best_path(scores[row, columns], self.cost)
                    yield from _entities([self.tags[number] for number in path], spans)

    def _windows(
        self, text: str, sentences: Sequence[Span], grouped: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[list[int], list[int], list[Span]]]:
        """Yield (piece ids, column of each word's first piece, the words) of neighbouring sentences."""
        ids: list[int] = []
        columns: list[int] = []
        spans: list[Span] = []
        encodings = self.tokenizer.encode_batch([text[a:b] for a, b in sentences], add_special_tokens=False)
        for (begin, end), words, encoding in zip(sentences, grouped, encodings, strict=True):
            cover = np.full(end - begin + 1, -1, dtype=np.int64)
            for number, (a, b) in enumerate(encoding.offsets):
                cover[a:b] = number
            pieces = encoding.ids
            if ids and len(ids) + len(pieces) > _WINDOW:
                yield ids, columns, spans
                ids, columns, spans = [], [], []
            done = 0  # pieces of this sentence that lie in earlier windows
            for start, stop in words:
                piece = int(cover[start - begin])
                if piece < 0:
                    continue
                if piece - done >= _LONGEST:
                    yield [*ids, *pieces[done : done + _LONGEST]], columns, spans
                    ids, columns, spans, done = [], [], [], piece
                columns.append(1 + len(ids) + piece - done)
                spans.append((start, stop))
            ids = [*ids, *pieces[done : done + _LONGEST]]
        if ids:
            yield ids, columns, spans


def _transitions(tags: Sequence[str]) -> np.ndarray:
    """Return the cost of each step from tag to tag, last row: from the start. I-X follows only B-X or I-X."""
    cost = np.zeros((len(tags) + 1, len(tags)), dtype=np.float32)
    for after, tag in enumerate(tags):
        if tag.startswith("I-"):
            cost[:, after] = -1e4
            for before, previous in enumerate(tags):
                if previous[:2] in ("B-", "I-") and previous[2:] == tag[2:]:
                    cost[before, after] = 0
    if not any(tag.startswith("B-") for tag in tags):
        cost[:] = 0  # a scheme without B-: any step is allowed
    return cost


def _best_path(scores: np.ndarray, cost: np.ndarray) -> list[int]:
    """Return the best allowed sequence of tags (Viterbi); scores are words x tags, as logarithms."""
    best = scores[0] + cost[-1]
    steps = cost[:-1]
    back = []
    for row in scores[1:]:
        reach = best[:, None] + steps
        back.append(reach.argmax(0))
        best = reach.max(0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def _entities(tags: Sequence[str], spans: Sequence[Span]) -> Iterator[Entity]:
    begin, label = -1, ""
    for i, tag in enumerate([*tags, "O"]):
        part, kind = tag[:2], tag[2:]
        goes_on = part == "I-" and begin >= 0 and kind == label
        if begin >= 0 and not goes_on:
            yield Entity(start=spans[begin][0], end=spans[i - 1][1], label=_known(label))
            begin = -1
        if part in ("B-", "I-") and not goes_on:
            begin, label = i, kind


def _load_fast(folder: Path) -> EntityModel:
    from nlp.wordvectors import WordVectors, attach  # the import registers the pipeline's embedding layer

    if not (folder / "vectors.npz").is_file():
        raise FileNotFoundError(
            f"no fast entity model at {folder}; it is part of the project (nlp/models), "
            "or is made anew with `python -m nlp.training`"
        )
    nlp = spacy.load(folder)
    attach(nlp, WordVectors.load(folder, BASE / "tokenizer.json"))
    return _Pipeline(nlp, f"fast-{_digest(folder / 'ner' / 'model', folder / 'vectors.npz')}")


def _load_accurate(path: Path) -> EntityModel:
    if not path.is_file():
        raise FileNotFoundError(
            f"no accurate entity model at {path}; it is part of the project (nlp/models), "
            "or is made anew with `python -m nlp.training`"
        )
    encoder, own, notes = load_encoder(path)
    tags = json.loads(notes["tags"])
    weight, bias = own["head.weight"], own["head.bias"]

    @torch.inference_mode()
    def classify(ids: torch.Tensor, mask: torch.Tensor) -> np.ndarray:
        hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return torch.log_softmax(hidden @ weight.T + bias, -1).numpy()

    tokenizer = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    version = f"{path.stem}-{_digest(path, BASE / 'model.safetensors')}"
    return _Tagger(tokenizer, classify, tags, (0, 2, 1), version)


def _load_spacy(name: str | Path) -> EntityModel:
    nlp = spacy.load(name)
    if not any(
        nlp.get_pipe_meta(pipe).assigns and "doc.ents" in nlp.get_pipe_meta(pipe).assigns for pipe in nlp.pipe_names
    ):
        raise ValueError(f"the spaCy pipeline {name} finds no entities (its parts: {', '.join(nlp.pipe_names)})")
    meta = nlp.meta
    return _Pipeline(nlp, f"{meta['lang']}_{meta['name']}-{meta['version']}")


def _load_classifier(name: str) -> EntityModel:
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(name)
    if not tokenizer.is_fast:
        raise ValueError(f"the tokenizer of {name} tells no offsets; choose a model with a fast tokenizer")
    model = AutoModelForTokenClassification.from_pretrained(name).eval()
    tags = [model.config.id2label[number] for number in range(model.config.num_labels)]

    @torch.inference_mode()
    def classify(ids: torch.Tensor, mask: torch.Tensor) -> np.ndarray:
        logits = model(input_ids=ids, attention_mask=mask).logits
        return torch.log_softmax(logits.float(), -1).numpy()

    first = tokenizer.cls_token_id if tokenizer.cls_token_id is not None else tokenizer.bos_token_id
    last = tokenizer.sep_token_id if tokenizer.sep_token_id is not None else tokenizer.eos_token_id
    if first is None or last is None:
        raise ValueError(f"the tokenizer of {name} has no marks for the start and the end of a text")
    version = f"{Path(name).name}-{getattr(model.config, '_commit_hash', None) or 'local'}"
    return _Tagger(tokenizer.backend_tokenizer, classify, tags, (first, last, tokenizer.pad_token_id or 0), version)
