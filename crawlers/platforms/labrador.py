"""Labrador CMS: Dagbladet, Kommunal Rapport, newer High North News; `/<section>/<slug>/<digits>[!]`."""

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
    OPINION_SEGMENTS,
    Door,
    Found,
    Platform,
    first,
    first_body,
    front_links,
    host_of,
    path_of,
    plain,
    segments,
)

_ID = re.compile(r"^(/(?:[^/]+/)+)(\d{5,10})!?/?$")


def article_id(url: str) -> str | None:
    """Return `labrador:<host>:<digits>`; the numbers are each installation's own."""
    match = _ID.match(path_of(url))
    return f"labrador:{host_of(url)}:{match[2]}" if match else None


def canonical(url: str) -> str:
    """Return the address without query and without the `!` of paid and preview forms."""
    address = plain(url)
    return address.rstrip("/").rstrip("!") if article_id(url) else address


def links_from_front(html: str, url: str) -> tuple[str, ...]:
    """List the articles of a front or section page, in its order."""
    return front_links(html, url, article_id, canonical)


def opinion_url(url: str) -> bool | None:
    """Return True where the first part of the path is an opinion section."""
    return True if OPINION_SEGMENTS.intersection(segments(url)[:-2]) else None


_DROP = Drop(
    classes=frozenset(
        [
            *("factbox", "aiArticleSummary", "ai-disclaimer", "hyperframe", "relatedArticles", "readMore"),
            *("adunit-wrapper", "adunit", "native-advertisement", "preview", "preview-link", "newsletter", "paywall"),
            *("jwplayer", "jwplayer_video", "meta", "byline", "bylines", "share-container", "tags"),
            *("articleHeader", "article-top"),
        ]
    ),
    starts=("xavier", "toplist", "strossle", "k5a"),
)


def read(page: Page) -> Found:
    """Read bylines and dates of the header; meta tags name one author only, the byline all of them."""
    found: tuple[Author, ...] = ()
    header = _header(page)
    for byline in page.classed("byline", within=header):
        for address in byline.iter("address"):
            found = merge(found, _writer(page, address, byline))
    paid = structured.flag(page.meta("k5a:paid"))
    if "data-paywall-id" in page.source and any(button.get("data-paywall-id") for button in page.root.iter("button")):
        paid = True
    return Found(
        title=page.meta("og:title") or text_of(first(page.classed("headline", "h1"))) or None,
        lead=text_of(first(page.classed("subtitle", within=header))) or None,
        authors=merge(found, structured.authors(page)),
        published=(
            *structured.published(page),
            parse(_time(page, "datePublished"), "html"),
        ),
        modified=(*structured.modified(page), parse(_time(page, "dateModified"), "html")),
        labels=tuple(text_of(kicker)[:400] for kicker in page.classed("kicker", within=header)),
        paid=paid,
        language=structured.text(page.article_ld.get("inLanguage")),
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return the paragraphs and headings of the body text; fully bold paragraphs belong to it."""
    article = _article(page)
    if article is None:
        return ()
    return first_body(
        chain(
            page.classed("bodytext", within=article),
            page.classed("body-copy", within=article),
            page.having("itemprop", "articleBody", within=article),
        ),
        _DROP,
    )


def _article(page: Page) -> Any:
    """Return the main article; teasers are articles too, but neither have the id nor the role."""
    listed = list(page.root.iter("article"))
    return first(
        chain(
            (one for one in listed if one.get("id") == "mainArticleSection"),
            (one for one in listed if "article-entity" in (one.get("class") or "") or one.get("role") == "article"),
            listed,
        )
    )


def _header(page: Page) -> Any:
    for name in ("articleHeader", "article-top"):
        if (header := first(page.classed(name))) is not None:
            return header
    return _article(page)


def _writer(page: Page, address: Any, byline: Any) -> tuple[Author, ...]:
    hidden = first(page.classed("lab-hidden-byline-name", within=address))
    parts = [text_of(part) for name in ("firstname", "lastname") for part in page.classed(name, within=address)]
    name = text_of(hidden) or " ".join(part for part in parts if part) or text_of(address, _INLINE)
    role = first(chain(page.classed("description", within=byline), page.classed("title", within=byline)))
    return tuple(Author(name=one.name, role=one.role or text_of(role) or None) for one in people(name))


def _time(page: Page, name: str) -> str | None:
    for group in page.classed(name):
        for element in group.iter("time"):
            if stated := element.get("datetime"):
                return str(stated)
    return None


_INLINE = Drop()


PLATFORM = Platform(
    name="labrador",
    article_id=article_id,
    canonical=canonical,
    doors=(
        Door(name="rss", path="/rss", kind="feed"),
        Door(name="lab-rss", path="/?lab_viewport=rss", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="sitemap", path="/sitemap.xml", kind="sitemap"),
    ),
    links_from_front=links_from_front,
    opinion_url=opinion_url,
    read=read,
    body=body,
)
