"""What the parts of a visit share: asking, placing an address, putting lists in the frontier, counting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from crawlers.article import Rights
from crawlers.download import PrivateAddressError
from crawlers.extract import FeedItem
from crawlers.feeds import item_to_json
from crawlers.landing import Landing, Tally, from_feed, offered
from crawlers.platforms import Door
from crawlers.platforms.platform import hashed_id, host_of, plain
from crawlers.politeness import Manners, Refused
from crawlers.report import Mode, report_to_json
from crawlers.settings import MB, CrawlSettings
from crawlers.sources import Source, Sources
from crawlers.state import CrawlState
from crawlers.store import ArticleStore

_SLUGGED = ("generic", "wordpress", "drupal")


@dataclass(slots=True, kw_only=True)
class Context:
    """What all visits of one crawl share. `clock` gives the time of each answer."""

    settings: CrawlSettings
    sources: Sources
    chosen: tuple[Source, ...]
    state: CrawlState
    store: ArticleStore
    manners: Manners
    clock: Callable[[], datetime]
    crawl_id: str
    log_folder: Path
    since: date | None = None
    due_only: bool = False
    say: Callable[[dict[str, Any]], None] = lambda answer: None


class ListError(Exception):
    """A list or page could not be had; `kind` counts in the report, `again_s` is when the server wants us back."""

    def __init__(self, kind: str, message: str, again_s: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.again_s = again_s


class Desk:
    """One publisher group's desk. `download` sends one request through Scrapy's downloader and middlewares.

    `stopped_s` is set once the group asked to be left alone, `batch` while a back-fill runs.
    """

    def __init__(
        self, context: Context, group: str, sources: Sequence[Source], download: Callable[[Request], Any]
    ) -> None:
        self.context = context
        self.group = group
        self.sources = tuple(sources)
        self.download = download
        self.state = context.state
        self.settings = context.settings
        self.landing = Landing(context.store, context.state, context.settings.steps())
        self.tallies: dict[tuple[str, Mode], Tally] = {}
        self.touched = {source.source_id for source in sources}
        self.stopped_s: float | None = None
        self.batch: str | None = None

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, limit_mb: float | None = None
    ) -> Response:
        """Ask an address; `limit_mb` marks a list. Raises ListError, and for a page Refused where it is not asked."""
        if self.stopped_s is not None:  # whoever still wants something: the group has asked for peace
            raise ListError("rate_limited", f"{url}: utgiveren har bedt oss vente", self.stopped_s)
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        meta: dict[str, Any] = {"group": self.group, "now": self.context.clock, "handle_httpstatus_all": False}
        if limit_mb is not None:
            meta["download_maxsize"] = int(limit_mb * MB)
        try:
            return await self.download(Request(url, headers=headers, meta=meta, dont_filter=True))
        except Refused as error:
            if error.kind == "rate_limited" and limit_mb is not None:
                self.stop(error.again_s or 3600.0)
            raise ListError(error.kind, str(error), error.again_s) if limit_mb is not None else error from None
        except Exception as error:
            kind = _kind(error)
            if kind is None:
                raise
            raise ListError(kind, f"{url}: {error or type(error).__name__}"[:300]) from None

    def stop(self, seconds: float) -> None:
        """Leave the group alone for now, as it asked."""
        self.stopped_s = max(seconds, self.stopped_s or 0.0)
        self.landing.flush()
        self.state.postpone(sorted(self.touched), self.now() + self.stopped_s)
        self.state.keep_pause(self.group, self.now() + self.stopped_s)

    def now(self) -> float:
        """Return the time as seconds since 1970."""
        return self.context.clock().timestamp()

    def head_only(self, source: Source) -> bool:
        """Return whether the source's texts are not to be kept."""
        return source.head_only or source.source_id in self.settings.head_only

    def place(self, url: str, finder: Source, *, in_feed: bool = False) -> tuple[str, Source, str] | None:
        """Return article id, owner and the address to ask, without query.

        None for what is no article or on no host of the group. On platforms without ids, what stands in a feed is an
        article even if its address doesn't look like one.
        """
        home = self.context.sources.owner(url, finder)
        if home is None or home.publisher_group != self.group:
            return None
        if home.feed_only:  # what the feed says is the article; its address need not look like one
            return hashed_id(url), home, url
        article_id = home.adapter.article_id(url)
        if article_id is None and in_feed and home.platform in _SLUGGED and urlsplit(url).path.strip("/"):
            article_id = hashed_id(home.adapter.canonical(url))
        if article_id is None:
            return None
        if home.platform in _SLUGGED and host_of(url) != home.host:  # with and without www. is one article
            article_id = hashed_id(home.adapter.canonical(url).replace(host_of(url), home.host, 1))
        owner = self.context.sources.owner(url, finder, article_id) or home
        if owner.publisher_group != self.group:
            owner = home
        return article_id, owner, plain(url)  # as listed: a paper's `…/155498!/` need not answer without its mark

    def links(self, source: Source, body: bytes, url: str) -> tuple[FeedItem, ...]:
        """Return the articles that a front or archive page links to, in the source's own section."""
        links = source.adapter.links_from_front(body.decode("utf-8", "replace"), url)
        if source.section:
            links = tuple(link for link in links if first_segment(link) == source.section)
        return tuple(FeedItem(url=link) for link in links)

    def list_items(
        self, source: Source, items: Iterable[FeedItem], tally: Tally, door: Door, batch: str | None = None
    ) -> tuple[list[str], int, int]:
        """Put listed articles in the frontier; returns their ids, how many were new, and how many were known."""
        ids: list[str] = []
        fresh = old = 0
        now = self.now()
        for item in items:
            placed = self.place(item.url, source, in_feed=door.kind == "feed" and bool(item.title))
            if placed is None:
                continue
            article_id, owner, url = placed
            real = self.state.real_id(article_id)
            if real in ids:
                continue
            ids.append(real)
            if owner.feed_only:
                is_new = self.land_from_feed(item, owner, article_id, tally)
                fresh += is_new
                old += not is_new
                continue
            is_new = self.state.list_page(
                article_id=article_id,
                source_id=owner.source_id,
                url=url,
                mode="backfill" if batch else "feed",
                now=now,
                published=item.published_at.timestamp() if item.published_at else None,
                item=item_to_json(item) if item.title or item.published_at else None,
                batch=batch,
                changed_at=item.modified_at.timestamp() if item.modified_at else None,
                at_home=host_of(url) in owner.hosts,
            )
            fresh += is_new
            old += not is_new
            self.touched.add(owner.source_id)
        tally.listed += len(ids)
        return ids, fresh, old

    def land_from_feed(self, item: FeedItem, owner: Source, article_id: str, tally: Tally) -> bool:
        """Keep the head data that a feed states; returns whether the article is new."""
        if not item.title:
            return False
        now = self.context.clock()
        is_new = self.state.list_page(
            article_id=article_id, source_id=owner.source_id, url=item.url, mode="feed", now=now.timestamp()
        )
        page = self.state.page(article_id)
        if page is not None:
            article = offered(from_feed(item, owner, page.article_id, now, Rights()), head_only=True)
            stamp = now.timestamp()
            self.landing.add(page, article, tally, now=stamp, etag=None, last_modified=None, length=0)
            self.landing.flush()
            self.state.set_aside(page, now=stamp, state="seen", reason="feed_only", again_at=None)
        return is_new

    def tally(self, source_id: str, mode: Mode) -> Tally:
        """Return the count of a source in a mode, begun now where there is none."""
        key = (source_id, mode)
        if key not in self.tallies:
            now = self.context.clock()
            tally = self.tallies[key] = Tally(self.context.crawl_id, source_id, mode, now)
            # Should this process be killed, the next one tells of it.
            self.state.keep_run(tally.crawl_id, source_id, mode, report_to_json(tally.report(now)))
        return self.tallies[key]


