"""Amedia: Nordlys, Nordnorsk Debatt and thirty more; the content id `5-PUB-N` is the key whatever the host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from crawlers import structured
from crawlers.article import Author
from crawlers.dates import parse
from crawlers.opinion import merge, people
from crawlers.page import Block, Drop, Page, clean, text_of
from crawlers.platforms.platform import (
    Door,
    Found,
    Platform,
    first,
    first_body,
    front_links,
    lookup,
    path_of,
    plain,
)

# Letter: s story, o opinion, f feature, r review, g gallery, v video. System is 5, a third party met 80 as well.
_LONG = re.compile(r"/([a-z])/(\d{1,3}-\d{1,4}-\d{1,10})/?$")
_SHORT = re.compile(r"^/(\d{1,3}-\d{1,4}-\d{1,10})/?$")


def article_id(url: str) -> str | None:
    """Return `amedia:5-PUB-N`; a video (`/v/`) is no article, sponsored ones share the feeds."""
    path = path_of(url)
    if match := _LONG.search(path):
        return None if match[1] == "v" else f"amedia:{match[2]}"
    if match := _SHORT.match(path):
        return f"amedia:{match[1]}"
    return None


def canonical(url: str) -> str:
    """Return the address without query; a stored `?key=` would be someone else's pass."""
    return plain(url).rstrip("/") if article_id(url) else plain(url)


def links_from_front(html: str, url: str) -> tuple[str, ...]:
    """List the articles of a front or tag page, in its order."""
    return front_links(html, url, article_id, canonical)


def opinion_url(url: str) -> bool | None:
    """Return whether the letter says opinion; the short form does not tell."""
    match = _LONG.search(path_of(url))
    return match[1] == "o" if match else None


_DROP = Drop(
    classes=frozenset(
        [
            "byline-footer",
            "fact-box",
            "amedia-image-wrap",
            "media-top-relation",
            "video-description",
            "incentive-block",
            "related-teaser",
        ]
    ),
    starts=("opinion-cta", "lp_smartembed", "am-bazaar", "skyscraper", "article-skyscraper"),
)
_NO_SLOT = frozenset(["ul", "footer", "h1", "figure", "script", "style", "meta", "time"])
_WRITER = re.compile(
    r"^(?:skribent(?:en)?|forfatter(?:en)?|innsender(?:en)?|debattant(?:en)?|kronikør(?:en)?|kronikkforfatter(?:en)?)\s*:\s*"
    r"(?P<who>[^:]{5,120}?)(?:\s+(?:foto|photo)\b.*)?$",
    re.IGNORECASE,
)
_PAID_MARKS = ("incentive-block", "incentive-card", "aid-background-blur")


