"""One publisher group's turn: poll its feeds, fetch what is due, back-fill, and report; one request after the other."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

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
from crawlers.coverage import claim, oldest_listed, oslo_day, pause_after, rhythm
from crawlers.download import PrivateAddressError
from crawlers.extract import ExtractError, FeedItem, extract
from crawlers.feeds import (
    FeedError,
    SitemapEntry,
    item_from_json,
    item_to_json,
    looks_like_html,
    read_feed,
    read_sitemap,
    read_time,
)
from crawlers.landing import Landing, Tally, facts, from_feed, offered
from crawlers.platforms import Door
from crawlers.platforms.platform import hashed_id, plain
from crawlers.politeness import Manners, Refused
from crawlers.report import Mode, append_report, report_to_json
from crawlers.settings import MB, CrawlSettings
from crawlers.sources import Source, Sources
from crawlers.state import MAX_TRIES, CrawlState, DoorState, Page
from crawlers.store import ArticleStore, StoreError

_BUFFER = 64
_SLUGGED = ("generic", "wordpress", "drupal")
_CANONICAL = re.compile(rb"""<link\b[^>]{0,500}\brel\s*=\s*["']?canonical\b[^>]{0,1000}>""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_MAX_DEPTH, _MAX_LISTS, _MAX_PAGES = 3, 5000, 3000
_TRY_BEST_DOOR_AGAIN_S = 7 * 86400.0
_ASK_AGAIN_S = {"robots": 7 * 86400.0}


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


class GroupVisit:
    """The visit to one publisher group. `download` sends one request through Scrapy's downloader and middlewares."""

    def __init__(
        self, context: Context, group: str, sources: Sequence[Source], download: Callable[[Request], Any]
    ) -> None:
        self._context = context
        self._group = group
        self._sources = tuple(sources)
        self._download = download
        self._state = context.state
        self._settings = context.settings
        self._landing = Landing(context.store, context.state, context.settings.steps())
        self._tallies: dict[tuple[str, Mode], Tally] = {}
        self._touched = {source.source_id for source in sources}
        self._flying: set[str] = set()
        self._buffer: list[Page] = []
        self._stopped_s: float | None = None
        self._batch: str | None = None
        self._broken_off = False

    async def run(self) -> None:
        """Visit the group; whatever happens, what was read is written and what was done is reported."""
        try:
            for source in self._sources:
                if self._stopped_s is None and self._is_due(source):
                    await self._poll(source)
            await self._fetch_due()
            if self._context.since is not None and self._stopped_s is None:
                await self._backfill(self._context.since)
        except BaseException:
            self._broken_off = True
            raise
        finally:
            self._landing.flush()
            self._report()

    # -- feeds and fronts ----------------------------------------------------------------------------------------

    def _is_due(self, source: Source) -> bool:
        known, now = self._state.source(source.source_id), self._now()
        if self._context.due_only:
            return known.next_at is None or known.next_at <= now
        return known.polled_at is None or now - known.polled_at >= self._settings.shortest_poll_for(source)

    async def _poll(self, source: Source) -> None:
        tally = self._tally(source.source_id, "feed")
        before = self._state.source(source.source_id)
        doors = self._ordered(source, before.door_url)
        gap, worked = False, None
        for door in doors:
            if self._stopped_s is not None:
                break
            try:
                gap = await self._read_door(source, door, tally)
            except ListError as error:
                tally.errors[error.kind] += 1
                tally.notes.append(f"{door.name}: {error}")
                self._note_door_failure(source, door, error)
                continue
            worked = door
            break
        now = self._now()
        if worked is None:
            tally.failed = True
            failures = before.failures + 1
            self._state.keep_source(
                replace(
                    before,
                    polled_at=now,
                    failures=failures,
                    down_since=before.down_since or now,
                    next_at=now + max(pause_after(failures - 1), self._stopped_s or 0),
                    error=(tally.notes or ["ingen dør svarte"])[-1][:300],
                )
            )
            return
        tally.door = worked.name
        if gap:
            tally.notes.append("listen var skiftet helt ut siden sist: artikler kan være gått tapt")
            await self._read_other_doors(source, worked, doors, tally)

    def _ordered(self, source: Source, remembered: str | None) -> list[Door]:
        """The door that worked last comes first; after a week the best one is asked first again."""
        doors = list(source.doors(("feed", "front")))
        if remembered and doors and doors[0].path != remembered:
            best = self._state.door(source.source_id, doors[0].path, doors[0].name)
            if best.polled_at is not None and self._now() - best.polled_at < _TRY_BEST_DOOR_AGAIN_S:
                doors.sort(key=lambda door: door.path != remembered)
        return doors

    async def _read_other_doors(self, source: Source, worked: Door, doors: Iterable[Door], tally: Tally) -> None:
        for door in doors:
            if door.path != worked.path and self._stopped_s is None:
                known = self._state.door(source.source_id, door.path, door.name)
                try:
                    answer = await self._items(source, door, known)
                except ListError as error:
                    tally.errors[error.kind] += 1
                    continue
                if answer is not None:
                    with self._state.transaction():
                        self._list(source, answer[0], tally, door)
                return

    async def _read_door(self, source: Source, door: Door, tally: Tally) -> bool:
        """Read one list into the frontier; returns whether there may be a gap since the last poll."""
        known = self._state.door(source.source_id, door.path, door.name)
        before = self._state.source(source.source_id)
        answer = await self._items(source, door, known)
        now = self._now()
        last_poll = known.ok_at
        if answer is None:  # 304: as before
            with self._state.transaction():
                pace = rhythm(
                    items=max(1, len(known.items)),
                    fresh=0,
                    since_s=now - last_poll if last_poll else None,
                    span_s=None,
                    before=known.rate,
                )
                self._keep_success(source, door, known, pace.rate, pace.interval_s, before.covered_since)
            tally.listed += len(known.items)
            return False
        items, etag, last_modified = answer
        with self._state.transaction():  # the ETag is kept with the items that it stands for, never before them
            times = [item.published_at.timestamp() if item.published_at else None for item in items]
            ids, fresh, old = self._list(source, items, tally, door)
            if not ids:
                raise ListError("no_articles", f"{door.path} nevner ingen artikler")
            since = oldest_listed(times)
            overlap = old >= min(2, len(known.items) or 2, len(ids)) if before.ok_at else False
            gap = before.ok_at is not None and not overlap
            follows = before.covered_since if overlap and before.covered_since is not None else None
            stamps = [time for time in times if time is not None]
            pace = rhythm(
                items=len(ids),
                fresh=fresh,
                since_s=now - last_poll if last_poll else None,
                span_s=(max(stamps) - since) if stamps and since else None,
                before=known.rate,
            )
            self._keep_success(
                source,
                door,
                replace(known, items=tuple(ids), etag=etag, last_modified=last_modified),
                pace.rate,
                900.0 if gap else pace.interval_s,
                follows if follows is not None else since if since is not None else now,
            )
        return gap

    def _keep_success(
        self, source: Source, door: Door, known: DoorState, rate: float, interval_s: float, covered: float | None
    ) -> None:
        now = self._now()
        self._state.keep_door(
            replace(
                known, ok_at=now, polled_at=now, failures=0, error=None, status=200, rate=rate, interval_s=interval_s
            )
        )
        before = self._state.source(source.source_id)
        # A door that only stumbled keeps its place; the next poll asks it first again.
        first = self._state.door(source.source_id, before.door_url or door.path, door.name)
        stumbled = before.door_url not in (None, door.path) and 0 < first.failures < 3 and _passing(first.error)
        self._state.keep_source(
            replace(
                before,
                door=before.door if stumbled else door.name,
                door_url=before.door_url if stumbled else door.path,
                polled_at=now,
                ok_at=now,
                failures=0,
                down_since=None,
                error=None,
                next_at=now + max(interval_s, self._settings.shortest_poll_for(source)),
                covered_since=covered,
                listed=len(known.items),
            )
        )

    def _note_door_failure(self, source: Source, door: Door, error: ListError) -> None:
        known = self._state.door(source.source_id, door.path, door.name)
        self._state.keep_door(
            replace(known, polled_at=self._now(), failures=known.failures + 1, error=f"{error.kind}: {error}"[:300])
        )
        if error.again_s is not None and error.kind == "rate_limited":
            self._stop(error.again_s)

    async def _items(
        self, source: Source, door: Door, known: DoorState
    ) -> tuple[tuple[FeedItem, ...], str | None, str | None] | None:
        """Return what a door lists and its ETag and date; None where nothing changed since; raises ListError."""
        response = await self._get(
            door.path,
            etag=known.etag if known.ok_at else None,
            last_modified=known.last_modified if known.ok_at else None,
            limit_mb=self._settings.max_feed_mb,
        )
        if response.status == 304:
            return None
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{door.path} svarte HTTP {response.status}")
        body = _unzipped(response, self._settings.max_feed_mb)
        if door.kind == "feed":
            try:
                items = read_feed(body, response.url)
            except FeedError as error:
                if error.kind != "html":
                    raise ListError(f"feed_{error.kind}", f"{door.path}: {error}") from None
                items = self._links(source, body, response.url)
                if not items:
                    raise ListError("feed_html", f"{door.path} svarte en nettside uten artikler") from None
        else:
            items = self._links(source, body, response.url)
            if not items:
                raise ListError("no_articles", f"{door.path} nevner ingen artikler")
        return items, _header(response, "ETag"), _header(response, "Last-Modified")

    def _links(self, source: Source, body: bytes, url: str) -> tuple[FeedItem, ...]:
        links = source.adapter.links_from_front(body.decode("utf-8", "replace"), url)
        if source.section:
            links = tuple(link for link in links if _first_segment(link) == source.section)
        return tuple(FeedItem(url=link) for link in links)

    def _list(
        self, source: Source, items: Iterable[FeedItem], tally: Tally, door: Door, batch: str | None = None
    ) -> tuple[list[str], int, int]:
        """Put listed articles in the frontier; returns their ids, how many were new, and how many were known."""
        ids: list[str] = []
        fresh = old = 0
        now = self._now()
        for item in items:
            placed = self._place(item.url, source, in_feed=door.kind == "feed" and bool(item.title))
            if placed is None:
                continue
            article_id, owner, url = placed
            real = self._state.real_id(article_id)
            if real in ids:
                continue
            ids.append(real)
            if owner.feed_only:
                is_new = self._land_from_feed(item, owner, article_id, tally)
                fresh += is_new
                old += not is_new
                continue
            is_new = self._state.list_page(
                article_id=article_id,
                source_id=owner.source_id,
                url=url,
                mode="backfill" if batch else "feed",
                now=now,
                published=item.published_at.timestamp() if item.published_at else None,
                item=item_to_json(item) if item.title or item.published_at else None,
                batch=batch,
                changed_at=item.modified_at.timestamp() if item.modified_at else None,
                at_home=_host(url) in owner.hosts,
            )
            fresh += is_new
            old += not is_new
            self._touched.add(owner.source_id)
        tally.listed += len(ids)
        return ids, fresh, old

    def _place(self, url: str, finder: Source, *, in_feed: bool = False) -> tuple[str, Source, str] | None:
        """Return article id, owner and the address to ask, without query.

        None for what is no article or on no host of the group. On platforms without ids, what stands in a feed is an
        article even if its address doesn't look like one.
        """
        home = self._context.sources.owner(url, finder)
        if home is None or home.publisher_group != self._group:
            return None
        if home.feed_only:  # what the feed says is the article; its address need not look like one
            return hashed_id(url), home, url
        article_id = home.adapter.article_id(url)
        if article_id is None and in_feed and home.platform in _SLUGGED and urlsplit(url).path.strip("/"):
            article_id = hashed_id(home.adapter.canonical(url))
        if article_id is None:
            return None
        owner = self._context.sources.owner(url, finder, article_id) or home
        if owner.publisher_group != self._group:
            owner = home
        return article_id, owner, plain(url)  # as listed: a paper's `…/155498!/` need not answer without its mark

    def _land_from_feed(self, item: FeedItem, owner: Source, article_id: str, tally: Tally) -> bool:
        if not item.title:
            return False
        now = self._context.clock()
        is_new = self._state.list_page(
            article_id=article_id, source_id=owner.source_id, url=item.url, mode="feed", now=now.timestamp()
        )
        page = self._state.page(article_id)
        if page is not None:
            article = offered(from_feed(item, owner, page.article_id, now, Rights()), head_only=True)
            stamp = now.timestamp()
            self._landing.add(page, article, tally, now=stamp, etag=None, last_modified=None, length=0)
            self._landing.flush()
            self._state.set_aside(page, now=stamp, state="seen", reason="feed_only", again_at=None)
        return is_new

    # -- pages ---------------------------------------------------------------------------------------------------

    async def _fetch_due(self) -> None:
        sources = [self._context.sources.by_id[each] for each in sorted(self._touched)]
        await asyncio.gather(*(self._worker() for _ in range(self._settings.parallel_for(sources))))
        self._landing.flush()

    async def _worker(self) -> None:
        while self._stopped_s is None and (page := self._next_page()) is not None:
            self._flying.add(page.article_id)
            try:
                await self._visit(page)
            finally:
                self._flying.discard(page.article_id)

    def _next_page(self) -> Page | None:
        if not self._buffer:
            busy = self._flying | self._landing.waiting
            self._buffer = self._state.due_pages(sorted(self._touched), self._now(), _BUFFER, busy)
            self._buffer.reverse()
        return self._buffer.pop() if self._buffer else None

    async def _visit(self, page: Page) -> None:
        tally = self._tally_of(page)
        source = self._context.sources.by_id[page.source_id]
        try:
            response = await self._get(page.url, etag=page.etag, last_modified=page.last_modified)
            await self._take(page, source, response, tally)
        except ListError as error:
            self._fail(page, tally, error.kind, again_s=error.again_s)
        except Refused as error:
            self._refuse(page, tally, error)
        except StoreError:
            raise
        except Exception as error:  # one page must not end the visit; it is counted, told of, and tried again
            tally.notes.append(f"{page.url}: {type(error).__name__}: {error}"[:300])
            self._fail(page, tally, "crawler_error")

    async def _take(self, page: Page, source: Source, response: Response, tally: Tally) -> None:
        now = self._now()
        tally.fetched += 1
        if response.status == 304:
            with self._state.transaction():
                self._state.saw(
                    page,
                    now=now,
                    steps=self._settings.steps(),
                    etag=page.etag,
                    last_modified=page.last_modified,
                    length=page.length,
                )
            return
        if response.status in (404, 410, 451):
            self._withdraw(page, tally, f"http_{response.status}")
            return
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{page.url} svarte HTTP {response.status}")
        await self._read(page, source, response, tally)

    async def _read(self, page: Page, finder: Source, response: Response, tally: Tally) -> None:
        kind = (response.headers.get(b"Content-Type") or b"text/html").decode("latin-1").lower()
        body = response.body
        if "html" not in kind and not looks_like_html(body):
            self._set_aside(page, tally, "not_html")
            return
        if b"</html" not in body[-4096:].lower() and page.length != len(body):
            self._fail(page, tally, "truncated", length=len(body))  # believed when it comes the same a second time
            return
        placed = self._place(response.url, finder, in_feed=page.item is not None)
        if placed is None:
            self._led_away(page, tally)
            return
        article_id, owner, _ = placed
        now = self._context.clock()
        try:
            article = extract(
                body,
                response.url,
                source=facts(owner),
                fetched_at=now,
                headers={
                    key.decode("latin-1"): response.headers.get(key).decode("latin-1") for key in response.headers
                },
                feed_item=item_from_json(page.item) if page.item else None,
                host_rights=await self._context.manners.host_rights(response.url, self._download),
                head_only=self._head_only(owner),
            )
        except ExtractError as error:
            self._set_aside(page, tally, _reason(error), visited=page.visits > 0)
            return
        hashed = article_id.startswith("url:")
        stated = _canonical_id(body, response.url, owner)
        mixed_up = not hashed and (article.article_id != article_id or stated not in (None, article_id))
        if mixed_up and page.reason != "id_mismatch":
            self._fail(page, tally, "id_mismatch")  # another article's page; believed when it says so a second time
            return
        adopted = self._adopt(page, article.article_id if hashed else article_id)
        if adopted is None:
            return
        self._landing.add(
            adopted,
            offered(replace(article, article_id=adopted.article_id), head_only=self._head_only(owner)),
            tally,
            now=now.timestamp(),
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
            length=len(body),
            url=plain(response.url),
        )

    def _adopt(self, page: Page, found_id: str) -> Page | None:
        """Settle which id an article is kept under when its address led to another one; None = it is known already.

        An article that is stored keeps its id for ever; one that is not takes the id that the paper gives it now.
        """
        if found_id == page.article_id:
            return page
        with self._state.transaction():
            found = self._state.real_id(found_id)
            if page.visits > 0:
                if found != page.article_id and self._state.page(found) is None:
                    self._state.alias(found_id, page.article_id)
                return page
            known = self._state.page(found)
            busy = found in self._flying or found in self._landing.waiting
            self._state.alias(page.article_id, found)
            if known is None:
                return self._state.rename(page, found)
            self._state.drop(page)
            if known.visits > 0 or busy:
                return None
            return known

    def _withdraw(self, page: Page, tally: Tally, reason: str) -> None:
        self._landing.flush()
        now = self._context.clock()
        with self._state.transaction():
            if self._context.store.withdraw(page.article_id, now):
                tally.withdrawn += 1
            else:
                tally.errors[reason] += page.state == "queued"
            first = now.timestamp() if page.first_at is None else page.first_at
            coming = [first + step.total_seconds() for step in self._settings.steps()]
            again = min((moment for moment in coming if moment > now.timestamp()), default=None)
            self._state.set_aside(page, now=now.timestamp(), state="gone", reason=reason, again_at=again)

    def _led_away(self, page: Page, tally: Tally) -> None:
        """An article's address that now leads to a front page: a slip the first time, a withdrawal the second."""
        if page.visits == 0:
            self._set_aside(page, tally, "not_article")
        elif page.reason == "led_away":
            self._withdraw(page, tally, "led_away")
        else:
            self._fail(page, tally, "led_away")

    def _set_aside(self, page: Page, tally: Tally, reason: str, *, visited: bool = False) -> None:
        if visited:  # it was an article before: a slip of the server, to be seen again
            self._fail(page, tally, reason)
            return
        tally.errors[reason] += 1
        self._state.set_aside(page, now=self._now(), state="refused", reason=reason, again_at=None)

    def _refuse(self, page: Page, tally: Tally, error: Refused) -> None:
        if error.kind == "rate_limited":  # one platform answers for the whole group; this page won't be first again
            tally.partial = True
            self._fail(page, tally, error.kind, again_s=error.again_s)
            self._stop(error.again_s or 3600.0)
            return
        tally.errors[error.kind] += 1
        if error.kind == "robots_unreachable":  # this host's pages wait, the group's other hosts don't
            tally.partial = True
            self._state.postpone([page.source_id], self._now() + (error.again_s or 3600.0))
            self._buffer = [each for each in self._buffer if each.source_id != page.source_id]
            return
        pause = _ASK_AGAIN_S.get(error.kind)
        again = self._now() + pause if pause else None
        self._state.set_aside(page, now=self._now(), state="refused", reason=error.kind, again_at=again)

    def _fail(
        self, page: Page, tally: Tally, kind: str, *, again_s: float | None = None, length: int | None = None
    ) -> None:
        tally.errors[kind] += 1
        now = self._now()
        left = self._state.failed(
            page,
            now=now,
            reason=kind,
            pause_s=self._settings.retry_pause_s,
            not_before=now + (again_s or 0.0),
            length=length,
        )
        if not left and page.visits == 0:
            tally.notes.append(f"gitt opp etter {MAX_TRIES} forsøk: {page.url}")

    def _head_only(self, source: Source) -> bool:
        return source.head_only or source.source_id in self._settings.head_only

    # -- back-fill -----------------------------------------------------------------------------------------------

    async def _backfill(self, since: date) -> None:
        """Read sitemaps and archive lists back to a day; taken up where it was left, whatever ended it."""
        names = ",".join(sorted(source.source_id for source in self._sources))
        batch = f"{self._group}:{since}:{hashlib.sha256(names.encode()).hexdigest()[:8]}"
        self._batch = batch
        if not self._state.open_batch(batch, self._now()):
            self._state.reopen_lists(batch)
        for source in self._sources:
            tally = self._tally(source.source_id, "backfill")
            tally.door = self._state.way_back(batch, source.source_id)
            if tally.door:
                continue
            await self._find_lists(batch, source, tally)
        seen: set[str] = set()
        while self._stopped_s is None and (rows := self._state.open_lists(batch)):
            row = rows[0]
            source = self._context.sources.by_id[row["source_id"]]
            tally = self._tally(source.source_id, "backfill")
            try:
                await self._read_list(batch, row, source, since, tally, seen)
            except (ListError, FeedError) as error:
                tally.errors[error.kind] += 1
                tally.partial = True
                tally.notes.append(str(error))
                if error.kind == "rate_limited":  # the list stays open for the next run
                    self._stop(getattr(error, "again_s", None) or 3600.0)
                    break
                self._state.end_list(batch, row["url"], state="failed", reason=str(error)[:300])
        await self._fetch_due()
        self._finish_backfill(batch, since)

    async def _find_lists(self, batch: str, source: Source, tally: Tally) -> None:
        """Choose the way back: the configured sitemap, those in robots.txt, the platform's, else archive lists."""
        try:
            robots = await self._context.manners.robots(source.host, self._download)
            named = [url for url in robots.sitemaps if _host(url) in source.hosts]
        except Refused:
            named = []
        own = [source.address(source.sitemap)] if source.sitemap else []
        with self._state.transaction():
            for url in own or named:
                self._state.add_list(batch, url, "sitemap", source.source_id)
            if own or named:
                tally.door = "sitemap"
                return
        for door in source.doors(("sitemap",)):
            try:
                response = await self._get(door.path, limit_mb=self._settings.max_sitemap_mb)
                if response.status == 200:
                    read_sitemap(_unzipped(response, self._settings.max_sitemap_mb), response.url)
                    self._state.add_list(batch, door.path, "sitemap", source.source_id)
                    tally.door = "sitemap"
                    return
            except (ListError, FeedError):
                continue
        archives = source.doors(("archive",))
        for door in archives:
            self._state.add_list(batch, door.path, "archive", source.source_id)
            tally.door = "archive"
        if not archives:
            tally.failed = True
            tally.errors["no_archive"] += 1
            tally.notes.append("verken sitemap eller arkivliste er kjent: eldre saker kan ikke hentes")

    async def _read_list(self, batch: str, row: Any, source: Source, since: date, tally: Tally, seen: set[str]) -> None:
        if row["kind"] == "archive":
            await self._read_archive(batch, row, source, since, tally, seen)
            return
        response = await self._get(row["url"], limit_mb=self._settings.max_sitemap_mb)
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{row['url']} svarte HTTP {response.status}")
        sitemap = read_sitemap(_unzipped(response, self._settings.max_sitemap_mb), response.url)
        entries = [entry for entry in sitemap.entries if _may_be_since(entry, since)]
        with self._state.transaction():
            if sitemap.kind == "index":
                room = _MAX_LISTS - self._state.count_lists(batch)
                if row["depth"] >= _MAX_DEPTH or len(entries) > room:
                    tally.partial = True
                    tally.notes.append(f"{row['url']}: for mange eller for dype sitemaps, resten er ikke lest")
                for entry in entries[: max(0, room)] if row["depth"] < _MAX_DEPTH else ():
                    if _host(entry.url) in source.hosts:
                        self._state.add_list(batch, entry.url, "sitemap", source.source_id, depth=row["depth"] + 1)
                found = len(entries)
            else:
                found = self._list_entries(entries, source, tally, batch)
            self._state.end_list(batch, row["url"], state="done", found=found)

    def _list_entries(self, entries: Iterable[SitemapEntry], source: Source, tally: Tally, batch: str) -> int:
        chosen = {each.source_id for each in self._sources}
        found = 0
        for entry in entries:
            placed = self._place(entry.url, source)
            if placed is None:
                continue
            article_id, owner, url = placed
            if owner.section and _first_segment(url) != owner.section:
                continue  # a shared host lists all its sections
            if owner.source_id not in chosen or owner.feed_only:
                continue
            item = FeedItem(url=url, published_at=entry.published) if entry.published else None
            self._state.list_page(
                article_id=article_id,
                source_id=owner.source_id,
                url=url,
                mode="backfill",
                now=self._now(),
                published=entry.published.timestamp() if entry.published else None,
                item=item_to_json(item) if item else None,
                batch=batch,
                changed_at=entry.modified.timestamp() if entry.modified else None,
            )
            found += 1
            self._tally(owner.source_id, "backfill").listed += 1
            self._touched.add(owner.source_id)
        return found

    async def _read_archive(
        self, batch: str, row: Any, source: Source, since: date, tally: Tally, seen: set[str]
    ) -> None:
        """Read one archive page and what it lists; go on to the next until nothing is new or all is older."""
        number = row["page"]
        template = row["url"].split("#")[0]
        url = template.replace("{page}", str(number)).replace("{offset20}", str(number * 20))
        response = await self._get(url, limit_mb=self._settings.max_feed_mb)
        if response.status == 404 and number > 0:
            self._state.end_list(batch, row["url"], state="done", reason="end")
            return
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{url} svarte HTTP {response.status}")
        items = self._links(source, response.body, response.url)
        with self._state.transaction():
            ids, _, _ = self._list(source, items, tally, Door(name="archive", path=url, kind="archive"), batch=batch)
        fresh = set(ids) - seen
        seen.update(ids)
        await self._fetch_due()
        published = [page.published for each in fresh if (page := self._state.page(each)) and page.published]
        older = bool(published) and oslo_day(max(published)) < since
        with self._state.transaction():
            self._state.end_list(batch, row["url"], state="done", found=len(fresh))
            if fresh and not older and number + 1 < _MAX_PAGES and ("{page}" in template or "{offset20}" in template):
                self._state.add_list(batch, f"{template}#{number + 1}", "archive", source.source_id, page=number + 1)
            elif fresh and not older:
                tally.partial = True
                tally.notes.append(f"{template}: arkivet tok ikke slutt etter {number + 1} sider")

    def _finish_backfill(self, batch: str, since: date) -> None:
        now = self._now()
        yesterday = oslo_day(now) - timedelta(days=1)
        done = self._stopped_s is None
        shared_failure = bool(self._state.failed_lists(batch))
        for source in self._sources:
            tally = self._tally(source.source_id, "backfill")
            waiting = self._state.waiting_in(batch, source.source_id)
            if tally.failed:
                continue
            if waiting or shared_failure or not done:
                tally.partial = True
                done = False
            elif not tally.partial and since <= yesterday:
                tally.covers = (since, yesterday)
        if done:
            with self._state.transaction():
                self._state.close_batch(batch)

    # -- asking --------------------------------------------------------------------------------------------------

    async def _get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, limit_mb: float | None = None
    ) -> Response:
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        meta: dict[str, Any] = {"group": self._group, "now": self._context.clock, "handle_httpstatus_all": False}
        if limit_mb is not None:
            meta["download_maxsize"] = int(limit_mb * MB)
        try:
            return await self._download(Request(url, headers=headers, meta=meta, dont_filter=True))
        except Refused as error:
            raise ListError(error.kind, str(error), error.again_s) if limit_mb is not None else error from None
        except Exception as error:
            kind = _kind(error)
            if kind is None:
                raise
            raise ListError(kind, f"{url}: {error or type(error).__name__}"[:300]) from None

    def _stop(self, seconds: float) -> None:
        """Leave the group alone for now, as it asked."""
        self._stopped_s = max(seconds, self._stopped_s or 0.0)
        self._landing.flush()
        self._state.postpone(sorted(self._touched), self._now() + self._stopped_s)
        self._buffer.clear()

    def _now(self) -> float:
        return self._context.clock().timestamp()

    # -- counting ------------------------------------------------------------------------------------------------

    def _tally(self, source_id: str, mode: Mode) -> Tally:
        key = (source_id, mode)
        if key not in self._tallies:
            now = self._context.clock()
            tally = self._tallies[key] = Tally(self._context.crawl_id, source_id, mode, now)
            # Should this process be killed, the next one tells of it.
            self._state.keep_run(tally.crawl_id, source_id, mode, report_to_json(tally.report(now)))
        return self._tallies[key]

    def _tally_of(self, page: Page) -> Tally:
        if page.visits > 0:
            return self._tally(page.source_id, "revisit")
        if page.mode == "backfill" or (page.batch and page.batch == self._batch):
            return self._tally(page.source_id, "backfill")
        return self._tally(page.source_id, "feed")

    def _report(self) -> None:
        now = self._context.clock()
        for (source_id, mode), tally in sorted(self._tallies.items()):
            claimed = None
            if self._broken_off:
                tally.partial = True
                tally.covers = None
                tally.notes.append("avbrutt før den var ferdig")
            elif mode == "feed" and not tally.failed:
                known = self._state.source(source_id)
                waiting, oldest = self._state.waiting(source_id)
                tally.partial = tally.partial or waiting > 0
                if waiting:
                    tally.notes.append(f"{waiting} artikler venter på nytt forsøk")
                claimed = claim(
                    covered_since=known.covered_since if known.failures == 0 else None,
                    claimed_to=date.fromisoformat(known.claimed_to) if known.claimed_to else None,
                    now=now.timestamp(),
                    oldest_waiting=oldest if waiting else None,
                )
                tally.covers = claimed
            report = tally.report(now)
            append_report(self._context.log_folder, report)
            with self._state.transaction():
                if claimed:
                    known = self._state.source(source_id)
                    self._state.keep_source(replace(known, claimed_to=claimed[1].isoformat()))
                self._state.end_run(tally.crawl_id, source_id, mode)
            self._context.say({"report": report_to_json(report)})


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


