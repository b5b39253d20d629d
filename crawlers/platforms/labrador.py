"""Labrador CMS: Dagbladet, Kommunal Rapport, newer High North News; `/<section>/<slug>/<digits>[!]`."""

from __future__ import annotations

import re

from crawlers.platforms.platform import OPINION_SEGMENTS, Door, Platform, front_links, host_of, path_of, plain, segments

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
)
