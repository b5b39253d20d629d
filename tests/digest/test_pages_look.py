"""The demo's site in a real browser: for keyboards and screen readers, on a phone, without scripts or network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = (
    "index",
    "avtaler/sor-varanger_ru-petsjenga",
    "avtaler/index",
    "kommuner/tromso",
    "kilder/nordlys",
    "kart",
    "metode",
    "uker/index",
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield found
        found.close()


@pytest.fixture(scope="module")
def address(demo_folder: Path) -> str:
    """Where the site lies: in files, as a reader without a server opens it."""
    return (demo_folder / "data/site").as_uri()


def _open(browser: Browser, url: str, **context: Any) -> tuple[Page, list[str]]:
    """Open a page; return it with whatever it asked the network for, and each complaint of the browser's."""
    page = browser.new_context(**{"viewport": {"width": 1200, "height": 900}} | context).new_page()
    complaints: list[str] = []
    page.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or complaints.append(asked.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    return page, complaints


@pytest.fixture(scope="module", params=PAGES)
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Each page in turn, open at a desk's width; it loaded without a complaint and without any network."""
    page, complaints = _open(browser, f"{address}/{request.param}.html")
    assert not complaints
    if request.param == "avtaler/index":
        # Five hundred rows of one kind take axe half a minute; some tell as much.
        page.get_by_label("Søk").fill("murmansk")
    yield page
    page.context.close()


def _serious(page: Page) -> list[tuple[str, str]]:
    return [
        (found["id"], found["nodes"][0]["html"][:200])
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_axe_finds_nothing_serious(opened: Page) -> None:
    assert not _serious(opened)


def test_a_phone_need_not_scroll_sideways(opened: Page) -> None:
    opened.set_viewport_size({"width": 375, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("name", ["index", "avtaler/sor-varanger_ru-petsjenga"])
def test_axe_finds_nothing_serious_in_the_dark(browser: Browser, address: str, name: str) -> None:
    page, _ = _open(browser, f"{address}/{name}.html", color_scheme="dark")
    assert not _serious(page)
    page.context.close()


def test_the_table_is_whole_without_scripts(browser: Browser, address: str) -> None:
    page, _ = _open(browser, f"{address}/avtaler/index.html", java_script_enabled=False)
    assert page.locator("tbody tr").count() > 400
    assert not page.locator("form.filter").is_visible()
    page.context.close()


def test_the_table_filters_and_says_how_many_are_left(browser: Browser, address: str) -> None:
    page, _ = _open(browser, f"{address}/avtaler/index.html")
    page.get_by_label("Søk").fill("tromsø murm")
    assert page.locator("tbody tr:visible").count() == 1
    assert "Viser 1 av" in page.get_by_role("status").inner_text()
    page.get_by_label("Søk").fill("")
    page.get_by_label("Status").select_option("fryst")
    shown = page.locator("tbody tr:visible")
    assert 0 < shown.count() < 50
    assert all("fryst" in row for row in shown.all_inner_texts())
    page.context.close()


def test_the_table_sorts_by_keyboard_and_says_which_way(browser: Browser, address: str) -> None:
    page, _ = _open(browser, f"{address}/avtaler/index.html")
    head = page.get_by_role("columnheader", name="Saker")
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    stories = [int(text) for text in page.locator("tbody tr td:nth-child(6)").all_inner_texts()]
    assert stories == sorted(stories, reverse=True)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.context.close()
