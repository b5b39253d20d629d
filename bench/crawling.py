"""Pages per second: our crawl (extraction, state and landing included) beside bare Scrapy fetching the same pages.

Run: `python bench/crawling.py [PAGES [ROUNDS]]`. Both fetch from the replica papers in a process of their own, over the
same loopback port, politeness off, 16 requests at once. Wall and CPU time count from the start of the crawl, after
Python and its imports, to the last byte on disk. The rounds alternate, and medians are compared, because a shared
machine is never equally busy twice; CPU time hardly depends on what else runs.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from crawlers.replica import address, grown_papers  # noqa: E402

AT_ONCE = 16
BARE = """
import json, sys, time
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

job = json.loads(sys.stdin.readline())
started = []

class Bare(Spider):
    name = "bare"
    seen = 0

    async def start(self):
        started.extend((time.monotonic(), time.process_time()))
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
print(json.dumps([crawler.spider.seen, time.monotonic() - started[0], time.process_time() - started[1]]))
"""
OURS = """
import json, sys, time
from datetime import UTC, date, datetime
from pathlib import Path
import crawlers.probe, crawlers.spider
from crawlers.crawl import Job, run_job
from crawlers.settings import CrawlSettings

job = json.loads(sys.stdin.readline())
settings = CrawlSettings(
    contact="bench@example.no", delay_s=0, parallel=job["at_once"], resolve=dict.fromkeys(job["hosts"], job["address"])
)
work = Job(settings=settings, data_folder=Path(job["folder"]), sources=tuple(job["sources"]), since=date(2000, 1, 1))
reports = []
started = time.monotonic(), time.process_time()
run_job(work, lambda: datetime.now(UTC), lambda answer: reports.append(json.loads(answer.get("report", "{}"))))
print(json.dumps([sum(report.get("new", 0) for report in reports), time.monotonic() - started[0],
                  time.process_time() - started[1]]))
"""


def main(pages: int, rounds: int) -> None:
    """Print a line for each round and the ratios."""
    replica = subprocess.Popen(
        [sys.executable, "-m", "crawlers.replica", "--port", "0", "--grown", str(pages)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert replica.stdout
        where, *hosts = replica.stdout.readline().split()
        papers = grown_papers(pages)
        wanted = [
            (paper.host, address(paper, story).removeprefix(f"https://{paper.host}"))
            for paper in papers
            for story in paper.stories
        ]
        compare(where, hosts, [paper.source_id for paper in papers], wanted, rounds)
    finally:
        replica.terminate()
        replica.wait()


def compare(where: str, hosts: list[str], source_ids: list[str], wanted: list[tuple[str, str]], rounds: int) -> None:
    """Alternate the two and print what each took."""
    job = {"address": where, "hosts": hosts, "sources": source_ids, "pages": wanted, "at_once": AT_ONCE}
    figures: dict[str, list[tuple[float, float]]] = {"bare Scrapy": [], "ours": []}
    for number in range(rounds):
        for name, script in (("bare Scrapy", BARE), ("ours", OURS)):
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(
                    [sys.executable, "-c", script],
                    input=json.dumps({**job, "folder": folder}) + "\n",
                    capture_output=True,
                    text=True,
                    check=True,
                    cwd=ROOT,
                )
            got, wall, cpu = json.loads(done.stdout)
            assert got == len(wanted), (name, got)
            figures[name].append((wall, cpu))
            print(
                f"round {number + 1}  {name:<12} {got} pages  {got / wall:>7.1f} pages/s  "
                f"{1000 * cpu / got:>5.1f} ms CPU a page"
            )
    for place, unit in ((0, "pages/s"), (1, "pages a second of CPU")):
        bare, ours = (statistics.median(each[place] for each in figures[name]) for name in ("bare Scrapy", "ours"))
        print(f"ratio of {unit}: {bare / ours:.2f} (asked: at least 0.60)")


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["1000", "3"][len(sys.argv) - 1 :])))
