"""Running a crawl: the parent starts a child process, the child holds the locks, runs Scrapy and reports."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from crawlers.locks import BusyError, group_locks
from crawlers.report import CrawlReport, append_report, report_from_json
from crawlers.settings import CrawlSettings, CrawlSettingsError, scrapy_settings
from crawlers.sources import Source, SourceError, Sources, load_sources
from crawlers.state import CrawlState

Progress = Callable[[CrawlReport], None]


class CrawlError(Exception):
    """A crawl could not be run; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the child process is asked to do."""

    settings: CrawlSettings
    data_folder: Path
    sources: tuple[str, ...] = ()
    since: date | None = None
    due_only: bool = False
    probe: bool = False

    def to_json(self) -> str:
        """Return the job as one line."""
        return json.dumps(
            {
                "settings": self.settings.to_job(),
                "data_folder": str(self.data_folder.absolute()),
                "sources": list(self.sources),
                "since": self.since.isoformat() if self.since else None,
                "due_only": self.due_only,
                "probe": self.probe,
            }
        )

    @classmethod
    def from_json(cls, line: str) -> Job:
        """Undo `to_json`."""
        job = json.loads(line)
        return cls(
            settings=CrawlSettings.from_job(job["settings"]),
            data_folder=Path(job["data_folder"]),
            sources=tuple(job["sources"]),
            since=date.fromisoformat(job["since"]) if job["since"] else None,
            due_only=job["due_only"],
            probe=job["probe"],
        )


def crawl(
    settings: CrawlSettings,
    data_folder: Path,
    sources: Iterable[str] = (),
    since: date | None = None,
    *,
    due_only: bool = False,
    progress: Progress = lambda report: None,
    tell: Callable[[str], None] = lambda line: None,
) -> list[CrawlReport]:
    """Crawl the sources (all that the settings name where none is given) in a process of its own; return its reports.

    `since` back-fills to that day, through sitemaps and archive lists. `due_only` leaves feeds alone whose own rhythm
    doesn't ask for them yet. `progress` hears each report, `tell` how far long visits are. Raises CrawlError when
    nothing could be run; a source that failed is a report, no error.
    """
    chosen = tuple(sources) or settings.sources
    job = Job(settings=settings, data_folder=data_folder, sources=chosen, since=since, due_only=due_only)
    try:
        choose(job)  # wrong names and settings are told of before a process is started
    except (SourceError, CrawlSettingsError) as error:
        raise CrawlError(str(error)) from None
    reports: list[CrawlReport] = []

    def hear(answer: dict[str, Any]) -> None:
        if "progress" in answer:
            tell(answer["progress"])
            return
        reports.append(report_from_json(answer["report"]))
        progress(reports[-1])

    run_child(job, hear)
    return reports


def run_child(job: Job, hear: Callable[[dict[str, Any]], None]) -> None:
    """Run a job in a process of its own and pass on what it says; raises CrawlError when it doesn't end well."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crawlers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parent.parent,
    )
    if child.stdin is None or child.stdout is None or child.stderr is None:
        raise CrawlError("the child process has no pipes")
    said: deque[str] = deque(maxlen=3)
    listener = threading.Thread(target=lambda stream: said.extend(stream), args=(child.stderr,), daemon=True)
    listener.start()
    problem = None
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(job.to_json() + "\n")
            child.stdin.flush()
        for line in child.stdout:
            answer = json.loads(line)
            if "error" in answer:
                problem = answer["error"]
            else:
                hear(answer)
        rc = child.wait()
    except BaseException:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=15)
        raise
    finally:
        with suppress(BrokenPipeError):
            child.stdin.close()
        listener.join(timeout=5)
        child.stdout.close()
        child.stderr.close()
    if problem:
        raise CrawlError(problem)
    if rc != 0:
        raise CrawlError(
            f"Hentingen endte med kode {rc} ({' / '.join(line.strip() for line in said) or 'uten melding'}). "
            "Ingenting er tapt: kjør samme kommando igjen, så fortsetter den der den slapp."
        )


