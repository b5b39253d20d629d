"""What a crawl needs to be told, and the Scrapy settings that follow from it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from crawlers.sources import Source

MANNERS_DELAY_S = 2.0
MANNERS_POLL_S = 900.0
MB = 1024 * 1024
VERSION = "0.1"


class CrawlSettingsError(Exception):
    """The crawl can't start with these settings; the message says which key and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """How papers are visited.

    `delay_s` is the pause between two requests to one publisher group; `parallel` how many may run at once there.
    Less than 2 s, or more than one at a time, is used only for papers whose every host `resolve` leads to a private
    address of one's own (`host` → `127.0.0.1:8099`); everyone else gets the manners above. `sources` empty = all.
    `revisit_hours` count from the first visit. `retries` follow at once, later tries after `retry_pause_s`, growing.
    Sizes in MB after unpacking.
    """

    contact: str = ""
    user_agent: str = ""
    delay_s: float = MANNERS_DELAY_S
    parallel: int = 1
    timeout_s: float = 30.0
    max_page_mb: float = 5.0
    max_feed_mb: float = 5.0
    max_sitemap_mb: float = 50.0
    sources: tuple[str, ...] = ()
    sources_file: Path | None = None
    head_only: tuple[str, ...] = ()
    resolve: Mapping[str, str] = field(default_factory=dict)
    revisit_hours: tuple[float, ...] = (1, 6, 24, 168, 720)
    retries: int = 2
    retry_pause_s: float = 300.0

    def __post_init__(self) -> None:
        for host, target in self.resolve.items():
            address, _, port = target.rpartition(":")
            try:
                ipaddress.ip_address(address.strip("[]"))
                number = int(port)
            except ValueError:
                number = 0
            if not 0 < number < 65536:
                raise CrawlSettingsError(
                    f"[crawl] resolve: {host} = «{target}» skal være adresse:port (127.0.0.1:8099)."
                )
        if self.parallel < 1 or self.delay_s < 0 or self.timeout_s <= 0:
            raise CrawlSettingsError("[crawl]: delay_s må være 0 eller mer, parallel minst 1, timeout_s over 0.")

    @property
    def agent(self) -> str:
        """The User-Agent line: who we are and how to reach us."""
        return self.user_agent or f"Bybaand/{VERSION} (+{self.contact})"

    def at_home(self, hosts: Iterable[str]) -> bool:
        """Return whether all hosts resolve to private addresses that the settings name."""
        targets = [self.resolve.get(host) for host in hosts]
        return bool(targets) and all(
            target is not None and not ipaddress.ip_address(target.rpartition(":")[0].strip("[]")).is_global
            for target in targets
        )

    def delay_for(self, sources: Iterable[Source]) -> float:
        """Return the seconds between two requests to a publisher group."""
        return self.delay_s if self._own(sources) else max(self.delay_s, MANNERS_DELAY_S)

    def parallel_for(self, sources: Iterable[Source]) -> int:
        """Return how many requests may run at once to a publisher group."""
        return self.parallel if self._own(sources) else 1

    def shortest_poll_for(self, source: Source) -> float:
        """Return the seconds that must lie between two polls of one feed."""
        return 0.0 if self._own([source]) else MANNERS_POLL_S

    def _own(self, sources: Iterable[Source]) -> bool:
        return self.at_home(host for source in sources for host in source.hosts)

    def check(self, sources: Iterable[Source]) -> None:
        """Raise CrawlSettingsError where a live paper would be visited by someone who can't be reached."""
        if self.contact and ("@" in self.contact or self.contact.startswith("http")):
            return
        if self.user_agent and ("@" in self.user_agent or "http" in self.user_agent):
            return
        if live := [source.source_id for source in sources if not self.at_home(source.hosts)]:
            raise CrawlSettingsError(
                f"Sett [crawl] contact til en e-postadresse eller nettside før {live[0]} hentes: "
                "avisene skal kunne nå den som henter."
            )

    def steps(self) -> tuple[timedelta, ...]:
        """Return the revisits as times after the first visit."""
        return tuple(timedelta(hours=hours) for hours in sorted(self.revisit_hours))

    def to_job(self) -> dict[str, Any]:
        """Return the settings as JSON values, for the child process."""
        return {
            **asdict(self),
            "resolve": dict(self.resolve),
            "sources_file": str(self.sources_file.absolute()) if self.sources_file else None,
        }

    @classmethod
    def from_job(cls, job: Mapping[str, Any]) -> CrawlSettings:
        """Undo `to_job`."""
        values = dict(job)
        for key in ("sources", "head_only", "revisit_hours"):
            values[key] = tuple(values[key])
        values["sources_file"] = Path(values["sources_file"]) if values["sources_file"] else None
        return cls(**values)


def scrapy_settings(settings: CrawlSettings) -> dict[str, Any]:
    """Return what Scrapy is told: identified, bounded, patient, and nothing on disk but what we write ourselves."""
    return {
        "USER_AGENT": settings.agent,
        "ROBOTSTXT_OBEY": False,  # crawlers.politeness does it, with a memory and with the rules for 4xx and 5xx
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": max(1, settings.parallel),
        "DOWNLOAD_DELAY": settings.delay_s,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": settings.timeout_s,
        "DOWNLOAD_MAXSIZE": int(settings.max_page_mb * MB),
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_HANDLERS": {
            "http": "crawlers.download.PinnedHandler",
            "https": "crawlers.download.PinnedHandler",
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        "DNS_RESOLVER": "crawlers.download.PublicResolver",
        "CRAWL_RESOLVE": dict(settings.resolve),
        "DOWNLOADER_MIDDLEWARES": {"crawlers.politeness.Gate": 100},
        "EXTENSIONS": {
            "crawlers.politeness.Throttle": 0,
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "scrapy.extensions.logstats.LogStats": None,
            "scrapy.extensions.corestats.CoreStats": None,
        },
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": settings.delay_s,
        "AUTOTHROTTLE_MAX_DELAY": 60.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(max(1, settings.parallel)),
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "RETRY_TIMES": settings.retries,
        "RETRY_HTTP_CODES": [408, 500, 502, 504, 520, 522, 524],  # 429 and 503 are waited for, see Gate
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "COOKIES_ENABLED": False,
        "REFERRER_POLICY": "no-referrer",
        "TELNETCONSOLE_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
            "Accept-Language": "nb,nn,no,se,en;q=0.5",
        },
    }
