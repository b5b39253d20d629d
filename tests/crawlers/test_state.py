from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from crawlers.state import MAX_TRIES, CrawlState

HOUR = 3600.0
STEPS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 168, 720))


@pytest.fixture
def state() -> CrawlState:
    return CrawlState(Path(":memory:"))


@pytest.fixture
def see(state: CrawlState) -> Callable[[float], float | None]:
    def see(now: float) -> float | None:
        page = state.page("a:1")
        assert page
        state.saw(page, now=now, steps=STEPS, etag=None, last_modified=None, length=1)
        seen = state.page("a:1")
        assert seen
        return seen.next_at

    return see


def put(state: CrawlState, key: str = "a:1", **keys: object) -> bool:
    values = {"article_id": key, "source_id": "s", "url": f"https://x.no/{key}", "mode": "feed", "now": 0.0}
    return state.list_page(**{**values, **keys})  # type: ignore[arg-type]


def due(state: CrawlState, now: float) -> list[str]:
    return [page.article_id for page in state.due_pages(["s"], now, 50, ())]


def test_a_listed_article_is_due_once_and_then_known(state: CrawlState) -> None:
    assert put(state)
    assert not put(state)
    assert due(state, 0.0) == ["a:1"]


def test_fresh_news_comes_before_revisits_and_back_fill_newest_first(state: CrawlState, see: Callable) -> None:
    put(state)
    see(0.0)
    put(state, "b:1", mode="backfill", published=5.0)
    put(state, "c:1", published=10.0)
    put(state, "c:2", published=20.0)
    assert due(state, 2 * HOUR) == ["c:2", "c:1", "a:1", "b:1"]


def test_revisits_come_after_an_hour_six_a_day_a_week_and_a_month(state: CrawlState, see: Callable) -> None:
    put(state)
    visits = [0.0]
    while (again := see(visits[-1])) is not None:
        visits.append(again)
    assert [at / HOUR for at in visits] == [0, 1, 6, 24, 168, 720]


def test_steps_missed_while_nobody_crawled_are_not_made_up_for(state: CrawlState, see: Callable) -> None:
    put(state)
    see(0.0)
    assert see(30 * HOUR) == 168 * HOUR


def test_back_filled_articles_are_only_asked_for_withdrawal_after_a_month(state: CrawlState, see: Callable) -> None:
    put(state, mode="backfill")
    assert see(0.0) == 720 * HOUR


def test_a_list_that_says_changed_brings_the_next_visit_forward(state: CrawlState, see: Callable) -> None:
    put(state)
    see(100.0)
    put(state, now=200.0, changed_at=50.0)
    assert due(state, 200.0) == []
    put(state, now=200.0, changed_at=150.0)
    assert due(state, 200.0) == ["a:1"]


def test_a_failing_page_is_tried_after_growing_pauses_and_given_up_at_last(state: CrawlState) -> None:
    put(state)
    now, pauses = 0.0, []
    for _ in range(MAX_TRIES):
        page = state.page("a:1")
        assert page
        left = state.failed(page, now=now, reason="timeout", pause_s=300.0)
        page = state.page("a:1")
        assert page
        if left:
            assert page.next_at
            pauses.append((page.next_at - now) / 60)
            now = page.next_at
    assert pauses == [5, 30, 120, 360, 1440, 4320, 10080]
    assert (page.state, page.next_at, page.reason) == ("failed", now + 30 * 86400, "timeout")


def test_an_address_that_led_to_another_article_is_known_by_it(state: CrawlState, see: Callable) -> None:
    put(state)
    state.alias("url:old", "a:1")
    assert not put(state, "url:old")
    assert state.page("url:old") == state.page("a:1")


def test_nothing_is_asked_before_the_server_wants_it(state: CrawlState) -> None:
    put(state)
    state.postpone(["s"], 500.0)
    assert due(state, 499.0) == []
    assert due(state, 500.0) == ["a:1"]


def test_waiting_articles_hold_back_from_the_oldest_one(state: CrawlState, see: Callable) -> None:
    put(state, published=50.0)
    put(state, "a:2", published=70.0)
    assert state.waiting("s") == (2, 50.0)
    see(100.0)
    assert state.waiting("s") == (1, 70.0)


def test_a_finished_back_fill_is_forgotten_and_an_open_one_taken_up(state: CrawlState) -> None:
    assert state.open_batch("g:2024", 0.0)
    assert state.add_list("g:2024", "https://x.no/sitemap.xml", "sitemap", "s")
    state.end_list("g:2024", "https://x.no/sitemap.xml", state="done", found=3)
    assert not state.open_batch("g:2024", 1.0)
    assert not state.add_list("g:2024", "https://x.no/sitemap.xml", "sitemap", "s")
    assert state.open_lists("g:2024") == []
    state.close_batch("g:2024")
    assert state.open_batch("g:2024", 2.0)


def test_a_file_of_a_host_that_cannot_be_asked_keeps_its_last_good_answer(state: CrawlState) -> None:
    state.keep_host_file("x.no", "/robots.txt", now=1.0, status=200, body=b"User-agent: *")
    state.keep_host_file("x.no", "/robots.txt", now=2.0, status=503, body=None)
    row = state.host_file("x.no", "/robots.txt")
    assert row
    assert (row["status"], row["body"], row["good_at"], row["fetched_at"]) == (503, b"User-agent: *", 1.0, 2.0)


def test_a_failed_transaction_leaves_nothing_behind(state: CrawlState) -> None:
    def fail() -> None:
        with state.transaction():
            put(state)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert state.page("a:1") is None
