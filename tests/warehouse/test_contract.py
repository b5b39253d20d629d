"""The seams: what the other stages write is what the SQL reads, column by column."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import duckdb

from crawlers.article import Article, Author, Rights
from crawlers.report import CrawlReport
from nlp.store import SCHEMA
from warehouse.build import _ARTICLE_FIELDS, _NO_READING
from warehouse.sqlfiles import SQL

# The words of an article stay in its file.
NOT_READ = {"text"}


def columns_of(name: str) -> set[str]:
    text = (SQL / "raw" / f"{name}.sql").read_text(encoding="utf-8")
    return set(re.findall(r"^        (\w+): '", text, re.MULTILINE))


def test_every_field_of_an_article_is_read_or_left_out_on_purpose() -> None:
    names = {field.name for field in fields(Article)}
    assert columns_of("raw_articles") == names - NOT_READ
    assert names == _ARTICLE_FIELDS


def test_nested_fields_of_an_article_are_read() -> None:
    text = (SQL / "raw/raw_articles.sql").read_text(encoding="utf-8")
    for kind in (Author, Rights):
        for field in fields(kind):
            assert re.search(rf"\b{field.name} (varchar|boolean)", text), field.name


def test_every_field_of_a_crawl_report_is_read() -> None:
    assert columns_of("raw_crawls") == {field.name for field in fields(CrawlReport)}


def test_readings_have_the_columns_that_are_expected() -> None:
    relation = duckdb.sql(_NO_READING)
    assert relation.columns == SCHEMA.names
    shapes = {name: _fields(str(kind)) for name, kind in zip(relation.columns, relation.types, strict=True)}
    for field in SCHEMA:
        inner = getattr(field.type, "value_type", None)
        if inner is not None and str(inner).startswith("struct"):
            assert shapes[field.name] == [each.name for each in inner], field.name


def _fields(kind: str) -> list[str]:
    return re.findall(r'[(,] ?"?(\w+)"? ', kind)


def test_what_nlp_writes_is_built(papers: Any, tmp_path: Path) -> None:
    """A real reading part, written by `nlp.store`'s own schema, goes through a build."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    papers.crawl("2024-01-01", "2024-01-31")
    papers.article("2024-01-05", events=({"tie": "tromso–ru-murmansk", "action": "frozen", "date": "2024-01-04"},))
    papers.write()
    part = papers.data / "readings/nordlys/2024-01.parquet"
    pq.write_table(pa.Table.from_pylist(pq.read_table(part).to_pylist(), SCHEMA), part)
    papers.readings.clear()
    con = papers.build()
    assert con.execute("select action, score from tie_events").fetchall() == [("frozen", 0.9)]
