"""Everything without an adapter of its own: any slug that looks like an article, keyed on its canonical address."""

from __future__ import annotations

import re
from html import unescape

from crawlers import structured
from crawlers.article import Author
from crawlers.dates import from_url, parse
from crawlers.opinion import merge, people
from crawlers.page import Block, Page, clean, text_of
from crawlers.platforms.platform import (
    OPINION_SEGMENTS,
    Door,
    Found,
    Platform,
    front_links,
    hashed_id,
    path_of,
    plain,
    segments,
)

_LISTS = frozenset(
    re.findall(
        r"\S+",
        """
        tag tags tagg emne emner tema category kategori author forfatter profile profil page side feed rss search
        sok taxonomy wp-content wp-json wp-admin wp-includes wp-login.php login logg-inn user abonnement abonner
        kontakt kontakt-oss om om-oss personvern studio nyhetsstudio livestudio live cookies annonse annonser
        sections ads static assets media files sites themes
        """,
    )
)
_ASSET = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|xml|rss|atom|pdf|docx?|xlsx?|pptx?|zip|gz|mp[34]|m3u8|woff2?|txt)$",
    re.IGNORECASE,
)
_DATED = re.compile(r"/(?:19|20)\d\d/\d{1,2}/(?:\d{1,2}/)?[^/]+/?$")
_NUMBERED = re.compile(r"(?:^|[-/.])\d{3,}(?:-\d+)?(?:\.\d+)?(?:\.html?|\.aspx|!)?/?$")


def article_id(url: str) -> str | None:
    """Return `url:<hash>` where the address looks like an article: dated, numbered, or a slug of three words."""
    path, parts = path_of(url), segments(url)
    if not parts or _ASSET.search(path) or _LISTS.intersection(parts):
        return None
    if _DATED.search(path) or _NUMBERED.search(path) or parts[-1].count("-") + parts[-1].count("_") >= 2:
        return hashed_id(canonical(url))
    if len(parts) > 1 and parts[-2] in {"article", "artikkel", "nb", "en", "node"}:
        return hashed_id(canonical(url))
    return None


def canonical(url: str) -> str:
    """Return the address without query; a slash at the end stays, as some servers insist."""
    return plain(url)


def links_from_front(html: str, url: str) -> tuple[str, ...]:
    """List what look like articles on a front or section page, in its order."""
    return front_links(html, url, article_id, canonical)


def opinion_url(url: str) -> bool | None:
    """Return True where a part of the path before the slug names an opinion section."""
    return True if OPINION_SEGMENTS.intersection(segments(url)[:-1]) else None


def read(page: Page) -> Found:
    """Leave the head to JSON-LD and the meta tags; add what old systems print beside the title."""
    labels = [
        text_of(element)[:400]
        for element in page.root.xpath(
            "//*[contains(@class, 'kicker') or contains(@class, 'field-label') or contains(@class, 'disclaimer')"
            " or contains(@class, 'stikktittel')]"
        )[:4]
    ]
    # Above the title stand the paper's own clock and other stories' times. Only the first h1: the axis is costly.
    times = "time[@datetime]/@datetime"
    stated = page.root.xpath(f"(//h1)[1]/following::{times}") or page.root.xpath(f"//{times}")
    printed = [
        text_of(element)[:60]
        for element in page.root.xpath(
            "(//h1)[1]/following::*"
            "[contains(@class, 'publi') or contains(@class, 'submitted') or contains(@class, 'date')]"
        )[:4]
    ]
    found: tuple[Author, ...] = ()
    if not structured.authors(page):
        for element in page.root.xpath(
            "//*[@rel='author' or @itemprop='author' or contains(concat(' ', @class, ' '), ' byline ')"
            " or contains(concat(' ', @class, ' '), ' author ')]"
        )[:3]:
            if len(name := text_of(element)) <= 120:
                found = merge(found, people(name))
    return Found(
        authors=merge(found, structured.authors(page)),
        published=(
            *structured.published(page),
            *(parse(text, "html") for text in stated[:2]),
            *(parse(text, "html") for text in _labelled(page, _PUBLISHED)),
            *(parse(text, "html") for text in printed if not _UPDATED.match(text)),
            from_url(page.url),
        ),
        modified=(
            *structured.modified(page),
            *(parse(text, "html") for text in _labelled(page, _UPDATED)),
        ),
        labels=tuple(labels),
        language=structured.text(page.article_ld.get("inLanguage")),
    )


def body(page: Page) -> tuple[Block, ...]:
    """Return nothing: the reading that trafilatura gives is the base here."""
    return ()


_DAY = (
    r"[^<>\d]{0,20}(?:<[^<>]{0,200}>\s*){0,4}[^<>\d]{0,12}"
    r"(\d{1,2}\.\s?(?:\d{1,2}\.|[a-z]{3,9}\.?)\s?\d{4}(?:[^<>\d]{1,8}\d{1,2}[:.]\d{2})?)"
)
_PUBLISHED = re.compile(r"\b(?:publisert|lagt ut|published|postet|posted)\b" + _DAY, re.IGNORECASE)
_UPDATED = re.compile(r"\b(?:sist endret|sist oppdatert|oppdatert|updated)\b" + _DAY, re.IGNORECASE)


def _labelled(page: Page, pattern: re.Pattern[str]) -> list[str]:
    """Return the day, with its clock where there is one, that first follows a word like `Publisert:`."""
    match = pattern.search(page.source)
    return [clean(unescape(match[1]))] if match else []


PLATFORM = Platform(
    name="generic",
    article_id=article_id,
    canonical=canonical,
    doors=(
        Door(name="rss", path="/rss", kind="feed"),
        Door(name="feed", path="/feed/", kind="feed"),
        Door(name="atom", path="/atom.xml", kind="feed"),
        Door(name="front", path="/", kind="front"),
        Door(name="sitemap", path="/sitemap.xml", kind="sitemap"),
    ),
    links_from_front=links_from_front,
    opinion_url=opinion_url,
    read=read,
    body=body,
)
