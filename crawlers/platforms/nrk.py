"""NRK and its regional offices: the key is `1.N`, whatever the slug; opinion lives under `/ytring/`."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any

from crawlers import structured
from crawlers.article import Author
from crawlers.dates import parse
from crawlers.opinion import merge, people
from crawlers.page import Block, Drop, Page, text_of
from crawlers.platforms.platform import (
    Door,
    Found,
    Platform,
    first,
    first_body,
    front_links,
    path_of,
    plain,
    segments,
)

_ID = re.compile(r"(?:^|[-/])(1\.\d{4,9})/?$")


def article_id(url: str) -> str | None:
    """Return `nrk:1.N`, also for a bare `/nordland/1.N`."""
    match = _ID.search(path_of(url))
    return f"nrk:{match[1]}" if match else None


def canonical(url: str) -> str:
    """Return the address without query."""
    return plain(url).rstrip("/") if article_id(url) else plain(url)


def links_from_front(html: str, url: str) -> tuple[str, ...]:
    """List the articles of a front page, in its order."""
    return front_links(html, url, article_id, canonical)


def opinion_url(url: str) -> bool | None:
    """Return True for `/ytring/`; other sections hold rare comment pieces that the address does not show."""
    return True if segments(url)[:1] == ["ytring"] else None


_DROP = Drop(
    classes=frozenset(
        [
            "article-body--updating",
            "plug",
            "widget",
            "image-reference",
            "authors",
            "author",
            "article-dateline",
            "compilation",
            "fact",
            "factbox",
        ]
    ),
    starts=("universe", "min-side", "newsletter"),
)


def read(page: Page) -> Found:
    """Read the article element, its byline and datelines; without `article[role=main]` a page holds short items."""
    article = _article(page)
    if article is None or (page.meta("og:type") or "article") != "article":
        return Found(refused="no article[role=main] with og:type article, perhaps a front page or short items")
    found: tuple[Author, ...] = ()
    for author in page.classed("author", "div", within=article):
        named = first(page.classed("author__name", within=author))
        if named is None:
            continue
        role = text_of(first(page.classed("author__role", within=author)))
        for one in people(text_of(named, Drop(classes=frozenset(["sr-only"])))):
            found = merge(found, (Author(name=one.name, role=role or one.role),))
    section = page.meta("article:section")
    return Found(
        title=page.meta("og:title"),
        lead=text_of(first(page.classed("article-lead", within=article))) or None,
        authors=merge(found, structured.authors(page)),
        published=(*structured.published(page), parse(_time(page, article, "datePublished"), "html")),
        modified=(*structured.modified(page), parse(_time(page, article, "dateModified"), "html")),
        # "dk" (distriktskontor) stands for every regional office; the subsection names it.
        section=page.meta("article:subsection") if section in (None, "dk") else section,
        labels=tuple(text_of(kicker) for kicker in page.classed("article-kicker", within=article)),
        language=structured.text(page.article_ld.get("inLanguage")) or page.meta("k5a:cnttag"),
        key=article_id("/" + (article.get("data-id") or "")),
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return the running text of the main article, never of the short items beside it."""
    article = _article(page)
    if article is None:
        return ()
    marked = (element for element in article.iter("div") if element.get("data-main-content") is not None)
    return first_body(chain(marked, page.classed("article-body", "div", within=article)), _DROP)


def _article(page: Page) -> Any:
    return first(one for one in page.root.iter("article") if one.get("role") == "main" and one.get("data-id"))


def _time(page: Page, article: Any, name: str) -> str | None:
    element = first(page.classed(name, "time", within=article))
    return element.get("datetime") if element is not None else None


PLATFORM = Platform(
    name="nrk",
    article_id=article_id,
    canonical=canonical,
    doors=(
        Door(name="rss", path="/{section}/siste.rss", kind="feed"),
        Door(name="toppsaker", path="/{section}/toppsaker.rss", kind="feed"),
        Door(name="front", path="/{section}/", kind="front"),
        Door(name="sitemap", path="/sitemap.xml", kind="sitemap"),
    ),
    links_from_front=links_from_front,
    opinion_url=opinion_url,
    read=read,
    body=body,
)
