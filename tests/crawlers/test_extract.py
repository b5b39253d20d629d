import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.article import Article, Author, Rights
from crawlers.evaluate import read_pairs, score
from crawlers.extract import MAX_PAGE, ExtractError, FeedItem, SourceFacts, extract
from crawlers.extract_commands import source_facts
from crawlers.platforms import PLATFORMS
from crawlers.replica.cases import CASES, TEXT_OF_BODY, by_name, page
from crawlers.sources import load_sources

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GENERIC = "https://www.svalbardposten.no/nyheter/2023/06/14/hva-skal-vi/"


def facts(platform: str = "generic", **more: str) -> SourceFacts:
    return SourceFacts(source_id="avis", platform=platform, publisher_group="hus", host="www.x.no", **more)  # type: ignore[arg-type]


def read(html: str | bytes, url: str = GENERIC, platform: str = "generic", **more: object) -> Article:
    return extract(html, url, source=facts(platform), fetched_at=NOW, **more)  # type: ignore[arg-type]


def plain(head: str = "", body: str = "") -> str:
    paragraphs = "".join(
        f"<p>Setning nummer {n} om kommunen og byen ved fjorden, lang nok til å telle.</p>" for n in range(6)
    )
    return (
        f"<html lang='nb'><head>{head}</head><body><article><h1>En sak</h1>{body}{paragraphs}</article></body></html>"
    )


@pytest.mark.parametrize(
    "name", ["Dagbladet_2024_08_04", "NRK_2024_08_05", "Nettavisen_2024_10_16", "VerdensGang_2024_08_05"]
)
def test_saved_pages_are_read_as_expected_and_never_worse_than_by_trafilatura(shared: Path, name: str) -> None:
    pair = next(pair for pair in read_pairs(shared / "pages") if pair.name.startswith(name))
    found = score(pair, source_facts(pair.url, load_sources()))
    assert found.body_f1 >= 0.98
    assert found.body_f1 >= found.rival_f1
    assert all(found.fields.values()), found.fields


@pytest.mark.parametrize(
    ("html", "url", "platform", "reason"),
    [
        ("", GENERIC, "generic", "the page is empty"),
        (" \n ", GENERIC, "generic", "the page is empty"),
        ("<html><body></body></html>", GENERIC, "generic", "no title"),
        ("<html><body><h1>Tittel</h1></body></html>", GENERIC, "generic", "no text"),
        (plain(), "https://www.nordlys.no/om-oss", "amedia", "no article address"),
        (plain(), "https://www.nrk.no/nordland/x-1.12345678", "nrk", "no article: no article[role=main]"),
        (plain(), GENERIC, "escenic", "unknown platform"),
        ("x" * (MAX_PAGE + 1), GENERIC, "generic", "the page is too large"),
    ],
    ids=["empty", "blank", "no title", "no text", "no address", "short items", "platform", "size"],
)
def test_what_is_no_article_is_refused_with_its_reason(html: str, url: str, platform: str, reason: str) -> None:
    with pytest.raises(ExtractError) as error:
        read(html, url, platform)
    assert error.value.reason.startswith(reason)
    assert url in str(error.value)
    assert error.value.hint


def test_a_front_page_of_amedia_is_no_article() -> None:
    html = "<html data-isfrontpage='true'><head><meta property='og:title' content='Nordlys'></head><body></body></html>"
    with pytest.raises(ExtractError, match="a front page"):
        read(html, "https://www.nordlys.no/x/s/5-34-1", "amedia")


