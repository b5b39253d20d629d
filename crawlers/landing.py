"""From an answer to articles on disk: read, restrict to what is offered, write, and only then tick the page off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from crawlers.article import Article, Author, Kind, Rights, content_hash
from crawlers.extract import FeedItem, SourceFacts
from crawlers.report import CrawlReport, Mode, Outcome, report_to_json
from crawlers.sources import Source
from crawlers.state import CrawlState, Page
from crawlers.store import ArticleStore

_CLOSED = frozenset(("noindex", "none", "noai"))
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BATCH, _LONGEST_S = 32, 10.0
_NOTES = 20


@dataclass(slots=True)
class Tally:
    """The running count of one crawl of one source; becomes its report."""

    crawl_id: str
    source_id: str
    mode: Mode
    started_at: datetime
    door: str | None = None
    failed: bool = False
    partial: bool = False
    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    covers: tuple[date, date] | None = None
    notes: list[str] = field(default_factory=list)

    def report(self, ended_at: datetime) -> CrawlReport:
        """Return the report as of now."""
        outcome: Outcome = "failed" if self.failed else "partial" if self.partial else "ok"
        notes = list(dict.fromkeys(self.notes))
        return CrawlReport(
            crawl_id=self.crawl_id,
            source_id=self.source_id,
            started_at=self.started_at,
            ended_at=ended_at,
            mode=self.mode,
            door=self.door,
            outcome=outcome,
            listed=self.listed,
            fetched=self.fetched,
            new=self.new,
            changed=self.changed,
            withdrawn=self.withdrawn,
            errors=dict(self.errors),
            covers_from=self.covers[0] if self.covers else None,
            covers_to=self.covers[1] if self.covers else None,
            note="; ".join(
                notes if len(notes) <= _NOTES else [*notes[:_NOTES], f"og {len(notes) - _NOTES} merknader til"]
            ),
        )


@dataclass(frozen=True, slots=True)
class _Landed:
    page: Page
    article: Article
    tally: Tally
    now: float
    etag: str | None
    last_modified: str | None
    length: int
    url: str | None


class Landing:
    """Collects what was read and writes it in groups, one fsync a file; `flush` is the moment after which it counts."""

    def __init__(self, store: ArticleStore, state: CrawlState, steps: Sequence[timedelta]) -> None:
        self._store = store
        self._state = state
        self._steps = steps
        self._waiting: list[_Landed] = []

    @property
    def waiting(self) -> frozenset[str]:
        """The pages that are read but not yet written."""
        return frozenset(landed.page.article_id for landed in self._waiting)

    def add(
        self,
        page: Page,
        article: Article,
        tally: Tally,
        *,
        now: float,
        etag: str | None,
        last_modified: str | None,
        length: int,
        url: str | None = None,
    ) -> None:
        """Take an article in, with the address that answered; it is written with the next group."""
        self._waiting.append(_Landed(page, article, tally, now, etag, last_modified, length, url))
        if len(self._waiting) >= _BATCH or now - self._waiting[0].now >= _LONGEST_S:
            self.flush()

    def flush(self) -> None:
        """Write everything that waits, then tick the pages off; a crash in between only repeats the visits."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        tallies: dict[int, Tally] = {}
        with self._state.transaction():
            fates = self._store.put([landed.article for landed in waiting])
            for landed, (fate, article) in zip(waiting, fates, strict=True):
                landed.tally.new += fate == "new"
                landed.tally.changed += fate == "changed"
                tallies[id(landed.tally)] = landed.tally
                self._state.saw(
                    landed.page,
                    now=landed.now,
                    steps=self._steps,
                    etag=landed.etag,
                    last_modified=landed.last_modified,
                    length=landed.length,
                    published=article.published_at.timestamp(),
                    url=landed.url,
                    source_id=article.source_id,
                )
            for tally in tallies.values():
                moment = datetime.fromtimestamp(waiting[-1].now, UTC)
                self._state.keep_run(tally.crawl_id, tally.source_id, tally.mode, report_to_json(tally.report(moment)))


def facts(source: Source) -> SourceFacts:
    """Return what extraction needs to know of a source."""
    return SourceFacts(
        source_id=source.source_id,
        platform=source.platform,
        publisher_group=source.publisher_group,
        host=source.host,
        kind=source.kind,
    )


def offered(article: Article, *, head_only: bool) -> Article:
    """Return what may be kept: head data only where the text is paid, reserved, hidden or switched off.

    E-mail addresses are taken out of every text, wherever they came from.
    """
    rights = article.rights
    words = {word for directive in rights.robots for word in directive.split()}  # some print `noindex nofollow`
    closed = head_only or rights.tdm_reserved or not _CLOSED.isdisjoint(words)
    text = "" if closed or article.paywalled else article.text
    kept = replace(
        article,
        title=_without_mail(article.title),
        lead=_without_mail(article.lead),
        text=_without_mail(text),
        authors=tuple(
            replace(author, role=None) if "@" in (author.role or "") else author
            for author in article.authors
            if "@" not in author.name
        ),
        tags=tuple(tag for tag in article.tags if not _EMAIL.search(tag)),
        correction=None if closed or article.paywalled else _without_mail(article.correction or "") or None,
        links=() if closed else article.links,
    )
    if kept == article:
        return article
    return replace(kept, content_hash=content_hash(kept.title, kept.lead, kept.text))


def _without_mail(text: str) -> str:
    return _EMAIL.sub("", text) if "@" in text else text


def from_feed(item: FeedItem, source: Source, article_id: str, now: datetime, rights: Rights) -> Article:
    """Return the head data that a feed states, for a source whose pages are not open to programs."""
    lead = item.lead if item.lead != item.title else ""
    kind: Kind = "official" if source.kind == "official" else "opinion" if source.kind == "debate" else "news"
    return Article(
        article_id=article_id,
        version=1,
        source_id=source.source_id,
        publisher_group=source.publisher_group,
        url=item.url,
        kind=kind,
        title=item.title,
        lead=lead,
        text="",
        language=None,
        authors=tuple(Author(name=name) for name in item.authors),
        tags=item.categories,
        published_at=item.published_at or now,
        published_from="feed" if item.published_at else "fetched",
        published_precision="second",
        fetched_at=now,
        content_hash=content_hash(item.title, lead, ""),
        word_count=0,
        rights=rights,
    )


NewTally = Callable[[str, Mode], Tally]
