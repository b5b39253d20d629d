"""The crawl as it runs: a child process, real HTTP on loopback, files on disk. Few runs, each with many cases."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers.article import Article, article_parts, read_articles
from crawlers.crawl import CrawlError, Job, crawl
from crawlers.health import source_health
from crawlers.locks import group_locks
from crawlers.report import CrawlReport, read_reports
from crawlers.settings import CrawlSettings
from crawlers.sources import load_sources

N = "https://www.nordlys.no"
ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC)
RSS = {"kind": "application/rss+xml"}


def stored(folder: Path) -> dict[str, list[Article]]:
    found: dict[str, list[Article]] = {}
    for part in article_parts(folder / "articles"):
        for article in read_articles(part):
            found.setdefault(article.article_id, []).append(article)
    return found


def by_mode(reports: list[CrawlReport], source_id: str = "nordlys") -> dict[str, CrawlReport]:
    return {report.mode: report for report in reports if report.source_id == source_id}


def test_a_paper_is_crawled_once_and_watched_after(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    urls = [f"{N}/sak-{n}/s/5-34-{n}" for n in range(1, 6)]
    for url in urls:
        papers.serve(url, make_article(url), etag=f'"{url[-1]}"')
    feed = [(url, NOW - timedelta(hours=20 * n)) for n, url in enumerate(urls)]
    papers.serve(f"{N}/service/rich-rss", make_feed(feed), etag='"f"', **RSS)

    first = by_mode(crawl(paper_settings, tmp_path, ["nordlys"]))["feed"]
    assert (first.outcome, first.door, first.listed, first.fetched, first.new) == ("ok", "rich-rss", 5, 5, 5)
    assert first.covers_to is not None
    assert set(stored(tmp_path)) == {f"amedia:5-34-{n}" for n in range(1, 6)}
    assert papers.most_at_once == 1
    agents = {seen.headers["User-Agent"] for seen in papers.seen}
    assert agents == {"Bybaand/0.1 (+test@example.no)"}
    assert papers.paths()[0] == "/robots.txt"

    # Revisits at once, and in between: one text changed, one withdrawn, one unchanged, a new slug for a known id.
    papers.seen.clear()
    papers.serve(
        urls[0],
        make_article(urls[0], text="Kommunestyret i Tromsø sa nei til å si opp avtalen med Murmansk."),
        etag='"ny"',
    )
    papers.serve(urls[1], "borte", status=410)
    papers.serve(urls[2], "borte", status=404)
    moved = f"{N}/sak-4-med-ny-tittel/s/5-34-4"
    papers.serve(urls[3], "", status=301, headers={"Location": moved})
    papers.serve(moved, make_article(moved))
    soon = replace(paper_settings, revisit_hours=(1e-7,))
    state_first = tmp_path / "state.sqlite"
    bring_forward(state_first)
    reports = by_mode(crawl(soon, tmp_path, ["nordlys"]))
    assert (reports["feed"].outcome, reports["feed"].fetched, reports["feed"].new) == ("ok", 0, 0)
    assert (reports["revisit"].changed, reports["revisit"].withdrawn) == (1, 2)
    versions = stored(tmp_path)
    assert [each.version for each in versions["amedia:5-34-1"]] == [1, 2]
    assert "sa nei" in versions["amedia:5-34-1"][1].text
    for gone in ("amedia:5-34-2", "amedia:5-34-3"):
        assert [(each.text, each.lead, each.withdrawn_at is not None) for each in versions[gone]] == [("", "", True)]
    assert len(versions["amedia:5-34-4"]) == len(versions["amedia:5-34-5"]) == 1
    asked = {seen.path: seen.headers for seen in papers.seen}
    assert asked["/sak-5/s/5-34-5"]["If-None-Match"] == '"5"'
    assert asked["/service/rich-rss"]["If-None-Match"] == '"f"'
    assert "/robots.txt" not in asked  # remembered for a day
    assert len(list(read_reports(tmp_path / "crawls", "nordlys"))) == 3


def bring_forward(state_file: Path) -> None:
    """Let every planned revisit be due now, as if the hour had passed."""
    import sqlite3

    with sqlite3.connect(state_file) as db:
        db.execute("update crawl_page set next_at = 0, first_at = first_at - 1 where state = 'seen'")


def test_a_door_that_answers_badly_is_passed_by_and_the_one_that_works_is_remembered(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    own = f"{N}/en-sak-om-byen/s/5-34-1"
    papers.serve(own, make_article(own))
    papers.serve(f"{N}/service/rich-rss", "feil", status=500)
    papers.serve(f"{N}/service/rss", f'<!DOCTYPE html><html><a href="{own}">Sak</a></html>')  # HTML at a feed address
    an = "https://www.an.no"
    papers.serve(f"{an}/service/rich-rss", make_feed([]), **RSS)
    papers.serve(f"{an}/service/rss", "<!DOCTYPE html><html>ingen saker</html>")
    papers.serve(f"{an}/", f'<html><a href="{an}/debatt/sak/o/5-4-7">Sak</a></html>')
    papers.serve(f"{an}/debatt/sak/o/5-4-7", make_article(f"{an}/debatt/sak/o/5-4-7"))
    papers.serve("https://www.nrk.no/nordland/siste.rss", "feil", status=404)
    papers.serve("https://www.nrk.no/robots.txt", "nede", status=500)

    reports = {each.source_id: each for each in crawl(paper_settings, tmp_path, ["nordlys", "an", "nrk_nordland"])}
    assert (reports["nordlys"].door, reports["nordlys"].outcome, reports["nordlys"].new) == ("rss", "ok", 1)
    assert reports["nordlys"].errors == {"http_500": 1}
    assert (reports["an"].door, reports["an"].outcome, reports["an"].new) == ("front", "ok", 1)
    assert reports["an"].errors == {"feed_empty": 1, "feed_html": 1}
    assert (reports["nrk_nordland"].outcome, reports["nrk_nordland"].errors) == ("failed", {"robots_unreachable": 3})
    assert stored(tmp_path)["amedia:5-4-7"][0].kind == "opinion"
    assert papers.paths("www.nrk.no") == ["/robots.txt", "/robots.txt"]  # once more as it failed, and no page

    papers.seen.clear()
    crawl(paper_settings, tmp_path, ["an"])
    assert papers.paths()[0] == "/"
    sources = load_sources()
    health = source_health(tmp_path / "state.sqlite", sources.choose(["nordlys", "nrk_nordland"]), datetime.now(UTC))
    assert [(each.source_id, each.condition, each.failures) for each in health] == [
        ("nrk_nordland", "down", 1),
        ("nordlys", "ok", 0),
    ]
    assert health[0].next_at is not None


def test_only_what_is_offered_is_taken_and_each_article_once(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    debate = "https://www.nordnorskdebatt.no"
    cases = {
        "paid": (f"{N}/betalt/s/5-34-1", {"head": '<meta name="lp:premium" content="true">'}),
        "hidden": (f"{N}/skjult/s/5-34-2", {"head": '<meta name="robots" content="noindex">'}),
        "reserved": (f"{N}/reservert/s/5-34-3", {"head": '<meta name="tdm-reservation" content="1">'}),
        "mail": (f"{N}/e-post/s/5-34-4", {"text": "Skriv til kari@nordlys.no om vennskapsbyen Murmansk i dag."}),
        "closed": (f"{N}/intern/sak/s/5-34-5", {}),
        "debate": (f"{debate}/et-innlegg/o/5-124-6", {}),
    }
    for url, marks in cases.values():
        papers.serve(url, make_article(url, **marks))
    twice = f"{N}/et-innlegg-hos-nordlys/o/5-124-6"  # the same id on a second host
    papers.serve(twice, make_article(twice))
    papers.serve(
        f"{N}/robots.txt", "User-agent: *\nDisallow: /intern/\n\nUser-agent: GPTBot\nDisallow: /\n", kind="text/plain"
    )
    papers.serve(f"{debate}/.well-known/tdmrep.json", '[{"location": "/", "tdm-reservation": 1}]')
    empty, broken = f"{N}/bare-bilder/s/5-34-8", f"{N}/skadet/s/5-34-9"
    papers.serve(empty, "<!doctype html><html><head><title>Bilder</title></head><body><img></body></html>")
    papers.serve(broken, make_article(broken, head='<script type="application/ld+json">{"@type": "News</script>'))
    old = "http://nordnorskdebatt.no/article/vennskap-nord"
    papers.serve(
        "https://nordnorskdebatt.no/article/vennskap-nord",
        "",
        status=301,
        headers={"Location": f"{debate}/n/o/5-124-6"},
    )
    papers.serve(f"{debate}/n/o/5-124-6", make_article(f"{debate}/n/o/5-124-6"))
    papers.serve(
        "https://nordnorskdebatt.no/rss.xml",
        make_feed([(old, NOW)]),
        **RSS,
    )
    stray = [("https://evil.example/sak/s/5-34-99", None), ("https://www.nordlys.no.evil.example/s/5-34-98", None)]
    urls = [(url, None) for url, _ in cases.values() if url.startswith(N)]
    papers.serve(
        f"{N}/service/rich-rss", make_feed([*urls, (empty, None), (broken, None), (twice, None), *stray]), **RSS
    )
    papers.serve(f"{debate}/service/rich-rss", make_feed([(cases["debate"][0], NOW)]), **RSS)

    chosen = ["nordlys", "nordnorskdebatt", "nordnorskdebatt_drupal"]
    reports = crawl(paper_settings, tmp_path, chosen)
    found = stored(tmp_path)
    assert {key: len(each) for key, each in found.items()} == {
        "amedia:5-34-1": 1, "amedia:5-34-2": 1, "amedia:5-34-3": 1, "amedia:5-34-4": 1, "amedia:5-34-9": 1,
        "amedia:5-124-6": 1,
    }  # fmt: skip
    assert found["amedia:5-34-1"][0].paywalled
    for key in ("amedia:5-34-1", "amedia:5-34-2", "amedia:5-34-3", "amedia:5-124-6"):
        assert (found[key][0].text, bool(found[key][0].title)) == ("", True)
    assert found["amedia:5-34-3"][0].rights.tdm_reserved
    assert found["amedia:5-124-6"][0].source_id == "nordnorskdebatt"
    assert found["amedia:5-34-4"][0].rights.ai_agents_blocked
    assert not any("@" in part.read_text() for part in article_parts(tmp_path / "articles"))
    assert "/intern/sak/s/5-34-5" not in papers.paths()
    assert {seen.host for seen in papers.seen} == {"www.nordlys.no", "www.nordnorskdebatt.no", "nordnorskdebatt.no"}
    errors = {kind: count for report in reports for kind, count in report.errors.items()}
    assert errors == {"robots": 1, "not_article": 1}
    assert all(report.outcome == "ok" for report in reports)


def test_servers_that_misbehave_cost_time_but_no_article(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    import gzip

    def url(name: str, number: int) -> str:
        return f"{N}/{name}/s/5-34-{number}"

    good = {number: url(f"sak-{number}", number) for number in range(1, 4)}
    for each in good.values():
        papers.serve(each, make_article(each))
    turns = {"busy": 0, "cut": 0}

    def answers(first: Callable[[], Any], name: str, number: int) -> Callable[[], Any]:
        def reply() -> Any:
            turns[name] += 1
            papers.serve(good[number], make_article(good[number]))
            then = papers.pages["www.nordlys.no", good[number].removeprefix(N)]
            papers.pages["www.nordlys.no", good[number].removeprefix(N)] = then
            return first()

        return reply

    def wait() -> Any:
        papers.serve(f"{N}/x", "vent", status=429, headers={"Retry-After": "1"})
        return papers.pages["www.nordlys.no", "/x"]

    def cut() -> Any:
        papers.serve(f"{N}/y", make_article(good[2]), cut=True)
        return papers.pages["www.nordlys.no", "/y"]

    papers.pages["www.nordlys.no", good[1].removeprefix(N)] = answers(wait, "busy", 1)
    papers.pages["www.nordlys.no", good[2].removeprefix(N)] = answers(cut, "cut", 2)
    bad = {
        "large": (url("stor", 11), {"body": "x" * 700_000}),
        "bomb": (url("bombe", 12), {"body": gzip.compress(b"x" * 3_000_000), "headers": {"Content-Encoding": "gzip"}}),
        "slow": (url("treg", 13), {"body": "x" * 100, "drip_s": 0.2}),
        "ring": (url("ring", 14), {"status": 302, "headers": {"Location": url("ring", 14)}}),
        "inside": (url("inn", 15), {"status": 302, "headers": {"Location": "http://169.254.169.254/latest/meta-data"}}),
        "away": (url("bort", 16), {"status": 301, "headers": {"Location": "https://evil.example/s/5-34-16"}}),
        "pdf": (url("pdf", 17), {"body": b"%PDF-1.7", "kind": "application/pdf"}),
        "half": (url("halv", 18), {"body": make_article(url("halv", 18))[:400]}),
    }
    for address, answer in bad.values():
        papers.serve(address, **answer)
    listed = [*good.values(), *(address for address, _ in bad.values())]
    papers.serve(f"{N}/service/rich-rss", make_feed([(each, None) for each in listed]), **RSS)

    impatient = replace(paper_settings, timeout_s=2.0, max_page_mb=0.5, retry_pause_s=3600.0, retries=1)
    (report,) = crawl(impatient, tmp_path, ["nordlys"])
    assert set(stored(tmp_path)) == {"amedia:5-34-1", "amedia:5-34-2", "amedia:5-34-3"}
    assert turns == {"busy": 1, "cut": 1}
    assert report.outcome == "partial"
    assert report.errors == {
        "too_large": 2, "timeout": 1, "redirects": 1, "foreign_host": 2, "not_html": 1, "truncated": 1,
    }  # fmt: skip
    asked = [seen for seen in papers.seen if seen.path == good[1].removeprefix(N)]
    assert len(asked) == 2
    assert asked[1].at - asked[0].at >= 0.99  # Retry-After: 1
    assert papers.paths().count("/ring/s/5-34-14") <= 6
    assert {seen.host for seen in papers.seen} == {"www.nordlys.no"}


def test_a_groups_hosts_share_one_queue_and_crawl_delay_holds(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    for host in (N, "https://www.an.no"):
        urls = [f"{host}/sak-{n}/s/5-34-{n}{len(host)}" for n in range(1)]
        for url in urls:
            papers.serve(url, make_article(url))
        papers.serve(f"{host}/service/rich-rss", make_feed([(url, NOW) for url in urls]), **RSS)
    papers.serve("https://www.an.no/robots.txt", "User-agent: *\nCrawl-delay: 0.6\n", kind="text/plain")
    patient = replace(paper_settings, delay_s=0.3, parallel=1)
    crawl(patient, tmp_path, ["nordlys", "an"])
    gaps = [later.at - earlier.at for earlier, later in zip(papers.seen, papers.seen[1:], strict=False)]
    place = papers.paths("www.an.no").index("/robots.txt") + papers.paths().index("/robots.txt", 1)
    assert papers.most_at_once == 1
    assert min(gaps) >= 0.1
    assert min(gaps[place + 1 :]) >= 0.35


def test_a_back_fill_that_is_killed_goes_on_where_it_was(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    urls = {n: f"{N}/sak-{n}/s/5-34-{n}" for n in range(30)}
    for n, url in urls.items():
        papers.serve(url, make_article(url, published=f"2024-03-{n + 1:02}T10:00:00.000Z"))
    papers.serve(
        f"{N}/robots.txt", f"Sitemap: {N}/kart.xml\nSitemap: https://evil.example/kart.xml\n", kind="text/plain"
    )
    papers.serve(
        f"{N}/kart.xml",
        f"<sitemapindex><sitemap><loc>{N}/kart-1.xml</loc><lastmod>2024-04-01</lastmod></sitemap>"
        f"<sitemap><loc>{N}/kart-0.xml</loc><lastmod>2019-04-01</lastmod></sitemap></sitemapindex>",
        kind="text/xml",
    )
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2024-03-{n + 1:02}</lastmod></url>" for n, url in urls.items())
    papers.serve(f"{N}/kart-1.xml", f"<urlset>{entries}</urlset>", kind="text/xml")
    papers.serve(f"{N}/service/rich-rss", make_feed([(urls[29], NOW)]), **RSS)

    job = Job(settings=paper_settings, data_folder=tmp_path, sources=("nordlys",), since=date(2024, 3, 11))
    child = subprocess.Popen([sys.executable, "-m", "crawlers"], stdin=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdin
    child.stdin.write(job.to_json() + "\n")
    child.stdin.flush()
    while len(papers.articles()) < 9 and child.poll() is None:
        time.sleep(0.002)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdin.close()

    reports = by_mode(crawl(paper_settings, tmp_path, ["nordlys"], date(2024, 3, 11)))
    assert reports["backfill"].outcome == "ok"
    assert (reports["backfill"].door, reports["backfill"].covers_from) == ("sitemap", date(2024, 3, 11))
    assert {key: len(each) for key, each in stored(tmp_path).items()} == {f"amedia:5-34-{n}": 1 for n in range(10, 30)}
    assert "/kart-0.xml" not in papers.paths()
    logged = list(read_reports(tmp_path / "crawls", "nordlys"))
    assert any("avbrutt" in report.note and report.covers_to is None for report in logged)

    papers.seen.clear()
    again = by_mode(crawl(paper_settings, tmp_path, ["nordlys"], date(2024, 3, 11)))
    assert (again["backfill"].fetched, again["backfill"].new) == (0, 0)
    assert papers.articles() == []


def test_a_child_whose_parent_is_gone_writes_what_it_has_and_ends(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    urls = [f"{N}/sak-{n}/s/5-34-{n}" for n in range(30)]
    for url in urls:
        papers.serve(url, make_article(url))
    papers.serve(f"{N}/service/rich-rss", make_feed([(url, NOW) for url in urls]), **RSS)
    job = Job(settings=replace(paper_settings, delay_s=0.2), data_folder=tmp_path, sources=("nordlys",))
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    assert child.stdin
    child.stdin.write(job.to_json() + "\n")
    child.stdin.flush()
    while len(papers.articles()) < 4 and child.poll() is None:
        time.sleep(0.002)
    child.stdin.close()
    assert child.wait(timeout=30) == 0
    assert len(papers.articles()) < 30
    assert len(stored(tmp_path)) >= 2
    (report,) = read_reports(tmp_path / "crawls", "nordlys")
    assert (report.outcome, report.covers_to, report.new) == ("partial", None, len(stored(tmp_path)))
    assert "avbrutt" in report.note


def test_an_archive_without_end_is_left_when_all_is_older(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path, make_article: Callable, make_feed: Callable
) -> None:
    debate = "https://www.nordnorskdebatt.no"
    for n in range(12):
        url = f"{debate}/innlegg-{n}/o/5-124-{n + 100}"
        papers.serve(url, make_article(url, published=f"2024-{12 - n:02}-01T10:00:00.000Z"))
    for page in range(40):
        first = (2 * page) % 12  # past its end the list begins again
        links = "".join(f'<a href="/innlegg-{n}/o/5-124-{n + 100}">x</a>' for n in (first, first + 1))
        papers.serve(f"{debate}/tag/debatt?page={page}", f"<html>{links}</html>")
    papers.serve(f"{debate}/service/rich-rss", make_feed([(f"{debate}/innlegg-0/o/5-124-100", NOW)]), **RSS)
    reports = by_mode(crawl(paper_settings, tmp_path, ["nordnorskdebatt"], date(2024, 6, 15)), "nordnorskdebatt")
    assert (reports["backfill"].door, reports["backfill"].outcome) == ("archive", "ok")
    lists = [path for path in papers.paths() if path.startswith("/tag/")]
    assert lists == [f"/tag/debatt?page={page}" for page in range(4)]
    reports = by_mode(crawl(paper_settings, tmp_path, ["nordnorskdebatt"], date(1990, 1, 1)), "nordnorskdebatt")
    assert reports["backfill"].outcome == "ok"
    assert len(stored(tmp_path)) == 12


def test_a_second_crawl_of_the_same_group_is_refused_while_one_runs(
    paper_settings: CrawlSettings, tmp_path: Path
) -> None:
    with group_locks(tmp_path / "locks", ["amedia"]):
        with pytest.raises(CrawlError, match=f"amedia hentes allerede.*{os.getpid()}"):
            crawl(paper_settings, tmp_path, ["nordlys"])
        assert crawl(paper_settings, tmp_path, ["nordlys"], due_only=True) == []  # by rhythm it is just left out
    assert not (tmp_path / "articles").exists()


def test_what_a_person_must_mend_is_told_before_anything_is_asked(
    papers: Any, paper_settings: CrawlSettings, tmp_path: Path
) -> None:
    with pytest.raises(CrawlError, match="Ukjent kilde: nordlyset"):
        crawl(paper_settings, tmp_path, ["nordlyset"])
    with pytest.raises(CrawlError, match=r"\[crawl\] contact"):
        crawl(replace(paper_settings, contact="", resolve={}), tmp_path, ["nordlys"])
    blocked = tmp_path / "data"
    blocked.write_text("en fil der mappen skulle være")
    with pytest.raises(CrawlError, match=r"Kan ikke skrive i .*data.*\[data\] folder"):
        crawl(paper_settings, blocked, ["nordlys"])
    assert papers.seen == []
