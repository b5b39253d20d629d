"""Readings on disk: one Parquet part for each part of articles, one row an article version.

`read_part` is what every engine maps over the archive: one part of articles in, one part of readings out, complete or
not there at all, and the same again when run again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from crawlers.article import Article, document, read_articles
from nlp.reading import Reading

LONGEST_QUOTE = 300

_TIE = [("kommune_id", pa.string()), ("city_id", pa.string())]
_SPAN = [("start", pa.int32()), ("end", pa.int32())]
SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("version", pa.int32()),
        ("content_hash", pa.string()),
        ("source_id", pa.string()),
        ("model_version", pa.string()),
        ("gazetteer_version", pa.string()),
        ("language", pa.string()),
        ("opinion_form", pa.string()),
        ("entities", pa.list_(pa.struct([*_SPAN, ("label", pa.string())]))),
        (
            "links",
            pa.list_(
                pa.struct(
                    [
                        *_SPAN,
                        ("text", pa.string()),
                        ("kind", pa.string()),
                        ("place_id", pa.string()),
                        ("score", pa.float32()),
                        ("rule", pa.string()),
                        ("metonym", pa.bool_()),
                    ]
                )
            ),
        ),
        (
            "mentions",
            pa.list_(
                pa.struct([*_TIE, *_SPAN, ("sentence", pa.string()), ("score", pa.float32()), ("rule", pa.string())])
            ),
        ),
        (
            "events",
            pa.list_(
                pa.struct(
                    [
                        *_TIE,
                        ("action", pa.string()),
                        ("factuality", pa.string()),
                        ("date", pa.date32()),
                        ("date_precision", pa.string()),
                        ("decided_by", pa.string()),
                        *_SPAN,
                        ("evidence", pa.string()),
                        ("score", pa.float32()),
                        ("rule", pa.string()),
                    ]
                )
            ),
        ),
        (
            "stances",
            pa.list_(
                pa.struct([*_TIE, ("stance", pa.string()), *_SPAN, ("evidence", pa.string()), ("score", pa.float32())])
            ),
        ),
        ("signature", pa.list_(pa.uint32())),
        ("embedding", pa.list_(pa.float32())),
    ]
)


class Reads(Protocol):
    """Whatever reads articles: `nlp.read.Reader`, or a stand-in."""

    @property
    def model_version(self) -> str: ...

    @property
    def gazetteer_version(self) -> str: ...

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What became of one part: versions read now, and kept from before."""

    path: Path
    read: int
    kept: int


def read_part(articles: Path, readings: Path, reader: Reads, *, tick: Callable[[int], None] | None = None) -> Part:
    """Read every article version of one file into `readings`; raises ValueError that names file and line of a bad one.

    Versions already read there by the same models and gazetteer are kept. The part is written beside and renamed, so a
    crash leaves the old part; where nothing changes the file is not touched.
    """
    ours = (reader.model_version, reader.gazetteer_version)
    before: dict[tuple[str, int, str], dict[str, Any]] = {}
    if readings.exists():
        for row in pq.read_table(readings, schema=SCHEMA).to_pylist():
            if (row["model_version"], row["gazetteer_version"]) == ours:
                before[(row["article_id"], row["version"], row["content_hash"])] = row
    wanted: dict[tuple[str, int, str], Article] = {}
    for article in read_articles(articles):
        wanted[(article.article_id, article.version, article.content_hash)] = article
    missing = [article for key, article in wanted.items() if key not in before]
    if not missing and readings.exists() and before.keys() <= wanted.keys():
        return Part(path=readings, read=0, kept=len(before))
    rows: dict[tuple[str, int, str], dict[str, Any]] = {}
    for article, reading in zip(missing, reader.read_many(missing), strict=True):
        rows[(article.article_id, article.version, article.content_hash)] = to_row(article, reading, ours[1])
        if tick:
            tick(1)
    write_part(readings, [rows.get(key) or before[key] for key in wanted])
    return Part(path=readings, read=len(missing), kept=len(wanted) - len(missing))


def write_part(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as one Parquet file by temp and rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), beside, compression="zstd")
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def to_row(article: Article, reading: Reading, gazetteer_version: str) -> dict[str, Any]:
    """Lay a reading out as a row, with the words that its offsets mean."""
    whole = document(article.title, article.lead, article.text)

    def quote(start: int, end: int) -> str:
        return " ".join(whole[start:end].split())[:LONGEST_QUOTE]

    return {
        "article_id": reading.article_id,
        "version": reading.version,
        "content_hash": reading.content_hash,
        "source_id": article.source_id,
        "model_version": reading.model_version,
        "gazetteer_version": gazetteer_version,
        "language": reading.language,
        "opinion_form": reading.opinion_form,
        "entities": [{"start": e.start, "end": e.end, "label": e.label} for e in reading.entities],
        "links": [
            {
                "start": link.start,
                "end": link.end,
                "text": whole[link.start : link.end],
                "kind": link.kind,
                "place_id": link.place_id,
                "score": link.score,
                "rule": link.rule,
                "metonym": link.metonym,
            }
            for link in reading.links
        ],
        "mentions": [
            {
                "kommune_id": mention.tie.kommune_id,
                "city_id": mention.tie.city_id,
                "start": mention.start,
                "end": mention.end,
                "sentence": quote(mention.start, mention.end),
                "score": mention.score,
                "rule": mention.rule,
            }
            for mention in reading.mentions
        ],
        "events": [
            {
                "kommune_id": event.tie.kommune_id,
                "city_id": event.tie.city_id,
                "action": event.action,
                "factuality": event.factuality,
                "date": event.date,
                "date_precision": event.date_precision,
                "decided_by": event.decided_by,
                "start": event.start,
                "end": event.end,
                "evidence": quote(event.start, event.end),
                "score": event.score,
                "rule": event.rule,
            }
            for event in reading.events
        ],
        "stances": [
            {
                "kommune_id": stance.tie.kommune_id,
                "city_id": stance.tie.city_id,
                "stance": stance.stance,
                "start": stance.start,
                "end": stance.end,
                "evidence": quote(stance.start, stance.end),
                "score": stance.score,
            }
            for stance in reading.stances
        ],
        "signature": list(reading.signature),
        "embedding": list(reading.embedding),
    }
