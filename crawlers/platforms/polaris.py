"""Polaris Media and Schibsted, VG included: `/i/<ID>` with case-sensitive ids, `.ece` before 2022."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from crawlers import structured
from crawlers.article import Author
from crawlers.dates import from_url, parse
from crawlers.opinion import merge, people
from crawlers.page import Block, Drop, Page, direct_blocks, load_json, text_of
from crawlers.platforms.platform import (
    OPINION_SEGMENTS,
    Door,
    Found,
    Platform,
    first,
    first_body,
    front_links,
    host_of,
    lookup,
    path_of,
    plain,
    segments,
)

_ID = re.compile(r"/i/([A-Za-z0-9]{4,8})(?:/[^/]*)?/?$")
_ECE = re.compile(r"(?:^|[-/])(?:article)?(\d{5,10})\.ece$")


def article_id(url: str) -> str | None:
    """Return `polaris:<ID>` as written, or `polaris:<host>:<number>` for an old `.ece` address."""
    path = path_of(url)
    if match := _ID.search(path):
        return f"polaris:{match[1]}"
    if match := _ECE.search(path):
        return f"polaris:{host_of(url)}:{match[1]}"
    return None


def canonical(url: str) -> str:
    """Return the address without query; the case of the path is part of the id."""
    return plain(url).rstrip("/") if article_id(url) else plain(url)


def links_from_front(html: str, url: str) -> tuple[str, ...]:
    """List the articles of a front or section page, in its order."""
    return front_links(html, url, article_id, canonical)


def opinion_url(url: str) -> bool | None:
    """Return True where a part of the path before the id names an opinion section, else None."""
    before = path_of(url).split("/i/", 1)[0] if "/i/" in path_of(url) else path_of(url).rsplit("/", 1)[0]
    return True if OPINION_SEGMENTS.intersection(segments(f"https://x{before}")) else None


_DROP = Drop(
    classes=frozenset(
        [
            "factbox",
            "fact-box",
            "teaser",
            "related",
            "byline",
            "ad",
            "advert",
            "advertisement",
            "article-summary",
            "paywall",
        ]
    ),
    starts=("_summary_", "_byline_", "_integration_", "_teaser", "_relat", "_factbox", "ad-", "teaser-", "related-"),
)
_PAID_MARKS = (("id", "paywall-login-link"), ("data-test-id", "paywall"), ("data-testid", "paywall"))
_LABELS = ("kicker", "label", "opinion-label", "opinion-disclaimer")


def read(page: Page) -> Found:
    """Read JSON-LD and `article-pulse-data`; the page's own title is og:title, as the teaser title differs."""
    pulse = _pulse(page)
    custom = lookup(pulse, "spt:custom")
    levels = [
        level for level in (lookup(pulse, "accessLevel"), lookup(custom, "spt:accessLevel")) if isinstance(level, str)
    ]
    marked = any(first(page.having(name, value)) is not None for name, value in _PAID_MARKS)
    paid = True if marked or any(level.strip().lower() != "free" for level in levels) else None
    if paid is None and levels:
        paid = False
    found: tuple[Author, ...] = ()
    for byline in page.having("data-test-id", "byline", "section"):
        for name in byline.iter("li"):
            found = merge(found, people(text_of(name)))
    return Found(
        lead=_lead(page) or None,
        authors=merge(found, structured.authors(page)),
        published=(
            *structured.published(page),
            parse(structured.text(lookup(custom, "spt:published")), "pagedata"),
            parse(_time(page, 0), "html"),
            from_url(page.url) if page.url.split("?")[0].endswith(".ece") else None,
        ),
        modified=(*structured.modified(page), parse(structured.text(lookup(custom, "spt:updated")), "pagedata")),
        labels=tuple(_labels(page)),
        paid=paid,
        word_count=_count(lookup(custom, "spt:wordCount")),
        language=structured.text(page.article_ld.get("inLanguage")),
        key=_key(page, lookup(pulse, "contentId")),
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return the paragraphs and headings of the article body, AI summary left out.

    Three generations: `section.article-body` (VG, Astro), a bare article whose own children are the text (hyperion),
    and `div#main` likewise (Aftenposten before that).
    """
    marked = first_body(chain(page.having("itemprop", "articleBody"), page.classed("article-body")), _DROP)
    if marked:
        return marked
    articles = [one for one in page.root.iter("article") if not any(True for _ in one.iterancestors("article"))]
    for container in (*articles, *page.having("id", "main", "div")):
        found = tuple(direct_blocks(container, _DROP))
        if sum(not block.heading for block in found) >= 2:
            return found
    return first_body(articles, _DROP)


def _lead(page: Page) -> str:
    for header in page.classed("article-intro", "header"):
        paragraphs = list(header.iter("p"))
        named = [one for one in paragraphs if "_lead_" in (one.get("class") or "")] or paragraphs[:1]
        if named:
            return " ".join(text_of(one) for one in named)
    tagged = " ".join(text_of(part) for part in page.having("data-test-tag", "lead-text", "p"))
    return tagged or text_of(first(page.classed("lead", "p")))


def _pulse(page: Page) -> Any:
    for script in page.scripts.get("application/json", ()):
        if script.get("id") == "article-pulse-data":
            return load_json(script.text or "")
    return None


def _key(page: Page, content_id: Any) -> str | None:
    stated = page.root.get("data-id") or (content_id if isinstance(content_id, str) else None)
    return article_id(f"https://{host_of(page.url)}/i/{stated}") if stated else None


def _labels(page: Page) -> Iterator[str]:
    for name in _LABELS:
        for element in islice(page.classed(name, "span", "p", "div", "a"), 3):
            yield text_of(element)[:400]
    if subsection := page.meta("article:subsection"):
        yield subsection


def _time(page: Page, index: int) -> str | None:
    times = [time.get("datetime") for time in islice(page.root.iter("time"), 4) if time.get("datetime")]
    return times[index] if len(times) > index else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000 else None


PLATFORM = Platform(
    name="polaris",
    article_id=article_id,
    canonical=canonical,
    doors=(
        Door(name="rss", path="/rss", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="sitemap", path="/sitemap.xml", kind="sitemap"),
    ),
    links_from_front=links_from_front,
    opinion_url=opinion_url,
    read=read,
    body=body,
)
