"""One publisher group's turn: poll its feeds, fetch what is due, back-fill, and report; one request after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from scrapy import Request

from crawlers.backfill import Backfill
from crawlers.coverage import claim
from crawlers.desk import Context, Desk
from crawlers.fetching import Fetching
from crawlers.polling import Polling
from crawlers.report import append_report, report_to_json
from crawlers.sources import Source


class GroupVisit:
    """The visit to one publisher group. `download` sends one request through Scrapy's downloader and middlewares."""

    def __init__(
        self, context: Context, group: str, sources: Sequence[Source], download: Callable[[Request], Any]
    ) -> None:
        self._desk = Desk(context, group, sources, download)
        self._polling = Polling(self._desk)
        self._fetching = Fetching(self._desk, self._polling)
        self._backfill = Backfill(self._desk, self._fetching)
        self._broken_off = False

    async def run(self) -> None:
        """Visit the group; whatever happens, what was read is written and what was done is reported."""
        try:
            if (left := self._desk.state.paused_until(self._desk.group) - self._desk.now()) > 0:
                self._desk.context.say(
                    {"progress": f"{self._desk.group}: utgiveren har bedt oss vente {left / 60:.0f} minutter til"}
                )
                self._desk.stopped_s = left  # an earlier run was asked to wait, by whichever of the group's hosts
                return
            for source in self._desk.sources:
                if self._desk.stopped_s is None and self._polling.is_due(source):
                    await self._polling.poll(source)
            await self._fetching.fetch_due()
            if self._desk.context.since is not None and self._desk.stopped_s is None:
                await self._backfill.run(self._desk.context.since)
        except BaseException:
            self._broken_off = True
            raise
        finally:
            self._desk.landing.flush()
            self._report()

    def _report(self) -> None:
        now = self._desk.context.clock()
        for (source_id, mode), tally in sorted(self._desk.tallies.items()):
            claimed = None
            if self._broken_off:
                tally.partial = True
                tally.covers = None
                tally.notes.append("avbrutt før den var ferdig")
            elif mode == "feed" and not tally.failed:
                known = self._desk.state.source(source_id)
                waiting, oldest = self._desk.state.waiting(source_id)
                tally.partial = tally.partial or waiting > 0
                if waiting:
                    tally.notes.append(f"{waiting} artikler venter på nytt forsøk")
                claimed = claim(
                    covered_since=known.covered_since if known.failures == 0 else None,
                    claimed_to=date.fromisoformat(known.claimed_to) if known.claimed_to else None,
                    now=known.ok_at or 0.0,  # the lists were read then; a long visit has not seen the days since
                    oldest_waiting=oldest if waiting else None,
                )
                tally.covers = claimed
            report = tally.report(now)
            append_report(self._desk.context.log_folder, report)
            with self._desk.state.transaction():
                if claimed:
                    known = self._desk.state.source(source_id)
                    self._desk.state.keep_source(replace(known, claimed_to=claimed[1].isoformat()))
                self._desk.state.end_run(tally.crawl_id, source_id, mode)
            self._desk.context.say({"report": report_to_json(report)})
