"""Fine-tune the encoder to name entities: one BIO label a word, taken from the word's first piece.

Sentences are read together with their neighbours (windows of 1 sentence up to 192 pieces, drawn anew each epoch), the
piece embeddings stay frozen because the shipped encoder shares them, and arithmetic runs in bfloat16.
"""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from nlp.training.augment import Names, vary
from nlp.training.corpus import LABELS, Sentence

TAGS = ("O", *(f"{part}-{label}" for label in LABELS for part in "BI"))
EPOCHS = 4
FROZEN = 2
_TAG = {tag: number for number, tag in enumerate(TAGS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Neighbouring sentences as one input: piece ids, the piece that stands for each word, each word's tag."""

    ids: Sequence[int]
    words: Sequence[int]
    tags: Sequence[int]
    spans: Sequence[tuple[int, int]]


class Tagger(nn.Module):
    """The encoder with a linear layer over the words."""

    def __init__(self, encoder: BertModel, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.hidden_size, len(TAGS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return self.head(self.dropout(hidden[rows, columns]))  # type: ignore[no-any-return]


def word_pieces(offsets: Sequence[tuple[int, int]], words: Sequence[tuple[int, int]], length: int) -> list[int]:
    """Return for each word the piece that covers its first character."""
    cover = [0] * (length + 1)
    for number, (start, end) in enumerate(offsets):
        for at in range(start, end):
            cover[at] = number
    return [cover[start] for start, _end in words]


def tag_words(sentence_words: Sequence[tuple[int, int]], spans: Sequence[tuple[int, int, str]]) -> list[int]:
    """Return the tag number of each word; a name that does not begin at a word is tagged where it overlaps."""
    tags = [0] * len(sentence_words)
    for start, end, label in spans:
        inside = [i for i, (a, b) in enumerate(sentence_words) if a < end and b > start]
        for rank, i in enumerate(inside):
            tags[i] = _TAG[("B-" if rank == 0 else "I-") + label]
    return tags


def pack(sentences: Sequence[Sentence], tokenizer: Tokenizer, limit: Callable[[], int]) -> list[Window]:
    """Join neighbouring sentences of a document into windows of at most `limit()` pieces (at least one sentence)."""
    windows: list[Window] = []
    encodings = tokenizer.encode_batch([s.text for s in sentences], add_special_tokens=False)
    group: list[int] = []
    size, most = 0, limit()

    def close() -> None:
        ids: list[int] = [0]
        words: list[int] = []
        tags: list[int] = []
        spans: list[tuple[int, int]] = []
        for i in group:
            sentence, encoding = sentences[i], encodings[i]
            base = len(ids)
            words += [base + p for p in word_pieces(encoding.offsets, sentence.tokens, len(sentence.text))]
            tags += tag_words(sentence.tokens, sentence.spans)
            spans += sentence.tokens
            ids += encoding.ids
        keep = [k for k, w in enumerate(words) if w < 511]
        windows.append(
            Window(
                ids=[*ids[:511], 2],
                words=[words[k] for k in keep],
                tags=[tags[k] for k in keep],
                spans=[spans[k] for k in keep],
            )
        )

    for i, encoding in enumerate(encodings):
        if group and size + len(encoding.ids) > most:
            close()
            group, size, most = [], 0, limit()
        group.append(i)
        size += len(encoding.ids)
    if group:
        close()
    return windows


def batches(windows: Sequence[Window], budget: int, chance: random.Random | None) -> list[list[Window]]:
    """Group windows of like length, a padded batch having at most `budget` pieces; shuffled if `chance` is given."""
    order = sorted(windows, key=lambda w: len(w.ids) + (chance.random() * 8 if chance else 0))
    out: list[list[Window]] = []
    batch: list[Window] = []
    longest = 0
    for window in order:
        longest = max(longest, len(window.ids))
        if batch and longest * (len(batch) + 1) > budget:
            out.append(batch)
            batch, longest = [], len(window.ids)
        batch.append(window)
    out.append(batch)
    if chance:
        chance.shuffle(out)
    return out


def collate(batch: Sequence[Window]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return padded ids, mask, the row and column of every word, and the tags."""
    width = max(len(w.ids) for w in batch)
    ids = torch.full((len(batch), width), 1, dtype=torch.long)
    mask = torch.zeros((len(batch), width), dtype=torch.long)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
    rows = torch.tensor([row for row, w in enumerate(batch) for _ in w.words])
    columns = torch.tensor([c for w in batch for c in w.words])
    tags = torch.tensor([t for w in batch for t in w.tags])
    return ids, mask, rows, columns, tags


def forbidden() -> np.ndarray:
    """Return the cost (0 or a large number) of going from one tag to the next: I-X only after B-X or I-X."""
    cost = np.zeros((len(TAGS), len(TAGS)), dtype=np.float32)
    for after, tag in enumerate(TAGS):
        if tag.startswith("I-"):
            for before, previous in enumerate(TAGS):
                if previous[2:] != tag[2:]:
                    cost[before, after] = -1e4
    return cost


def decode(scores: np.ndarray, cost: np.ndarray) -> list[int]:
    """Return the best allowed tag sequence (Viterbi) for one window; scores are log-probabilities, words x tags."""
    if not len(scores):
        return []
    best = scores[0] + np.array([-1e4 if t.startswith("I-") else 0 for t in TAGS], dtype=np.float32)
    back = []
    for row in scores[1:]:
        reach = best[:, None] + cost
        back.append(reach.argmax(0))
        best = reach.max(0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def spans_of(tags: Sequence[int]) -> set[tuple[int, int, str]]:
    """Return the names as (first word, last word + 1, label)."""
    found: set[tuple[int, int, str]] = set()
    begin = None
    for i, number in enumerate([*tags, 0]):
        tag = TAGS[number]
        if begin is not None and not tag.startswith("I-"):
            found.add((begin, i, TAGS[tags[begin]][2:]))
            begin = None
        if tag.startswith("B-"):
            begin = i
    return found


def score(gold: list[set[tuple[int, int, str]]], found: list[set[tuple[int, int, str]]]) -> dict[str, float]:
    """Return F (per cent) for exact spans: all, with GPE merged, and per label."""

    def f(right: list[set[Any]], got: list[set[Any]]) -> float:
        hit = sum(len(a & b) for a, b in zip(right, got, strict=True))
        total = sum(map(len, right)) + sum(map(len, got))
        return round(200 * hit / total, 2) if total else 0.0

    def merge(sets: list[set[tuple[int, int, str]]]) -> list[set[tuple[int, int, str]]]:
        return [{(a, b, label[:3] if label.startswith("GPE") else label) for a, b, label in s} for s in sets]

    out = {"all": f(gold, found), "merged": f(merge(gold), merge(found))}
    for label in (*LABELS, "GPE"):
        out[label] = f(
            [{x for x in s if x[2] == label} for s in (merge(gold) if label == "GPE" else gold)],
            [{x for x in s if x[2] == label} for s in (merge(found) if label == "GPE" else found)],
        )
    return out


@torch.no_grad()
def evaluate(model: Tagger, windows: Sequence[Window]) -> dict[str, float]:
    """Score the model on windows with gold tags."""
    model.eval()
    cost, gold, found = forbidden(), [], []
    for batch in batches(windows, 4096, None):
        ids, mask, rows, columns, _tags = collate(batch)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(ids, mask, rows, columns)
        scores = torch.log_softmax(logits.float(), -1).numpy()
        at = 0
        for window in batch:
            path = decode(scores[at : at + len(window.words)], cost)
            at += len(window.words)
            gold.append(spans_of(window.tags))
            found.append(spans_of(path))
    return score(gold, found)


def _share_gradients(model: nn.Module, world: int) -> None:
    """Replace each process's gradients by their mean."""
    gradients = [p.grad for p in model.parameters() if p.grad is not None]
    flat = torch.cat([g.reshape(-1) for g in gradients])
    dist.all_reduce(flat)
    flat /= world
    at = 0
    for g in gradients:
        g.copy_(flat[at : at + g.numel()].view_as(g))
        at += g.numel()


def train(
    base: Path,
    documents: list[list[Sentence]],
    dev: dict[str, list[list[Sentence]]],
    names: Names,
    out: Path,
    *,
    epochs: int = EPOCHS,
    budget: int = 1536,
    rate: float = 1.8e-4,
    frozen: int = FROZEN,
    empty: float = 0.5,
    seed: int = 17,
    start: Path | None = None,
    done: float = 0.0,
    seconds: float | None = None,
) -> None:
    """Fine-tune and write `out/epochN.pt` after each epoch, with the dev scores in `out/log.jsonl`.

    `frozen` lowest layers stay as they are; sentences without names take part with the chance `empty`: both save time.
    A lap that goes on from the weights `start` says what share of the way is `done`; `seconds` bounds a lap on a busy
    machine: the rate then falls to zero by that time, whatever was reached. With torch.distributed initialised,
    each process takes its part of every step.
    """
    rank, world = (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    chance = random.Random(seed)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    encoder = BertModel.from_pretrained(
        base, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    encoder.embeddings.requires_grad_(False)
    for layer in encoder.encoder.layer[:frozen]:
        layer.requires_grad_(False)
    model = Tagger(encoder)
    if start is not None:
        model.load_state_dict(torch.load(start, weights_only=True))
    depth = encoder.config.num_hidden_layers
    groups = [{"params": list(model.head.parameters()), "lr": 1e-3}]
    for number, layer in enumerate(encoder.encoder.layer[frozen:], start=frozen):
        groups.append({"params": list(layer.parameters()), "lr": rate * 0.95 ** (depth - 1 - number)})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    dev_windows = {
        name: [w for document in documents_ for w in pack(document, tokenizer, lambda: 128)]
        for name, documents_ in dev.items()
    }
    total = steps = 0
    began = time.monotonic()
    for epoch in range(1, epochs + 1):
        windows = [
            window
            for document in documents
            for window in pack(
                [vary(s, names, chance, rate=0.35) for s in document if s.spans or chance.random() < empty],
                tokenizer,
                lambda: chance.choice((0, 64, 128, 128, 192)),
            )
        ]
        plan = batches(windows, budget, chance)
        total = total or len(plan) * epochs // world
        plan = plan[: len(plan) // world * world]
        model.train()
        losses = []
        over = False
        for batch in plan[rank::world]:
            progress = steps / total
            if seconds is not None:
                progress = max(progress, (time.monotonic() - began) / seconds)
            if world > 1:  # clocks differ, rates must not
                agreed = torch.tensor(progress)
                dist.all_reduce(agreed, dist.ReduceOp.MAX)
                progress = float(agreed)
            if over := progress >= 1:
                break
            warm = min(1.0, steps / (0.06 * total) if start is None else steps / 30)
            scale = warm * (1 - done) * (1 - progress)
            for group in optimizer.param_groups:
                group.setdefault("base", group["lr"])
                group["lr"] = group["base"] * scale
            ids, mask, rows, columns, tags = collate(batch)
            # Pieces are hidden now and then, so that a name is known by its neighbours too.
            hide = (torch.rand(ids.shape) < 0.04) & (ids > 3)
            ids = ids.masked_fill(hide, 3)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(ids, mask, rows, columns)
            loss = nn.functional.cross_entropy(logits.float(), tags)
            loss.backward()  # type: ignore[no-untyped-call]
            if world > 1:
                _share_gradients(model, world)
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())
            steps += 1
            if rank == 0 and steps % 100 == 0:
                torch.save(model.state_dict(), out / "last.pt")
            if rank == 0 and steps % 50 == 0:
                print(
                    f"{time.monotonic() - began:.0f}s step {steps}/{total} loss {np.mean(losses[-50:]):.4f}", flush=True
                )
                if not math.isfinite(losses[-1]):
                    raise RuntimeError(f"training diverged at step {steps}; lower the rate {rate}")
        if rank != 0:
            if over:
                break
            continue
        torch.save(model.state_dict(), out / f"epoch{epoch}.pt")
        scores = {name: evaluate(model, w) for name, w in dev_windows.items()}
        line = {"epoch": epoch, "seconds": round(time.monotonic() - began), "dev": scores}
        print(json.dumps(line), flush=True)
        with (out / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        if over:
            break
