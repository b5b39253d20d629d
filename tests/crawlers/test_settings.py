from dataclasses import replace

import pytest

from crawlers.settings import CrawlSettings, CrawlSettingsError, scrapy_settings
from crawlers.sources import load_sources

SOURCES = load_sources().by_id
HOME = CrawlSettings(delay_s=0, parallel=8, resolve={"www.nordlys.no": "127.0.0.1:8099"})


def test_impatience_is_for_ones_own_papers_only() -> None:
    own, live = [SOURCES["nordlys"]], [SOURCES["nordlys"], SOURCES["an"]]
    assert (HOME.delay_for(own), HOME.parallel_for(own), HOME.shortest_poll_for(own[0])) == (0, 8, 0)
    assert (HOME.delay_for(live), HOME.parallel_for(live), HOME.shortest_poll_for(live[1])) == (2.0, 1, 900.0)


def test_a_public_address_in_resolve_is_no_paper_of_ones_own() -> None:
    settings = replace(HOME, resolve={"www.nordlys.no": "8.8.8.8:80"})
    assert settings.delay_for([SOURCES["nordlys"]]) == 2.0


def test_more_patience_than_asked_is_kept() -> None:
    assert CrawlSettings(delay_s=10).delay_for([SOURCES["an"]]) == 10


def test_nobody_is_visited_who_could_not_reach_us() -> None:
    with pytest.raises(CrawlSettingsError, match=r"\[crawl\] contact"):
        CrawlSettings().check([SOURCES["an"]])
    CrawlSettings(contact="drift@example.no").check([SOURCES["an"]])
    HOME.check([SOURCES["nordlys"]])


def test_the_user_agent_says_who_we_are_and_how_to_reach_us() -> None:
    assert CrawlSettings(contact="drift@example.no").agent == "Bybaand/0.1 (+drift@example.no)"
    assert scrapy_settings(CrawlSettings(contact="x@y.no"))["USER_AGENT"].startswith("Bybaand/")


@pytest.mark.parametrize("target", ["localhost:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:x", ""])
def test_resolve_wants_an_address_and_a_port(target: str) -> None:
    with pytest.raises(CrawlSettingsError, match=r"resolve: www\.an\.no"):
        CrawlSettings(resolve={"www.an.no": target})


def test_settings_survive_the_way_to_the_child() -> None:
    settings = replace(HOME, sources=("nordlys",), head_only=("an",))
    assert CrawlSettings.from_job(settings.to_job()) == settings


def test_a_second_host_that_is_not_at_home_makes_a_paper_a_live_one() -> None:
    settings = replace(HOME, resolve={"www.kommunal-rapport.no": "127.0.0.1:8099"})
    assert settings.delay_for([SOURCES["kommunalrapport"]]) == 2.0
