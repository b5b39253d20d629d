"""Train the pair reader (`nlp.pairs`) from our own labelled texts: `python -m nlp.training.events --encoder FOLDER`.

Each text gives one example a (kommune, city) pair: the labelled ties, the pairs said to be none, and every other pair
of places that the text names. Labels: which sentences hold the evidence of which action, which actions the text tells
at all, whether the tie is stated, and the stance where one is given. Names are replaced by marks, so the reader learns
how things are said, not about whom. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import distributed, multiprocessing, nn
from torch.nn import functional

from nlp.encoder import BASE, load_encoder, save_difference
from nlp.entities import load_entities
from nlp.links import Linker
from nlp.pairs import ACTIONS, LOWER, STANDS, PairModel, Passage, cut_passages, lay_out, load_model
from nlp.places import load_gazetteer
from nlp.reading import Entity, Link, Tie
from nlp.sentences import split_sentences
from nlp.ties import city_lists
from nlp.training.compose import compose

TEXTS = Path(__file__).parent / "texts"
MOST_ALIKE = 3  # cities of one list to learn from
HIDDEN_PIECES = 0.1  # shares hidden at random in training
HIDDEN_SENTENCES = 0.2
SAID = ("happened", "proposed", "historical")
DONE = (
    "frozen",
    "terminated",
    "signed",
    "renewed",
    "resumed",
    "aid",
)  # proposing these has a class of its own, or none
_TITLE = re.compile(r"(?:\s+(?:kommune|by))$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One pair in one window with its labels; `stance` is -1 where none is given."""

    source: str
    language: str
    passage: Passage
    kinds: tuple[int, ...]
    sentences: Mapping[int, tuple[int, ...]]
    text: tuple[int, ...]
    stance: int


