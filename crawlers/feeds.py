"""Reading what lists say: RSS, RDF, Atom, Stortinget's JSON, sitemaps and their indexes. Bounded, and no network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Literal
from urllib.parse import urljoin

from lxml import etree

from crawlers.boilerplate import strip_contact
from crawlers.dates import OSLO
from crawlers.extract import FeedItem
from crawlers.page import load_json

MAX_ITEMS = 5_000
MAX_URLS = 50_000  # the sitemap protocol's own bound
_TAGS = re.compile(r"<[^>]{0,2000}>")
_NET_DATE = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")


class FeedError(Exception):
    """A list can't be read; `kind` is one of html, empty, xml, entities, json."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """An address in a sitemap or index; `modified` is its lastmod, `published` the news extension's date."""

    url: str
    modified: datetime | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """A sitemap (`urlset`) or an index of sitemaps."""

    kind: Literal["index", "urlset"]
    entries: tuple[SitemapEntry, ...]


def read_feed(body: bytes, url: str) -> tuple[FeedItem, ...]:
    """Return the items of a feed in its order; raises FeedError for HTML, for no items, and for what is no feed."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        items = tuple(_json_items(body))
    else:
        root = _parse(body)
        items = tuple(_items(root, url))
    if not items:
        raise FeedError("empty", f"{url}: the feed has no items")
    return items


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Return a sitemap or index; raises FeedError. Plain text sitemaps (an address a line) are read too."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"http://", b"https://")):
        lines = body.decode("utf-8", "replace").split()
        return Sitemap(kind="urlset", entries=tuple(SitemapEntry(url=line) for line in lines[:MAX_URLS]))
    root = _parse(body)
    name = _local(root)
    if name not in ("sitemapindex", "urlset"):
        raise FeedError("xml", f"{url}: <{name}> is no sitemap")
    entries: list[SitemapEntry] = []
    for node in root:
        if _local(node) not in ("sitemap", "url") or len(entries) >= MAX_URLS:
            continue
        try:
            address = urljoin(url, _text(node, "loc"))
        except ValueError:
            continue
        if address != url:
            news = next((each for each in node if _local(each) == "news"), None)
            entries.append(
                SitemapEntry(
                    url=address,
                    modified=read_time(_text(node, "lastmod")),
                    published=read_time(_text(news, "publication_date")) if news is not None else None,
                )
            )
    return Sitemap(kind="index" if name == "sitemapindex" else "urlset", entries=tuple(entries))


def read_time(text: str) -> datetime | None:
    """Return an ISO 8601, RFC 1123 or .NET time in UTC; None where it can't be read. No zone is Oslo's clock."""
    text = text.strip()
    if not text:
        return None
    try:
        if match := _NET_DATE.fullmatch(text):
            return datetime.fromtimestamp(int(match[1]) / 1000, UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC if text.endswith("-0000") else OSLO)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def item_to_json(item: FeedItem) -> str:
    """Return the item as one JSON text, for the frontier."""
    record = {**asdict(item), "title": strip_contact(item.title), "lead": strip_contact(item.lead)}
    for name in ("published_at", "modified_at"):
        record[name] = record[name].isoformat() if record[name] else None
    return json.dumps(record, ensure_ascii=False)


def item_from_json(text: str) -> FeedItem:
    """Undo `item_to_json`."""
    record: dict[str, Any] = json.loads(text)
    for name in ("published_at", "modified_at"):
        record[name] = datetime.fromisoformat(record[name]) if record[name] else None
    return FeedItem(**{**record, "authors": tuple(record["authors"]), "categories": tuple(record["categories"])})


def looks_like_html(body: bytes) -> bool:
    """Return whether the answer is a web page, whatever its content type says."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html")) or (b"<html" in start and b"<rss" not in start)


def _parse(body: bytes) -> Any:
    if not body.strip():
        raise FeedError("empty", "an empty answer")
    if looks_like_html(body):
        raise FeedError("html", "a web page where a feed was expected")
    if b"<!ENTITY" in body or b"<!entity" in body[:65536].lower():
        raise FeedError("entities", "declares XML entities, which no feed needs")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError("xml", f"no readable XML: {error}") from None
    if root is None:
        raise FeedError("xml", "no readable XML")
    return root


def _local(node: Any) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _children(node: Any, name: str) -> Iterator[Any]:
    return (child for child in node if _local(child) == name)


def _text(node: Any, *names: str) -> str:
    for name in names:
        for child in _children(node, name):
            if text := " ".join("".join(child.itertext()).split()):
                return text
    return ""


def _plain(text: str) -> str:
    return " ".join(unescape(_TAGS.sub(" ", unescape(text))).split())[:4000]


def _items(root: Any, base: str) -> Iterator[FeedItem]:
    count = 0
    for node in root.iter():
        if _local(node) not in ("item", "entry"):
            continue
        count += 1
        if count > MAX_ITEMS:
            return
        address = _text(node, "link")
        for link in _children(node, "link"):
            if link.get("href") and link.get("rel", "alternate") == "alternate":
                address = link.get("href")
                break
        if not address:
            guid = _text(node, "guid", "id")
            address = guid if guid.startswith(("http://", "https://")) else ""
        if not address:
            continue
        try:
            url = urljoin(base, address.strip())
        except ValueError:
            continue
        people = [_plain(_text(author, "name") or _text_of(author)) for author in _children(node, "author")]
        people += [_plain(_text_of(creator)) for creator in _children(node, "creator")]
        yield FeedItem(
            url=url,
            title=_plain(_text(node, "title")),
            lead=_plain(_text(node, "description", "summary")),
            published_at=read_time(_text(node, "pubdate", "published", "date", "issued")),
            modified_at=read_time(_text(node, "updated", "modified")),
            authors=tuple(name for name in people if name and "@" not in name),
            categories=tuple(
                filter(None, (_plain(tag.get("term") or _text_of(tag)) for tag in _children(node, "category")))
            ),
        )


def _text_of(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _json_items(body: bytes) -> Iterator[FeedItem]:
    """Yield the cases of Stortinget's `eksport/saker`: `saker_liste[]{id, tittel, korttittel, sist_oppdatert_dato}`."""
    record = load_json(body.decode("utf-8", "replace"))
    cases = record.get("saker_liste") if isinstance(record, dict) else None
    if not isinstance(cases, list):
        raise FeedError("json", "no readable JSON with saker_liste")
    for case in cases[:MAX_ITEMS]:
        if (
            isinstance(case, dict)
            and str(case.get("id")).isdecimal()
            and (case.get("tittel") or case.get("korttittel"))
        ):
            stamp = read_time(str(case.get("sist_oppdatert_dato") or ""))
            yield FeedItem(
                url=f"https://data.stortinget.no/eksport/sak?sakid={int(case['id'])}",
                title=_plain(str(case.get("tittel") or case["korttittel"])),
                lead=_plain(str(case.get("korttittel") or "")),
                published_at=stamp,
                modified_at=stamp,
            )
