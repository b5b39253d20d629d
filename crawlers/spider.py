"""The spiders: one base class drives every platform, and a platform's spider states only its name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from scrapy import Spider

from crawlers.desk import Context
from crawlers.politeness import Manners
from crawlers.sources import Source
from crawlers.visit import GroupVisit


class PaperSpider(Spider):  # type: ignore[misc]
    """Visits publisher groups side by side, each group one request at a time.

    Requests go straight to Scrapy's downloader (`download_async`): the frontier is our own table, because Scrapy's
    queue on disk loses its place when the process is killed.
    """

    name = "paper"

    def __init__(
        self,
        *args: Any,
        context: Context,
        groups: Mapping[str, Sequence[Source]],
        visit: type[GroupVisit] = GroupVisit,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.context = context
        self.groups = groups
        self.visit = visit
        self.problems: list[BaseException] = []

    @property
    def manners(self) -> Manners:
        """What the Gate and the Throttle keep to."""
        return self.context.manners

    async def start(self) -> AsyncIterator[Any]:
        """Run the visits; nothing is scheduled, so nothing is yielded."""
        visits = [
            self.visit(self.context, group, sources, self.crawler.engine.download_async)
            for group, sources in self.groups.items()
        ]
        results = await asyncio.gather(*(visit.run() for visit in visits), return_exceptions=True)
        self.problems += [result for result in results if isinstance(result, BaseException)]
        nothing: tuple[Any, ...] = ()
        for each in nothing:
            yield each


class AmediaSpider(PaperSpider):
    """Nordlys, Nordnorsk Debatt and the other Amedia papers."""

    name = "amedia"


class PolarisSpider(PaperSpider):
    """Polaris Media and Schibsted."""

    name = "polaris"


class NrkSpider(PaperSpider):
    """NRK and its regional offices."""

    name = "nrk"


class LabradorSpider(PaperSpider):
    """Papers on Labrador CMS."""

    name = "labrador"


class WordpressSpider(PaperSpider):
    """Papers on WordPress."""

    name = "wordpress"


class DrupalSpider(PaperSpider):
    """Papers on Drupal, and those that have just left it."""

    name = "drupal"


class GenericSpider(PaperSpider):
    """Everything else: a feed, structured data, and trafilatura."""

    name = "generic"


SPIDERS: dict[str, type[PaperSpider]] = {
    spider.name: spider
    for spider in (AmediaSpider, PolarisSpider, NrkSpider, LabradorSpider, WordpressSpider, DrupalSpider, GenericSpider)
}
