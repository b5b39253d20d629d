"""Pages per second: our crawl (extraction, state and landing included) beside bare Scrapy fetching the same pages.

Run: `python bench/crawling.py [PAGES]`. Both fetch from the replica papers in a process of their own, over the same
loopback port, politeness off, 16 requests at once, robots.txt not counted. Wall time from the first request to the
last byte on disk; the second figure of each line includes starting Python and importing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from crawlers.crawl import crawl  # noqa: E402
from crawlers.replica import address, grown_papers  # noqa: E402
from crawlers.settings import CrawlSettings  # noqa: E402

AT_ONCE = 16
BARE = """
import json, sys, time
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

job = json.loads(sys.stdin.readline())
times = []

class Bare(Spider):
    name = "bare"
    seen = 0

    async def start(self):
        times.append(time.monotonic())
        for host, path in job["pages"]:
            yield Request(f"http://{job['address']}{path}", headers={"Host": host}, dont_filter=True)

    def parse(self, response):
        self.seen += response.status == 200

process = AsyncCrawlerProcess({
    "LOG_ENABLED": False, "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": job["at_once"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": job["at_once"], "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
    "COOKIES_ENABLED": False,
})
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(json.dumps({"seen": crawler.spider.seen, "seconds": time.monotonic() - times[0]}))
"""


def main(pages: int) -> None:
    """Print one line for each and the ratio."""
    papers = grown_papers(pages)
    wanted = [
        (paper.host, address(paper, story).removeprefix(f"https://{paper.host}"))
        for paper in papers
        for story in paper.stories
    ]
    replica = subprocess.Popen(
        [sys.executable, "-m", "crawlers.replica", "--port", "0", "--grown", str(pages)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert replica.stdout
        where, *hosts = replica.stdout.readline().split()
        rates = {"bare": bare(where, wanted), "ours": ours(where, hosts, [paper.source_id for paper in papers], pages)}
        print(f"ratio {rates['ours'] / rates['bare']:.2f} (asked: at least 0.60)")
    finally:
        replica.terminate()
        replica.wait()


def bare(where: str, wanted: list[tuple[str, str]]) -> float:
    """Fetch with Scrapy alone."""
    started = time.monotonic()
    job = json.dumps({"address": where, "pages": wanted, "at_once": AT_ONCE})
    done = subprocess.run([sys.executable, "-c", BARE], input=f"{job}\n", capture_output=True, text=True, check=True)
    whole = time.monotonic() - started
    answer = json.loads(done.stdout)
    assert answer["seen"] == len(wanted), answer
    rate = answer["seen"] / answer["seconds"]
    print(f"bare Scrapy  {answer['seen']:>6} pages {rate:>7.1f} pages/s  ({answer['seen'] / whole:.1f} with start)")
    return rate


def ours(where: str, hosts: list[str], source_ids: list[str], pages: int) -> float:
    """Crawl with everything: robots, feeds, sitemaps, extraction, state, files."""
    with tempfile.TemporaryDirectory() as folder:
        settings = CrawlSettings(
            contact="bench@example.no", delay_s=0, parallel=AT_ONCE, resolve=dict.fromkeys(hosts, where)
        )
        started = time.monotonic()
        reports = crawl(settings, Path(folder), source_ids, date(2000, 1, 1))
        whole = time.monotonic() - started
        new = sum(report.new for report in reports)
        assert new == pages, (new, [report for report in reports if report.errors])
        seconds = (max(report.ended_at for report in reports) - min(r.started_at for r in reports)).total_seconds()
        print(f"ours         {new:>6} pages {new / seconds:>7.1f} pages/s  ({new / whole:.1f} with start)")
        return new / seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
