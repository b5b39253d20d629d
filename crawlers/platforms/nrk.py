"""NRK and its regional offices: the key is `1.N`, whatever the slug; opinion lives under `/ytring/`."""

from __future__ import annotations

import re

from crawlers.platforms.platform import Door, Platform, front_links, path_of, plain, segments

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
)
