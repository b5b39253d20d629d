"""The mail as Chromium draws it, on a phone and on a desk, light and dark."""

from dataclasses import replace
from pathlib import Path

import pytest

from digest.letter import standalone, write_letter

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def letter(told, tmp_path):
    """The busy week with a title of one endless word, as a page."""
    endless = replace(told.decisions[0].cited, title="Vennskapsbysamarbeidsavtale" * 6)
    told = replace(told, decisions=(replace(told.decisions[0], cited=endless), *told.decisions[1:]))
    file = tmp_path / "letter.html"
    file.write_text(standalone(write_letter(told, "nb", title="Bybånd (demo)", unsubscribe=True)), encoding="utf-8")
    return file.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 680])
def test_the_letter_fits_its_width_and_can_be_read(browser, letter, width, scheme):
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        asked = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.goto(letter)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        sheet = page.locator(".sheet").bounding_box()
        assert sheet["width"] == min(width, 600)
        too_wide = "els => els.filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).length"
        assert page.locator("body *").evaluate_all(too_wide) == 0
        assert page.locator("img").evaluate_all("els => els.every(e => e.naturalWidth > 600)")
        assert page.locator("p, h2, h3").evaluate_all(_CONTRAST) == []
        assert all(url.startswith(("file:", "data:")) for url in asked)


# The contrast of each text with the nearest ground painted behind it, WCAG 2.2; 4.5 is asked of small text.
_CONTRAST = """
els => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor
      if (!c.endsWith(', 0)')) return c } return 'rgb(255, 255, 255)' }
  return els.flatMap(e => [e, ...e.querySelectorAll('span, a')]).filter(e => e.textContent.trim()).filter(e => {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x)
    return (a + 0.05) / (b + 0.05) < 4.5 }).map(e => e.textContent.trim().slice(0, 40))
}
"""