MORNING = '"datePublished": "2023-06-14T09:30:00+02:00"'
KARI = '"author": "Kari Nordli"'
SCRIPTS = {
    "trailing comma": f'{{"@type": "NewsArticle", "headline": "En sak", {MORNING}, {KARI},}}',
    "array": f'[{{"@type": "WebSite"}}, {{"@type": ["Thing", "NewsArticle"], {MORNING}, "author": ["Kari Nordli"]}}]',
    "graph": f'{{"@graph": [{{"@type": "Article", {MORNING}, "author": [{{"name": "Kari Nordli"}}]}}]}}',
    "offset without colon": f'{{"@type": "Article", {MORNING.replace("+02:00", "+0200")}, {KARI}}}',
    "cdata": f'<![CDATA[{{"@type": "NewsArticle", {MORNING}, "author": {{"name": "Kari Nordli"}}}}]]>',
    "escaped": f'{{"@type": "NewsArticle", {MORNING}, {KARI}}}'.replace('"', "&quot;"),
    "raw control signs": f'{{"@type": "NewsArticle", "description": "to\nlinjer\tog tab", {MORNING}, {KARI}}}',
    "e-mail in the name": f'{{"@type": "NewsArticle", {MORNING}, "author": "Kari Nordli, kari@x.no"}}',
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_json_ld_is_read_in_every_form_that_papers_print(script: str) -> None:
    article = read(plain(f'<script type="application/ld+json">{script}</script>'))
    assert article.published_at == datetime(2023, 6, 14, 7, 30, tzinfo=UTC)
    assert article.published_from == "jsonld"
    assert article.authors == (Author(name="Kari Nordli"),)


def test_broken_json_ld_leaves_the_meta_tags_to_speak() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "headl</script>'
    article = read(plain(f'{broken}<meta property="article:published_time" content="2023-06-14T07:30:00Z">'))
    assert (article.published_at, article.published_from) == (datetime(2023, 6, 14, 7, 30, tzinfo=UTC), "meta")


def test_a_date_comes_from_feed_address_or_visit_where_the_page_has_none() -> None:
    told = FeedItem(url=GENERIC, published_at=datetime(2023, 6, 14, 7, 0, tzinfo=UTC))
    by_feed, by_address = read(plain(), feed_item=told), read(plain())
    by_visit = read(plain(), "https://www.svalbardposten.no/en-sak-om-noe-nytt", feed_item=FeedItem(url="x"))
    assert (by_feed.published_from, by_feed.published_at) == ("feed", told.published_at)
    assert (by_address.published_from, by_address.published_precision) == ("url", "day")
    assert (by_visit.published_from, by_visit.published_at) == ("fetched", NOW)


def test_the_feed_fills_in_title_and_authors() -> None:
    html = plain().replace("<h1>En sak</h1>", "")
    article = read(html, feed_item=FeedItem(url=GENERIC, title="Fra feeden", authors=("Kari Nordli", "x@y.no")))
    assert (article.title, article.authors) == ("Fra feeden", (Author(name="Kari Nordli"),))


@pytest.mark.parametrize(
    ("lang", "text", "language"),
    [
        ("nb-NO", "", "nb"), ("nn", "", "nn"), ("se", "", "se"), ("fkv", "", "fkv"), ("en", "", "en"),
        ("no", "Eg veit ikkje kva dei vil, men det vert berre verre frå år til år.", "nn"),
        ("no", "Jeg vet ikke hva de vil, men det blir bare verre fra år til år.", "nb"),
    ],
)  # fmt: skip
def test_language_is_stated_or_told_by_its_small_words(lang: str, text: str, language: str) -> None:
    html = plain(body=f"<p>{text * 3}</p>").replace("lang='nb'", f"lang='{lang}'")
    assert read(html).language == language


def test_a_paid_page_has_head_data_only_and_so_has_any_page_when_told() -> None:
    case = by_name("amedia-news")
    free = extract(page(case), case.url, source=facts("amedia"), fetched_at=NOW)
    head = extract(page(case), case.url, source=facts("amedia"), fetched_at=NOW, head_only=True)
    assert free.text == TEXT_OF_BODY
    assert (head.text, head.paywalled, head.lead, head.links) == ("", False, free.lead, ())
    assert head.word_count == free.word_count


@pytest.mark.parametrize(
    "flag",
    [
        ('data-paywall="false"', 'data-paywall="true"'),
        ('"isPremium": false', '"isPremium": "true"'),
        ('property="lp:premium" content="false"', 'property="lp:premium" content="true"'),
        ('meta-article#contentModel" content="free"', 'meta-article#contentModel" content="premium"'),
        ('presentationMode" content="full"', 'presentationMode" content="teaser"'),
        ('"isAccessibleForFree": true, "hasPart"', '"isAccessibleForFree": "http://schema.org/False", "hasPart"'),
        ('<div class="inner-article', '<div class="incentive-block">Kjøp</div><div class="inner-article'),
    ],
    ids=["html", "pagedata", "lp", "content model", "presentation", "json-ld", "overlay"],
)
def test_any_single_flag_makes_an_amedia_page_paid(flag: tuple[str, str]) -> None:
    case = by_name("amedia-news")
    html = page(case)
    assert flag[0] in html
    article = extract(html.replace(*flag), case.url, source=facts("amedia"), fetched_at=NOW)
    assert article.paywalled
    assert article.text == ""


def test_the_same_post_on_two_hosts_and_three_addresses_is_one_article() -> None:
    ids = {
        extract(page(by_name(name)), by_name(name).url, source=facts("amedia"), fetched_at=NOW).article_id
        for name in ("amedia-debate-2020-glued", "amedia-second-host")
    }
    assert ids == {"amedia:5-124-206452"}


def test_ids_that_differ_in_case_only_are_two_articles() -> None:
    upper, lower = by_name("polaris-upper-case-id"), by_name("polaris-lower-case-id")
    ids = [extract(page(case), case.url, source=facts("polaris"), fetched_at=NOW).article_id for case in (upper, lower)]
    assert ids == ["polaris:aB3dEf", "polaris:ab3dEf"]


def test_rights_of_host_header_and_page_are_kept() -> None:
    case = by_name("amedia-news")
    html = page(case).replace("<head>", '<head><meta name="tdm-reservation" content="0">')
    article = extract(
        html, case.url, source=facts("amedia"), fetched_at=NOW, headers={"TDM-Reservation": "1"},
        host_rights=Rights(ai_agents_blocked=True, tdm_reserved=True),
    )  # fmt: skip
    assert article.rights == Rights(robots=("index", "noarchive"), tdm_reserved=False, ai_agents_blocked=True)


def test_bytes_are_read_in_the_charset_that_is_stated() -> None:
    html = plain("<meta charset='iso-8859-1'>", "<p>Blåbærsyltetøy og rømme på Øksfjord kai.</p>")
    assert "Blåbærsyltetøy" in read(html.encode("latin-1")).text
    assert "Blåbærsyltetøy" in read(plain(body="<p>Blåbærsyltetøy og rømme på Øksfjord kai.</p>").encode()).text
    header = {"Content-Type": "text/html; charset=windows-1252"}
    assert "Blåbærsyltetøy" in read(html.replace("iso-8859-1", "utf-8").encode("cp1252"), headers=header).text


def test_addresses_and_comments_are_never_kept() -> None:
    comments = (
        "<section id='comments'><h3>Kommentarer</h3><p>Første kommentar er fra en leser som er uenig.</p></section>"
    )
    html = plain(
        body="<p>Skriv til Kari Nordli, kari.nordli@kommune.no, hvis du har noe på hjertet om saken.</p>"
    ).replace("</article>", f"</article>{comments}")
    article = read(html)
    assert "@" not in article.text
    assert "Første kommentar" not in article.text
    assert "Skriv til Kari Nordli" in article.text


def test_a_body_that_the_selectors_miss_is_read_by_trafilatura() -> None:
    html = plain('<meta property="og:type" content="article">')
    assert read(html, "https://www.nordlys.no/x/s/5-34-1", "amedia").text.startswith("Setning nummer 0")


def test_text_beside_plugs_inside_a_paragraph_is_kept() -> None:
    case = by_name("nrk-news")
    plug = '<div class="article widget reference plug"><a href="/x-1.1234567"><h2>Les også dette</h2></a></div>'
    html = page(case).replace("hver sommer.</p>", f"hver sommer.{plug} Og om vinteren.</p>")
    text = extract(html, case.url, source=facts("nrk"), fetched_at=NOW).text
    assert "Og om vinteren." in text
    assert "Les også" not in text


def test_official_sources_and_debate_sites_decide_where_pages_are_silent() -> None:
    official = extract(plain(), GENERIC, source=facts(kind="official"), fetched_at=NOW)
    debate = extract(plain(), GENERIC, source=facts(kind="debate"), fetched_at=NOW)
    assert (official.kind, debate.kind, read(plain()).kind) == ("official", "opinion", "unknown")


PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            '"',
            "'",
            "</p>",
            "<p>",
            "<div>" * 300,
            "</article>",
            "<script>",
            "</script>",
            "<!--",
            "]]>",
            "{",
            "}",
        ),
        *("[", "null", ",", "&#x0;", "&#xD800;", "\x00", "\ud800", "\u202e", '"@type": "NewsArticle"', "9" * 400),
        *('"datePublished": 1e999', "2024-99-99T99:99", 'href="http://[::1"', "(©NTB)", "Les også:", "@x.no", "\r\n"),
        *("=" * 50, "content=", "<html>", "<base href='//'>", "<br>" * 200),
    ]
)
KEYS = [
    "env",
    "data",
    "fields",
    "authors",
    "name",
    "tags",
    "displayName",
    "published",
    "title",
    "categories",
    "wordCount",
    "body",
    "@type",
    "@graph",
    "author",
    "headline",
    "datePublished",
    "keywords",
    "hasPart",
    "isAccessibleForFree",
    "description",
    "contentId",
    "model",
]


