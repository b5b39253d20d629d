"""Labrador CMS: Dagbladet, Kommunal Rapport, newer High North News; `/<section>/<slug>/<digits>[!]`."""

from __future__ import annotations

import re

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
    first_body,
    front_links,
    has_class,
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
            "factbox", "aiArticleSummary", "adunit-wrapper", "adunit", "preview", "preview-link", "jwplayer", "jwplayer_video", "meta",
            "native-advertisement", "ai-disclaimer", "byline", "bylines", "share-container", "tags", "articleHeader", "article-top",
            "hyperframe", "newsletter", "paywall", "readMore", "relatedArticles",
        ]
    ),
    starts=("xavier", "toplist", "strossle", "k5a"),
)  # fmt: skip
_ARTICLE = (
    "//article[@id='mainArticleSection']",
    f"//article[{has_class('article-entity')}]",
    "//article[@role='article']",
)
_BODY = tuple(
    f"{article}//*[{has_class('bodytext')} or {has_class('body-copy')} or @itemprop='articleBody']"
    for article in _ARTICLE
) + ("//*[@itemprop='articleBody']", f"//div[{has_class('bodytext')}]")
_BYLINES = f"//*[{has_class('meta')}]//*[{has_class('byline')}]//address[{has_class('name')}]"
_HEADER = f"//*[{has_class('articleHeader')} or {has_class('article-top')}]"


def read(page: Page) -> Found:
    """Read bylines and dates of the header; meta tags name one author only, the byline all of them."""
    found: tuple[Author, ...] = ()
    for address in page.root.xpath(_BYLINES)[:12]:
        hidden = page.first(f".//*[{has_class('lab-hidden-byline-name')}]", within=address)
        names = [text_of(part) for part in address.xpath(f".//*[{has_class('firstname')} or {has_class('lastname')}]")]
        name = text_of(hidden) or " ".join(part for part in names if part) or text_of(address, _INLINE)
        role = text_of(
            page.first(
                f"./ancestor::*[{has_class('byline')}][1]//*[{has_class('title')} or {has_class('description')}]",
                within=address,
            )
        )
        found = merge(found, tuple(Author(name=one.name, role=one.role or role or None) for one in people(name)))
    paid = structured.flag(page.meta("k5a:paid"))
    if page.root.xpath("//button[@data-paywall-id]"):
        paid = True
    return Found(
        title=page.meta("og:title") or text_of(page.first(f"//h1[{has_class('headline')}]")) or None,
        lead=text_of(page.first(f"{_HEADER}//*[{has_class('subtitle')}]", f"//article//*[{has_class('subtitle')}]"))
        or None,
        authors=merge(found, structured.authors(page)),
        published=(
            *structured.published(page),
            parse(_time(page, "datePublished"), "html"),
        ),
        modified=(*structured.modified(page), parse(_time(page, "dateModified"), "html")),
        labels=tuple(text_of(kicker)[:400] for kicker in page.root.xpath(f"{_HEADER}//*[{has_class('kicker')}]")[:2]),
        paid=paid,
        language=structured.text(page.article_ld.get("inLanguage")),
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return the paragraphs and headings of the body text; fully bold paragraphs belong to it."""
    return first_body(page, _BODY, _DROP)


def _time(page: Page, name: str) -> str | None:
    element = page.first(f"//*[{has_class(name)}]//time[@datetime]")
    return element.get("datetime") if element is not None else None


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
