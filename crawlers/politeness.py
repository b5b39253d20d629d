"""Manners in one place: who may be asked what, how often, and what a host says about use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from crawlers.article import Rights
from crawlers.rights import read_tdmrep
from crawlers.robots import FRESH_S, STALE_S, Robots, read_robots
from crawlers.settings import CrawlSettings
from crawlers.state import CrawlState

ROBOTS, TDM = "/robots.txt", "/.well-known/tdmrep.json"
LONGEST_WAIT_S = 120.0
_WAITS = 3
_SMALL_FILE = 1024 * 1024
_CLOSED_S = 3600.0

T = TypeVar("T")
Download = Callable[[Request], Awaitable[Response]]


class Refused(IgnoreRequest):  # type: ignore[misc]
    """A request that is not made, or not made again now; `kind` says why, `again_s` after how many seconds to ask."""

    def __init__(self, kind: str, message: str, again_s: float | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.again_s = again_s


class Manners:
    """What this process keeps to towards each publisher group; shared by all its spiders.

    `groups` names the publisher group of every host that may be asked; no other host is.
    """

    def __init__(
        self,
        *,
        settings: CrawlSettings,
        state: CrawlState,
        clock: Callable[[], datetime],
        groups: Mapping[str, str],
        delays: Mapping[str, float],
    ) -> None:
        self._settings = settings
        self._state = state
        self._clock = clock
        self._groups = groups
        self._floors = dict(delays)
        self._paused: dict[str, float] = {}
        self._robots: dict[str, asyncio.Future[Robots]] = {}
        self._robots_at: dict[str, float] = {}
        self._tdm: dict[str, asyncio.Future[str]] = {}

    def group_of(self, url: str) -> str:
        """Return the publisher group of an address; raises Refused for any host that is not ours to ask."""
        parts = urlsplit(url)
        group = self._groups.get((parts.hostname or "").lower())
        if group is None or parts.scheme not in ("http", "https") or parts.port not in (None, 80, 443):
            raise Refused("foreign_host", f"{url} is on no host of the sources that are crawled now")
        return group

    def floor(self, group: str) -> float:
        """Return the least seconds between two requests to the group."""
        return self._floors.get(group, self._settings.delay_s)

    def raise_floor(self, group: str, seconds: float) -> bool:
        """Keep at least so many seconds from now on; returns whether that is more than before."""
        if seconds <= self.floor(group):
            return False
        self._floors[group] = seconds
        return True

    def now(self) -> datetime:
        """Return the time by the crawl's clock."""
        return self._clock()

    def pause(self, group: str, seconds: float) -> None:
        """Ask the group nothing for so many seconds."""
        until = asyncio.get_running_loop().time() + seconds
        self._paused[group] = max(until, self._paused.get(group, 0.0))

    async def ready(self, group: str) -> None:
        """Wait until the group may be asked again."""
        while (left := self._paused.get(group, 0.0) - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)

    async def robots(self, host: str, download: Download) -> Robots:
        """Return the host's robots.txt, from memory for a day; the last good one (30 days) while it can't be asked."""
        now = self._clock().timestamp()  # a back-fill may run for days; who couldn't be asked is asked again each hour
        known = self._robots.get(host)
        if known is not None and known.done() and not known.cancelled():
            age = now - self._robots_at[host]
            if age >= (_CLOSED_S if known.result().state == "closed" else FRESH_S):
                del self._robots[host]
                self._tdm.pop(host, None)
        if host not in self._robots:
            self._robots_at[host] = now
        return await _once(self._robots, host, lambda: self._ask_robots(host, download))

    async def _ask_robots(self, host: str, download: Download) -> Robots:
        status, body = await self._host_file(host, ROBOTS, download)
        robots = read_robots(status, body, self._agent, host)
        if robots.crawl_delay and self._settings.at_home([host]) and self._settings.delay_s == 0:
            return robots  # politeness is off for one's own test papers
        if robots.crawl_delay:
            self.raise_floor(self._groups[host], robots.crawl_delay)
        return robots

    async def host_rights(self, url: str, download: Download) -> Rights:
        """Return what the host's own files say about the use of an address."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        robots = await self.robots(host, download)
        text = await _once(self._tdm, host, lambda: self._ask_tdm(host, download))
        reserved, policy = read_tdmrep(text, parts.path or "/") if text else (None, None)
        return Rights(tdm_reserved=reserved, tdm_policy=policy, ai_agents_blocked=robots.ai_blocked)

    async def _ask_tdm(self, host: str, download: Download) -> str:
        status, body = await self._host_file(host, TDM, download)
        return body.decode("utf-8", "replace") if status == 200 and body else ""

    async def _host_file(self, host: str, file: str, download: Download) -> tuple[int, bytes | None]:
        now = self._clock().timestamp()
        row = self._state.host_file(host, file)
        if row is not None and now - row["fetched_at"] < FRESH_S and not _unavailable(row["status"]):
            return row["status"], row["body"]
        request = Request(
            f"https://{host}{file}", meta={"host_file": True, "download_maxsize": _SMALL_FILE}, dont_filter=True
        )
        try:
            response = await download(request)
            status, body = response.status, response.body
        except Exception:  # whatever goes wrong here means the same: the host could not be asked
            status, body = 0, None
        if _unavailable(status):
            self._state.keep_host_file(host, file, now=now, status=status, body=None)
            if row is not None and row["good_at"] and now - row["good_at"] < STALE_S:
                return 200, row["body"]
            return status, None
        body = body if status == 200 else b""
        self._state.keep_host_file(host, file, now=now, status=status, body=body)
        return status, body

    @property
    def _agent(self) -> str:
        return self._settings.agent.partition("/")[0].strip()


async def _once(known: dict[str, asyncio.Future[T]], host: str, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask once for each host, however many want to know; who waits is not left waiting when the asking fails."""
    if host not in known:
        answer = known[host] = asyncio.get_running_loop().create_future()
        try:
            answer.set_result(await ask())
        except BaseException:
            known.pop(host).cancel()
            raise
    return await known[host]


