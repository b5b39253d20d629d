"""Everything without an adapter of its own: any slug that looks like an article, keyed on its canonical address."""

from __future__ import annotations

import re

from crawlers.platforms.platform import (
    OPINION_SEGMENTS,
    Door,
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
        kontakt kontakt-oss om om-oss personvern cookies annonse annonser sections ads static assets media files
        sites themes
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
)
