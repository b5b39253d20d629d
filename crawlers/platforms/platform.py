"""What a platform states about its papers, and what the platforms share about addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal
from urllib.parse import quote, unquote, urljoin, urlsplit

from crawlers.article import Author
from crawlers.dates import Moment
from crawlers.page import Block, Drop, Page, blocks

DoorKind = Literal["feed", "front", "sitemap", "archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A way in to a paper's list of articles, tried in the platform's order.

    `path` is a template on the source's host: `{section}` is the source's own path there (`nordland`, else empty),
    `{tag}` each of the source's archive tags, `{page}` counts from 0 until a page shows no new article.
    """

    name: str
    path: str
    kind: DoorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a platform's own markup says about an article; a field left out means: ask JSON-LD and the meta tags.

    `labels` are texts that may name the opinion form. `paid` is True where any of the platform's flags says paid.
    `refused` says why the page is no article. `published` and `modified` list statements, the best source first.
    """

    title: str | None = None
    lead: str | None = None
    authors: tuple[Author, ...] = ()
    published: tuple[Moment | None, ...] = ()
    modified: tuple[Moment | None, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    opinion: bool | None = None
    paid: bool | None = None
    wire: str | None = None
    language: str | None = None
    word_count: int | None = None
    hidden: bool = False
    key: str | None = None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One publishing system: its addresses and its doors; nothing here needs the network.

    `article_id` is None where the address is no article's. `canonical` has no query, fragment or reader's mark.
    `links_from_front` lists the canonical article addresses of a front, section or archive page on that page's host,
    first seen first. `opinion_url` is None where the address does not tell. `read` and `body` take a page apart;
    an empty body means that the selectors found none.
    """

    name: str
    article_id: Callable[[str], str | None]
    canonical: Callable[[str], str]
    doors: tuple[Door, ...]
    links_from_front: Callable[[str, str], tuple[str, ...]]
    opinion_url: Callable[[str], bool | None]
    read: Callable[[Page], Found]
    body: Callable[[Page], tuple[Block, ...]]


# Bounded, so that a page of unclosed tags costs no more than its length.
_HREF = re.compile(
    r"""<a\b[^<>]{0,2000}?\bhref\s*=\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""", re.IGNORECASE
)
_ENTITY_AMP = re.compile(r"&(?:amp|#38|#x26);", re.IGNORECASE)
OPINION_SEGMENTS = frozenset(
    re.findall(
        r"\S+",
        """
        meninger mening debatt debatten debattinnlegg kronikk kronikker leserinnlegg leserbrev leder ledere
        kommentar kommentarer ytring ytringer innlegg opinion opinions op-ed op-eds editorial commentary
        """,
    )
)


def plain(url: str) -> str:
    """Return the address over https without query, fragment, credentials or default port; the path stays as it is.

    What is no address at all comes back unchanged.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return url
    try:
        port = parts.port
    except ValueError:
        port = None
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    return f"https://{host}{parts.path or '/'}"


def path_of(url: str) -> str:
    """Return the path of an address, `/` where it has none; never raises."""
    try:
        return urlsplit(url.strip()).path or "/"
    except ValueError:
        return "/"


def host_of(url: str) -> str:
    """Return the host name in lower case without port, empty where there is none."""
    try:
        return (urlsplit(url.strip()).hostname or "").lower()
    except ValueError:
        return ""


def segments(url: str) -> list[str]:
    """Return the path's parts, decoded and in lower case."""
    return [unquote(part).lower() for part in path_of(url).split("/") if part]


def hashed_id(canonical: str) -> str:
    """Return the id of an article on a platform without ids: 16 hex digits of the address without scheme and `/`."""
    key = canonical.split("://", 1)[-1].rstrip("/")
    return f"url:{sha256(quote(unquote(key), safe='/:', errors='replace').encode()).hexdigest()[:16]}"


def front_links(
    html: str, url: str, article_id: Callable[[str], str | None], canonical: Callable[[str], str]
) -> tuple[str, ...]:
    """List the article addresses that a page links to on its own host, each id once, in the page's order."""
    host = host_of(url)
    seen: dict[str, str] = {}
    for match in _HREF.finditer(html):
        href = _ENTITY_AMP.sub("&", (match[1] or match[2] or match[3] or "").strip())
        try:
            address = urljoin(url, href)
        except ValueError:
            continue
        if not address.startswith(("http://", "https://")) or host_of(address) != host:
            continue
        if key := article_id(address):
            seen.setdefault(key, canonical(address))
    return tuple(seen.values())


def first_body(containers: Iterable[Any], drop: Drop) -> tuple[Block, ...]:
    """Return the running text of the first container that has any."""
    for container in containers:
        if found := tuple(blocks(container, drop)):
            return found
    return ()


def first(elements: Iterable[Any]) -> Any:
    """Return the first of some elements, None where there is none."""
    return next(iter(elements), None)


def lookup(value: Any, *keys: str) -> Any:
    """Walk nested JSON objects by key; None where the way ends."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
