"""The crawl log: what each crawl of each source saw, and which days it vouches for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from crawlers.files import append_lines

Mode = Literal["feed", "backfill", "revisit"]
Outcome = Literal["ok", "partial", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """One crawl of one source.

    `door` is the way in that worked. `listed` counts articles that the lists named, `fetched` answered article pages,
    `new` and `changed` article versions written, `withdrawn` articles whose text was removed, `errors` what failed, by
    kind. `covers_from` and `covers_to` are days of Europe/Oslo, inclusive, whose articles have all been seen as far as
    the lists tell; both None where no full day can be vouched for. `ok`: a list was read and nothing is outstanding;
    `partial`: something failed that will be tried again; `failed`: no list could be read.
    """

    crawl_id: str
    source_id: str
    started_at: datetime
    ended_at: datetime
    mode: Mode
    door: str | None
    outcome: Outcome
    listed: int = 0
    fetched: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    errors: Mapping[str, int] = field(default_factory=dict)
    covers_from: date | None = None
    covers_to: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if (self.covers_from is None) != (self.covers_to is None):
            raise ValueError(f"{self.crawl_id}: covers_from and covers_to stand together or not at all")
        if self.mode not in get_args(Mode) or self.outcome not in get_args(Outcome):
            raise ValueError(f"{self.crawl_id}: unknown mode {self.mode!r} or outcome {self.outcome!r}")


def report_to_json(report: CrawlReport) -> str:
    """Return one JSON line without the line end."""
    record = asdict(report)
    for name in ("started_at", "ended_at"):
        record[name] = record[name].astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for name in ("covers_from", "covers_to"):
        record[name] = record[name].isoformat() if record[name] else None
    record["errors"] = dict(sorted(record["errors"].items()))
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def report_from_json(line: str) -> CrawlReport:
    """Read one line; raises ValueError that names what is missing, unknown or malformed."""
    try:
        record: dict[str, Any] = json.loads(line)
        if unknown := record.keys() - {each.name for each in fields(CrawlReport)}:
            raise ValueError(f"unknown field {', '.join(sorted(unknown))}")
        for name in ("started_at", "ended_at"):
            record[name] = datetime.fromisoformat(record[name])
        for name in ("covers_from", "covers_to"):
            record[name] = date.fromisoformat(record[name]) if record.get(name) else None
        return CrawlReport(**record)
    except (TypeError, KeyError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a crawl report: {error}") from None


def append_report(folder: Path, report: CrawlReport) -> Path:
    """Write the report to `<folder>/<source_id>/<YYYY-MM>.jsonl` (month of its end, UTC), safe on disk on return."""
    path = folder / report.source_id / f"{report.ended_at.astimezone(UTC):%Y-%m}.jsonl"
    append_lines(path, [report_to_json(report)])
    return path


def read_reports(folder: Path, source_id: str | None = None) -> Iterator[CrawlReport]:
    """Yield the reports in file order; a line torn by a crash is passed over, it was never vouched for."""
    for path in sorted(folder.glob(f"{source_id or '*'}/*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    yield report_from_json(line)
                except ValueError as error:
                    if line.endswith("}\n"):
                        raise ValueError(f"{path}:{number}: {error}") from None
