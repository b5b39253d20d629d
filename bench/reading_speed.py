"""Words a second of each part of reading on one core, and what loading takes: `python bench/reading_speed.py TEXTS`.

TEXTS is a JSON-lines file with `text` (the gold files will do) or a NorNE dev file (`*.conllu.gz`). Each part is timed
alone over the same texts after one warm text, by the clock and by the processor's time (which a busy machine doesn't
stretch); memory is the peak of the whole process. A word is a run of characters between white space.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402

from nlp.embed import load_embedder  # noqa: E402
from nlp.entities import load_entities  # noqa: E402
from nlp.read import Text, load_reader  # noqa: E402
from nlp.sentences import split_sentences, tokenise  # noqa: E402
from nlp.settings import ReadSettings  # noqa: E402

MOST = 200


def load(path: Path) -> list[str]:
    """Return at most 200 texts."""
    if path.name.endswith(".conllu.gz"):
        from nlp.training.corpus import read_documents

        return [" ".join(sentence.text for sentence in document) for document in read_documents(path)][:MOST]
    return [json.loads(line)["text"] for line in path.read_text("utf8").splitlines()][:MOST]


def clock(name: str, make: Callable[[], Any], run: Callable[[Any, Sequence[str]], Any], texts: Sequence[str]) -> None:
    """Print seconds to load, words and texts a second."""
    began = time.perf_counter()
    part = make()
    run(part, texts[:1])
    loaded = time.perf_counter() - began
    began, busy = time.perf_counter(), time.process_time()
    run(part, texts)
    spent, busy = time.perf_counter() - began, time.process_time() - busy
    words = sum(len(text.split()) for text in texts)
    speed, count = words / spent, len(texts) / spent
    print(
        f"{name:30} load {loaded:5.1f} s   by the clock {speed:9,.0f} words/s {count:7.1f} texts/s"
        f"   by the processor {words / busy:9,.0f} words/s",
        flush=True,
    )


def main() -> None:
    """Time the parts, then the whole."""
    texts = load(Path(sys.argv[1]))
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    count = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} texts of {count / len(texts):.0f} words on the average, {torch.get_num_threads()} thread(s)")
    clock("sentences", lambda: split_sentences, lambda f, ts: [f(t) for t in ts], texts)
    clock("words and sentences", lambda: tokenise, lambda f, ts: [f(t) for t in ts], texts)
    for tier in ("fast", "accurate"):
        clock(f"entities, {tier}", lambda tier=tier: load_entities(tier), lambda m, ts: list(m.read(ts)), texts)  # type: ignore[misc]
    clock("embedding", load_embedder, lambda m, ts: m.embed(ts), texts)
    for tier in ("fast", "accurate"):
        for embedding in ("none", "shipped"):
            settings = ReadSettings(tier=tier, embedding=embedding)  # type: ignore[arg-type]
            clock(
                f"read, {tier}, embedding {embedding}",
                lambda settings=settings: load_reader(settings),  # type: ignore[misc]
                lambda reader, ts: list(reader.read_texts(Text(text_id=str(i), text=t) for i, t in enumerate(ts))),
                texts,
            )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
