"""The article files: append-only, each version once, text removed everywhere when a paper withdraws it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from crawlers.article import Article, content_hash, from_json, to_json
from crawlers.files import append_lines, cut_torn_line, replace_lines
from crawlers.state import CrawlState

Fate = Literal["new", "changed", "same"]


class StoreError(Exception):
    """The article files can't be read or written; the message says where and what to do."""


class ArticleStore:
    """The articles of the sources that this process holds the locks of.

    The files are the truth; the index in the state database only spares reading them. Lines that a crash left without
    an index entry are found by the part's size when the store is opened.
    """

    def __init__(self, folder: Path, state: CrawlState, source_ids: Iterable[str]) -> None:
        self._folder = folder
        self._state = state
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with state.transaction():
                for source_id in source_ids:
                    for path in sorted((folder / source_id).glob("*.jsonl")):
                        self._catch_up(path, source_id)
        except OSError as error:
            raise unwritable(folder, error) from None

    def put(self, articles: Sequence[Article]) -> list[tuple[Fate, Article]]:
        """Write what is new or changed, safe on disk on return, with the version numbers that they got.

        Call it inside the transaction that ticks the pages off, so that a crash before its end only repeats the visit.
        """
        fates: list[tuple[Fate, Article]] = []
        lines: dict[Path, list[Article]] = defaultdict(list)
        ahead: dict[str, tuple[int, str, str, bool, bool]] = {}
        for article in articles:
            known = ahead.get(article.article_id) or self._latest(article.article_id)
            head = content_hash(article.title, article.lead, "")
            # Reserved, hidden or switched off since: what is stored of the words goes, and the new version says why.
            closed_since = known is not None and known[3] and not article.text and not article.paywalled
            if closed_since:
                self._rewrite(article.article_id, _closed)
            if known is None:
                fate: Fate = "new"
                version = 1
            else:
                version, digest, known_head, had_text, withdrawn = known
                # A free text that has gone behind the paywall since is no new version: nothing in it was changed.
                closed = article.paywalled and had_text and head == known_head
                fate = "same" if not withdrawn and (digest == article.content_hash or closed) else "changed"
                fate = "changed" if closed_since else fate
                version += fate == "changed"
            kept = replace(article, version=version)
            fates.append((fate, kept))
            if fate != "same":
                lines[self._part(kept)].append(kept)
                ahead[kept.article_id] = (version, kept.content_hash, head, bool(kept.text), False)
        for path, group in lines.items():
            try:
                size = append_lines(path, map(to_json, group))
            except OSError as error:
                raise unwritable(path.parent, error) from None
            with self._state.transaction():
                for article in group:
                    self._index(article, path)
                self._state.keep_part(self._name(path), path.parent.name, size)
        return fates

    def withdraw(self, article_id: str, at: datetime) -> bool:
        """Remove lead, text, names and correction note from every stored version; returns whether there was one.

        Title, address, dates and section stay, so that it is known what was withdrawn and when. The content hash is
        made anew, so that readings of the old words are seen to be stale.
        """
        known = self._latest(article_id)
        if known is None or known[4]:
            return False
        self._rewrite(article_id, lambda article: _emptied(article, at))
        return True

    def _rewrite(self, article_id: str, change: Callable[[Article], Article]) -> None:
        for name in self._state.places(article_id):
            path = self._folder / name
            try:
                articles = [from_json(line) for line in path.read_text(encoding="utf-8").splitlines()]
            except FileNotFoundError:
                continue
            kept = [change(article) if article.article_id == article_id else article for article in articles]
            size = replace_lines(path, map(to_json, kept))
            with self._state.transaction():
                for article in kept:
                    if article.article_id == article_id:
                        self._index(article, path)
                self._state.keep_part(name, path.parent.name, size)

    def knows(self, article_id: str) -> bool:
        """Return whether any version is stored."""
        return self._latest(article_id) is not None

    def _latest(self, article_id: str) -> tuple[int, str, str, bool, bool] | None:
        row = self._state.article(article_id)
        if row is None:
            return None
        return row["version"], row["content_hash"], row["head_hash"], bool(row["has_text"]), bool(row["withdrawn"])

    def _part(self, article: Article) -> Path:
        return self._folder / article.source_id / f"{article.fetched_at.astimezone(UTC):%Y-%m}.jsonl"

    def _name(self, path: Path) -> str:
        return f"{path.parent.name}/{path.name}"

    def _index(self, article: Article, path: Path) -> None:
        self._state.keep_article(
            article_id=article.article_id,
            source_id=article.source_id,
            version=article.version,
            content_hash=article.content_hash,
            head_hash=content_hash(article.title, article.lead, ""),
            has_text=bool(article.text),
            withdrawn=article.withdrawn_at is not None,
            path=self._name(path),
        )

    def _catch_up(self, path: Path, source_id: str) -> None:
        known = self._state.part_size(self._name(path)) or 0
        size = path.stat().st_size
        if size == known:
            return
        with path.open("rb+") as stream:
            size = cut_torn_line(stream.fileno())
            if size < known:  # withdrawn or restored while the index was not looking
                known = 0
            if known:  # a withdrawal that was cut short before it was indexed can make a part longer, too
                stream.seek(known - 1)
                known = known if stream.read(1) == b"\n" else 0
            stream.seek(known)
            for number, line in enumerate(stream.read(size - known).decode().splitlines(), start=1):
                try:
                    self._index(from_json(line), path)
                except ValueError as error:
                    raise StoreError(
                        f"{path}: linje {number} etter byte {known} kan ikke leses ({error}). "
                        "Flytt linjen til en egen fil og kjør på nytt."
                    ) from None
            os.fsync(stream.fileno())
        self._state.keep_part(self._name(path), source_id, size)


def _emptied(article: Article, at: datetime) -> Article:
    return replace(
        article,
        text="",
        lead="",
        authors=(),
        correction=None,
        content_hash=content_hash(article.title, "", ""),
        withdrawn_at=article.withdrawn_at or at.astimezone(UTC),
    )


def _closed(article: Article) -> Article:
    return replace(
        article, text="", links=(), correction=None, content_hash=content_hash(article.title, article.lead, "")
    )


def unwritable(folder: Path, error: OSError) -> StoreError:
    """Return the error that says which folder can't be written and what to do."""
    return StoreError(
        f"Kan ikke skrive i {folder}: {error.strerror or error}. Gi brukeren skriverett, frigjør plass, "
        "eller velg en annen mappe med [data] folder. Ingenting er tapt; kjør på nytt etterpå."
    )
