"""Polaris Media and Schibsted, VG included: `/i/<ID>` with case-sensitive ids, `.ece` before 2022."""

from __future__ import annotations

import re

from crawlers.platforms.platform import OPINION_SEGMENTS, Door, Platform, front_links, host_of, path_of, plain, segments

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
)