def _kind(error: Exception) -> str | None:
    """Return the name that an error of the download counts under; None for an error of ours."""
    if isinstance(error, PrivateAddressError):
        return "private_address"
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    if isinstance(error, CannotResolveHostError):
        return "dns"
    if isinstance(error, DownloadCancelledError):
        return "too_large"
    if isinstance(error, ResponseDataLossError):
        return "truncated"
    if isinstance(error, DownloadConnectionRefusedError):
        return "refused_connection"
    if isinstance(error, IgnoreRequest):
        return "redirects" if "redirect" in str(error).lower() else "too_large"
    if isinstance(error, (DownloadFailedError, OSError)):
        return "connection"
    return "redirect_address" if isinstance(error, ValueError) else None


def stumbled(url: str, error: Exception) -> ListError:
    """Return a fault of ours in reading a list as an error of that list."""
    return ListError("crawler_error", f"{url}: {type(error).__name__}: {error}"[:300])


def header(response: Response, name: str) -> str | None:
    """Return a header as text, at most 500 characters of it."""
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def first_segment(url: str) -> str:
    """Return the first part of the path, which names the section on a shared host."""
    return urlsplit(url).path.lstrip("/").split("/")[0]


def unzipped(response: Response, limit_mb: float) -> bytes:
    """Return the body, unpacked where it is gzip; raises ListError over the limit."""
    body: bytes = response.body
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return bytes(gunzip(body, max_size=int(limit_mb * MB)))
    except ValueError:
        raise ListError("too_large", f"{response.url}: mer enn {limit_mb:g} MB utpakket") from None
    except (OSError, EOFError):
        raise ListError("truncated", f"{response.url}: skadet gzip") from None
