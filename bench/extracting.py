"""How fast pages are read, against trafilatura on the same pages: the saved real ones and the replica's.

    python bench/extracting.py [--repeat 15] [--pages ../shared/pages]

Times are processor time of this process, the least of the repeats, the two readers in turn so that a busy machine
strikes both. The target is a ratio of at most 0.5 on pages of adapter platforms. The `generic` rows are shown for
honesty: there trafilatura does the reading and we add to it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import trafilatura

from crawlers.evaluate import read_page, read_pairs
from crawlers.extract import SourceFacts, extract
from crawlers.extract_commands import source_facts
from crawlers.replica.cases import by_name, page
from crawlers.sources import load_sources

REPLICA = ("amedia-news", "nrk-news", "polaris-news", "labrador-news", "wordpress-news", "generic-news")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def compare(html: str, url: str, source: SourceFacts, repeat: int) -> tuple[float, float]:
    """Return our time and trafilatura's in milliseconds, each the least of `repeat`."""
    works: tuple[Callable[[], object], ...] = (
        lambda: extract(html, url, source=source, fetched_at=NOW),
        lambda: trafilatura.extract(html, url=url, include_comments=False),
    )
    least = [float("inf"), float("inf")]
    for _ in range(repeat):
        for number, work in enumerate(works):
            started = time.process_time()
            work()
            least[number] = min(least[number], time.process_time() - started)
    return least[0] * 1000, least[1] * 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--pages", type=Path, default=Path(__file__).parents[2] / "shared" / "pages")
    options = parser.parse_args()
    sources = load_sources()
    rows: list[tuple[str, str, str, SourceFacts]] = []
    if options.pages.is_dir():
        for pair in read_pairs(options.pages):
            html = read_page(pair.path).decode("utf-8", "replace")
            rows.append((pair.name, html, pair.url, source_facts(pair.url, sources)))
    for name in REPLICA:
        case = by_name(name)
        rows.append((f"replica {name}", page(case), case.url, source_facts(case.url, sources, case.paper.platform)))
    print(f"{'page':34} {'platform':10} {'kB':>5} {'ours ms':>8} {'trafilatura ms':>14} {'ratio':>6}")
    for name, html, url, source in rows:
        ours, rival = compare(html, url, source, options.repeat)
        print(f"{name:34} {source.platform:10} {len(html) / 1000:5.0f} {ours:8.2f} {rival:14.2f} {ours / rival:6.2f}")


if __name__ == "__main__":
    main()
