"""The site that the demo's warehouse makes, and one of two papers with an outage, paid, withdrawn and hostile texts."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

import warehouse
from digest.site import SiteError, SiteSettings, write_site
from digest.site.write import HEAVIEST

ATTACK = '<script>alert(1)</script> "onload=x" kari@eksempel.no'


class Page(HTMLParser):
    """What a page links to, loads and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.headings: list[str] = []
        self.words = ""
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.lang = told.get("lang") or ""
        if "id" in told:
            self.ids.add(told["id"] or "")
        if tag == "a":
            self.links.append(told.get("href") or "")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag == "link" and told.get("rel") in ("stylesheet", "icon"):
            self.loads.append(told["href"] or "")
        if tag in ("script", "img", "iframe", "source", "image", "use", "object", "embed", "video", "audio"):
            self.loads.append(told.get("src") or told.get("href") or told.get("data") or "")

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="session")
def demo_site(demo_folder: Path) -> Path:
    """The site as the demo wrote it."""
    return demo_folder / "data/site"


@pytest.fixture(scope="session")
def demo_pages(demo_site: Path) -> dict[str, Page]:
    """Every page, parsed once."""
    return {
        file.relative_to(demo_site).as_posix(): Page(file.read_text(encoding="utf-8"))
        for file in sorted(demo_site.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Iterator[tuple[Path, Any]]:
    """A site of two papers: an outage of two months, a paid, a withdrawn and a hostile text, a named debater."""
    data = tmp_path_factory.mktemp("pages") / "data"
    data.mkdir()
    # The warehouse tests' papers, loaded by the conftest beside this file.
    papers = sys.modules["papers_made_of_files"].Papers(data=data, out=data / "bybaand.duckdb", tables=tables)
    tie = "tromso–ru-murmansk"
    for source in ("nordlys", "itromso"):
        papers.daily(source, date(2023, 3, 1), 400, 1)
        papers.crawl("2023-03-01", "2023-08-31", source=source)
        papers.crawl("2023-11-01", "2024-04-07", source=source)
    papers.article("2024-03-01", ties=(tie,), title=ATTACK, article_id="hostile1", url="javascript:alert(1)")
    papers.article(
        "2024-03-02",
        title="Bak muren",
        lead="Åpen ingress.",
        paywalled=True,
        article_id="paid1",
        events=({"tie": tie, "action": "terminated", "score": 0.9, "evidence": "Hemmelig setning bak muren."},),
    )
    papers.article(
        "2024-03-03",
        title="Trukket sak",
        article_id="gone1",
        withdrawn_at="2024-03-04T10:00:00Z",
        events=({"tie": tie, "action": "visit", "score": 0.9, "evidence": "Setning som er trukket."},),
    )
    papers.article(
        "2024-03-05",
        title="Vi må snakke sammen",
        kind="opinion",
        opinion_form="debatt",
        authors=[{"name": "Synne Aaberge", "role": "debattant"}],
        article_id="post1",
        stances=({"tie": tie, "stance": "keep"},),
        events=(
            {
                "tie": tie,
                "action": "proposed_termination",
                "factuality": "proposed",
                "score": 0.99,
                "evidence": "Jeg, Synne Aaberge, vil si opp.",
            },
        ),
    )
    papers.build().close()
    with warehouse.connect(data / "bybaand.duckdb") as con:
        write_site(con, data / "site", SiteSettings(title="Bybånd"))
        yield data / "site", con


def _tie(site: Path) -> str:
    return (site / "avtaler/tromso_ru-murmansk.html").read_text(encoding="utf-8")


def test_every_internal_link_and_file_resolves(demo_site: Path, demo_pages: dict[str, Page]) -> None:
    broken = []
    for name, page in demo_pages.items():
        for link in (*page.links, *page.loads):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "data"):
                continue
            target = (demo_site / name).parent / unquote(parts.path) if parts.path else demo_site / name
            at = target.resolve().relative_to(demo_site.resolve()).as_posix()
            if not target.is_file() or (parts.fragment and parts.fragment not in demo_pages[at].ids):
                broken.append((name, link))
    assert not broken


def test_there_is_a_page_for_every_tie_kommune_and_source(demo_folder: Path, demo_pages: dict[str, Page]) -> None:
    with warehouse.connect(demo_folder / "data/bybaand.duckdb") as con:
        ties, kommuner, sources = con.execute(
            "select (select count(*) from ties), (select count(*) from kommuner where kommune_number is not null), "
            "(select count(distinct source_id) from source_days)"
        ).fetchall()[0]
    kinds = [name.partition("/")[0] for name in demo_pages if "/" in name and not name.endswith("/index.html")]
    assert kinds.count("avtaler") == ties
    assert kinds.count("kommuner") >= kommuner
    assert kinds.count("kilder") == sources
    assert "uker/2024-W14.html" in demo_pages


def test_nothing_is_loaded_from_elsewhere_and_no_page_is_heavy(demo_site: Path, demo_pages: dict[str, Page]) -> None:
    for name, page in demo_pages.items():
        assert all(urlsplit(load).scheme in ("", "data") for load in page.loads), name
        assert (demo_site / name).stat().st_size + _assets(demo_site) < HEAVIEST, name
    style = (demo_site / "style.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def _assets(site: Path) -> int:
    return sum((site / asset).stat().st_size for asset in ("style.css", "site.js"))


def test_every_page_is_norwegian_and_marked_as_demo_with_one_first_heading(demo_pages: dict[str, Page]) -> None:
    for name, page in demo_pages.items():
        assert page.lang == "nb", name
        assert "Demo med oppdiktede tekster" in page.words, name
        assert page.headings.count("h1") == 1, name
        levels = [int(heading[1]) for heading in page.headings]
        assert levels[0] == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_quotes_are_short_and_without_addresses_of_mail(demo_site: Path) -> None:
    for file in demo_site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        for quote in re.findall(r"<blockquote>«(.*?)»</blockquote>", text, re.DOTALL):
            assert len(quote) <= 260, (file.name, quote)  # 200 characters, some written as entities
        assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text), file.name


def test_the_tie_page_tells_status_evidence_and_figures(demo_site: Path) -> None:
    text = (demo_site / "avtaler/sor-varanger_ru-petsjenga.html").read_text(encoding="utf-8")
    assert "avsluttet" in text
    assert "20. mars 2024" in text
    assert 'class="status-line"' in text
    assert 'class="attention"' in text
    assert "Tallene bak bildet" in text
    assert "<blockquote>" in text


def test_figures_can_be_taken_to_a_spreadsheet(demo_site: Path, demo_pages: dict[str, Page]) -> None:
    assert "tromso_ru-murmansk.csv" in demo_pages["avtaler/tromso_ru-murmansk.html"].links
    raw = (demo_site / "avtaler/tromso_ru-murmansk.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, *rows = [line.split(";") for line in raw.decode("utf-8-sig").splitlines()]
    assert heads[:4] == ["Måned", "Saker", "Av alle", "Andel (%)"]
    (october,) = [row for row in rows if row[0] == "2022-10"]
    assert int(october[1]) > 0
    assert "," in october[3]
    ties = (demo_site / "avtaler/avtaler.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(ties) > 400


def test_a_page_says_whether_the_local_papers_were_read(demo_pages: dict[str, Page]) -> None:
    words = " ".join(demo_pages["avtaler/bodo_dk-svendborg.html"].words.split())
    assert "Et avbrudd telles aldri som stillhet" in words
    assert "NRK Nordland (alle 56)" in words


def test_the_method_page_defines_every_figure_that_is_shown(demo_pages: dict[str, Page]) -> None:
    page = demo_pages["metode.html"]
    wanted = "avtale sak omtale frisk oppmerksomhet skift vedtak status stillhet holdning svar belegg kart tall"
    assert set(wanted.split()) <= page.ids
    assert page.words.count("Blindsone:") >= 10
    assert "schema_version" in page.words


def test_the_feed_is_atom_with_one_entry_a_week(demo_site: Path) -> None:
    # Our own file, so the parser need not be a wary one.
    feed = ElementTree.parse(demo_site / "feed.xml").getroot()  # noqa: S314
    space = {"a": "http://www.w3.org/2005/Atom"}
    entries = feed.findall("a:entry", space)
    assert len(entries) == len(list((demo_site / "uker").glob("2*.html")))
    assert "Øvre Eiker" in (entries[0].findtext("a:title", "", space))
    ids = [entry.findtext("a:id", "", space) for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        link = entry.find("a:link", space)
        assert link is not None
        assert (demo_site / (link.get("href") or "")).is_file()


def test_the_same_warehouse_makes_the_same_bytes(hostile: tuple[Path, Any], tmp_path: Path) -> None:
    site, con = hostile
    write_site(con, tmp_path / "site", SiteSettings(title="Bybånd"))
    assert _sums(tmp_path / "site") == _sums(site)


def _sums(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_crawled_text_is_escaped_and_only_web_addresses_are_links(hostile: tuple[Path, Any]) -> None:
    site, _ = hostile
    for file in site.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "javascript:" not in text
        assert "kari@eksempel.no" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in _tie(site)
    assert "[e-postadresse]" in _tie(site)


def test_paid_and_withdrawn_texts_give_head_data_only(hostile: tuple[Path, Any]) -> None:
    site, _ = hostile
    everything = "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.html"))
    assert "Bak muren" in _tie(site)
    assert "Hemmelig setning" not in everything
    assert "Setning som er trukket" not in everything


def test_writers_of_opinion_texts_are_not_named(hostile: tuple[Path, Any]) -> None:
    site, _ = hostile
    assert "Vi må snakke sammen" in _tie(site)
    assert "vil beholde avtalen" in _tie(site)
    assert "Synne Aaberge" not in "".join(file.read_text(encoding="utf-8") for file in site.rglob("*.html"))


def test_outages_are_shaded_and_never_zero(hostile: tuple[Path, Any]) -> None:
    site, _ = hostile
    picture = re.search(r'<svg class="attention".*?</svg>', _tie(site), re.DOTALL)
    assert picture
    assert len(re.findall(r'<rect class="out"', picture[0])) == 2
    assert "sep. 2023: ikke noe tall" in picture[0]
    source = (site / "kilder/nordlys.html").read_text(encoding="utf-8")
    assert '<rect class="ill"' in source
    assert "1. september" in source


def test_an_interrupted_or_failed_run_leaves_the_old_site(
    hostile: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, con = hostile
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("gammel", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_site(con, site, SiteSettings(), _interrupt)
    assert (site / "index.html").read_text(encoding="utf-8") == "gammel"
    (tmp_path / "file").write_text("")
    with pytest.raises(SiteError, match="Kan ikke skrive sidene"):
        write_site(con, tmp_path / "file/site", SiteSettings())


def _interrupt(done: int, total: int) -> None:
    if done == 10:
        raise KeyboardInterrupt


def test_kommuner_are_drawn_as_areas_where_a_geojson_is_given(hostile: tuple[Path, Any], tmp_path: Path) -> None:
    _, con = hostile
    ring = [[18, 69.4], [18, 70], [19.5, 70], [19.5, 69.4], [18, 69.4]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    geojson = tmp_path / "k.geojson"
    features = [{"type": "Feature", "properties": {"kommunenummer": "5501"}, "geometry": shape}]
    geojson.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    write_site(con, tmp_path / "site", SiteSettings(kommuner_geojson=geojson))
    text = (tmp_path / "site/kart.html").read_text(encoding="utf-8")
    assert re.search(r'<path class="area fill-\w+" d="M[\d.]+', text)
    assert 'class="land"' not in text


@pytest.mark.parametrize("text", ["ikke json", '{"features": [{"properties": {}, "geometry": null}]}'])
def test_a_geojson_that_is_none_is_named(hostile: tuple[Path, Any], tmp_path: Path, text: str) -> None:
    _, con = hostile
    (tmp_path / "k.json").write_text(text, encoding="utf-8")
    with pytest.raises(SiteError, match=r"k\.json er ikke en GeoJSON av kommuner"):
        write_site(con, tmp_path / "site", SiteSettings(kommuner_geojson=tmp_path / "k.json"))


def test_a_missing_geojson_is_named(hostile: tuple[Path, Any], tmp_path: Path) -> None:
    _, con = hostile
    with pytest.raises(SiteError, match="kommuner_geojson"):
        write_site(con, tmp_path / "site", SiteSettings(kommuner_geojson=tmp_path / "none.json"))
