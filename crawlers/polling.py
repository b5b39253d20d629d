"""Polling a source: which door is asked, what it lists, whether the chain of days is unbroken, when to come back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from crawlers.coverage import oldest_listed, pause_after, rhythm
from crawlers.desk import Desk, ListError, header, stumbled, unzipped
from crawlers.extract import FeedItem
from crawlers.feeds import FeedError, read_feed
from crawlers.landing import Tally
from crawlers.platforms import Door
from crawlers.sources import Source
from crawlers.state import DoorState
from crawlers.store import StoreError

_TRY_BEST_DOOR_AGAIN_S = 7 * 86400.0


class Polling:
    """The polls of one publisher group."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def is_due(self, source: Source) -> bool:
        """Return whether the source may be polled now, and with `due_only` whether its rhythm asks for it."""
        known, now = self._desk.state.source(source.source_id), self._desk.now()
        if self._desk.context.due_only:
            return known.next_at is None or known.next_at <= now
        return known.polled_at is None or now - known.polled_at >= self._desk.settings.shortest_poll_for(source)

    async def poll_overdue(self) -> None:
        """Poll what its rhythm asks for while pages are fetched: a back-fill takes days, a feed turns over in hours."""
        for source in self._desk.sources:
            known = self._desk.state.source(source.source_id)
            if self._desk.stopped_s is None and known.next_at is not None and known.next_at <= self._desk.now():
                await self.poll(source)

    async def poll(self, source: Source) -> None:
        """Ask the source's doors in their order until one works, and note what that says of its health."""
        tally = self._desk.tally(source.source_id, "feed")
        before = self._desk.state.source(source.source_id)
        doors = self._ordered(source, before.door_url)
        gap, worked = False, None
        for door in doors:
            if self._desk.stopped_s is not None:
                break
            try:
                gap = await self._read_door(source, door, tally)
            except (StoreError, sqlite3.Error):
                raise
            except Exception as problem:  # one list that we stumble over must not end the visit to all the others
                error = problem if isinstance(problem, ListError) else stumbled(door.path, problem)
                tally.errors[error.kind] += 1
                tally.notes.append(f"{door.name}: {error}")
                self._note_door_failure(source, door, error)
                continue
            worked = door
            break
        now = self._desk.now()
        if worked is None:
            tally.failed, tally.partial = tally.door is None, True
            failures = before.failures + 1
            self._desk.state.keep_source(
                replace(
                    before,
                    polled_at=now,
                    failures=failures,
                    down_since=before.down_since or now,
                    next_at=now + max(pause_after(failures - 1), self._desk.stopped_s or 0),
                    error=(tally.notes or ["ingen dør svarte"])[-1][:300],
                )
            )
            return
        tally.door, tally.failed = worked.name, False
        if gap:
            tally.notes.append("listen var skiftet helt ut siden sist: artikler kan være gått tapt")
            await self._read_other_doors(source, worked, doors, tally)

    def _ordered(self, source: Source, remembered: str | None) -> list[Door]:
        """The door that worked last comes first; after a week the best one is asked first again."""
        doors = list(source.doors(("feed", "front")))
        if remembered and doors and doors[0].path != remembered:
            best = self._desk.state.door(source.source_id, doors[0].path, doors[0].name)
            if best.polled_at is not None and self._desk.now() - best.polled_at < _TRY_BEST_DOOR_AGAIN_S:
                doors.sort(key=lambda door: door.path != remembered)
        return doors

    async def _read_other_doors(self, source: Source, worked: Door, doors: Iterable[Door], tally: Tally) -> None:
        for door in doors:
            if door.path != worked.path and self._desk.stopped_s is None:
                known = self._desk.state.door(source.source_id, door.path, door.name)
                try:
                    answer = await self.items(source, door, known)
                except ListError as error:
                    tally.errors[error.kind] += 1
                    continue
                if answer is not None:
                    with self._desk.state.transaction():
                        self._desk.list_items(source, answer[0], tally, door)
                return

    async def _read_door(self, source: Source, door: Door, tally: Tally) -> bool:
        """Read one list into the frontier; returns whether there may be a gap since the last poll."""
        known = self._desk.state.door(source.source_id, door.path, door.name)
        before = self._desk.state.source(source.source_id)
        answer = await self.items(source, door, known)
        now = self._desk.now()
        last_poll = known.ok_at
        if answer is None:  # 304: as before
            with self._desk.state.transaction():
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
        with self._desk.state.transaction():  # the ETag is kept with the items that it stands for, never before them
            times = [item.published_at.timestamp() if item.published_at else None for item in items]
            ids, fresh, _ = self._desk.list_items(source, items, tally, door)
            if not ids:
                raise ListError("no_articles", f"{door.path} nevner ingen artikler")
            since = oldest_listed(times)
            # What sister papers or a back-fill made known is no link to what this paper listed before.
            earlier = self._desk.state.last_listed(source.source_id)
            again = sum(each in earlier for each in ids)
            overlap = before.ok_at is not None and again >= min(2, len(earlier) or 2, len(ids))
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
        now = self._desk.now()
        self._desk.state.keep_door(
            replace(
                known, ok_at=now, polled_at=now, failures=0, error=None, status=200, rate=rate, interval_s=interval_s
            )
        )
        before = self._desk.state.source(source.source_id)
        # A door that only stumbled keeps its place; the next poll asks it first again.
        first = self._desk.state.door(source.source_id, before.door_url or door.path, door.name)
        stumbled = before.door_url not in (None, door.path) and 0 < first.failures < 3 and _passing(first.error)
        self._desk.state.keep_source(
            replace(
                before,
                door=before.door if stumbled else door.name,
                door_url=before.door_url if stumbled else door.path,
                polled_at=now,
                ok_at=now,
                failures=0,
                down_since=None,
                error=None,
                next_at=now + max(interval_s, self._desk.settings.shortest_poll_for(source)),
                covered_since=covered,
                listed=len(known.items),
            )
        )

    def _note_door_failure(self, source: Source, door: Door, error: ListError) -> None:
        known = self._desk.state.door(source.source_id, door.path, door.name)
        self._desk.state.keep_door(
            replace(
                known, polled_at=self._desk.now(), failures=known.failures + 1, error=f"{error.kind}: {error}"[:300]
            )
        )
        if error.again_s is not None and error.kind == "rate_limited":
            self._desk.stop(error.again_s)

    async def items(
        self, source: Source, door: Door, known: DoorState
    ) -> tuple[tuple[FeedItem, ...], str | None, str | None] | None:
        """Return what a door lists and its ETag and date; None where nothing changed since; raises ListError."""
        response = await self._desk.get(
            door.path,
            etag=known.etag if known.ok_at else None,
            last_modified=known.last_modified if known.ok_at else None,
            limit_mb=self._desk.settings.max_feed_mb,
        )
        if response.status == 304:
            return None
        if response.status != 200:
            raise ListError(f"http_{response.status}", f"{door.path} svarte HTTP {response.status}")
        body = unzipped(response, self._desk.settings.max_feed_mb)
        if door.kind == "feed":
            try:
                items = read_feed(body, response.url)
            except FeedError as error:
                if error.kind != "html":
                    raise ListError(f"feed_{error.kind}", f"{door.path}: {error}") from None
                items = self._desk.links(source, body, response.url)
                if not items:
                    raise ListError("feed_html", f"{door.path} svarte en nettside uten artikler") from None
        else:
            items = self._desk.links(source, body, response.url)
            if not items:
                raise ListError("no_articles", f"{door.path} nevner ingen artikler")
        return items, header(response, "ETag"), header(response, "Last-Modified")


def _passing(error: str | None) -> bool:
    return bool(error) and str(error).split(":")[0] in (
        "feed_empty", "timeout", "connection", "refused_connection", "truncated", "http_500", "http_502", "http_504",
    )  # fmt: skip