def read_records(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the labelled texts with the file's stem as `source`; a text whose evidence isn't in it is refused."""
    for path in paths:
        for number, line in enumerate(path.read_text("utf8").splitlines(), start=1):
            if not line.strip():
                continue
            record = json.loads(line)
            for tie in record["ties"]:
                for event in tie["events"]:
                    if event["evidence"] and event["evidence"] not in record["text"]:
                        raise ValueError(
                            f"{path}:{number}: {record['id']}: evidence {event['evidence']!r} is not in the text"
                        )
            yield {**record, "source": path.stem}


def places(text: str, names: Sequence[str], kind: str) -> Iterator[Link]:
    """Find labelled names as whole words, with genitive or as the first part of a compound."""
    for name in names:
        bare = _TITLE.sub("", name)
        for match in re.finditer(rf"(?<![\w]){re.escape(bare)}(?:s|')?(?![\w])", text, re.IGNORECASE):
            yield Link(start=match.start(), end=match.end(), kind=kind, place_id=name, score=1.0, rule="label")  # type: ignore[arg-type]


def known_places(
    text: str, record: Mapping[str, Any], linker: Linker, entities: Sequence[Entity] = (), *, unaided: bool = False
) -> tuple[tuple[Link, ...], Mapping[tuple[str, str], str]]:
    """The places that the labels name, longest first, never overlapping, and those that the linker finds besides.

    Each label gets the place that the linker gives most of its mentions, so that Kirkenes and Sør-Varanger are one and
    a city's country is known; a label that it doesn't know stays its own place. Returns the labels' places too, by kind
    and label. `unaided` gives the linker's places alone, with its mistakes, as they are read later.
    """
    kommuner = {tie["kommune"] for tie in record["ties"]} | {pair[0] for pair in record.get("notties", ())}
    cities = {tie["city"] for tie in record["ties"]} | {pair[1] for pair in record.get("notties", ())}
    found = [*places(text, sorted(kommuner), "kommune"), *places(text, sorted(cities - kommuner), "city")]
    labels: list[Link] = []
    for link in sorted(found, key=lambda link: (link.start - link.end, link.start)):
        if all(link.end <= other.start or other.end <= link.start for other in labels):
            labels.append(link)
    seen = [link for link in linker.link(text, entities) if link.place_id and link.kind in ("kommune", "city")]
    votes: dict[tuple[str, str], Counter[str]] = {}
    for label in labels:
        votes.setdefault((label.kind, label.place_id or ""), Counter()).update(
            link.place_id or ""
            for link in seen
            if link.kind == label.kind and link.start < label.end and label.start < link.end
        )
    ids = {key: count.most_common(1)[0][0] if count else key[1] for key, count in votes.items()}
    if unaided:
        return tuple(seen), ids
    kept = [replace(label, place_id=ids[label.kind, label.place_id or ""]) for label in labels]
    kept.extend(link for link in seen if all(link.end <= other.start or other.end <= link.start for other in labels))
    return tuple(sorted(kept, key=lambda link: link.start)), ids


def examples(
    record: Mapping[str, Any],
    tokenizer: Tokenizer,
    linker: Linker,
    chance: random.Random | None = None,
    entities: Sequence[Entity] = (),
) -> Iterator[Example]:
    """Turn one labelled text into its pairs.

    With `chance`, at most three of those of which the same is told, and as many that are no ties as ties, or two;
    every other text has the places that the linker finds in it, not those of the labels.
    """
    text: str = record["text"]
    sentences = split_sentences(text)
    unaided = chance is not None and chance.random() < 0.5
    links, ids = known_places(text, record, linker, entities, unaided=unaided)
    passages = cut_passages(tokenizer, text, sentences, links)
    lists = city_lists(text, links)

    def pair(kommune: str, city: str) -> tuple[str, str]:
        return ids.get(("kommune", kommune), kommune), ids.get(("city", city), city)

    labelled = {pair(tie["kommune"], tie["city"]): tie for tie in record["ties"]}
    kommuner = list(dict.fromkeys(link.place_id for link in links if link.kind == "kommune"))
    cities = list(dict.fromkeys(link.place_id for link in links if link.kind == "city"))
    others = [pair(*names) for names in record.get("notties", ())] + [
        (k or "", c or "") for k in kommuner for c in cities
    ]
    others = [names for names in dict.fromkeys(others) if names not in labelled and names[1] in cities]
    kept = list(labelled)
    if chance:
        chance.shuffle(kept)
        alike: Counter[str] = Counter()
        for names in list(kept):
            told_of = json.dumps([labelled[names]["events"], labelled[names].get("stance")])
            alike[told_of] += 1
            if alike[told_of] > MOST_ALIKE:
                kept.remove(names)
        others = chance.sample(others, min(len(others), max(2, len(kept))))
    for kommune, city in (*kept, *others):
        if city not in cities or (unaided and kommune not in kommuner):
            continue
        tie = labelled.get((kommune, city))
        by_sentence: dict[int, set[int]] = {}
        told: set[int] = {len(ACTIONS)} if tie else set()
        for event in tie["events"] if tie else ():
            if event["factuality"] not in SAID or (event["factuality"] == "proposed" and event["action"] in DONE):
                continue
            action = ACTIONS.index(event["action"])
            told.add(action)
            start = text.find(event["evidence"])
            for number, (left, right) in enumerate(sentences):
                if left < start + len(event["evidence"]) and start < right:
                    by_sentence.setdefault(number, set()).add(action)
        stance = STANDS.index(tie["stance"]) if tie and tie.get("stance") else -1
        listed = {other for group in lists if city in group for other in group}
        for passage in passages:
            kinds = passage.kinds(Tie(kommune_id=kommune, city_id=city), listed)
            if 1 not in kinds and 2 not in kinds:
                continue
            inside = set(passage.sentence)
            missing = {a for numbers in by_sentence.items() if numbers[0] not in inside for a in numbers[1]}
            yield Example(
                source=record["source"],
                language=record["language"],
                passage=passage,
                kinds=tuple(kinds),
                sentences={n: tuple(sorted(a)) for n, a in by_sentence.items() if n in inside},
                text=tuple(sorted(told - missing - (set() if 2 in kinds else {len(ACTIONS)}))),
                stance=stance,
            )


def targets(batch: Sequence[Example], numbers: Sequence[Sequence[int]]) -> tuple[torch.Tensor, ...]:
    """Lay out labels as tensors: sentence labels with their mask, text labels, stances."""
    outs = len(ACTIONS)
    most = max(len(row) for row in numbers)
    sentence = torch.zeros(len(batch), most, outs)
    there = torch.zeros(len(batch), most, 1)
    text = torch.zeros(len(batch), outs + 1)
    for row, example in enumerate(batch):
        for column, number in enumerate(numbers[row]):
            there[row, column] = 1.0
            for action in example.sentences.get(number, ()):
                sentence[row, column, action] = 1.0
        for action in example.text:
            text[row, action] = 1.0
    return sentence, there, text, torch.tensor([example.stance for example in batch])


def start_model(encoder: Path, lower: int) -> tuple[PairModel, Tokenizer]:
    """Build the reader on the base encoder, with small random marks."""
    base, _, _ = load_encoder(None, encoder)
    for module in base.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0  # slow on a CPU, and no gain seen
    model = PairModel(base, lower)
    with torch.no_grad():
        model.marks.normal_(0.0, 0.3)
        model.token.weight.zero_()
        model.token.bias.zero_()
        model.sentence[-1].bias.fill_(-3.0)
    return model, Tokenizer.from_file(str(encoder / "tokenizer.json"))


def read_lower(data: Sequence[Example], model: PairModel) -> dict[Passage, torch.Tensor]:
    """What the lower layers make of each passage, computed once, in half precision."""
    out: dict[Passage, torch.Tensor] = {}
    passages = sorted({example.passage for example in data}, key=lambda passage: (len(passage.ids), passage.ids))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(passages), 16):
            some = passages[at : at + 16]
            ids, attention, _, _, _ = lay_out(some, [[0] * len(passage.ids) for passage in some])
            hidden = model.read_base(ids, attention).to(torch.bfloat16)
            for row, passage in enumerate(some):
                out[passage] = hidden[row, : len(passage.ids)].clone()
    return out


def batches(data: Sequence[Example], tokens: int, shuffle: random.Random | None) -> Iterator[list[Example]]:
    """Yield batches of about so many tokens, alike in length."""
    order = list(data)
    if shuffle:
        shuffle.shuffle(order)
        order.sort(key=lambda example: len(example.passage.ids) // 24)
    groups: list[list[Example]] = [[]]
    for example in order if shuffle else sorted(order, key=lambda example: len(example.passage.ids)):
        if (
            groups[-1]
            and (len(groups[-1]) + 1) * max(len(example.passage.ids), len(groups[-1][0].passage.ids)) > tokens
        ):
            groups.append([])
        groups[-1].append(example)
    if shuffle:
        shuffle.shuffle(groups)
    yield from groups


def hide(
    group: Sequence[Example], attention: torch.Tensor, kinds: torch.Tensor, pool: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Hide single pieces, and whole sentences that hold no evidence, so that texts aren't learnt by heart.

    The pair's own names and the first sign stay; a sentence that shows only the stance may go. Returns attention and
    averaging weights.
    """
    kept = torch.rand(attention.shape) >= HIDDEN_PIECES
    for row, example in enumerate(group):
        told = set(example.sentences) | {
            n for n, kind in zip(example.passage.sentence, example.kinds, strict=True) if kind in (1, 2)
        }
        gone = {n for n in sorted(set(example.passage.sentence) - told) if n >= 0 and torch.rand(()) < HIDDEN_SENTENCES}
        if gone:
            said = example.passage.sentence
            kept[row, : len(said)] &= torch.tensor([n not in gone for n in said])
    kept |= (kinds == 1) | (kinds == 2)
    kept[:, 0] = True
    pool = pool * kept[:, None, :]
    return attention * kept, pool / pool.sum(-1, keepdim=True).clamp(min=1e-6)


def forward(
    model: PairModel, group: Sequence[Example], lower: Mapping[Passage, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor, list[list[int]]]:
    """Run the upper layers on a group; in training on a part of each text."""
    _, attention, kinds, pool, numbers = lay_out(
        [example.passage for example in group], [example.kinds for example in group]
    )
    if model.training:
        attention, pool = hide(group, attention, kinds, pool)
    hidden = torch.nn.utils.rnn.pad_sequence([lower[example.passage] for example in group], batch_first=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        sentence, whole = model(hidden, attention, kinds, pool)
    return sentence.float(), whole.float(), numbers


def loss_of(model: PairModel, group: Sequence[Example], lower: Mapping[Passage, torch.Tensor]) -> torch.Tensor:
    """The summed losses of sentence, text and stance heads."""
    logits, whole, numbers = forward(model, group, lower)
    sentence, there, text, stance = targets(group, numbers)
    outs = len(ACTIONS)
    sentence_loss = functional.binary_cross_entropy_with_logits(
        logits, sentence, reduction="none", pos_weight=torch.full((outs,), 2.0)
    )
    total = 10 * (sentence_loss * there).sum() / there.sum() / outs
    total = total + 10 * functional.binary_cross_entropy_with_logits(
        whole[:, : outs + 1], text, pos_weight=torch.full((outs + 1,), 1.5)
    )
    if (stance >= 0).any():
        total = total + functional.cross_entropy(whole[:, outs + 1 :], stance, ignore_index=-1)
    return total


def train(
    data: Sequence[Example],
    model: PairModel,
    lower: Mapping[Passage, torch.Tensor],
    *,
    epochs: int,
    rate: float,
    tokens: int,
    seed: int,
    until: float,
    after: Callable[[], None] | None = None,
) -> None:
    """Fit in place; stops after the epoch in which `until` seconds are spent. `after` is called after each epoch.

    Where several processes were started each takes its share of the batches; gradients are averaged.
    """
    torch.manual_seed(seed)
    shuffle = random.Random(seed)
    share = distributed.get_world_size() if distributed.is_initialized() else 1
    mine = distributed.get_rank() if share > 1 else 0
    heads = [p for name, p in model.named_parameters() if not name.startswith("upper")]
    body = list(model.upper.parameters())
    optimiser = torch.optim.AdamW([{"params": body, "lr": rate}, {"params": heads, "lr": rate * 8}], weight_decay=0.01)
    parameters = [*body, *heads]
    steps = epochs * sum(1 for _ in batches(data, tokens, random.Random(0))) // share
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [rate, rate * 8], total_steps=steps + 20, pct_start=0.1)
    began, done = time.monotonic(), 0
    for epoch in range(epochs):
        model.train()
        seen = 0.0
        groups = list(batches(data, tokens, shuffle))
        groups = groups[mine : len(groups) // share * share : share]
        for group in groups:
            loss = loss_of(model, group, lower)
            optimiser.zero_grad()
            loss.backward()
            if share > 1:
                average(parameters)
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            if done < steps:
                schedule.step()
            done += 1
            seen += loss.item()
        print(f"epoch {epoch + 1}: loss {seen / len(groups):.4f}, {time.monotonic() - began:.0f} s", flush=True)
        if after and mine == 0:
            after()
        if share == 1 and time.monotonic() - began > until:
            break


def average(parameters: Sequence[nn.Parameter]) -> None:
    """Average the gradients over the processes, in one message."""
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    flat = torch.cat([gradient.flatten() for gradient in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    for gradient, averaged in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
        gradient.copy_(averaged.view_as(gradient))


def measure(
    data: Sequence[Example], model: PairModel, lower: Mapping[Passage, torch.Tensor], threshold: float = 0.5
) -> str:
    """Precision, recall and F1 of text-level actions and ties a language, and of stances."""
    model.eval()
    counts: dict[tuple[str, str], Counter[str]] = {}
    outs = len(ACTIONS)
    stance: Counter[tuple[str, str]] = Counter()
    with torch.inference_mode():
        for group in batches(data, 2048, None):
            _, whole, _ = forward(model, group, lower)
            said = torch.sigmoid(whole[:, : outs + 1]) > threshold
            stands = whole[:, outs + 1 :].argmax(-1)
            for row, example in enumerate(group):
                guessed = {n for n in range(outs + 1) if said[row, n]}
                true = set(example.text)
                if outs not in guessed:
                    guessed = set()
                for n in guessed | true:
                    label = "tie" if n == outs else ACTIONS[n]
                    what = "tp" if n in guessed and n in true else "fp" if n in guessed else "fn"
                    for key in {(label, "all"), ("event" if n != outs else "tie", example.language)} | (
                        {("event", "all")} if n != outs else set()
                    ):
                        counts.setdefault(key, Counter())[what] += 1
                if example.stance >= 0:
                    stance[(STANDS[example.stance], STANDS[int(stands[row])])] += 1
    lines = []
    for key, count in sorted(counts.items()):
        p = count["tp"] / max(1, count["tp"] + count["fp"])
        r = count["tp"] / max(1, count["tp"] + count["fn"])
        lines.append(
            f"{key[0]:22} {key[1]:4} P {p:.2f} R {r:.2f} F {2 * p * r / max(1e-9, p + r):.3f} "
            f"n {count['tp'] + count['fn']}"
        )
    scores = []
    for stand in STANDS:
        hit = stance[(stand, stand)]
        guessed = sum(n for (_, g), n in stance.items() if g == stand)
        true = sum(n for (t, _), n in stance.items() if t == stand)
        if true:
            scores.append(2 * hit / max(1, guessed + true))
            lines.append(f"stance {stand:15} F {scores[-1]:.2f} n {true}")
    if scores:
        lines.append(f"stance macro F {sum(scores) / len(scores):.3f}")
    return "\n".join(lines)


def main() -> None:
    """Train, measure on held-out files when asked, write the file that `PairReader.load` reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", type=Path, default=BASE)
    parser.add_argument("--out", type=Path, help="the file to write, e.g. nlp/models/pairs.safetensors")
    parser.add_argument("--hold-out", nargs="*", default=[], help="stems of files to measure on instead of train on")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--laps", type=int, default=1, help="epochs over the composed texts beforehand")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--lower", type=int, default=LOWER)
    parser.add_argument("--tokens", type=int, default=1536)
    parser.add_argument("--until", type=float, default=1800)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--composed", type=int, default=3000, help="composed texts for the first lap")
    parser.add_argument("--start", type=Path, help="go on from an earlier reader's file instead of the first lap")
    parser.add_argument("--processes", type=int, default=1, help="cores to use; --until is for one only")
    parser.add_argument("--mean", type=Path, nargs="+", help="write these readers' mean; one named twice counts twice")
    told = parser.parse_args()
    if told.mean:
        if told.out is None:
            parser.error("--mean needs --out")
        write(mean([load_model(path, told.encoder) for path in told.mean]), told.out, told.encoder)
    elif told.processes == 1:
        run(told)
    else:
        with tempfile.TemporaryDirectory() as folder:
            multiprocessing.spawn(_join, (told, folder), told.processes)


def _join(rank: int, told: argparse.Namespace, folder: str) -> None:
    store = distributed.FileStore(f"{folder}/store", told.processes)
    distributed.init_process_group("gloo", store=store, rank=rank, world_size=told.processes)
    run(told)


def run(told: argparse.Namespace) -> None:
    """Train as told on the command line."""
    torch.set_num_threads(1)
    torch.manual_seed(told.seed)
    linker = Linker(load_gazetteer())
    model, tokenizer = start_model(told.encoder, told.lower)
    if told.start:
        model.load_state_dict(load_model(told.start, told.encoder).state_dict())
    else:
        practice = [e for record in compose(told.composed, told.seed) for e in examples(record, tokenizer, linker)]
        print(f"{len(practice)} composed pairs, {sum(len(e.passage.ids) for e in practice)} pieces", flush=True)
        train(
            practice,
            model,
            read_lower(practice, model),
            epochs=told.laps,
            rate=told.rate,
            tokens=told.tokens,
            seed=told.seed,
            until=told.until,
        )
    chance = random.Random(told.seed)
    records = list(read_records(sorted(TEXTS.glob("*.jsonl"))))
    parsed = load_entities("fast").read([record["text"] for record in records])
    data = [
        e
        for record, seen in zip(records, parsed, strict=True)
        if record["source"] not in told.hold_out
        for e in examples(record, tokenizer, linker, chance, seen.entities)
    ]
    held = [e for record in records if record["source"] in told.hold_out for e in examples(record, tokenizer, linker)]
    lower = read_lower([*data, *held], model)
    print(
        f"{len(data)} pairs to learn from, {len(held)} held out, {sum(len(e.passage.ids) for e in data)} pieces",
        flush=True,
    )
    first = not distributed.is_initialized() or distributed.get_rank() == 0
    if held and first:
        print(measure(held, model, lower), flush=True)
    train(
        data,
        model,
        lower,
        epochs=told.epochs,
        rate=told.rate,
        tokens=told.tokens,
        seed=told.seed,
        until=told.until,
        after=(lambda: write(model, told.out, told.encoder)) if told.out else None,
    )
    if held and first:
        print(measure(held, model, lower))


def mean(models: Sequence[PairModel]) -> PairModel:
    """Average the weights of trainings that went on from one another ("model soups", Wortsman et al. 2022)."""
    states = [model.state_dict() for model in models]
    models[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return models[0]


def write(model: PairModel, out: Path, base: Path) -> None:
    """Write the tuned layers and heads as a difference from the base."""
    out.parent.mkdir(parents=True, exist_ok=True)
    state = {f"encoder.layer.{model.lower + int(n)}.{rest}": tensor for n, rest, tensor in _upper(model)}
    state |= {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("upper.")}
    print(f"{out}: {save_difference(out, state, {'lower': str(model.lower)}, base)} bytes", flush=True)


def _upper(model: PairModel) -> Iterator[tuple[str, str, torch.Tensor]]:
    for name, tensor in model.upper.state_dict().items():
        number, _, rest = name.partition(".")
        yield number, rest, tensor


if __name__ == "__main__":
    main()