def forget(settings: CrawlSettings, data_folder: Path, article_id: str, now: datetime) -> bool:
    """Remove an article's text, lead and names from every stored version, and never fetch it again.

    Returns whether anything was stored; raises CrawlError when the article is unknown or its paper is being crawled.
    """
    from crawlers.store import ArticleStore

    try:
        sources = load_sources(settings.sources_file)
        state = CrawlState(data_folder / "state.sqlite")
        page = state.page(article_id)
        known = sources.by_id.get(page.source_id) if page else None
        # Where the memory was lost, or the paper is no longer declared, the files of all sources are searched.
        groups = {known.publisher_group} if known else {each.publisher_group for each in sources.by_id.values()}
        with group_locks(data_folder / "locks", groups), state.transaction():
            inside = [each.source_id for each in sources.by_id.values() if each.publisher_group in groups]
            store = ArticleStore(data_folder / "articles", state, inside)
            if page is None and (row := state.article(article_id)) is not None:
                source_id = row["source_id"]
                state.list_page(article_id=article_id, source_id=source_id, url="", mode="feed", now=now.timestamp())
                page = state.page(article_id)
            if page is None:
                raise CrawlError(
                    f"Ukjent artikkel: {article_id}. Se article_id i datamappen articles/ eller på sidene."
                )
            removed = store.withdraw(page.article_id, now)
            state.set_aside(page, now=now.timestamp(), state="gone", reason="forgotten", again_at=None)
    except (BusyError, SourceError) as error:
        raise CrawlError(str(error)) from None
    state.close()
    return removed


def choose(job: Job) -> tuple[Sources, tuple[Source, ...]]:
    """Return all sources and those of the job; raises SourceError or CrawlSettingsError."""
    sources = load_sources(job.settings.sources_file)
    chosen = sources.choose(job.sources)
    if unknown := [each for each in job.settings.head_only if each not in sources.by_id]:
        raise SourceError(f"[crawl] head_only: ukjent kilde {', '.join(unknown)}.")
    job.settings.check(chosen)
    return sources, chosen


def main() -> int:
    """The child: read a job from standard input, run it, answer in JSON lines; ends when its parent is gone."""
    line = sys.stdin.readline()
    if not line.strip():
        return 2
    job = Job.from_json(line)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        run_job(job, lambda: datetime.now(UTC), _say)
    except (CrawlError, BusyError, SourceError, CrawlSettingsError) as error:
        _say({"error": str(error)})
        return 1
    return 0


def _say(answer: dict[str, Any]) -> None:
    with suppress(BrokenPipeError):
        print(json.dumps(answer, ensure_ascii=False), flush=True)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 65536):  # until the parent closes its end, by will or by death
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def run_job(job: Job, clock: Callable[[], datetime], say: Callable[[dict[str, Any]], None]) -> None:
    """Run a crawl or a probe in this process, once: Scrapy's reactor can't be started again."""
    sources, chosen = choose(job)
    groups: dict[str, list[Source]] = {}
    for source in chosen:
        groups.setdefault(source.publisher_group, []).append(source)
    folder = job.data_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A poll by rhythm leaves out what is being crawled anyway; a crawl that a person asked for says so.
        with group_locks(folder / "locks", groups, leave_busy=job.due_only) as held:
            groups = {group: members for group, members in groups.items() if group in held}
            chosen = tuple(source for source in chosen if source.publisher_group in held)
            if groups:
                _run_locked(job, clock, say, sources, chosen, groups)
    except (OSError, sqlite3.OperationalError) as error:
        raise CrawlError(
            f"Kan ikke skrive i {folder}: {getattr(error, 'strerror', None) or error}. Gi brukeren skriverett, frigjør "
            "plass, eller velg en annen mappe med [data] folder. Ingenting er tapt; kjør på nytt etterpå."
        ) from None


