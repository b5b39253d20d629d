import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawlers.report import CrawlReport, append_report, read_reports, report_from_json, report_to_json

REPORT = CrawlReport(
    crawl_id="1",
    source_id="nordlys",
    started_at=datetime(2024, 4, 8, 5, tzinfo=UTC),
    ended_at=datetime(2024, 4, 8, 5, 1, tzinfo=UTC),
    mode="feed",
    door="rich-rss",
    outcome="ok",
    listed=15,
    fetched=3,
    new=3,
    errors={"timeout": 1},
    covers_from=date(2024, 4, 6),
    covers_to=date(2024, 4, 7),
)


def test_a_report_has_the_keys_that_the_warehouse_reads() -> None:
    assert json.loads(report_to_json(REPORT)) == {
        "crawl_id": "1", "source_id": "nordlys", "started_at": "2024-04-08T05:00:00.000Z",
        "ended_at": "2024-04-08T05:01:00.000Z", "mode": "feed", "door": "rich-rss", "outcome": "ok", "listed": 15,
        "fetched": 3, "new": 3, "changed": 0, "withdrawn": 0, "errors": {"timeout": 1}, "covers_from": "2024-04-06",
        "covers_to": "2024-04-07", "note": "",
    }  # fmt: skip
    assert report_from_json(report_to_json(REPORT)) == REPORT


def test_reports_go_to_the_month_of_their_end_and_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    path = append_report(tmp_path, REPORT)
    assert path.relative_to(tmp_path).as_posix() == "nordlys/2024-04.jsonl"
    with path.open("a") as log:
        log.write('{"crawl_id": "2", "sou')
    append_report(tmp_path, replace(REPORT, crawl_id="3"))
    assert [report.crawl_id for report in read_reports(tmp_path)] == ["1", "3"]


def test_a_line_of_another_shape_is_refused_with_file_and_number(tmp_path: Path) -> None:
    path = append_report(tmp_path, REPORT)
    with path.open("a") as log:
        log.write('{"crawl_id": "2"}\n')
    with pytest.raises(ValueError, match=r"2024-04.jsonl:2: not a crawl report"):
        list(read_reports(tmp_path))


def test_days_vouched_for_stand_together() -> None:
    with pytest.raises(ValueError, match="together"):
        replace(REPORT, covers_to=None)
