from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner, Result

from crawlers.commands import register, source_states, source_table
from settings import Crawl, Data, Settings

N = "https://www.nordlys.no"


@pytest.fixture
def settings(papers: Any, tmp_path: Path) -> Settings:
    hosts = ("www.nordlys.no", "www.an.no")
    return Settings(
        data=Data(folder=tmp_path / "data"),
        crawl=Crawl(
            contact="test@example.no",
            delay_s=0,
            timeout_s=3,
            sources=("nordlys",),
            resolve=dict.fromkeys(hosts, papers.address),
        ),
    )


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    app = typer.Typer()
    register(app)
    return lambda *words: CliRunner().invoke(app, words, obj=settings)


@pytest.fixture
def nordlys(papers: Any, make_article: Callable[..., str], make_feed: Callable[..., str]) -> None:
    url = f"{N}/sak-1/s/5-34-1"
    papers.serve(url, make_article(url))
    papers.serve(f"{N}/service/rich-rss", make_feed([(url, datetime.now(UTC))]), kind="application/rss+xml")
    papers.serve(f"{N}/robots.txt", f"Sitemap: {N}/kart.xml\nUser-agent: GPTBot\nDisallow: /\n", kind="text/plain")


def test_crawl_says_what_came_in_and_status_knows_it(run: Callable, settings: Settings, nordlys: None) -> None:
    assert [state["condition"] for state in source_states(settings)] == ["new"]
    done = run("crawl")
    assert done.exit_code == 0
    assert "nordlys" in done.output
    assert "1 nye" in done.output
    (state,) = source_states(settings)
    assert (state["condition"], state["door"], state["articles"], state["waiting"]) == ("ok", "rich-rss", 1, 0)
    console = Console(width=200, record=True)
    console.print(source_table([state]))
    assert "i rute" in console.export_text()
    failed = run("crawl", "an", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.output)["errors"] == {"http_404": 3}


def test_an_article_is_forgotten_on_request_and_for_good(run: Callable, settings: Settings, nordlys: None) -> None:
    run("crawl")
    done = run("sources", "forget", "amedia:5-34-1")
    assert done.exit_code == 0
    assert "teksten er slettet" in done.output
    (part,) = settings.data.folder.glob("articles/*/*.jsonl")
    assert "Kommunestyret" not in part.read_text()
    run("crawl")
    assert len(part.read_text().splitlines()) == 1
    assert run("sources", "forget", "amedia:5-34-2").exit_code == 1


def test_an_article_is_forgotten_even_when_the_crawls_memory_was_lost(
    run: Callable, settings: Settings, nordlys: None
) -> None:
    run("crawl", "nordlys")
    for path in settings.data.folder.glob("state.sqlite*"):
        path.unlink()
    assert run("sources", "forget", "amedia:5-34-1").exit_code == 0
    (part,) = (settings.data.folder / "articles/nordlys").iterdir()
    assert '"text":""' in part.read_text()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("crawl", "nordlyset"), 1, "Ukjent kilde: nordlyset"),
        (("crawl", "--since", "i fjor"), 2, "2022-02-24"),
        (("sources", "check", "nordlyset"), 1, "Ukjent kilde: nordlyset"),
        (("crawl", "nrk_ytring"), 1, "[crawl] contact"),
    ],
)
def test_a_wrong_word_is_told_with_what_is_right(
    run: Callable, settings: Settings, words: tuple[str, ...], code: int, says: str
) -> None:
    object.__setattr__(settings, "crawl", settings.crawl.model_copy(update={"contact": ""}))
    done = run(*words)
    assert done.exit_code == code
    assert says in done.output


def test_sources_are_listed(run: Callable) -> None:
    assert len(json.loads(run("sources", "list", "--json").output)) == 77
    assert "nordnorskdebatt" in run("sources", "list").output


def test_a_check_says_in_plain_words_what_works_and_keeps_nothing(
    run: Callable, settings: Settings, nordlys: None
) -> None:
    done = run("sources", "check")
    assert done.exit_code == 0, done.output
    for words in (
        "nordlys (Nordlys): virker",
        "robots.txt er lest og følges",
        "stenger KI-roboter ved navn",
        "dør «rich-rss» https://www.nordlys.no/service/rich-rss: virker, 1 artikler",
        "dør «rss» https://www.nordlys.no/service/rss: svarte HTTP 404",
        "sitemap: https://www.nordlys.no/kart.xml",
        "artikkel https://www.nordlys.no/sak-1/s/5-34-1: virker",
        "«Vennskapsbyen lever», 2024-03-04T10:00:00Z (fra meta)",
        "robots-merker: index, noarchive",
    ):
        assert words in done.output
    assert list(settings.data.folder.glob("**/*.jsonl")) == []
    failed = run("sources", "check", "an")
    assert failed.exit_code == 1
    assert "VIRKER IKKE" in failed.output
    assert "Gjør dette" in failed.output
