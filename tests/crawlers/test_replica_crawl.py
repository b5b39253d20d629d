"""One crawl over every odd page and answer of the replica (section 9 of the reference on the sites)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from crawlers.article import Article, article_parts, read_articles
from crawlers.crawl import crawl
from crawlers.platforms import PLATFORMS
from crawlers.replica import Served, serve, text
from crawlers.replica.cases import CASES, Case, case_answers
from crawlers.report import CrawlReport
from crawlers.settings import CrawlSettings
from crawlers.sources import load_sources

SOURCES = load_sources()
OTHERS = ("mossavis", "fredriksstadblad", "sarpsborgarb", "an", "fremover", "blv", "lofotposten", "ranablad")
GONE = "https://www.nordnorskdebatt.no/trukket/o/5-124-206999"
BUSY = "https://www.nordlys.no/for-mange/s/5-34-999999"
OLD = "https://nordnorskdebatt.no/article/hva-skal-vi-med-vennskapsbyen"


def case_id(case: Case) -> str | None:
    return PLATFORMS[case.paper.platform].article_id(case.url)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, CrawlReport], list[Article], Served]:
    folder = tmp_path_factory.mktemp("cases")
    answers = {host: dict(paths) for host, paths in case_answers().items()}
    listed: dict[str, list[str]] = {}
    for case in CASES:
        listed.setdefault(case.paper.source_id, []).append(case.url)
    for source_id, url in (("nordnorskdebatt", GONE), ("nordlys", BUSY), ("nordnorskdebatt_drupal", OLD)):
        listed.setdefault(source_id, []).append(url)
    when = datetime(2023, 6, 14, 9, 30, tzinfo=UTC)

    def stamp(url: str) -> str:  # the busy one is the oldest and so the last: it ends its group's visit
        return format_datetime(when - timedelta(days=url == BUSY))

    for source_id, urls in listed.items():
        source = SOURCES.by_id[source_id]
        host, _, path = source.doors()[0].path.removeprefix("https://").partition("/")
        items = "".join(
            f"<item><title>Sak</title><link>{url}</link><pubDate>{stamp(url)}</pubDate></item>" for url in urls
        )
        body = f"<rss><channel>{items}</channel></rss>"
        answers.setdefault(host, {})[f"/{path}"] = text(body, "application/rss+xml")
    chosen = [*dict.fromkeys(listed), *OTHERS]
    # A host of a chosen source that serves nothing must still be the replica's, or it would be asked on the network.
    for source_id in chosen:
        for host in SOURCES.by_id[source_id].hosts:
            answers.setdefault(host, {})
    with serve((), answers=answers) as served:
        settings = CrawlSettings(
            contact="test@example.no", delay_s=0, timeout_s=5, retry_pause_s=3600, retries=0, resolve=served.resolve
        )
        reports = {each.source_id: each for each in crawl(settings, folder, chosen) if each.mode == "feed"}
    found = [article for part in article_parts(folder / "articles") for article in read_articles(part)]
    return reports, found, served


def test_every_case_page_is_stored_once(crawled: tuple[dict[str, CrawlReport], list[Article], Served]) -> None:
    _, found, _ = crawled
    times = Counter(article.article_id for article in found)
    wanted = {key for case in CASES if (key := case_id(case)) and case.url != OLD}  # that one has moved
    assert wanted - times.keys() == set()
    assert set(times.values()) == {1}


def test_reserved_hidden_and_paid_pages_left_no_text(
    crawled: tuple[dict[str, CrawlReport], list[Article], Served],
) -> None:
    _, found, _ = crawled
    for article in found:
        closed = article.paywalled or article.rights.tdm_reserved or "noindex" in article.rights.robots
        assert bool(article.text) != bool(closed), article.url
    assert any(article.paywalled for article in found)
    assert not any("@" in part for article in found for part in (article.title, article.lead, article.text))


def test_networks_of_papers_answer_oddly_and_each_is_told(
    crawled: tuple[dict[str, CrawlReport], list[Article], Served],
) -> None:
    reports, _, served = crawled
    assert reports["nordnorskdebatt"].errors == {"http_410": 1}
    assert reports["fredriksstadblad"].errors["feed_empty"] == 1
    assert reports["sarpsborgarb"].errors["feed_html"] == 1
    assert reports["lofotposten"].errors == {"robots_unreachable": 3}
    assert reports["lofotposten"].outcome == "failed"
    asked = served.asked()
    assert asked["www.lofotposten.no/robots.txt"] == 1
    assert asked["www.lofotposten.no/service/rich-rss"] == 0
    assert asked["www.blv.no/service/rich-rss"] == asked["www.fremover.no/service/rich-rss"] == 1  # 403, 404: no rules
    assert (reports["mossavis"].listed, reports["mossavis"].door) == (13, "rss")  # 15 items, two of them videos


def test_the_old_debate_address_leads_to_the_article_it_became(
    crawled: tuple[dict[str, CrawlReport], list[Article], Served],
) -> None:
    _, found, served = crawled
    assert served.asked()["nordnorskdebatt.no/article/hva-skal-vi-med-vennskapsbyen"] == 1
    moved = [article for article in found if article.article_id == "amedia:5-124-206454"]
    assert [article.source_id for article in moved] in ([], ["nordnorskdebatt"])


def test_a_page_that_says_429_is_asked_again_after_its_pause(
    crawled: tuple[dict[str, CrawlReport], list[Article], Served],
) -> None:
    _, _, served = crawled
    times = [seen.at for seen in served.requests if seen.target == "/for-mange/s/5-34-999999"]
    assert len(times) == 4
    assert min(later - earlier for earlier, later in pairwise(times)) >= 1.9
