"""The whole way, from the replica papers to the published warehouse, against the true course of decisions."""

import csv
import json
from pathlib import Path

import warehouse

COURSE = Path(__file__).parent / "demo_course.csv"


def test_every_article_of_the_papers_arrives_once_and_is_read(demo_folder: Path) -> None:
    told = [
        json.loads(line)
        for file in (Path(__file__).parents[1] / "crawlers" / "replica" / "texts").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    con = warehouse.connect(demo_folder / "data" / "bybaand.duckdb")
    rows = con.sql("select count(*), count(distinct article_id), count(*) filter (is_read) from articles").fetchall()
    assert rows == [(len(told), len(told), len(told))]


def test_no_tie_is_said_to_have_ended_that_has_not(demo_folder: Path) -> None:
    with COURSE.open(encoding="utf-8") as lines:
        ended = {(row["kommune"], row["city"]) for row in csv.DictReader(lines) if row["status"] == "ended"}
    con = warehouse.connect(demo_folder / "data" / "bybaand.duckdb")
    said = con.sql(
        "select distinct kommune_name, city_name, evidence from tie_status join ties using (tie_id) "
        "where status = 'ended' and basis = 'press'"
    ).fetchall()
    assert len(said) >= len(ended) * 0.7
    assert [row for row in said if (row[0], row[1]) not in ended] == []


def test_the_digest_and_the_pages_are_written(demo_folder: Path) -> None:
    digests, site = demo_folder / "data" / "digests", demo_folder / "data" / "site"
    assert {file.suffix for file in digests.glob("2024-W14.*")} == {".eml", ".html", ".txt", ".png"}
    assert "Øvre Eiker har inngått vennskapsavtale med Balta" in (digests / "2024-W14.txt").read_text(encoding="utf-8")
    assert (site / "index.html").exists()
