"""The fault test: papers that fail at random, a crawler that is killed at random, and the right articles at the end.

The full run (2,000 pages, 20 kills): `FAULT_PAGES=2000 FAULT_KILLS=20 pytest tests/crawlers/test_faults.py -n 0 -s`.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from crawlers.article import article_parts, read_articles
from crawlers.crawl import Job, crawl
from crawlers.replica import Faults, expected_id, grown_papers, serve
from crawlers.settings import CrawlSettings

PAGES = int(os.environ.get("FAULT_PAGES", "60"))
KILLS = int(os.environ.get("FAULT_KILLS", "2"))
SEED = int(os.environ.get("FAULT_SEED", "1"))
ROOT = Path(__file__).parents[2]


def test_random_faults_and_kills_leave_every_article_exactly_once(tmp_path: Path) -> None:
    papers = grown_papers(PAGES)
    wanted = {expected_id(paper, story): story.title for paper in papers for story in paper.stories}
    chance = random.Random(SEED)
    kinds = ("429", "500", "503", "timeout", "reset", "truncated", "moved", "swapped")
    faults = Faults(seed=SEED, rate=0.25, kinds=kinds, timeout_s=0.5, retry_after="0")
    with serve(papers, faults=faults) as served:
        settings = CrawlSettings(
            contact="test@example.no",
            delay_s=0,
            parallel=4,
            timeout_s=2,
            retries=1,
            retry_pause_s=0,
            resolve=served.resolve,
        )
        job = Job(settings=settings, data_folder=tmp_path, sources=served.source_ids, since=date(2000, 1, 1))
        killed = killed_at_work = 0
        while killed < KILLS:
            before = len(served.requests)
            child = subprocess.Popen(
                [sys.executable, "-m", "crawlers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
            )
            assert child.stdin
            child.stdin.write(job.to_json() + "\n")
            child.stdin.flush()
            # Wait for its first request, then for a random number of them: at work whatever the machine's speed.
            goal = before + 1 + chance.randrange(max(8, 2 * PAGES // max(1, KILLS)))
            while len(served.requests) < goal and child.poll() is None:
                time.sleep(0.002)
            killed_at_work += child.poll() is None
            child.send_signal(signal.SIGKILL)
            child.wait()
            child.stdin.close()
            killed += 1
        runs = 0
        while True:
            runs += 1
            reports = crawl(settings, tmp_path, served.source_ids, date(2000, 1, 1))
            if all(report.outcome == "ok" for report in reports):
                break
            assert runs < 12, [report for report in reports if report.outcome != "ok"]
    found = [article for part in article_parts(tmp_path / "articles") for article in read_articles(part)]
    times = Counter(article.article_id for article in found)
    print(
        f"{PAGES} pages, {len(served.requests)} requests, {killed_at_work} of {KILLS} kills while at work, "
        f"{runs} runs to the end; {len(wanted - times.keys())} missing, "
        f"{len(times.keys() - wanted.keys())} too many, {sum(count > 1 for count in times.values())} twice"
    )
    assert {article.article_id: article.title for article in found} == wanted
    assert set(times.values()) == {1}
    assert killed_at_work == KILLS or PAGES < 500