def _unavailable(status: int) -> bool:
    return status == 0 or status == 429 or status >= 500


class Gate:
    """Scrapy middleware: lets a request pass only to a known host, in its group's turn, where robots.txt allows it."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Gate:
        """Scrapy's constructor."""
        return cls(crawler)

    @property
    def _manners(self) -> Manners:
        manners: Manners = self._crawler.spider.manners
        return manners

    async def process_request(self, request: Request) -> None:
        """Raise Refused, or let the request wait for its turn."""
        manners = self._manners
        group = manners.group_of(request.url)
        if request.meta.setdefault("group", group) != group:
            raise Refused(
                "foreign_host", f"{request.url} belongs to another publisher group than {request.meta['group']}"
            )
        request.meta["download_slot"] = group
        if not request.meta.get("host_file"):
            host = (urlsplit(request.url).hostname or "").lower()
            robots = await manners.robots(host, self._crawler.engine.download_async)
            self._keep_floor(group)
            if not robots.allows(request.url):
                if robots.state == "closed":
                    raise Refused(
                        "robots_unreachable", f"https://{host}{ROBOTS} can't be read, so nothing is asked", 3600
                    )
                raise Refused("robots", f"{request.url} is not allowed for us in https://{host}{ROBOTS}")
        await manners.ready(group)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Do as a 429 or 503 says: wait if it is short, else raise Refused with the time to come back."""
        if response.status not in (429, 503):
            return response
        manners, group = self._manners, request.meta["group"]
        if request.meta.get("host_file"):
            asked = retry_after(response.headers.get(b"Retry-After"), manners.now())
            manners.pause(group, min(asked or 0.0, LONGEST_WAIT_S))
            return response
        waited = request.meta.get("waited", 0)
        asked = retry_after(response.headers.get(b"Retry-After"), request.meta["now"]())
        if response.status == 503 and asked is None:
            return response  # a fault like any other
        seconds = asked if asked is not None else max(manners.floor(group), 0.05) * 5 * 2**waited
        if waited >= _WAITS or seconds > LONGEST_WAIT_S:
            raise Refused(
                "rate_limited", f"{request.url}: HTTP {response.status}", max(seconds, 60 * manners.floor(group))
            )
        manners.pause(group, seconds)
        again: Request = request.replace(dont_filter=True)
        again.meta["waited"] = waited + 1
        return again

    def _keep_floor(self, group: str) -> None:
        downloader, floor = self._crawler.engine.downloader, self._manners.floor(group)
        downloader.per_slot_settings.setdefault(group, {})["delay"] = floor
        slot = downloader.slots.get(group)
        if slot is not None and slot.delay < floor:
            slot.delay = floor


def retry_after(value: bytes | None, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, given as seconds or as a date; None if unreadable."""
    if not value:
        return None
    text = value.decode("latin-1").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


class Throttle(AutoThrottle):  # type: ignore[misc]
    """AutoThrottle per publisher group, never below the group's floor (settings or Crawl-delay)."""

    def _response_downloaded(self, response: Response, request: Request, spider: Any) -> None:
        group = request.meta.get("download_slot")
        floor = spider.manners.floor(group)
        if floor == 0:  # politeness is off: one's own papers on loopback
            return
        self.mindelay = floor
        super()._response_downloaded(response, request, spider)