def _run_locked(
    job: Job,
    clock: Callable[[], datetime],
    say: Callable[[dict[str, Any]], None],
    sources: Sources,
    chosen: tuple[Source, ...],
    groups: dict[str, list[Source]],
) -> None:
    # Scrapy takes a second to import: only the child pays.
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.desk import Context
    from crawlers.politeness import Manners
    from crawlers.probe import Probe
    from crawlers.spider import SPIDERS
    from crawlers.store import ArticleStore, StoreError
    from crawlers.visit import GroupVisit

    settings, folder = job.settings, job.data_folder
    state = CrawlState(Path(":memory:") if job.probe else folder / "state.sqlite")
    started = clock()
    neighbours = [source for source in sources.by_id.values() if source.publisher_group in groups]
    delays = {group: settings.delay_for(members) for group, members in groups.items()}
    manners = Manners(
        settings=settings,
        state=state,
        clock=clock,
        groups=_hosts(settings, neighbours, groups),
        delays=delays,
    )
    try:
        store = ArticleStore(folder / "articles", state, () if job.probe else [each.source_id for each in neighbours])
    except StoreError as error:
        raise CrawlError(str(error)) from None
    _report_killed(state, folder / "crawls", [source.source_id for source in neighbours])
    context = Context(
        settings=settings,
        sources=sources,
        chosen=chosen,
        state=state,
        store=store,
        manners=manners,
        clock=clock,
        crawl_id=f"{started:%Y%m%dT%H%M%S.%f}-{os.getpid()}",
        log_folder=folder / "crawls",
        since=job.since,
        due_only=job.due_only,
        say=say,
    )
    values = scrapy_settings(settings)
    values["DOWNLOAD_SLOTS"] = {
        group: {"concurrency": settings.parallel_for(members), "delay": delays[group], "jitter": 0}
        for group, members in groups.items()
    }
    process = AsyncCrawlerProcess(values)
    spiders = []
    by_platform: dict[str, dict[str, list[Source]]] = {}
    for group, members in groups.items():
        by_platform.setdefault(members[0].platform, {})[group] = members
    for platform, visited in by_platform.items():
        crawler = process.create_crawler(SPIDERS[platform])
        process.crawl(crawler, context=context, groups=visited, visit=Probe if job.probe else GroupVisit)
        spiders.append(crawler)
    process.start()
    state.close()
    for crawler in spiders:
        if crawler.spider is None:
            raise CrawlError(f"Spideren {crawler.spidercls.name} kunne ikke starte; se meldingene over.")
        for problem in crawler.spider.problems:
            if isinstance(problem, StoreError):
                raise CrawlError(str(problem))
            if not isinstance(problem, asyncio.CancelledError):
                raise problem


def _hosts(settings: CrawlSettings, neighbours: list[Source], groups: dict[str, list[Source]]) -> dict[str, str]:
    """Return the publisher group of every host that may be asked: all of a group's, and on loopback only those there.

    A group whose chosen sources all answer at home is crawled without pauses, so no redirect may lead out of it.
    """
    inside = {
        group
        for group, members in groups.items()
        if settings.at_home(host for member in members for host in member.hosts)
    }
    return {
        host: source.publisher_group
        for source in neighbours
        for host in source.hosts
        if source.publisher_group not in inside or settings.at_home([host])
    }


def _report_killed(state: CrawlState, folder: Path, source_ids: list[str]) -> None:
    """Write the reports of crawls that were killed before they could, with their last count."""
    for line in state.unreported(source_ids):
        report = report_from_json(line)
        append_report(
            folder,
            replace(
                report,
                ended_at=max(report.ended_at, report.started_at),
                outcome="partial",
                covers_from=None,
                covers_to=None,
                note="; ".join(
                    filter(None, (report.note, "avbrutt før den var ferdig; tatt opp igjen av neste henting"))
                ),
            ),
        )
        with state.transaction():
            state.end_run(report.crawl_id, report.source_id, report.mode)
