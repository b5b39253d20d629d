"""What the crawlers remember between runs: one SQLite file, shared with other stages, tables named `crawl_…`.

Times are seconds since 1970 (UTC). Nothing here reads a clock: `now` is passed in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

_SCHEMA = """
create table if not exists crawl_source (
    source_id text primary key, door text, door_url text, polled_at real, ok_at real, failures integer default 0,
    down_since real, next_at real, error text, covered_since real, claimed_to text, listed integer default 0
);
create table if not exists crawl_door (
    source_id text, url text, name text, etag text, last_modified text, polled_at real, ok_at real, status integer,
    failures integer default 0, error text, items text, rate real, interval_s real,
    primary key (source_id, url)
);
create table if not exists crawl_page (
    article_id text primary key, source_id text not null, url text not null, state text not null, mode text not null,
    batch text, priority integer not null, tries integer not null default 0, next_at real, listed_at real,
    published real, item text, etag text, last_modified text, length integer, first_at real, seen_at real,
    visits integer not null default 0, reason text
);
create index if not exists crawl_page_due on crawl_page (source_id, next_at) where next_at is not null;
create index if not exists crawl_page_batch on crawl_page (batch) where batch is not null;
create table if not exists crawl_alias (alias text primary key, article_id text not null);
create table if not exists crawl_batch (batch text primary key, started_at real, note text);
create table if not exists crawl_list (
    batch text, url text, kind text, source_id text, depth integer, page integer, state text, found integer,
    reason text, primary key (batch, url)
);
create table if not exists crawl_host (
    host text, file text, fetched_at real, status integer, body blob, good_at real, primary key (host, file)
);
create table if not exists crawl_part (path text primary key, source_id text, size integer);
create table if not exists crawl_article (
    article_id text primary key, source_id text, version integer, content_hash text, head_hash text, has_text integer,
    withdrawn integer
);
create table if not exists crawl_place (article_id text, path text, primary key (article_id, path)) without rowid;
create table if not exists crawl_pause (publisher_group text primary key, until real);
create table if not exists crawl_run (
    crawl_id text, source_id text, mode text, report text, primary key (crawl_id, source_id, mode)
);
"""

_DAY = 86400.0
_PAUSES = (1, 6, 24, 72, 288, 864, 2016)  # in units of the shortest pause: 5 min, 30 min, 2 h, 6 h, 1 d, 3 d, 7 d
MAX_TRIES = len(_PAUSES) + 1
_GIVEN_UP_S = 30 * _DAY
SILENT = frozenset(("timeout", "dns", "connection", "refused_connection"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An article address and what is known of it. `state`: queued, seen, gone, refused, failed."""

    article_id: str
    source_id: str
    url: str
    state: str
    mode: str
    batch: str | None
    priority: int
    tries: int
    next_at: float | None
    listed_at: float | None
    published: float | None
    item: str | None
    etag: str | None
    last_modified: str | None
    length: int | None
    first_at: float | None
    seen_at: float | None
    visits: int
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorState:
    """What is known of one way in. `items` are the ids it listed last, `rate` new items per second."""

    source_id: str
    url: str
    name: str
    etag: str | None = None
    last_modified: str | None = None
    polled_at: float | None = None
    ok_at: float | None = None
    status: int | None = None
    failures: int = 0
    error: str | None = None
    items: tuple[str, ...] = ()
    rate: float | None = None
    interval_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is known of one source: the door that works, since when it is unbroken, when it is due."""

    source_id: str
    door: str | None = None
    door_url: str | None = None
    polled_at: float | None = None
    ok_at: float | None = None
    failures: int = 0
    down_since: float | None = None
    next_at: float | None = None
    error: str | None = None
    covered_since: float | None = None
    claimed_to: str | None = None
    listed: int = 0


class CrawlState:
    """The crawl's memory. One process may write for one publisher group at a time; see `crawlers.locks`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        with self.transaction():
            for statement in _SCHEMA.split(";"):
                if statement.strip():
                    self._db.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; may be nested, the outermost commits."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # -- pages ---------------------------------------------------------------------------------------------------

    def page(self, article_id: str) -> Page | None:
        """Return what is known of an article, under whichever id it is asked for."""
        row = self._db.execute("select * from crawl_page where article_id = ?", (self.real_id(article_id),)).fetchone()
        return Page(**dict(row)) if row else None

    def real_id(self, article_id: str) -> str:
        """Return the id that an article is kept under."""
        row = self._db.execute("select article_id from crawl_alias where alias = ?", (article_id,)).fetchone()
        return str(row[0]) if row else article_id

    def alias(self, alias: str, article_id: str) -> None:
        """Remember that an address's id leads to another article."""
        if alias != article_id:
            self._db.execute("insert or replace into crawl_alias values (?, ?)", (alias, article_id))

    def list_page(
        self,
        *,
        article_id: str,
        source_id: str,
        url: str,
        mode: str,
        now: float,
        published: float | None = None,
        item: str | None = None,
        batch: str | None = None,
        changed_at: float | None = None,
        at_home: bool = False,
    ) -> bool:
        """Put a listed article in the frontier; returns whether it is new there.

        A known one is visited again at once when the list says that it changed after our last visit; one that still
        waits is asked for `at_home`, on its owner's own host, once that host lists it.
        """
        known = self.page(article_id)
        if known is None:
            self._db.execute(
                "insert into crawl_page (article_id, source_id, url, state, mode, batch, priority, next_at, listed_at, "
                "published, item) values (?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
                (article_id, source_id, url, mode, batch, 0 if mode == "feed" else 2, now, now, published, item),
            )
            return True
        back = known.state == "seen" or (known.state == "gone" and known.reason != "forgotten")
        if back and changed_at and known.seen_at and known.seen_at < changed_at <= now:
            self._db.execute("update crawl_page set next_at = ? where article_id = ?", (now, known.article_id))
        if at_home and known.state == "queued" and known.url != url:
            self._db.execute("update crawl_page set url = ? where article_id = ?", (url, known.article_id))
        # Given up, but listed again after its host was silent, or by another back-fill: a person wants it.
        if known.state == "failed" and (known.reason in SILENT or (batch and known.batch != batch)):
            self._db.execute(
                "update crawl_page set state = 'queued', tries = 0, next_at = ? where article_id = ?",
                (now, known.article_id),
            )
        if batch and known.batch is None:
            self._db.execute("update crawl_page set batch = ? where article_id = ?", (batch, known.article_id))
        return False

    def count_due(self, source_ids: Sequence[str], now: float) -> int:
        """Count the pages to visit now."""
        marks = ",".join("?" * len(source_ids))
        row = self._db.execute(
            f"select count(*) from crawl_page where next_at <= ? and source_id in ({marks})", (now, *source_ids)
        ).fetchone()
        return int(row[0])

    def rename(self, page: Page, article_id: str) -> Page:
        """Keep the page under the id that the paper gives it now."""
        self._db.execute("update crawl_page set article_id = ? where article_id = ?", (article_id, page.article_id))
        return replace(page, article_id=article_id)

    def drop(self, page: Page) -> None:
        """Take an address out of the frontier that turned out to be a known article's."""
        self._db.execute("delete from crawl_page where article_id = ?", (page.article_id,))

    def due_pages(self, source_ids: Sequence[str], now: float, limit: int, without: Iterable[str]) -> list[Page]:
        """Return pages to visit now: fresh ones first, newest first, then revisits, then back-fill."""
        marks, skip = ",".join("?" * len(source_ids)), set(without)
        rows = self._db.execute(
            f"select * from crawl_page where next_at <= ? and source_id in ({marks}) "
            "order by priority, coalesce(published, listed_at) desc, article_id limit ?",
            (now, *source_ids, limit + len(skip)),
        )
        return [Page(**dict(row)) for row in rows if row["article_id"] not in skip][:limit]

    def saw(
        self,
        page: Page,
        *,
        now: float,
        steps: Sequence[timedelta],
        etag: str | None,
        last_modified: str | None,
        length: int | None,
        published: float | None = None,
        state: str = "seen",
        url: str | None = None,
        source_id: str | None = None,
    ) -> None:
        """Note a visit and plan the next: the first step after the first visit that is still to come.

        Of back-filled articles only the last step is kept, old texts rarely change but may be withdrawn.
        """
        first = now if page.first_at is None else page.first_at
        ladder = steps if page.mode != "backfill" else steps[-1:]
        coming = [first + step.total_seconds() for step in ladder if first + step.total_seconds() > now]
        self._db.execute(
            "update crawl_page set state = ?, next_at = ?, first_at = ?, seen_at = ?, visits = visits + 1, tries = 0, "
            "etag = ?, last_modified = ?, length = ?, published = coalesce(?, published), reason = null, priority = 1, "
            "item = null, url = coalesce(?, url), source_id = coalesce(?, source_id) where article_id = ?",
            (
                state,
                min(coming) if coming else None,
                first,
                now,
                etag,
                last_modified,
                length,
                published,
                url,
                source_id,
                page.article_id,
            ),
        )

    def set_aside(self, page: Page, *, now: float, state: str, reason: str, again_at: float | None) -> None:
        """Note that a page holds nothing for us, and why; `again_at` None = don't ask again."""
        self._db.execute(
            "update crawl_page set state = ?, reason = ?, seen_at = ?, next_at = ?, tries = 0, priority = 1, "
            "item = case when ? is null then null else item end where article_id = ?",
            (state, reason, now, again_at, again_at, page.article_id),
        )

    def failed(
        self, page: Page, *, now: float, reason: str, pause_s: float, not_before: float = 0.0, length: int | None = None
    ) -> bool:
        """Plan another try after a growing pause; returns False when they are used up, then one a month is left."""
        tries = page.tries + 1
        left = tries < MAX_TRIES
        again = max(now + pause_s * _PAUSES[min(tries, len(_PAUSES)) - 1], not_before)
        self._db.execute(
            "update crawl_page set tries = ?, next_at = ?, reason = ?, length = coalesce(?, length), state = "
            "case when ? or state = 'seen' then state else 'failed' end where article_id = ?",
            (min(tries, MAX_TRIES - 1), again if left else now + _GIVEN_UP_S, reason, length, left, page.article_id),
        )
        return left

    def postpone(self, source_ids: Sequence[str], until: float) -> None:
        """Let nothing of these sources be due before `until`, as the server asked."""
        marks = ",".join("?" * len(source_ids))
        self._db.execute(
            f"update crawl_page set next_at = ? where next_at < ? and source_id in ({marks})",
            (until, until, *source_ids),
        )

    def keep_pause(self, group: str, until: float) -> None:
        """Remember until when a publisher group asked to be left alone, for the runs to come."""
        self._db.execute("insert or replace into crawl_pause values (?, ?)", (group, until))

    def paused_until(self, group: str) -> float:
        """Return until when a publisher group asked to be left alone, 0 where it didn't."""
        row = self._db.execute("select until from crawl_pause where publisher_group = ?", (group,)).fetchone()
        return float(row[0]) if row else 0.0

    def waiting(self, source_id: str) -> tuple[int, float | None]:
        """Return how many listed articles are not yet fetched, and when the oldest was published or else listed."""
        row = self._db.execute(
            "select count(*), min(coalesce(published, listed_at - 172800)) from crawl_page "
            "where source_id = ? and state = 'queued' and mode = 'feed'",
            (source_id,),
        ).fetchone()
        return int(row[0]), row[1]

    def waiting_in(self, batch: str, source_id: str) -> int:
        """Return how many articles of a back-fill are still to be fetched."""
        row = self._db.execute(
            "select count(*) from crawl_page where batch = ? and source_id = ? and state = 'queued'", (batch, source_id)
        ).fetchone()
        return int(row[0])

    def pages_by_state(self, source_id: str) -> dict[str, int]:
        """Count the source's pages by state."""
        rows = self._db.execute(
            "select state, count(*) from crawl_page where source_id = ? group by state", (source_id,)
        )
        return {str(state): int(count) for state, count in rows}

    def next_revisit(self, source_ids: Sequence[str]) -> float | None:
        """Return when the next page of these sources is due."""
        marks = ",".join("?" * len(source_ids))
        row = self._db.execute(
            f"select min(next_at) from crawl_page where source_id in ({marks})", tuple(source_ids)
        ).fetchone()
        return row[0] if row else None

    # -- doors and sources ---------------------------------------------------------------------------------------

    def door(self, source_id: str, url: str, name: str) -> DoorState:
        """Return what is known of a way in."""
        row = self._db.execute("select * from crawl_door where source_id = ? and url = ?", (source_id, url)).fetchone()
        if row is None:
            return DoorState(source_id=source_id, url=url, name=name)
        return DoorState(**{**dict(row), "items": tuple(json.loads(row["items"] or "[]")), "name": name})

    def last_listed(self, source_id: str) -> set[str]:
        """Return the articles that the source's doors listed when they were last read."""
        rows = self._db.execute("select items from crawl_door where source_id = ?", (source_id,))
        return {self.real_id(item) for (items,) in rows for item in json.loads(items or "[]")}

    def keep_door(self, door: DoorState) -> None:
        """Remember a way in."""
        self._keep("crawl_door", door)

    def source(self, source_id: str) -> SourceState:
        """Return what is known of a source."""
        row = self._db.execute("select * from crawl_source where source_id = ?", (source_id,)).fetchone()
        return SourceState(**dict(row)) if row else SourceState(source_id=source_id)

    def keep_source(self, source: SourceState) -> None:
        """Remember a source."""
        self._keep("crawl_source", source)

    def _keep(self, table: str, record: DoorState | SourceState) -> None:
        values = {name: getattr(record, name) for name in record.__slots__}
        if "items" in values:
            values["items"] = json.dumps(values["items"])
        names = ", ".join(values)
        self._db.execute(
            f"insert or replace into {table} ({names}) values ({', '.join('?' * len(values))})", tuple(values.values())
        )

    # -- what hosts say about themselves -------------------------------------------------------------------------

    def host_file(self, host: str, file: str) -> sqlite3.Row | None:
        """Return the stored robots.txt or tdmrep.json of a host: fetched_at, status, body, good_at."""
        row: sqlite3.Row | None = self._db.execute(
            "select * from crawl_host where host = ? and file = ?", (host, file)
        ).fetchone()
        return row

    def keep_host_file(self, host: str, file: str, *, now: float, status: int, body: bytes | None) -> None:
        """Remember a host's file; `body` None keeps the last good one (the host could not be asked)."""
        self._db.execute(
            "insert into crawl_host values (?, ?, ?, ?, ?, ?) on conflict (host, file) do update set "
            "fetched_at = excluded.fetched_at, status = excluded.status, "
            "body = coalesce(excluded.body, body), good_at = coalesce(excluded.good_at, good_at)",
            (host, file, now, status, body, None if body is None else now),
        )

    # -- back-fill -----------------------------------------------------------------------------------------------

    def open_batch(self, batch: str, now: float) -> bool:
        """Begin a back-fill, or take it up again; returns whether it is new."""
        cursor = self._db.execute("insert or ignore into crawl_batch values (?, ?, null)", (batch, now))
        return cursor.rowcount > 0

    def batch_start(self, batch: str) -> float:
        """Return when a back-fill was begun."""
        row = self._db.execute("select started_at from crawl_batch where batch = ?", (batch,)).fetchone()
        return float(row[0])

    def oldest_in(self, batch: str, source_id: str) -> float | None:
        """Return when the oldest article that a back-fill's lists name was published; None where none is known."""
        row = self._db.execute(
            "select min(published) from crawl_page where batch = ? and source_id = ?", (batch, source_id)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def broken_lists(self, batch: str, cut: str) -> list[tuple[str, bool]]:
        """Return the lists of a back-fill that failed (True) or ended before their end for the reason `cut` (False)."""
        rows = self._db.execute(
            "select url, state = 'failed' from crawl_list where batch = ? and (state = 'failed' or reason = ?)",
            (batch, cut),
        )
        return [(str(url), bool(failed)) for url, failed in rows]

    def close_batch(self, batch: str) -> None:
        """Forget a finished back-fill, so that the same call begins anew."""
        self._db.execute("delete from crawl_list where batch = ?", (batch,))
        self._db.execute("delete from crawl_batch where batch = ?", (batch,))
        self._db.execute("update crawl_page set batch = null where batch = ?", (batch,))

    def add_list(self, batch: str, url: str, kind: str, source_id: str, *, depth: int = 0, page: int = 0) -> bool:
        """Add a list address to read in a back-fill; returns whether it is new there."""
        cursor = self._db.execute(
            "insert or ignore into crawl_list values (?, ?, ?, ?, ?, ?, 'open', 0, null)",
            (batch, url, kind, source_id, depth, page),
        )
        return cursor.rowcount > 0

    def open_lists(self, batch: str) -> list[sqlite3.Row]:
        """Return the lists of a back-fill that are still to be read, sitemaps before archives."""
        return self._db.execute(
            "select * from crawl_list where batch = ? and state = 'open' order by kind desc, depth, page, url", (batch,)
        ).fetchall()

    def end_list(self, batch: str, url: str, *, state: str, found: int = 0, reason: str | None = None) -> None:
        """Note that a list was read (`done`) or could not be (`failed`)."""
        self._db.execute(
            "update crawl_list set state = ?, found = ?, reason = ? where batch = ? and url = ?",
            (state, found, reason, batch, url),
        )

    def reopen_lists(self, batch: str) -> None:
        """Try the lists again that failed in an earlier run."""
        self._db.execute("update crawl_list set state = 'open' where batch = ? and state = 'failed'", (batch,))

    def way_back(self, batch: str, source_id: str) -> str | None:
        """Return `sitemap` or `archive`, as a back-fill found it for a source; None before it has looked."""
        row = self._db.execute(
            "select max(kind) from crawl_list where batch = ? and source_id = ?", (batch, source_id)
        ).fetchone()
        return row[0] if row else None

    def count_lists(self, batch: str) -> int:
        """Count the lists of a back-fill."""
        return int(self._db.execute("select count(*) from crawl_list where batch = ?", (batch,)).fetchone()[0])

    # -- runs, so that a killed one is told of -------------------------------------------------------------------

    def keep_run(self, crawl_id: str, source_id: str, mode: str, report: str) -> None:
        """Remember a running crawl's count so far."""
        self._db.execute("insert or replace into crawl_run values (?, ?, ?, ?)", (crawl_id, source_id, mode, report))

    def end_run(self, crawl_id: str, source_id: str, mode: str) -> None:
        """Forget a crawl that has been reported."""
        self._db.execute(
            "delete from crawl_run where crawl_id = ? and source_id = ? and mode = ?", (crawl_id, source_id, mode)
        )

    def unreported(self, source_ids: Iterable[str]) -> list[str]:
        """Return the last counts of crawls that ended without a report."""
        wanted = set(source_ids)
        rows = self._db.execute("select source_id, report from crawl_run order by crawl_id, source_id, mode")
        return [str(report) for source_id, report in rows if source_id in wanted]

    # -- the articles on disk ------------------------------------------------------------------------------------

    def part_size(self, path: str) -> int | None:
        """Return how many bytes of a part are indexed, None where it is unknown."""
        row = self._db.execute("select size from crawl_part where path = ?", (path,)).fetchone()
        return int(row[0]) if row else None

    def keep_part(self, path: str, source_id: str, size: int) -> None:
        """Remember how much of a part is indexed."""
        self._db.execute("insert or replace into crawl_part values (?, ?, ?)", (path, source_id, size))

    def article(self, article_id: str) -> sqlite3.Row | None:
        """Return the index entry of an article: version, content_hash, head_hash, has_text, withdrawn."""
        row: sqlite3.Row | None = self._db.execute(
            "select * from crawl_article where article_id = ?", (article_id,)
        ).fetchone()
        return row

    def keep_article(
        self,
        *,
        article_id: str,
        source_id: str,
        version: int,
        content_hash: str,
        head_hash: str,
        has_text: bool,
        withdrawn: bool,
        path: str,
    ) -> None:
        """Remember an article's latest version and one more part that it lies in."""
        self._db.execute(
            "insert into crawl_article values (?, ?, ?, ?, ?, ?, ?) on conflict (article_id) do update set "
            "version = excluded.version, content_hash = excluded.content_hash, head_hash = excluded.head_hash, "
            "has_text = excluded.has_text, withdrawn = excluded.withdrawn where excluded.version >= version",
            (article_id, source_id, version, content_hash, head_hash, has_text, withdrawn),
        )
        self._db.execute("insert or ignore into crawl_place values (?, ?)", (article_id, path))

    def forget_part(self, path: str) -> None:
        """Drop a part from the index, to be read again."""
        self._db.execute("delete from crawl_part where path = ?", (path,))

    def places(self, article_id: str) -> list[str]:
        """Return the parts that hold a version of the article."""
        return [
            str(row[0]) for row in self._db.execute("select path from crawl_place where article_id = ?", (article_id,))
        ]
