"""Papers made of files: articles, readings and crawls written as the other stages write them, in few words."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import warehouse

ROOT = Path(__file__).parents[2]
GAZETTEER, REFERENCE = ROOT / "nlp/data", ROOT / "warehouse/reference"
SOURCES = ROOT / "crawlers/sources.toml"
# A handful of ties keeps a build under half a second; the tables are the real ones, cut to these.
TIES = (
    "tromso–ru-murmansk", "tromso–ru-arkhangelsk", "tromso–ru-nadym", "sor-varanger–ru-petsjenga",
    "sor-varanger–ru-severomorsk", "bodo–ru-vyborg", "moss–ru-velikij-novgorod", "harstad–ru-kirovsk-murmansk",
    "vardo–ru-arkhangelsk", "vardo–ru-severomorsk", "lyngdal–ua-kryvyj-rih", "ovre-eiker–ua-balta",
    "rana–ru-petrozavodsk", "tysfjord–ru-kirisji", "hamaroy–ru-kirisji", "lenvik–ru-pinega", "senja–ru-pinega",
    "ballangen–ru-tosno", "narvik–ru-tosno", "bodo–dk-svendborg",
)  # fmt: skip
TODAY = date(2024, 4, 8)
BUILT_AT = datetime(2024, 4, 8, 5, tzinfo=UTC)

_SPAN = [("start", pa.int32()), ("end", pa.int32())]
_TIE = [("kommune_id", pa.string()), ("city_id", pa.string())]
READING = pa.schema(
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
                        ("score", pa.float64()),
                        ("rule", pa.string()),
                        ("metonym", pa.bool_()),
                    ]
                )
            ),
        ),
        (
            "mentions",
            pa.list_(
                pa.struct([*_TIE, *_SPAN, ("sentence", pa.string()), ("score", pa.float64()), ("rule", pa.string())])
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
                        ("score", pa.float64()),
                        ("rule", pa.string()),
                    ]
                )
            ),
        ),
        (
            "stances",
            pa.list_(
                pa.struct([*_TIE, ("stance", pa.string()), *_SPAN, ("evidence", pa.string()), ("score", pa.float64())])
            ),
        ),
        ("signature", pa.list_(pa.uint32())),
        ("embedding", pa.list_(pa.float32())),
    ]
)


@dataclass
class Papers:
    """A data folder that grows by articles; every article is read and every day is crawled unless said otherwise."""

    data: Path
    out: Path
    tables: Path
    articles: list[dict[str, Any]] = field(default_factory=list)
    readings: list[dict[str, Any]] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(7))

    def article(
        self,
        day: str,
        *,
        source: str = "nordlys",
        ties: tuple[str, ...] = (),
        events: tuple[dict[str, Any], ...] = (),
        stances: tuple[dict[str, Any], ...] = (),
        places: tuple[tuple[str, str], ...] = (),
        signature: list[int] | None = None,
        embedding: list[float] | None = None,
        language: str = "nb",
        read: bool = True,
        **fields: Any,
    ) -> str:
        """Add an article of that day, by default at noon UTC; return its id. An event is {tie, action, …}."""
        number = len(self.articles) + 1
        article_id = fields.pop("article_id", f"a{number:05}")
        version = fields.pop("version", 1)
        moment = f"{day}T12:00:00Z" if len(day) == 10 else day
        record = {
            "article_id": article_id,
            "version": version,
            "source_id": source,
            "publisher_group": fields.pop("group", "amedia"),
            "url": f"https://www.{source}.no/{article_id}",
            "kind": "news",
            "title": f"Tittel {number}",
            "text": "Ordrik tekst.",
            "language": language,
            "published_at": moment,
            "published_from": "jsonld",
            "published_precision": "second",
            "fetched_at": moment,
            "content_hash": f"{number:016x}",
            "word_count": 100,
            "opinion_form": None,
            "lead": "",
            "authors": [],
            "section": None,
            "tags": [],
            "modified_at": None,
            "paywalled": False,
            "wire": None,
            "correction": None,
            "links": [],
            "rights": {"robots": [], "tdm_reserved": None, "tdm_policy": None, "ai_agents_blocked": False},
            "withdrawn_at": None,
        } | fields
        self.articles.append(record)
        if not read:
            return article_id
        told = [tie.split("–") for tie in dict.fromkeys([*ties, *(event["tie"] for event in events)])]
        linked = [("kommune", kommune) for kommune, _ in told] + [("city", city) for _, city in told] + list(places)
        self.readings.append(
            {
                "article_id": article_id,
                "version": version,
                "content_hash": record["content_hash"],
                "source_id": source,
                "model_version": "m1",
                "gazetteer_version": "g1",
                "language": language,
                "opinion_form": record["opinion_form"],
                "entities": [],
                "links": [
                    _span(n)
                    | {"text": place, "kind": kind, "place_id": place, "score": 0.9, "rule": "r", "metonym": False}
                    for n, (kind, place) in enumerate(linked)
                ],
                "mentions": [
                    _pair(tie) | _span(n) | {"sentence": f"Setning om {tie[0]} og {tie[1]}.", "score": 0.9, "rule": "r"}
                    for n, tie in enumerate(told)
                ],
                "events": [_event(n, event) for n, event in enumerate(events)],
                "stances": [
                    _pair(stance["tie"].split("–"))
                    | _span(n)
                    | {"stance": stance["stance"], "evidence": "Vi bør …", "score": stance.get("score", 0.8)}
                    for n, stance in enumerate(stances)
                ],
                "signature": signature if signature is not None else [self.random.getrandbits(32) for _ in range(128)],
                "embedding": embedding or [],
            }
        )
        return article_id

    def daily(self, source: str, first: date, days: int, per_day: int, **fields: Any) -> None:
        """Print that many ordinary articles a day."""
        for n in range(days):
            for at in range(per_day):
                moment = datetime.combine(first + timedelta(days=n), time(8 + at % 12), UTC)
                self.article(moment.isoformat().replace("+00:00", "Z"), source=source, **fields)

    def crawl(self, first: str, last: str, *, source: str = "nordlys", outcome: str = "ok", **fields: Any) -> None:
        """Log a crawl that vouches for the days from first to last; `failed` vouches for nothing."""
        failed = outcome == "failed"
        record = {
            "crawl_id": f"{source}-{first}-{outcome}",
            "source_id": source,
            "started_at": f"{last}T20:00:00.000Z",
            "ended_at": f"{last}T20:01:00.000Z",
            "mode": "feed",
            "door": "rss",
            "outcome": outcome,
            "listed": 0,
            "fetched": 0,
            "new": 0,
            "changed": 0,
            "withdrawn": 0,
            "errors": {"timeout": 1} if failed else {},
            "covers_from": None if failed else first,
            "covers_to": None if failed else last,
            "note": "",
        } | fields
        path = self.data / "crawls" / source / f"{last[:7]}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")

    def write(self) -> None:
        """Write what was added since the last call: appended article lines, whole reading parts."""
        for record in self.articles:
            if record.pop("_written", False):
                record["_written"] = True
                continue
            path = self.data / "articles" / record["source_id"] / f"{record['fetched_at'][:7]}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
            record["_written"] = True
        months = {(record["article_id"], record["version"]): record["fetched_at"][:7] for record in self.articles}
        parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for reading in self.readings:
            key = (reading["source_id"], months[reading["article_id"], reading["version"]])
            parts.setdefault(key, []).append(reading)
        for (source, month), rows in parts.items():
            path = self.data / "readings" / source / f"{month}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(pa.Table.from_pylist(rows, READING), path)

    def judge(self, judgement: str, article_id: str, tie: str, action: str, **fields: Any) -> None:
        """Append an analyst's judgement about the first event of an article."""
        record = {
            "judged_at": "2024-04-08T06:00:00Z",
            "judged_by": "kari",
            "judgement": judgement,
            "article_id": article_id,
            "version": 1,
            "tie_id": tie,
            "action": action,
            "char_start": 0,
            "char_end": 40,
            "evidence": "",
            "note": "",
        } | fields
        with (self.data / "decisions.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(record) + "\n")

    def build(self, **changes: Any) -> duckdb.DuckDBPyConnection:
        """Write, build without documents, and open."""
        self.write()
        self.built = warehouse.build(
            **{
                "data": self.data,
                "out": self.out,
                "kommuner": self.tables / "kommuner.csv",
                "cities": self.tables / "cities.csv",
                "ties": self.tables / "ties.csv",
                "sources": SOURCES,
                "today": TODAY,
                "built_at": BUILT_AT,
                "tie_events_known": None,
            }
            | changes
        )
        return warehouse.connect(self.out)


def _span(n: int) -> dict[str, int]:
    return {"start": 100 * n, "end": 100 * n + 40}


def _pair(tie: list[str]) -> dict[str, str]:
    return {"kommune_id": tie[0], "city_id": tie[1]}


def _event(n: int, event: dict[str, Any]) -> dict[str, Any]:
    day = event.get("date")
    return (
        _pair(event["tie"].split("–"))
        | _span(n)
        | {
            "action": event["action"],
            "factuality": event.get("factuality", "happened"),
            "date": date.fromisoformat(day) if day else None,
            "date_precision": event.get("precision", "day" if day else None),
            "decided_by": event.get("by"),
            "evidence": event.get("evidence", f"Kommunestyret … {event['action']} ({n})."),
            "score": event.get("score", 0.9),
            "rule": "r",
        }
    )


def _cut(source: Path, target: Path, column: str, wanted: set[str]) -> None:
    with source.open(encoding="utf-8", newline="") as lines, target.open("w", encoding="utf-8", newline="") as out:
        reader = csv.DictReader(lines)
        writer = csv.DictWriter(out, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in reader if row[column] in wanted)


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gazetteer and the registry, cut to a handful of ties."""
    folder = tmp_path_factory.mktemp("tables")
    ends = [tie.split("–") for tie in TIES]
    _cut(GAZETTEER / "kommuner.csv", folder / "kommuner.csv", "place_id", {kommune for kommune, _ in ends} | {"oslo"})
    _cut(GAZETTEER / "cities.csv", folder / "cities.csv", "place_id", {city for _, city in ends} | {"ua-lviv"})
    _cut(REFERENCE / "ties.csv", folder / "ties.csv", "tie_id", set(TIES))
    _cut(REFERENCE / "tie_events_known.csv", folder / "tie_events_known.csv", "tie_id", set(TIES))
    return folder


@pytest.fixture
def papers(tmp_path: Path, tables: Path) -> Papers:
    """An empty data folder."""
    data = tmp_path / "data"
    data.mkdir()
    return Papers(data=data, out=data / "bybaand.duckdb", tables=tables)


@pytest.fixture(scope="module")
def module_papers(tmp_path_factory: pytest.TempPathFactory, tables: Path) -> Papers:
    """A data folder that the tests of one file share."""
    data = tmp_path_factory.mktemp("shared") / "data"
    data.mkdir()
    return Papers(data=data, out=data / "bybaand.duckdb", tables=tables)