def _passing(error: str | None) -> bool:
    return bool(error) and str(error).split(":")[0] in (
        "feed_empty", "timeout", "connection", "refused_connection", "truncated", "http_500", "http_502", "http_504",
    )  # fmt: skip


def _reason(error: ExtractError) -> str:
    return "no_text" if error.reason == "no text" else "no_title" if error.reason == "no title" else "not_article"


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def _canonical_id(body: bytes, url: str, source: Source) -> str | None:
    """Return the id of the address that a page gives as its own, None where it gives none."""
    if (link := _CANONICAL.search(body[:200_000])) and (href := _HREF.search(link[0])):
        try:
            return source.adapter.article_id(urljoin(url, unescape(href[1].decode("utf-8", "replace"))))
        except ValueError:
            return None
    return None


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _first_segment(url: str) -> str:
    return urlsplit(url).path.lstrip("/").split("/")[0]


def _unzipped(response: Response, limit_mb: float) -> bytes:
    body: bytes = response.body
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        return bytes(gunzip(body, max_size=int(limit_mb * MB)))
    except ValueError:
        raise ListError("too_large", f"{response.url}: mer enn {limit_mb:g} MB utpakket") from None
    except (OSError, EOFError):
        raise ListError("truncated", f"{response.url}: skadet gzip") from None


def _may_be_since(entry: SitemapEntry, since: date) -> bool:
    """Whether something in the entry may be published on or after the day: a later change can't tell it is not."""
    stamp = entry.published or entry.modified
    if stamp is None:
        stamp = _month_end(entry.url)
    return stamp is None or oslo_day(stamp.timestamp()) >= since


def _month_end(url: str) -> datetime | None:
    """The end of the month that VG's sitemap names carry, `/sitemaps/2024-04-articles.xml`."""
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    start = read_time(f"{name[:7]}-28") if name[8:].startswith("articles") else None
    return start + timedelta(days=5) if start else None
