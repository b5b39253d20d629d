import http.client
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawlers.extract import SourceFacts, extract
from crawlers.platforms import PLATFORMS
from crawlers.replica import (
    Faults,
    Paper,
    Served,
    address,
    demo_papers,
    expected_id,
    grow,
    grown_papers,
    read_texts,
    serve,
)
from crawlers.replica.cases import case_answers

NOW = datetime(2026, 6, 1, tzinfo=UTC)
Got = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve(demo_papers(), answers=case_answers()) as running:
        yield running


def get(served: Served, host: str, path: str, **headers: str) -> Got:
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)) as connection:
        connection.request("GET", path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()


def locations(body: bytes) -> list[str]:
    return re.findall(r"<loc>(.*?)</loc>", body.decode())


def test_every_demo_text_can_be_read_back_from_its_page(served: Served) -> None:
    wrong = []
    for paper in served.papers.values():
        source = SourceFacts(source_id=paper.source_id, platform=paper.platform, publisher_group="x", host=paper.host)
        for story in paper.stories:
            url = address(paper, story)
            status, headers, body = get(served, paper.host, url.split(paper.host, 1)[1])
            article = extract(body, url, source=source, fetched_at=NOW, headers=headers)
            found = (
                status,
                article.article_id,
                article.title,
                article.lead,
                article.text,
                article.kind,
                article.opinion_form,
            )
            if found != (200, expected_id(paper, story), story.title, story.lead, story.body, story.kind, story.form):
                wrong.append((story.id, found))
            if article.published_at != story.published.astimezone(UTC) or article.paywalled != story.paywalled:
                wrong.append((story.id, article.published_at, article.paywalled))
            if article.wire != story.wire or article.language != story.language:
                wrong.append((story.id, article.wire, article.language))
    assert wrong == []


def test_the_demo_has_six_papers_of_four_platforms() -> None:
    papers = demo_papers()
    assert len(papers) >= 6
    assert {paper.platform for paper in papers} == {"amedia", "nrk", "polaris", "labrador"}
    assert len({expected_id(paper, story) for paper in papers for story in paper.stories}) == len(read_texts())


@pytest.mark.parametrize("paper", demo_papers(), ids=lambda paper: paper.source_id)
def test_sitemaps_named_in_robots_reach_every_story(served: Served, paper: Paper) -> None:
    robots = get(served, paper.host, "/robots.txt")[2].decode()
    pending, found = re.findall(r"Sitemap: (\S+)", robots), set()
    while pending:
        body = get(served, paper.host, pending.pop().split(paper.host, 1)[1])[2]
        if b"<sitemapindex" in body:
            pending += locations(body)
        else:
            found |= {PLATFORMS[paper.platform].article_id(url) for url in locations(body)}
    assert found == {expected_id(paper, story) for story in paper.stories}


def test_feeds_hold_the_fifteen_newest_and_tag_lists_reach_back(served: Served) -> None:
    paper = served.papers["nordlys"]
    body = get(served, paper.host, "/service/rich-rss")[2].decode()
    assert len(re.findall("<item>", body)) == min(15, len(paper.stories))
    assert get(served, paper.host, "/service/rss")[2].decode() == body
    seen, page = set(), 0
    while links := PLATFORMS["amedia"].links_from_front(
        get(served, paper.host, f"/tag/meninger?page={page}")[2].decode(), f"https://{paper.host}/"
    ):
        seen |= set(links)
        page += 1
    assert seen == {address(paper, story) for story in paper.stories if story.kind == "opinion"}


def test_conditional_requests_get_304(served: Served) -> None:
    paper = served.papers["nordlys"]
    path = address(paper, paper.stories[0]).split(paper.host, 1)[1]
    _, headers, _ = get(served, paper.host, path)
    assert get(served, paper.host, path, If_None_Match=headers["etag"])[0] == 304
    assert get(served, paper.host, path, If_Modified_Since=headers["last-modified"])[0] == 304
    assert get(served, paper.host, path, If_None_Match='"x"')[0] == 200


def test_another_name_of_a_paper_answers_its_feed_and_moves_the_rest(served: Served) -> None:
    status, headers, _ = get(served, "kommunal-rapport.no", "/nyheter/x/150001")
    assert get(served, "kommunal-rapport.no", "/rss")[0] == 200
    assert (status, headers["location"]) == (301, "https://www.kommunal-rapport.no/nyheter/x/150001")
    assert get(served, "www.unknown.no", "/")[0] == 421
    assert get(served, "www.nordlys.no", "/finnes-ikke/s/5-34-1")[0] == 404


def test_the_life_cycle_of_section_nine_is_served(served: Served) -> None:
    assert get(served, "nordnorskdebatt.no", "/article/hva-skal-vi-med-vennskapsbyen")[0] == 301
    assert get(served, "www.nordnorskdebatt.no", "/trukket/o/5-124-206999")[0] == 410
    status, headers, _ = get(served, "www.nordlys.no", "/for-mange/s/5-34-999999")
    assert (status, headers["retry-after"]) == (429, "2")
    assert [
        get(served, host, "/robots.txt")[0] for host in ("www.fremover.no", "www.blv.no", "www.lofotposten.no")
    ] == [404, 403, 500]
    assert b"Crawl-delay: 5" in get(served, "www.an.no", "/robots.txt")[2]
    assert b"tdm-reservation" in get(served, "www.ranablad.no", "/.well-known/tdmrep.json")[2]


def test_a_mixed_feed_has_every_letter_and_foreign_publications(served: Served) -> None:
    links = re.findall(
        r"<link>(https://[^<]+/s?[a-z]/[^<]+)</link>", get(served, "www.moss-avis.no", "/service/rss")[2].decode()
    )
    assert len(links) == 15
    assert {link.split("/")[-2] for link in links} == set("sovgfr")
    ids = [PLATFORMS["amedia"].article_id(link) for link in links]
    assert sum(key is None for key in ids) == 2
    assert {key.split("-")[1] for key in ids if key} == {"67", "59", "95"}


def test_a_paper_can_print_change_and_withdraw_while_it_is_served() -> None:
    paper = replace(demo_papers()[0], stories=grow("nordnorskdebatt", 3))
    path = address(paper, paper.stories[0]).split(paper.host, 1)[1]
    with serve([paper]) as running:
        assert get(running, paper.host, path)[0] == 200
        changed = replace(paper.stories[0], title="Helt ny tittel")
        running.print(replace(paper, stories=(changed, paper.stories[1])))
        assert get(running, paper.host, path)[0] == 404
        assert get(running, paper.host, address(paper, changed).split(paper.host, 1)[1])[0] == 200
        assert running.asked(paper.host)[f"{paper.host}{path}"] == 2


def test_faults_strike_by_seed_and_then_let_go() -> None:
    (paper,) = [paper for paper in grown_papers(70) if paper.source_id == "nordlys"]
    faults = Faults(seed=3, rate=1.0, most=2, timeout_s=0.05)
    fates = {faults.fate(paper.host, f"/{n}", 0) for n in range(200)}
    assert fates == {"429", "500", "503", "timeout", "reset", "truncated", "moved"}
    path = address(paper, paper.stories[0]).split(paper.host, 1)[1]
    with serve([paper], faults=faults) as running:
        assert get(running, paper.host, "/robots.txt")[0] == 200
        for _ in range(2):
            try:
                status = get(running, paper.host, path)[0]
            except (OSError, http.client.HTTPException):
                continue
            assert status in (429, 500, 503, 301)
        assert get(running, paper.host, path)[0] == 200


def test_a_swapped_page_is_another_articles_and_comes_once() -> None:
    (paper,) = [paper for paper in grown_papers(70) if paper.source_id == "nordlys"]
    path = address(paper, paper.stories[0]).split(paper.host, 1)[1]
    with serve([paper], faults=Faults(rate=1.0, kinds=("swapped",))) as running:
        first, second = get(running, paper.host, path), get(running, paper.host, path)
    assert (first[0], second[0]) == (200, 200)
    assert paper.stories[0].title in second[2].decode()
    assert paper.stories[0].title not in first[2].decode()


def test_grown_stories_are_as_many_and_as_different_as_asked() -> None:
    papers = grown_papers(2_000)
    stories = [story for paper in papers for story in paper.stories]
    assert len(stories) == 2_000
    assert len({expected_id(paper, story) for paper in papers for story in paper.stories}) == 2_000
    assert len({story.lead + story.title for story in stories}) == 2_000
    assert grown_papers(2_000) == papers
