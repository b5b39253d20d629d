"""How fast `read` is on one core, and what each step costs: `python bench/reading.py BACKGROUND.jsonl [--ties 0.1]`.

BACKGROUND holds ordinary articles (JSONL with `text`), the development set's `background.jsonl` will do. A share of the
articles is about ties: texts of `nlp/training/texts`, each followed by as much of a background text as makes 400 words.
Prints for both tiers, each in a process of its own, words and articles a second, the share of every step, the cost of
linking, ties and events on top of the entity model, the time to load and the peak memory. All in the processor's time,
which a busy machine doesn't stretch; the figures of a step are the best of three rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.read import Reader, Text

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
os.environ["OMP_NUM_THREADS"] = "1"

WORDS = 400  # an article
TIERS = ("fast", "accurate")
RULES = "ties and events, rules"
STEPS = {  # of nlp.read, by what they are part of
    "find_ties": RULES, "settle_ties": RULES, "read_events": RULES,
    "fitting": RULES, "find_stances": "stance", "detect": "language", "sign": "fingerprint",
    "find_opinion_form": "stance",
}  # fmt: skip


def articles(background: Path, share: float) -> list[str]:
    """Return the background texts and beside them so many articles with ties that they make up `share`."""
    plain = [json.loads(line)["text"] for line in background.read_text("utf8").splitlines() if line.strip()]
    files = sorted((ROOT / "nlp/training/texts").glob("*.jsonl"))
    tied = [json.loads(line) for file in files for line in file.read_text("utf8").splitlines()]
    tied = [record["text"] for record in tied if record["ties"]]
    count = round(len(plain) * share / (1 - share))
    chosen = tied[:: max(1, len(tied) // max(1, count))][:count]
    filled = []
    for number, text in enumerate(chosen):
        filler = plain[number % len(plain)].split(" ")
        filled.append(text + "\n\n" + " ".join(filler[: max(0, WORDS - len(text.split()))]))
    return plain + filled


def timed(spent: dict[str, float], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `work` so that its time is counted under `name`; generators are run to their end."""

    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        try:
            out = work(*args, **kwargs)
            return list(out) if name == "entities" else out
        finally:
            spent[name] += time.process_time() - began

    return run


def watch(reader: Reader, spent: dict[str, float]) -> None:
    """Count the time of each step of the reader."""
    import nlp.read as steps

    parts: Any = reader
    parts._entities.read = timed(spent, "entities", parts._entities.read)
    parts._linker.link = timed(spent, "linking", parts._linker.link)
    parts._judge = timed(spent, "ties and events, trained reader", parts._judge)
    parts._embedder.embed = timed(spent, "embedding", parts._embedder.embed)
    for step, name in STEPS.items():
        setattr(steps, step, timed(spent, name, getattr(steps, step)))


def measure(tier: str, texts: Sequence[str], rounds: int) -> None:
    """Read all texts with one tier and print the figures."""
    began = time.process_time(), time.perf_counter()
    import torch

    from nlp.read import Text, load_reader
    from nlp.settings import ReadSettings

    torch.set_num_threads(1)
    reader = load_reader(ReadSettings(tier=tier))  # type: ignore[arg-type]
    asked: list[Text] = [Text(text_id=str(number), text=text) for number, text in enumerate(texts)]
    loaded = time.process_time() - began[0], time.perf_counter() - began[1]
    list(reader.read_texts(asked[:1] + asked[-1:]))  # what is loaded at the first text
    spent: dict[str, float] = defaultdict(float)
    watch(reader, spent)
    best: dict[str, float] = {}
    for _round in range(rounds):
        spent.clear()
        start = time.process_time()
        ties = sum(bool(reading.mentions) for reading in reader.read_texts(asked))
        spent["the rest"] = time.process_time() - start - sum(spent.values())
        best = {name: min(seconds, best.get(name, seconds)) for name, seconds in spent.items()}
    took = sum(best.values())
    words = sum(len(text.split()) for text in texts)
    print(f"{tier}: {len(texts)} articles of {words / len(texts):.0f} words, {ties} with ties")
    print(
        f"  {words / took:,.0f} words/s, {len(texts) / took:.1f} articles/s; "
        f"a day's 1,500 articles of 400 words in {1500 * WORDS * took / words / 60:.1f} min"
    )
    for name, seconds in sorted(best.items(), key=lambda pair: -pair[1]):
        over = seconds / best["entities"]
        print(f"  {name:32} {seconds / took:6.1%} {words / seconds:12,.0f} words/s {over:8.1%} of the entity model")
    added = sum(seconds for name, seconds in best.items() if name.startswith(("linking", "ties")))
    print(f"  linking + ties + events on top of the entity model: {added / best['entities']:.0%}")
    rest = took - best["entities"] - best["embedding"]
    print(f"  all but the embedding on top of the entity model: {rest / best['entities']:.0%}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"  load {loaded[1]:.1f} s by the clock ({loaded[0]:.1f} s of the processor), peak memory {peak:.2f} GB",
        flush=True,
    )


def main() -> None:
    """Measure both tiers, one process each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("background", type=Path)
    parser.add_argument("--ties", type=float, default=0.1, help="share of articles about ties")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tier", choices=TIERS, help="this one only, in this process")
    told = parser.parse_args()
    if told.tier is None:
        for tier in TIERS:
            subprocess.run([sys.executable, __file__, *sys.argv[1:], "--tier", tier], check=True)
        return
    measure(told.tier, articles(told.background, told.ties), told.rounds)


if __name__ == "__main__":
    main()