def read(page: Page) -> Found:
    """Read `application/pagedata` first, then the article element; booleans may be strings there."""
    data = page.pagedata.get("data")
    fields = lookup(data, "fields")
    article = first(page.classed("amedia-article", "article"))
    key = article_id(f"/{lookup(page.pagedata, 'env', 'contentId') or lookup(fields, 'id') or page.meta('identifier')}")
    published = lookup(data, "published")
    changed = lookup(fields, "lastModifiedDate")
    writers = lookup(data, "authors")
    tags = lookup(data, "tags")
    return Found(
        title=_text(lookup(data, "title")) or text_of(first(page.having("itemprop", "headline", "h1"))) or None,
        lead=text_of(first(chain(page.having("data-content", "lead-text", "p"), page.classed("lead-text", "p"))))
        or None,
        authors=_writers(writers, article, page),
        published=(
            parse(published if isinstance(published, str) else None, "pagedata"),
            *structured.published(page),
            parse(_attribute(page, "datePublished"), "html"),
        ),
        modified=(
            parse(changed if isinstance(changed, str) else None, "pagedata"),
            *structured.modified(page),
            parse(_attribute(page, "dateModified"), "html"),
        ),
        section=page.meta("article:section", "lp:section") or _main_category(lookup(fields, "categories")),
        tags=structured.once(
            name
            for tag in (tags if isinstance(tags, list) else ())
            if isinstance(name := lookup(tag, "displayName"), str)
        ),
        labels=tuple(_labels(article, lookup(fields, "bodyVignette"))),
        opinion=True if lookup(data, "model") == "opinion" or page.root.get("data-pagemodel") == "opinion" else None,
        paid=_paid(page, fields),
        wire="NTB" if structured.flag(lookup(fields, "isNTB")) else None,
        word_count=_count(lookup(data, "wordCount", "body")),
        hidden=bool(structured.flag(lookup(fields, "hideForSearchEngines"))),
        key=key,
        refused="a front page" if structured.flag(page.root.get("data-isfrontpage")) else None,
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return the paragraphs and headings of the article body."""
    return first_body(
        chain(page.classed("article-body", "div"), page.classed("body-text", "div")),
        _DROP,
    )


def _paid(page: Page, fields: Any) -> bool | None:
    flags = [
        structured.flag(page.root.get("data-paywall")),
        structured.flag(page.meta("lp:premium")),
        structured.flag(lookup(fields, "isPremium")),
    ]
    for name, free in (("contentmodel", "free"), ("presentationmode", "full")):
        for key, values in page.metas.items():
            if key.endswith(f"#{name}"):
                flags.extend(value.strip().lower() != free for value in values)
    model = page.article_ld.get("https://www.adplogger.no/json-schema/meta-element#contentModel")
    if isinstance(model, str):
        flags.append(model.strip().lower() != "free")
    if 'id="aid-overlay"' in page.source or any(first(page.classed(mark)) is not None for mark in _PAID_MARKS):
        flags.append(True)
    if True in flags:
        return True
    return False if False in flags else None


def _writers(stated: Any, article: Any, page: Page) -> tuple[Author, ...]:
    found: tuple[Author, ...] = ()
    for writer in stated if isinstance(stated, list) else ():
        name = _text(lookup(writer, "name"))
        role = _text(lookup(writer, "fields", "title") or lookup(writer, "fields", "role"))
        if name:
            found = merge(found, tuple(Author(name=one.name, role=one.role or role) for one in people(name)))
    if article is not None:
        for span in page.classed("byline-author", "span", within=article):
            found = merge(found, people(text_of(span)))
    found = merge(found, structured.authors(page))
    return found or (_captioned(article) if article is not None else ())


def _captioned(article: Any) -> tuple[Author, ...]:
    """Read who wrote a post from a portrait's caption, `SKRIBENT: Name, role`, where no byline names anybody."""
    for element in article.iter("amedia-image", "span", "figcaption"):
        if (caption := clean(element.get("caption") or element.text or "")) and (match := _WRITER.match(caption)):
            return people(match["who"].rstrip("."))
    return ()


def _labels(article: Any, vignette: Any) -> Iterator[str]:
    """Yield what stands in the slots above the title and before the body, whatever its classes: they change."""
    if isinstance(vignette, str):
        yield clean(vignette)
    if article is not None:
        yield from _slots(article, 0)


def _slots(element: Any, depth: int) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if not isinstance(tag, str) or tag in _NO_SLOT or "-" in tag or child.get("data-content") == "lead-text":
            continue
        if "article-body" in (child.get("class") or "").split():
            return
        if clean(child.text or ""):
            yield text_of(child)[:400]
        elif depth < 8:
            yield from _slots(child, depth + 1)


def _attribute(page: Page, prop: str) -> str | None:
    element = first(page.having("itemprop", prop, "time"))
    return element.get("datetime") if element is not None else None


def _main_category(categories: Any) -> str | None:
    listed = [one for one in categories if isinstance(one, dict)] if isinstance(categories, list) else []
    main = next((one for one in listed if structured.flag(one.get("isMain"))), listed[0] if listed else {})
    return _text(main.get("urlPattern") or main.get("name"))


def _text(value: Any) -> str | None:
    return (clean(value) or None) if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1_000_000 else None


PLATFORM = Platform(
    name="amedia",
    article_id=article_id,
    canonical=canonical,
    doors=(
        Door(name="rich-rss", path="/service/rich-rss", kind="feed"),
        Door(name="rss", path="/service/rss", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="archive", path="/tag/{tag}?page={page}", kind="archive"),
    ),
    links_from_front=links_from_front,
    opinion_url=opinion_url,
    read=read,
    body=body,
)
