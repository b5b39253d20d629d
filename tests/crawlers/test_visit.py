"""Visits over days and weeks: the clock is the test's, so is the network; everything between them is real."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import HtmlResponse, Response

from crawlers import polling
from crawlers.article import Article, article_parts, read_articles
from crawlers.desk import Context, ListError, unzipped
from crawlers.extract import FeedItem
from crawlers.landing import Tally
from crawlers.politeness import Manners, Refused
from crawlers.report import CrawlReport, report_from_json
from crawlers.settings import CrawlSettings
from crawlers.sources import load_sources
from crawlers.state import CrawlState
from crawlers.store import ArticleStore
from crawlers.visit import GroupVisit

N = "https://www.nordlys.no"
FEED = f"{N}/service/rich-rss"
SOURCES = load_sources()


class World:
    """A paper, a clock, and the visits to it."""

    def __init__(self, folder: Path, make_article: Callable[..., str]) -> None:
        self.now = datetime(2024, 4, 1, 6, 0, tzinfo=UTC)
        self.pages: dict[str, tuple[int, bytes, dict[str, str]]] = {}
        self.asked: list[Request] = []
        self.folder = folder
        self.make = make_article
        self.state = CrawlState(folder / "state.sqlite")
        self.settings = CrawlSettings(
            contact="a@b.no", delay_s=0, retry_pause_s=3600, resolve={"www.nordlys.no": "127.0.0.1:1"}
        )
        self.published: list[tuple[datetime, str]] = []

    def put(self, url: str, body: str, status: int = 200, **headers: str) -> None:
        self.pages[url] = (status, body.encode(), headers)

    def publish(self, number: int, *, broken: bool = False, length: int = 15) -> str:
        url = f"{N}/sak-{number}/s/5-34-{number}"
        self.put(url, "feil" if broken else self.make(url), 500 if broken else 200)
        self.published.insert(0, (self.now, url))
        self.print(length)
        return url

    def print(self, length: int = 15) -> None:
        items = "".join(
            f"<item><title>Sak</title><link>{url}</link><pubDate>{format_datetime(when)}</pubDate></item>"
            for when, url in self.published[:length]
        )
        self.put(FEED, f"<rss><channel>{items}</channel></rss>")

    async def download(self, request: Request) -> Response:
        self.asked.append(request)
        status, body, headers = self.pages.get(request.url, (404, b"", {}))
        if status == 429:
            raise Refused("rate_limited", request.url, 1800.0)
        etag = headers.get("ETag")
        if etag and request.headers.get("If-None-Match") == etag.encode():
            return Response(request.url, status=304, request=request)
        return HtmlResponse(request.url, status=status, body=body, headers=headers, request=request)

    def crawl(
        self, *ids: str, group: str = "amedia", told: list[str] | None = None, **more: Any
    ) -> dict[tuple[str, str], CrawlReport]:
        chosen = SOURCES.choose(ids or ("nordlys",))
        said: list[CrawlReport] = []

        def hear(answer: dict[str, Any]) -> None:
            if "report" in answer:
                said.append(report_from_json(answer["report"]))
            elif told is not None:
                told.append(answer["progress"])

        manners = Manners(
            settings=self.settings, state=self.state, clock=lambda: self.now,
            groups={host: "amedia" for source in SOURCES.by_id.values() for host in source.hosts},
            delays={"amedia": 0.0},
        )  # fmt: skip
        context = Context(
            settings=self.settings, sources=SOURCES, chosen=chosen, state=self.state,
            store=ArticleStore(self.folder / "articles", self.state, [source.source_id for source in chosen]),
            manners=manners, clock=lambda: self.now, crawl_id=self.now.isoformat(), log_folder=self.folder / "crawls",
            say=hear, **more,
        )  # fmt: skip
        asyncio.run(GroupVisit(context, group, chosen, self.download).run())
        return {(report.source_id, report.mode): report for report in said}

    def feed_report(self) -> CrawlReport:
        return self.crawl()["nordlys", "feed"]

    def articles(self) -> list[Article]:
        return [each for part in article_parts(self.folder / "articles") for each in read_articles(part)]

    def requests(self, url: str) -> int:
        return sum(request.url == url for request in self.asked)


@pytest.fixture
def world(tmp_path: Path, make_article: Callable[..., str]) -> World:
    return World(tmp_path, make_article)


def test_each_day_is_vouched_for_once_when_it_is_over(world: World) -> None:
    claims = []
    for number in range(60):  # five days, an article every other hour
        world.publish(number)
        report = world.feed_report()
        assert report.outcome == "ok"
        if report.covers_from:
            claims.append((world.now.date(), report.covers_from, report.covers_to))
        world.now += timedelta(hours=2)
    days = [date(2024, 4, n) for n in range(2, 6)]
    assert [(first, last) for _, first, last in claims] == [(day, day) for day in days]
    assert len(world.articles()) == 60


def test_a_list_that_was_replaced_wholly_is_a_gap_that_is_told_and_not_vouched_for(world: World) -> None:
    for number in range(15):
        world.publish(number)
    assert world.feed_report().note == ""
    world.now += timedelta(days=3)
    lost = f"{N}/funnet-paa-forsiden/s/5-34-999"
    world.put(lost, world.make(lost))
    world.put(f"{N}/service/rss", f"<rss><channel><item><link>{lost}</link></item></channel></rss>")
    for number in range(100, 115):
        world.publish(number)
        world.now += timedelta(minutes=1)
    report = world.feed_report()
    assert "kan være gått tapt" in report.note
    assert report.covers_from is None
    assert report.new == 16  # the next door was asked too
    assert world.state.source("nordlys").next_at == pytest.approx(world.now.timestamp() + 900)
    world.now += timedelta(days=2)
    world.publish(200)
    report = world.feed_report()
    assert (report.note, report.covers_from, report.covers_to) == ("", date(2024, 4, 5), date(2024, 4, 5))


def test_an_article_that_fails_holds_back_its_day_until_it_is_had(world: World) -> None:
    world.publish(1)
    world.feed_report()
    world.now += timedelta(days=1)
    url = world.publish(2, broken=True)
    report = world.feed_report()
    assert (report.outcome, report.errors, report.covers_to) == ("partial", {"http_500": 1}, None)
    world.now += timedelta(days=2)
    world.publish(3)
    assert world.feed_report().covers_to is None
    world.put(url, world.make(url))
    world.now += timedelta(hours=8)
    report = world.feed_report()
    assert (report.outcome, report.covers_from, report.covers_to) == ("ok", date(2024, 4, 2), date(2024, 4, 3))


def test_an_empty_or_failing_answer_overwrites_nothing(world: World) -> None:
    for number in range(5):
        world.publish(number)
        world.now += timedelta(hours=1)
    world.feed_report()
    before = world.state.door("nordlys", FEED, "rich-rss")
    world.now += timedelta(hours=1)
    world.put(FEED, "<rss><channel></channel></rss>")
    report = world.feed_report()
    assert (report.outcome, report.errors["feed_empty"], report.covers_to) == ("failed", 1, None)
    after = world.state.door("nordlys", FEED, "rich-rss")
    assert (after.items, after.failures) == (before.items, 1)
    world.now += timedelta(hours=1)
    world.publish(5)
    assert (world.feed_report().note, world.state.door("nordlys", FEED, "rich-rss").failures) == ("", 0)


def test_an_unchanged_feed_keeps_the_chain_of_days(world: World) -> None:
    world.publish(1)
    world.pages[FEED] = (*world.pages[FEED][:2], {"ETag": '"1"'})
    world.feed_report()
    world.now += timedelta(days=2)
    report = world.feed_report()
    assert (report.listed, report.covers_from, report.covers_to) == (1, date(2024, 4, 2), date(2024, 4, 2))


def test_a_dead_paper_is_asked_for_ever_at_growing_pauses_and_found_when_it_returns(world: World) -> None:
    pauses = []
    for _ in range(9):
        report = world.crawl(due_only=True)["nordlys", "feed"]
        assert report.outcome == "failed"
        known = world.state.source("nordlys")
        assert known.next_at
        pauses.append((known.next_at - world.now.timestamp()) / 3600)
        world.now = datetime.fromtimestamp(known.next_at, UTC)
    assert pauses == [0.25, 0.5, 1, 2, 4, 8, 16, 24, 24]
    assert world.state.source("nordlys").down_since == datetime(2024, 4, 1, 6, tzinfo=UTC).timestamp()
    world.publish(1)
    assert world.crawl(due_only=True)["nordlys", "feed"].outcome == "ok"
    assert world.state.source("nordlys").down_since is None


def test_feeds_keep_their_own_rhythm(world: World) -> None:
    for number in range(15):
        world.publish(number)
    world.feed_report()
    for number in range(20, 25):  # five of fifteen in half an hour: the window is an hour and a half
        world.now += timedelta(minutes=6)
        world.publish(number)
    world.feed_report()
    pause = world.state.source("nordlys").next_at
    assert pause
    assert (pause - world.now.timestamp()) / 60 == pytest.approx(45, abs=1)
    world.now += timedelta(minutes=30)
    asked = world.requests(FEED)
    assert ("nordlys", "feed") not in world.crawl(due_only=True)
    assert world.requests(FEED) == asked


def test_articles_are_seen_again_for_a_month_and_withdrawn_ones_emptied(world: World) -> None:
    url = world.publish(1)
    visits = []
    start = world.now
    for hours in (*range(30), *range(30, 24 * 32, 6)):
        world.now = start + timedelta(hours=hours)
        if hours == 24 * 20:
            world.put(url, "", 410)
        before = world.requests(url)
        world.crawl(due_only=True)
        if world.requests(url) > before:
            visits.append(hours)
    assert visits == [0, 1, 6, 24, 168, 720]
    (article,) = world.articles()
    assert (article.text, article.withdrawn_at) == ("", datetime(2024, 5, 1, 6, tzinfo=UTC))


def test_a_paper_that_asks_for_peace_gets_it(world: World) -> None:
    for number in range(3):
        url = world.publish(number)
        world.now += timedelta(minutes=1)
    world.put(url, "", 429)  # the newest, asked first
    report = world.feed_report()
    assert (report.outcome, report.errors, report.fetched) == ("partial", {"rate_limited": 1}, 0)
    world.now += timedelta(minutes=20)
    asked = len(world.asked)
    told: list[str] = []
    assert world.crawl("nordlys", "an", told=told) == {}  # a later run keeps to it too, on every host of the group
    assert told == ["amedia: utgiveren har bedt oss vente 10 minutter til"]
    assert len(world.asked) == asked
    world.put(url, world.make(url))
    world.now += timedelta(minutes=20)
    assert world.feed_report().new == 2
    world.now += timedelta(minutes=30)
    assert world.feed_report().new == 1


def test_a_feed_that_asks_for_peace_stops_the_whole_group_and_blames_nobody_else(world: World) -> None:
    world.publish(1)
    world.put(FEED, "", 429)
    reports = world.crawl("nordlys", "an")
    assert list(reports) == [("nordlys", "feed")]
    assert reports["nordlys", "feed"].errors == {"rate_limited": 1}
    assert [request.url for request in world.asked] == [FEED]
    assert world.state.source("an").failures == 0


def test_another_articles_page_at_an_address_is_not_believed_the_first_time(world: World) -> None:
    url = world.publish(1)
    world.put(url, world.make(url.replace("5-34-1", "5-34-777"), text="Teksten til en annen sak om Murmansk."))
    report = world.feed_report()
    assert (report.outcome, report.errors) == ("partial", {"id_mismatch": 1})
    assert world.articles() == []
    world.put(url, world.make(url))
    world.now += timedelta(hours=2)
    assert world.feed_report().new == 1
    assert [article.article_id for article in world.articles()] == ["amedia:5-34-1"]
    assert "en annen sak" not in world.articles()[0].text


def test_an_article_that_leads_to_the_front_page_is_withdrawn_the_second_time(world: World) -> None:
    url = world.publish(1)
    world.feed_report()
    download = world.download

    async def lead_away(request: Request) -> Response:
        answer = await download(request)
        return answer.replace(url=f"{N}/") if request.url == url else answer

    world.download = lead_away  # type: ignore[method-assign]
    world.now += timedelta(hours=2)
    assert world.crawl()["nordlys", "revisit"].withdrawn == 0
    world.now += timedelta(hours=2)
    assert world.crawl()["nordlys", "revisit"].withdrawn == 1
    assert world.articles()[0].text == ""


def test_a_source_whose_pages_are_closed_gives_the_head_data_of_its_feed(world: World) -> None:
    feed = SOURCES.by_id["regjeringen"].doors()[0].path
    item = "<item><title>Høring om vennskap</title><link>https://www.regjeringen.no/no/aktuelt/x/id3051/</link>"
    item += "<description>Frist 1. mai.</description><pubDate>Mon, 01 Apr 2024 05:00:00 GMT</pubDate></item>"
    world.put(feed, f"<rss><channel>{item}</channel></rss>")
    cases = SOURCES.by_id["stortinget"].doors()[0].path
    world.put(cases, '{"saker_liste": [{"id": 1, "tittel": "Sak A"}, {"id": 2, "tittel": "Sak B"}]}')
    for _ in range(2):
        world.crawl("regjeringen", group="regjeringen")
        world.crawl("stortinget", group="stortinget")
        world.now += timedelta(hours=3)
    assert [(each.title, each.text, each.kind) for each in world.articles()] == [
        ("Høring om vennskap", "", "official"),
        ("Sak A", "", "official"),
        ("Sak B", "", "official"),
    ]
    assert {request.url for request in world.asked} == {feed, cases}


def test_a_short_slug_in_a_feed_is_an_article_on_a_platform_without_ids(world: World) -> None:
    host = "https://www.ruijan-kaiku.no"
    world.put(f"{host}/kvensk", world.make(f"{host}/kvensk"))
    world.put(
        f"{host}/rss", f"<rss><channel><item><title>Kvensk</title><link>{host}/kvensk</link></item></channel></rss>"
    )
    assert world.crawl("ruijankaiku", group="ruijankaiku")["ruijankaiku", "feed"].new == 1
    assert [article.url for article in world.articles()] == [f"{host}/kvensk"]


def test_a_zipped_sitemap_is_unpacked_to_its_bound_and_no_further() -> None:
    packed = gzip.compress(b"<urlset/>" + b" " * 2_000_000)
    response = Response("https://www.nrk.no/sitemap-1.xml.gz", body=packed)
    assert len(unzipped(response, 3.0)) == 2_000_009
    with pytest.raises(ListError) as refused:
        unzipped(response, 1.0)
    assert refused.value.kind == "too_large"
    with pytest.raises(ListError):
        unzipped(response.replace(body=b"\x1f\x8bskadet"), 1.0)


def test_a_long_visit_tells_how_far_it_is(world: World) -> None:
    told: list[str] = []
    for number in range(10):
        world.publish(number)
    download = world.download

    async def slowly(request: Request) -> Response:
        world.now += timedelta(seconds=6)
        return await download(request)

    world.download = slowly  # type: ignore[method-assign]
    world.crawl(told=told)
    every = [f"amedia: {done} sider hentet, {10 - done} venter" for done in range(1, 11)]
    assert told[0] == every[0]
    # How many pages land between two looks at the clock is chance; at most as many as are under way at once.
    assert len(told) >= 4
    assert told == [line for line in every if line in told]


def slowly(world: World, pause: timedelta) -> None:
    download = world.download

    async def wait(request: Request) -> Response:
        world.now += pause
        return await download(request)

    world.download = wait  # type: ignore[method-assign]


def test_a_visit_past_midnight_does_not_vouch_for_the_day_that_it_polled_on(world: World) -> None:
    for number in range(2):
        world.publish(number)
        world.now += timedelta(days=1)
    world.feed_report()
    world.now = datetime(2024, 4, 4, 21, 30, tzinfo=UTC)  # 23:30 in Oslo
    world.publish(2)
    slowly(world, timedelta(minutes=12))
    report = world.feed_report()
    assert report.ended_at > datetime(2024, 4, 4, 22, tzinfo=UTC)
    assert report.covers_to == date(2024, 4, 3)


def test_feeds_are_polled_while_a_long_queue_is_fetched(world: World) -> None:
    for number in range(10):
        world.publish(number)
    download, published = world.download, iter(range(100, 200))

    async def busy(request: Request) -> Response:
        world.now += timedelta(hours=1)
        if world.now < datetime(2024, 4, 2, 6, tzinfo=UTC):
            world.publish(next(published))
        return await download(request)

    world.download = busy  # type: ignore[method-assign]
    report = world.feed_report()
    assert report.new == len(world.published) > 25
    assert report.note == ""


def test_what_a_sister_paper_listed_is_no_link_in_a_papers_own_chain(world: World) -> None:
    sister = "https://www.an.no/service/rich-rss"
    for number in range(5):
        world.publish(number)
    world.put(sister, "<rss><channel><item><link>https://www.an.no/a/s/5-4-1</link></item></channel></rss>")
    world.crawl("an", "nordlys")
    world.now += timedelta(days=3)
    for number in range(100, 115):
        world.publish(number)
    world.put(sister, world.pages[FEED][1].decode())  # it shows the same articles, and is asked first
    assert "kan være gått tapt" in world.crawl("an", "nordlys")["nordlys", "feed"].note


def test_an_address_that_never_was_an_article_is_left_at_last(world: World) -> None:
    url = world.publish(1)
    del world.pages[url]
    for hours in range(24 * 40):
        world.now = datetime(2024, 4, 1, 6, tzinfo=UTC) + timedelta(hours=hours)
        if hours < 30 or hours % 24 == 0:
            world.crawl(due_only=True)
    assert world.requests(url) <= 6


def test_a_list_that_we_stumble_over_ends_no_other_papers_visit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish(1)
    world.put("https://www.an.no/service/rich-rss", "<rss/>")
    read = polling.read_feed

    def stumble(body: bytes, url: str) -> tuple[FeedItem, ...]:
        if "an.no" in url:
            raise RuntimeError("uventet")
        return read(body, url)

    monkeypatch.setattr(polling, "read_feed", stumble)
    reports = world.crawl("an", "nordlys")
    assert (reports["an", "feed"].outcome, reports["an", "feed"].errors["crawler_error"]) == ("failed", 1)
    assert reports["nordlys", "feed"].outcome == "ok"


def test_a_host_that_is_silent_waits_and_keeps_the_tries_of_its_pages(world: World) -> None:
    for number in range(10):
        url = world.publish(number)
        world.now += timedelta(minutes=1)
    download = world.download

    async def silent(request: Request) -> Response:
        if request.url != FEED:
            world.asked.append(request)
            raise DownloadTimeoutError(request.url)
        return await download(request)

    world.download = silent  # type: ignore[method-assign]
    assert world.feed_report().errors == {"timeout": 3}
    page = world.state.page("amedia:5-34-0")
    assert page
    assert (page.tries, page.state) == (0, "queued")
    world.download = download  # type: ignore[method-assign]
    world.now += timedelta(hours=13)
    assert world.feed_report().new == 10
    assert world.requests(url) == 2


def back_fill(world: World, pages: list[tuple[str, str]], since: date) -> CrawlReport:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>" for url, day in pages)
    world.put(f"{N}/robots.txt", f"Sitemap: {N}/kart.xml")
    world.put(f"{N}/kart.xml", f"<urlset>{entries}<url><loc>http://[x</loc></url></urlset>")
    for url, day in pages:
        world.put(url, world.make(url, published=f"{day}T10:00:00.000Z"))
    return world.crawl(since=since)["nordlys", "backfill"]


def test_a_sitemap_of_the_last_days_vouches_for_no_year(world: World) -> None:
    report = back_fill(world, [(f"{N}/a/s/5-34-1", "2024-03-30"), (f"{N}/b/s/5-34-2", "2024-03-31")], date(2022, 2, 24))
    assert (report.new, report.covers_from, report.covers_to) == (2, date(2024, 3, 30), date(2024, 3, 31))


def test_a_back_fill_vouches_up_to_the_day_that_its_lists_were_read(world: World) -> None:
    pages = [(f"{N}/a/s/5-34-1", "2024-03-01"), (f"{N}/b/s/5-34-2", "2024-03-31")]
    download = world.download

    async def fail(request: Request) -> Response:
        return Response(request.url, status=500, request=request) if "/a/" in request.url else await download(request)

    world.download = fail  # type: ignore[method-assign]
    assert back_fill(world, pages, date(2024, 3, 1)).covers_to is None
    world.download = download  # type: ignore[method-assign]
    world.now += timedelta(days=5)
    report = world.crawl(since=date(2024, 3, 1))["nordlys", "backfill"]
    assert (report.outcome, report.covers_from, report.covers_to) == ("ok", date(2024, 3, 1), date(2024, 3, 31))


def test_a_back_fill_that_is_asked_to_wait_asks_nobody_else(world: World) -> None:
    world.put(f"{N}/robots.txt", f"Sitemap: {N}/kart.xml")
    world.put(f"{N}/kart.xml", "", 429)
    world.publish(1)
    world.put("https://www.an.no/service/rich-rss", world.pages[FEED][1].decode())
    reports = world.crawl("nordlys", "an", since=date(2024, 3, 1))
    assert reports["nordlys", "backfill"].errors == {"rate_limited": 1}
    assert world.asked[-1].url == f"{N}/kart.xml"


def test_half_a_character_in_a_page_spoils_no_other_article(world: World) -> None:
    url = world.publish(1)
    ld = '<script type="application/ld+json">{"@type": "NewsArticle", "keywords": ["by \\ud83d"]}</script>'
    world.put(url, world.make(url, head=ld))
    world.publish(2)
    assert world.feed_report().new == 2


def test_a_stored_article_that_leads_to_another_stored_one_is_not_kept_twice(world: World) -> None:
    old, new = world.publish(1), world.publish(2)
    world.feed_report()
    download = world.download

    async def lead_on(request: Request) -> Response:
        return await download(request.replace(url=new) if request.url == old else request)

    world.download = lead_on  # type: ignore[method-assign]
    for _ in range(3):
        world.now += timedelta(hours=7)
        world.crawl()
    found = {article.article_id: article.text for article in world.articles()}
    assert len(world.articles()) == 2
    assert found["amedia:5-34-1"] == ""
    assert "sak 5-34-2" in found["amedia:5-34-2"]


def test_every_robots_header_of_an_answer_counts(world: World) -> None:
    url = world.publish(1)
    download = world.download

    async def hide(request: Request) -> Response:
        answer = await download(request)
        answer.headers.setlist("X-Robots-Tag", ["noindex", "nofollow"])
        return answer

    world.download = hide  # type: ignore[method-assign]
    world.feed_report()
    (article,) = world.articles()
    assert (article.url, article.text, article.rights.robots) == (
        url, "", ("index", "noarchive", "nofollow", "noindex")
    )  # fmt: skip


def test_robots_txt_is_asked_again_in_a_visit_of_many_days(world: World) -> None:
    for number in range(10):
        world.publish(number)
    slowly(world, timedelta(hours=9))
    world.feed_report()
    assert world.requests(f"{N}/robots.txt") >= 3


def test_a_given_up_article_is_had_when_a_back_fill_lists_it_again(world: World) -> None:
    url = f"{N}/a/s/5-34-1"
    world.state.list_page(article_id="amedia:5-34-1", source_id="nordlys", url=url, mode="feed", now=0.0)
    for _ in range(8):
        page = world.state.page("amedia:5-34-1")
        assert page
        world.state.failed(page, now=world.now.timestamp(), reason="http_500", pause_s=1.0)
    assert back_fill(world, [(url, "2024-03-30")], date(2024, 3, 1)).new == 1


def test_a_withdrawn_article_that_comes_back_unchanged_is_read_anew(world: World) -> None:
    url = world.publish(1)
    status, body, _ = world.pages[url]
    world.pages[url] = (status, body, {"ETag": '"1"'})
    world.feed_report()
    world.put(url, "", 410)
    world.now += timedelta(hours=2)
    world.crawl()
    world.pages[url] = (status, body, {"ETag": '"1"'})
    world.now += timedelta(hours=5)
    world.crawl()
    assert world.articles()[-1].text != ""


def test_articles_listed_while_the_paper_answers_a_notice_are_asked_for_once_more(world: World) -> None:
    url = world.publish(1)
    world.put(url, "<html><body><p>Vi er straks tilbake.</p></body></html>")
    world.feed_report()
    assert world.articles() == []
    world.put(url, world.make(url))
    world.now += timedelta(days=1)
    assert world.feed_report().new == 1


def test_a_report_has_no_end_of_notes_left_out_without_a_word(world: World) -> None:
    tally = Tally("x", "nordlys", "backfill", world.now, notes=[f"gitt opp: {n}" for n in range(5000)])
    note = tally.report(world.now).note
    assert len(note) < 1000
    assert note.endswith("og 4980 merknader til")


def test_a_short_slug_is_still_an_article_when_it_is_seen_again(world: World) -> None:
    url = "https://www.ruijan-kaiku.no/kvensk"
    world.put(url, world.make(url))
    world.put(
        "https://www.ruijan-kaiku.no/rss",
        f"<rss><channel><item><title>Kvensk</title><link>{url}</link></item></channel></rss>",
    )
    for _ in range(4):
        world.crawl("ruijankaiku", group="ruijankaiku")
        world.now += timedelta(hours=7)
    (article,) = world.articles()
    assert (article.withdrawn_at, bool(article.text)) == (None, True)
    assert world.requests(url) == 2


def test_a_host_with_and_without_www_tells_of_one_article(world: World) -> None:
    slug = "nyheter/2024/04/01/brua-er-aapen"
    urls = [f"https://{host}/{slug}" for host in ("www.hblad.no", "hblad.no")]
    for url in urls:
        world.put(url, world.make(urls[0]))
    for n, url in enumerate(urls):
        for door in SOURCES.by_id["hblad"].doors(("feed",))[:1]:
            world.put(door.path, f"<rss><channel><item><title>x</title><link>{url}</link></item></channel></rss>")
        world.crawl("hblad", group=SOURCES.by_id["hblad"].publisher_group)
        world.now += timedelta(hours=1 + n)
    assert len(world.articles()) == 1


def test_a_sitemap_that_is_silent_today_is_looked_for_again_tomorrow(world: World) -> None:
    host = "https://www.itromso.no"
    url = f"{host}/nyheter/i/aB3dEf/en-sak"
    world.put(url, world.make(url, published="2024-03-02T10:00:00.000Z"))
    world.put(f"{host}/sitemap.xml", f"<urlset><url><loc>{url}</loc></url></urlset>")
    download = world.download

    async def silent(request: Request) -> Response:
        if request.url.endswith("sitemap.xml"):
            raise DownloadTimeoutError(request.url)
        return await download(request)

    world.download = silent  # type: ignore[method-assign]
    group = SOURCES.by_id["itromso"].publisher_group
    first = world.crawl("itromso", group=group, since=date(2024, 3, 1))["itromso", "backfill"]
    assert (first.outcome, first.covers_to, first.errors) == ("partial", None, {"timeout": 1})
    world.download = download  # type: ignore[method-assign]
    world.now += timedelta(days=1)
    again = world.crawl("itromso", group=group, since=date(2024, 3, 1))["itromso", "backfill"]
    assert (again.outcome, again.new, again.covers_from) == ("ok", 1, date(2024, 3, 1))


def test_a_papers_broken_sitemap_keeps_no_other_paper_of_its_group_from_being_vouched_for(world: World) -> None:
    world.put("https://www.an.no/robots.txt", "Sitemap: https://www.an.no/kart.xml")
    world.put("https://www.an.no/kart.xml", "", 500)
    url = f"{N}/a/s/5-34-1"
    world.put(f"{N}/robots.txt", f"Sitemap: {N}/kart.xml")
    world.put(f"{N}/kart.xml", f"<urlset><url><loc>{url}</loc></url></urlset>")
    world.put(url, world.make(url, published="2024-03-02T10:00:00.000Z"))
    reports = world.crawl("an", "nordlys", since=date(2024, 3, 1))
    assert (reports["an", "backfill"].outcome, reports["an", "backfill"].covers_to) == ("partial", None)
    assert reports["nordlys", "backfill"].covers_to == date(2024, 3, 31)