@pytest.mark.parametrize("platform", PLATFORMS)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(data=st.data())
def test_a_damaged_page_gives_an_article_or_an_extract_error(platform: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from([case for case in CASES if case.paper.platform == platform]))
    html = page(case)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(html)))
        cut = data.draw(st.sampled_from([0, 1, 5, 60, 2000]))
        html = html[:start] + data.draw(st.one_of(PIECES, st.text(max_size=20))) + html[start + cut :]
    try:
        article = extract(
            html, case.url, source=facts(data.draw(st.sampled_from([platform, "generic"]))), fetched_at=NOW
        )
    except ExtractError:
        return
    assert article.title
    assert article.published_at.tzinfo is UTC
    assert not (article.paywalled and article.text)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
        max_leaves=25,
    )
)
def test_structured_data_of_any_shape_is_survived(value: object) -> None:
    text = json.dumps(value).replace("</", "<\\/")
    head = f'<script type="application/pagedata">{text}</script><script type="application/ld+json">{text}</script>'
    pulse = f'<script id="article-pulse-data" type="application/json">{text}</script>'
    urls = {
        "amedia": "https://www.nordlys.no/x/s/5-34-1",
        "polaris": "https://www.itromso.no/i/aB3dEf",
        "generic": GENERIC,
    }
    for platform, url in urls.items():
        try:
            read(plain(head + pulse), url, platform)
        except ExtractError:
            continue


def test_hostile_pages_are_read_in_reasonable_time() -> None:
    # Each takes milliseconds; the suite's time limit is what would notice a quadratic one.
    shapes: list[Callable[[int], str]] = [
        lambda n: plain(body="<div>" * n),
        lambda n: plain(body="<p>" + "a@" * n + "</p>"),
        lambda n: plain(body="<p>" + "Les også " * n + "</p>"),
        lambda n: plain(body="<a href='/x-y-z-w'>" * n),
        lambda n: plain(head='<script type="application/ld+json">' + "[" * n + "</script>"),
    ]
    for shape in shapes:
        try:
            read(shape(20_000), "https://www.nordlys.no/x/s/5-34-1", "amedia")
        except ExtractError:
            continue
