"""Words per second of `read` on one core, and the share of entities, linking, ties and events, embedding.

Run: `python bench/reading.py [TEXTS.jsonl …]` (JSONL with `text`; else our training texts). Prints words
and articles per second, each part's share, load time and the peak memory of the process.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from nlp.read import Reader, Text, load_reader  # noqa: E402
from nlp.settings import ReadSettings  # noqa: E402

MOST = 400


def texts_of(paths: list[Path]) -> list[Text]:
    """Texts to read, at most 400."""
    found = [json.loads(line) for path in paths for line in path.read_text("utf8").splitlines() if line.strip()]
    return [Text(text_id=str(n), text=record["text"]) for n, record in enumerate(found[:MOST]) if record.get("text")]


def timed(spent: Counter[str], name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `work` so that its time is counted under `name`; generators are run to their end."""

    def run(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            out = work(*args, **kwargs)
            return list(out) if name == "entities" else out
        finally:
            spent[name] += time.perf_counter() - began

    return run


def measure(tier: str, texts: list[Text]) -> None:
    """Read all texts with one tier and print the figures."""
    began = time.perf_counter()
    reader: Reader = load_reader(ReadSettings(tier=tier))  # type: ignore[arg-type]
    loaded = time.perf_counter() - began
    spent: Counter[str] = Counter()
    reader._entities.read = timed(spent, "entities", reader._entities.read)  # type: ignore[method-assign]
    reader._linker.link = timed(spent, "linking", reader._linker.link)  # type: ignore[method-assign]
    reader._judge = timed(spent, "ties and events", reader._judge)  # type: ignore[method-assign]
    if reader._embedder:
        reader._embedder.embed = timed(spent, "embedding", reader._embedder.embed)  # type: ignore[method-assign]
    began = time.perf_counter()
    ties = sum(len({mention.tie for mention in reading.mentions}) for reading in reader.read_texts(texts))
    took = time.perf_counter() - began
    words = sum(len(text.text.split()) for text in texts)
    spent["rules, stance, fingerprint"] = took - sum(spent.values())
    print(f"{tier}: {len(texts)} texts, {words} words, {ties} ties; load {loaded:.1f} s")
    print(
        f"  {words / took:.0f} words/s, {len(texts) / took:.1f} texts/s, "
        f"{1500 * 400 / (words / took) / 60:.1f} min a day's 1,500 articles of 400 words"
    )
    for name, seconds in spent.most_common():
        print(f"  {name:28} {seconds / took:6.1%}  {words / seconds:9.0f} words/s")
    over = (took - spent["entities"] - spent["embedding"]) / spent["entities"]
    print(f"  linking + ties + events + fingerprint on top of the entity model: {over:.0%}")
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def main() -> None:
    """Measure both tiers on one core."""
    torch.set_num_threads(1)
    paths = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "nlp/training/texts").glob("*.jsonl"))
    for tier in ("fast", "accurate"):
        measure(tier, texts_of(paths))


if __name__ == "__main__":
    main()
