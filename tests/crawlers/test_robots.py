import pytest

from crawlers.robots import read_robots

RULES = b"""User-agent: GPTBot
User-agent: CCBot
Disallow: /

User-agent: *
Disallow: /sok/
Crawl-delay: 5

Sitemap: https://www.avis.no/sitemap.xml
"""


def test_rules_pace_sitemaps_and_blocked_ai_agents_are_read() -> None:
    robots = read_robots(200, RULES, "Bybaand", "www.avis.no")
    assert robots.allows("https://www.avis.no/sak/s/5-34-1")
    assert not robots.allows("https://www.avis.no/sok/?q=x")
    assert robots.crawl_delay == 5.0
    assert robots.sitemaps == ("https://www.avis.no/sitemap.xml",)
    assert robots.ai_blocked


def test_rules_for_our_own_name_go_before_those_for_everyone() -> None:
    body = b"User-agent: bybaand\nDisallow: /debatt/\n\nUser-agent: *\nDisallow: /\n"
    robots = read_robots(200, body, "Bybaand", "www.avis.no")
    assert robots.allows("https://www.avis.no/nyheter/")
    assert not robots.allows("https://www.avis.no/debatt/")


@pytest.mark.parametrize(("status", "state"), [(404, "free"), (403, "free"), (410, "free")])
def test_a_missing_file_closes_nothing(status: int, state: str) -> None:
    robots = read_robots(status, None, "Bybaand", "x.no")
    assert robots.state == state
    assert robots.allows("https://x.no/alt")


@pytest.mark.parametrize("status", [500, 503, 429, 0])
def test_a_host_that_cannot_be_asked_is_closed_for_now(status: int) -> None:
    assert not read_robots(status, None, "Bybaand", "x.no").allows("https://x.no/alt")


def test_an_agent_blocked_with_everyone_else_is_no_ai_block() -> None:
    assert not read_robots(200, b"User-agent: *\nDisallow: /\n", "Bybaand", "x.no").ai_blocked


def test_a_web_page_in_place_of_the_rules_rules_nothing() -> None:
    assert read_robots(200, b"<!DOCTYPE html><html>Logg inn</html>", "Bybaand", "x.no").allows("https://x.no/")


def test_a_delay_of_a_day_is_cut_to_what_can_be_waited() -> None:
    assert read_robots(200, b"User-agent: *\nCrawl-delay: 86400\n", "Bybaand", "x.no").crawl_delay == 300.0
