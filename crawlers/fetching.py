"""Fetching pages: what is due is asked, read, landed or set aside, and planned again."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from html import unescape
from urllib.parse import urljoin

from scrapy.http import Response

from crawlers.desk import Desk, ListError, header
from crawlers.extract import ExtractError, FeedItem, extract
from crawlers.feeds import item_from_json, looks_like_html
from crawlers.landing import Tally, facts, offered
from crawlers.platforms.platform import host_of, plain
from crawlers.politeness import Refused
from crawlers.polling import Polling
from crawlers.sources import Source
from crawlers.state import MAX_TRIES, SILENT, Page
from crawlers.store import StoreError

_BUFFER = 64
_TELL_EVERY_S = 5.0
_LOOK_EVERY_S = 60.0
_ASK_AGAIN_S = {"robots": 7 * 86400.0}
_CANONICAL = re.compile(rb"""<link\b[^>]{0,500}\brel\s*=\s*["']?canonical\b[^>]{0,1000}>""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


class Fetching:
    """The article pages of one publisher group."""

    def __init__(self, desk: Desk, polling: Polling) -> None:
        self._desk = desk
        self._polling = polling
        self._looked_at = desk.now()
        self._silent: Counter[str] = Counter()
        self._flying: set[str] = set()
        self._buffer: list[Page] = []
        self._fetched = 0
        self._told_at = desk.now()

    async def fetch_due(self) -> None:
        """Fetch until nothing is due or the group asks for peace."""
        sources = [self._desk.context.sources.by_id[each] for each in sorted(self._desk.touched)]
        workers = [asyncio.ensure_future(self._worker()) for _ in range(self._desk.settings.parallel_for(sources))]
        try:
            await asyncio.gather(*workers)
        except BaseException:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            raise
        self._desk.landing.flush()

    async def _worker(self) -> None:
        while self._desk.stopped_s is None and (page := self._next_page()) is not None:
            self._flying.add(page.article_id)
            try:
                await self._visit(page)
            finally:
                self._flying.discard(page.article_id)
            self._tell_progress()
            await self.keep_polling()

    async def keep_polling(self) -> None:
        """Let the feeds have their turn in a long visit."""
        now = self._desk.now()
        if now - self._looked_at >= _LOOK_EVERY_S:
            self._looked_at = now
            await self._polling.poll_overdue()
            self._buffer = []  # what is new comes first

    def _tell_progress(self) -> None:
        self._fetched += 1
        now = self._desk.now()
        if now - self._told_at >= _TELL_EVERY_S:
            self._told_at = now
            read = len(self._flying | self._desk.landing.waiting)
            left = self._desk.state.count_due(sorted(self._desk.touched), now) - read
            self._desk.context.say({"progress": f"{self._desk.group}: {self._fetched} sider hentet, {left} venter"})

    def _next_page(self) -> Page | None:
        if not self._buffer:
            busy = self._flying | self._desk.landing.waiting
            self._buffer = self._desk.state.due_pages(sorted(self._desk.touched), self._desk.now(), _BUFFER, busy)
            self._buffer.reverse()
        return self._buffer.pop() if self._buffer else None

    async def _visit(self, page: Page) -> None:
        tally = self._tally_of(page)
        source = self._desk.context.sources.by_id[page.source_id]
        try:
            # Of a text that was emptied, "as before" would be no answer.
            etag, last_modified = (None, None) if page.state == "gone" else (page.etag, page.last_modified)
            response = await self._desk.get(page.url, etag=etag, last_modified=last_modified)
            await self._take(page, source, response, tally)
            self._silent.pop(page.source_id, None)
        except ListError as error:
            self._fail(page, tally, error.kind, again_s=error.again_s)
            self._silent[page.source_id] += error.kind in SILENT
            if self._silent[page.source_id] >= 3:  # its host is down: its other pages keep their tries for later
                tally.partial = True
                self._wait_for(page.source_id, 12 * self._desk.settings.retry_pause_s)
        except Refused as error:
            self._refuse(page, tally, error)
        except StoreError:
            raise
        except Exception as error:  # one page must not end the visit; it is counted, told of, and tried again
            tally.notes.append(f"{page.url}: {type(error).__name__}: {error}"[:300])
            self._fail(page, tally, "crawler_error")

    async def _take(self, page: Page, source: Source, response: Response, tally: Tally) -> None:
        now = self._desk.now()
        tally.fetched += 1
        if response.status == 304:
            with self._desk.state.transaction():
                self._desk.state.saw(
                    page,
                    now=now,
                    steps=self._desk.settings.steps(),
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
        # What a feed called an article stays one at its address; the item itself is kept only until the first visit.
        item = item_from_json(page.item) if page.item else None
        if item is None and page.visits > 0 and plain(response.url) == page.url:
            item = FeedItem(url=page.url)
        placed = self._desk.place(response.url, finder, in_feed=item is not None)
        if placed is None:
            self._led_away(page, tally)
            return
        article_id, owner, _ = placed
        now = self._desk.context.clock()
        try:
            article = extract(
                body,
                response.url,
                source=facts(owner),
                fetched_at=now,
                headers={  # `X-Robots-Tag` may come several times, and each counts
                    key.decode("latin-1"): b"\n".join(response.headers.getlist(key)).decode("latin-1")
                    if key.lower() == b"x-robots-tag"
                    else response.headers.get(key).decode("latin-1")
                    for key in response.headers
                },
                feed_item=item,
                host_rights=await self._desk.context.manners.host_rights(response.url, self._desk.download),
                head_only=self._desk.head_only(owner),
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
        own_host = host_of(response.url) == owner.host
        adopted = self._adopt(page, article.article_id if hashed and own_host else article_id, tally)
        if adopted is None:
            return
        self._desk.landing.add(
            adopted,
            offered(replace(article, article_id=adopted.article_id), head_only=self._desk.head_only(owner)),
            tally,
            now=now.timestamp(),
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            length=len(body),
            url=plain(response.url),
        )

    def _adopt(self, page: Page, found_id: str, tally: Tally) -> Page | None:
        """Settle which id an article is kept under when its address led to another one; None = it is known already.

        An article that is stored keeps its id for ever; one that is not takes the id that the paper gives it now.
        """
        if found_id == page.article_id:
            return page
        with self._desk.state.transaction():
            found = self._desk.state.real_id(found_id)
            known = self._desk.state.page(found)
            busy = found in self._flying or found in self._desk.landing.waiting
            if page.visits > 0:
                if found == page.article_id:
                    return page
                if known is not None and (known.visits > 0 or busy):  # its words are the other's; kept there, once
                    self._led_away(page, tally)
                    return None
                if known is not None:
                    self._desk.state.drop(known)
                self._desk.state.alias(found_id, page.article_id)
                return page
            self._desk.state.alias(page.article_id, found)
            if known is None:
                return self._desk.state.rename(page, found)
            self._desk.state.drop(page)
            if known.visits > 0 or busy:
                return None
            return known

    def _withdraw(self, page: Page, tally: Tally, reason: str) -> None:
        self._desk.landing.flush()
        now = self._desk.context.clock()
        with self._desk.state.transaction():
            if self._desk.context.store.withdraw(page.article_id, now):
                tally.withdrawn += 1
            else:
                tally.errors[reason] += page.state == "queued"
            first = page.first_at or page.listed_at or now.timestamp()  # never had: no ladder without end
            coming = [first + step.total_seconds() for step in self._desk.settings.steps()]
            again = min((moment for moment in coming if moment > now.timestamp()), default=None)
            self._desk.state.set_aside(page, now=now.timestamp(), state="gone", reason=reason, again_at=again)

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
        now = self._desk.now()
        again = None if page.state == "refused" else now + 86400.0  # it may have been a site under maintenance
        self._desk.state.set_aside(page, now=now, state="refused", reason=reason, again_at=again)

    def _refuse(self, page: Page, tally: Tally, error: Refused) -> None:
        if error.kind == "rate_limited":  # one platform answers for the whole group; this page won't be first again
            tally.partial = True
            self._fail(page, tally, error.kind, again_s=error.again_s)
            self._desk.stop(error.again_s or 3600.0)
            return
        tally.errors[error.kind] += 1
        if error.kind == "robots_unreachable":  # this host's pages wait, the group's other hosts don't
            tally.partial = True
            self._wait_for(page.source_id, error.again_s or 3600.0)
            return
        pause = _ASK_AGAIN_S.get(error.kind)
        again = self._desk.now() + pause if pause else None
        self._desk.state.set_aside(page, now=self._desk.now(), state="refused", reason=error.kind, again_at=again)

    def _wait_for(self, source_id: str, seconds: float) -> None:
        self._desk.state.postpone([source_id], self._desk.now() + seconds)
        self._buffer = [each for each in self._buffer if each.source_id != source_id]

    def _fail(
        self, page: Page, tally: Tally, kind: str, *, again_s: float | None = None, length: int | None = None
    ) -> None:
        tally.errors[kind] += 1
        now = self._desk.now()
        left = self._desk.state.failed(
            page,
            now=now,
            reason=kind,
            pause_s=self._desk.settings.retry_pause_s,
            not_before=now + (again_s or 0.0),
            length=length,
        )
        if not left and page.visits == 0:
            tally.notes.append(f"gitt opp etter {MAX_TRIES} forsøk: {page.url}")

    def _tally_of(self, page: Page) -> Tally:
        if page.visits > 0:
            return self._desk.tally(page.source_id, "revisit")
        if page.mode == "backfill" or (page.batch and page.batch == self._desk.batch):
            return self._desk.tally(page.source_id, "backfill")
        return self._desk.tally(page.source_id, "feed")


def _canonical_id(body: bytes, url: str, source: Source) -> str | None:
    """Return the id of the address that a page gives as its own, None where it gives none."""
    if (link := _CANONICAL.search(body[:200_000])) and (href := _HREF.search(link[0])):
        try:
            return source.adapter.article_id(urljoin(url, unescape(href[1].decode("utf-8", "replace"))))
        except ValueError:
            return None
    return None


def _reason(error: ExtractError) -> str:
    return "no_text" if error.reason == "no text" else "no_title" if error.reason == "no title" else "not_article"
