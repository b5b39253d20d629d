"""Polaris Media and Schibsted, VG included: `/i/<ID>` with case-sensitive ids, `.ece` before 2022."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawlers import structured
from crawlers.article import Author
from crawlers.dates import from_url, parse
from crawlers.opinion import merge, people
from crawlers.page import Block, Drop, Page, load_json, text_of
from crawlers.platforms.platform import (
    OPINION_SEGMENTS,
    Door,
    Found,
    Platform,
    first_body,
    front_links,
    has_class,
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
_BODY = (
    "//main//article//section[@itemprop='articleBody']",
    "//*[@itemprop='articleBody']",
    f"//main//article//*[{has_class('article-body')}]",
    "//div[@id='main']",
    "//main//article",
    "//article[not(ancestor::article)]",
)
_PAID_MARKS = "//*[@id='paywall-login-link' or @data-test-id='paywall' or @data-testid='paywall']"


def read(page: Page) -> Found:
    """Read JSON-LD and `article-pulse-data`; the page's own title is og:title, as the teaser title differs."""
    pulse = _pulse(page)
    custom = lookup(pulse, "spt:custom")
    levels = [
        level for level in (lookup(pulse, "accessLevel"), lookup(custom, "spt:accessLevel")) if isinstance(level, str)
    ]
    paid = True if page.root.xpath(_PAID_MARKS) or any(level.strip().lower() != "free" for level in levels) else None
    if paid is None and levels:
        paid = False
    found: tuple[Author, ...] = ()
    for name in page.root.xpath("//section[@data-test-id='byline']//li[not(.//img)]")[:12]:
        found = merge(found, people(text_of(name)))
    return Found(
        lead=text_of(
            page.first(
                f"//header[{has_class('article-intro')}]//p",
                f"//article/header//p[{has_class('lead')}]",
                f"//p[{has_class('lead')}]",
            )
        )
        or None,
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
    """Return the paragraphs and headings of the article body, AI summary left out."""
    return first_body(page, _BODY, _DROP)


def _pulse(page: Page) -> Any:
    for script in page.scripts.get("application/json", ()):
        if script.get("id") == "article-pulse-data":
            return load_json(script.text or "")
    return None


def _key(page: Page, content_id: Any) -> str | None:
    stated = page.root.get("data-id") or (content_id if isinstance(content_id, str) else None)
    return article_id(f"https://{host_of(page.url)}/i/{stated}") if stated else None


def _labels(page: Page) -> Iterator[str]:
    for element in page.root.xpath(
        f"//article//*[{has_class('kicker')} or {has_class('label')} or {has_class('opinion-label')} or @data-test-id='kicker'"
        f" or @data-test-id='opinion-disclaimer' or {has_class('opinion-disclaimer')}]"
    )[:6]:
        yield text_of(element)[:400]
    if subsection := page.meta("article:subsection"):
        yield subsection


def _time(page: Page, index: int) -> str | None:
    times = page.root.xpath("//article//time[@datetime]")
    return times[index].get("datetime") if len(times) > index else None


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
