"""Back-fill: sitemaps and archive lists back to a day, taken up again wherever a run ended."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from crawlers.coverage import oslo_day
from crawlers.desk import Desk, ListError, first_segment, stumbled, unzipped
from crawlers.extract import FeedItem
from crawlers.feeds import FeedError, SitemapEntry, item_to_json, read_sitemap, read_time
from crawlers.fetching import Fetching
from crawlers.landing import Tally
from crawlers.platforms import Door
from crawlers.platforms.platform import host_of
from crawlers.politeness import Refused
from crawlers.sources import Source
from crawlers.state import SILENT
from crawlers.store import StoreError

_CUT = "cut"
_SILENCE = timedelta(days=31)
_MAX_DEPTH, _MAX_LISTS, _MAX_PAGES = 3, 5000, 3000


class Backfill:
    """The back-fill of one publisher group."""

    def __init__(self, desk: Desk, fetching: Fetching) -> None:
        self._desk = desk
        self._fetching = fetching

    async def run(self, since: date) -> None:
        """Read sitemaps and archive lists back to a day; taken up where it was left, whatever ended it."""
        names = ",".join(sorted(source.source_id for source in self._desk.sources))
        batch = f"{self._desk.group}:{since}:{hashlib.sha256(names.encode()).hexdigest()[:8]}"
        self._desk.batch = batch
        if not self._desk.state.open_batch(batch, self._desk.now()):
            self._desk.state.reopen_lists(batch)
        for source in self._desk.sources:
            tally = self._desk.tally(source.source_id, "backfill")
            tally.door = self._desk.state.way_back(batch, source.source_id)
            if tally.door:
                continue
            if self._desk.stopped_s is None:
                await self._find_lists(batch, source, tally)
        seen: dict[str, set[str]] = {}
        while self._desk.stopped_s is None and (rows := self._desk.state.open_lists(batch)):
            row = rows[0]
            source = self._desk.context.sources.by_id[row["source_id"]]
            tally = self._desk.tally(source.source_id, "backfill")
            try:
                await self._read_list(batch, row, source, since, tally, seen)
            except (StoreError, sqlite3.Error):
                raise
            except Exception as problem:  # one list that we stumble over must not end the back-fill of the others
                error = problem if isinstance(problem, (ListError, FeedError)) else stumbled(row["url"], problem)
                tally.errors[error.kind] += 1
                tally.partial = True
                tally.notes.append(str(error))
                if error.kind == "rate_limited":  # the list stays open for the next run
                    self._desk.stop(getattr(error, "again_s", None) or 3600.0)
                    break
                self._desk.state.end_list(batch, row["url"], state="failed", reason=str(error)[:300])
            await self._fetching.keep_polling()
        await self._fetching.fetch_due()
        self._finish_backfill(batch, since)

    async def _find_lists(self, batch: str, source: Source, tally: Tally) -> None:
        """Choose the way back: the configured sitemap, those in robots.txt, the platform's, else archive lists."""
        try:
            robots = await self._desk.context.manners.robots(source.host, self._desk.download)
            named = [url for url in robots.sitemaps if host_of(url) in source.hosts]
        except Refused:
            named = []
        own = [source.address(source.sitemap)] if source.sitemap else []
        with self._desk.state.transaction():
            for url in own or named:
                self._desk.state.add_list(batch, url, "sitemap", source.source_id)
            if own or named:
                tally.door = "sitemap"
                return
        for door in source.doors(("sitemap",)):
            try:
                response = await self._desk.get(door.path, limit_mb=self._desk.settings.max_sitemap_mb)
                if response.status == 200:
                    read_sitemap(unzipped(response, self._desk.settings.max_sitemap_mb), response.url)
                    self._desk.state.add_list(batch, door.path, "sitemap", source.source_id)
                    tally.door = "sitemap"
                    return
            except (StoreError, sqlite3.Error):
                raise
            except Exception as error:  # whatever stands there is no way back
                if not isinstance(error, (ListError, FeedError)):
                    tally.errors["crawler_error"] += 1
                    tally.notes.append(str(stumbled(door.path, error)))
                if self._desk.stopped_s is not None:  # asked to wait: the way back is looked for in the next run
                    tally.partial = True
                    return
                if isinstance(error, ListError) and error.kind in (*SILENT, "robots_unreachable"):
                    tally.partial = True  # it may well be there: asked again in the next run, and nothing is decided
                    tally.errors[error.kind] += 1
                    return
        archives = source.doors(("archive",))
        for door in archives:
            self._desk.state.add_list(batch, door.path, "archive", source.source_id)
            tally.door = "archive"
        if not archives:
            tally.failed = True
            tally.errors["no_archive"] += 1
            tally.notes.append("verken sitemap eller arkivliste er kjent: eldre saker kan ikke hentes")

    async def _read_list(
        self, batch: str, row: Any, source: Source, since: date, tally: Tally, seen: dict[str, set[str]]
    ) -> None:
        if row["kind"] == "archive":
            await self._read_archive(batch, row, source, since, tally, seen)
            return
        response = await self._desk.get(row["url"], limit_mb=self._desk.settings.max_sitemap_mb)
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{row['url']} svarte HTTP {response.status}")
        sitemap = read_sitemap(unzipped(response, self._desk.settings.max_sitemap_mb), response.url)
        entries = [entry for entry in sitemap.entries if _may_be_since(entry, since)]
        reason = None
        with self._desk.state.transaction():
            if sitemap.kind == "index":
                room = _MAX_LISTS - self._desk.state.count_lists(batch)
                if row["depth"] >= _MAX_DEPTH or len(entries) > room:
                    reason = _CUT
                    tally.notes.append(f"{row['url']}: for mange eller for dype sitemaps, resten er ikke lest")
                for entry in entries[: max(0, room)] if row["depth"] < _MAX_DEPTH else ():
                    if host_of(entry.url) in source.hosts:
                        self._desk.state.add_list(batch, entry.url, "sitemap", source.source_id, depth=row["depth"] + 1)
                found = len(entries)
            else:
                found = self._list_entries(entries, source, tally, batch)
            self._desk.state.end_list(batch, row["url"], state="done", found=found, reason=reason)

    def _list_entries(self, entries: Iterable[SitemapEntry], source: Source, tally: Tally, batch: str) -> int:
        chosen = {each.source_id for each in self._desk.sources}
        found = 0
        for entry in entries:
            placed = self._desk.place(entry.url, source)
            if placed is None:
                continue
            article_id, owner, url = placed
            if owner.section and first_segment(url) != owner.section:
                continue  # a shared host lists all its sections
            if owner.source_id not in chosen or owner.feed_only:
                continue
            item = FeedItem(url=url, published_at=entry.published) if entry.published else None
            self._desk.state.list_page(
                article_id=article_id,
                source_id=owner.source_id,
                url=url,
                mode="backfill",
                now=self._desk.now(),
                published=entry.published.timestamp() if entry.published else None,
                item=item_to_json(item) if item else None,
                batch=batch,
                changed_at=entry.modified.timestamp() if entry.modified else None,
            )
            found += 1
            self._desk.tally(owner.source_id, "backfill").listed += 1
            self._desk.touched.add(owner.source_id)
        return found

    async def _read_archive(
        self, batch: str, row: Any, source: Source, since: date, tally: Tally, seen: dict[str, set[str]]
    ) -> None:
        """Read one archive page and what it lists; go on to the next until nothing is new or all is older."""
        number = row["page"]
        template = row["url"].split("#")[0]
        url = template.replace("{page}", str(number)).replace("{offset20}", str(number * 20))
        response = await self._desk.get(url, limit_mb=self._desk.settings.max_feed_mb)
        if response.status == 404 and number > 0:
            self._desk.state.end_list(batch, row["url"], state="done", reason="end")
            return
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{url} svarte HTTP {response.status}")
        items = self._desk.links(source, response.body, response.url)
        with self._desk.state.transaction():
            ids, _, _ = self._desk.list_items(
                source, items, tally, Door(name="archive", path=url, kind="archive"), batch=batch
            )
        fresh = set(ids) - seen.setdefault(template, set())
        seen[template].update(ids)
        await self._fetching.fetch_due()
        published = [page.published for each in fresh if (page := self._desk.state.page(each)) and page.published]
        older = bool(published) and oslo_day(max(published)) < since
        reason = None
        with self._desk.state.transaction():
            if fresh and not older and number + 1 < _MAX_PAGES and ("{page}" in template or "{offset20}" in template):
                self._desk.state.add_list(
                    batch, f"{template}#{number + 1}", "archive", source.source_id, page=number + 1
                )
            elif fresh and not older:
                reason = _CUT
                tally.notes.append(f"{template}: arkivet tok ikke slutt etter {number + 1} sider")
            self._desk.state.end_list(batch, row["url"], state="done", found=len(fresh), reason=reason)

    def _finish_backfill(self, batch: str, since: date) -> None:
        # The lists may have been read days or, in an earlier run, weeks ago: nothing since is vouched for.
        last = oslo_day(self._desk.state.batch_start(batch)) - timedelta(days=1)
        stopped = self._desk.stopped_s is not None
        done = not stopped
        broken = self._desk.state.broken_lists(batch, _CUT)  # sections of one host share their lists
        for source in self._desk.sources:
            tally = self._desk.tally(source.source_id, "backfill")
            waiting = self._desk.state.waiting_in(batch, source.source_id)
            if tally.failed:
                continue
            failed = any(failed for url, failed in broken if host_of(url) in source.hosts)
            if waiting or failed or stopped or tally.door is None:  # None: its lists are yet to be found
                tally.partial = True
                done = False
                continue
            if any(host_of(url) in source.hosts for url, _ in broken):
                tally.partial = True
            oldest = self._desk.state.oldest_in(batch, source.source_id)
            # The archive lists of a news paper are those of its debates, or of one section.
            if tally.partial or oldest is None or (tally.door == "archive" and source.kind == "news"):
                continue
            # A sitemap of the last 48 hours doesn't reach back to `since`; a small paper may be silent for weeks.
            first = oslo_day(oldest)
            first = since if first <= since + _SILENCE else first
            if first <= last:
                tally.covers = (first, last)
        if done:
            with self._desk.state.transaction():
                self._desk.state.close_batch(batch)


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
