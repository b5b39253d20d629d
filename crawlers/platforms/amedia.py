"""Amedia: Nordlys, Nordnorsk Debatt and thirty more; the content id `5-PUB-N` is the key whatever the host."""

from __future__ import annotations

import re

from crawlers.platforms.platform import Door, Platform, front_links, path_of, plain

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
)
