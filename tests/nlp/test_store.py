"""Readings on disk."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crawlers.article import Article, content_hash, to_json
from nlp.reading import Entity, Link, Reading, Stance, Tie, TieEvent, TieMention
from nlp.store import SCHEMA, read_part

TIE = Tie(kommune_id="moss", city_id="se-karlstad")


class Counting:
    """Reads every article alike and counts how many it was given."""

    def __init__(self, version: str = "a") -> None:
        self.model_version = version
        self.gazetteer_version = "g"
        self.given: list[str] = []

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        for article in articles:
            self.given.append(article.article_id)
            yield Reading(
                article_id=article.article_id,
                version=article.version,
                content_hash=article.content_hash,
                model_version=self.model_version,
                language="nb",
                entities=(Entity(start=0, end=4, label="GPE_ORG"),),
                links=(Link(start=0, end=4, kind="kommune", place_id="moss", score=0.9, rule="r"),),
                mentions=(TieMention(tie=TIE, start=0, end=20, score=0.9, rule="r"),),
                events=(
                    TieEvent(
                        tie=TIE, action="frozen", factuality="happened", date=None, date_precision=None,
                        decided_by=None, start=0, end=20, score=0.9, rule="r",
                    ),
                ),
                stances=(Stance(tie=TIE, stance="keep", start=0, end=20, score=0.5),),
                signature=(1, 2**32 - 1),
                embedding=(0.5,),
            )  # fmt: skip


def article(number: int, text: str = "Moss og Karlstad er venner. " * 40) -> Article:
    when = datetime(2024, 4, 8, 10, tzinfo=UTC)
    return Article(
        article_id=f"x:{number}", version=1, source_id="moss-avis", publisher_group="amedia", url="https://x.no/1",
        kind="news", title="Tittel", text=text, language="nb", published_at=when, published_from="jsonld",
        published_precision="second", fetched_at=when, content_hash=content_hash("Tittel", "", text), word_count=5,
    )  # fmt: skip


def write(path: Path, *articles: Article) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(to_json(one) + "\n" for one in articles), "utf8")
    return path


def test_a_part_has_a_row_an_article_version_in_the_agreed_columns(tmp_path: Path) -> None:
    part = write(tmp_path / "articles/moss-avis/2024-04.jsonl", article(1), article(2))
    target = tmp_path / "readings/moss-avis/2024-04.parquet"
    done = read_part(part, target, Counting())
    table = pq.read_table(target)
    assert (done.read, done.kept, table.num_rows) == (2, 0, 2)
    assert table.schema.equals(SCHEMA)
    row = table.to_pylist()[0]
    assert row["source_id"] == "moss-avis"
    assert row["links"][0]["text"] == "Titt"
    assert len(row["events"][0]["evidence"]) <= 300
    assert row["signature"] == [1, 2**32 - 1]


def test_what_the_same_models_read_before_is_kept_and_the_file_left_alone(tmp_path: Path) -> None:
    part, target = write(tmp_path / "a.jsonl", article(1)), tmp_path / "a.parquet"
    read_part(part, target, Counting())
    before = target.stat()
    again = Counting()
    assert read_part(part, target, again).kept == 1
    assert again.given == []
    assert target.stat().st_mtime_ns == before.st_mtime_ns


def test_only_new_versions_are_read(tmp_path: Path) -> None:
    target = tmp_path / "a.parquet"
    read_part(write(tmp_path / "a.jsonl", article(1)), target, Counting())
    again = Counting()
    read_part(write(tmp_path / "a.jsonl", article(1), article(2)), target, again)
    assert again.given == ["x:2"]
    assert pq.read_table(target)["article_id"].to_pylist() == ["x:1", "x:2"]


def test_other_models_read_everything_again(tmp_path: Path) -> None:
    part, target = write(tmp_path / "a.jsonl", article(1)), tmp_path / "a.parquet"
    read_part(part, target, Counting("a"))
    again = Counting("b")
    read_part(part, target, again)
    assert again.given == ["x:1"]
    assert pq.read_table(target)["model_version"].to_pylist() == ["b"]


def test_a_bad_line_is_named_and_leaves_the_old_part(tmp_path: Path) -> None:
    part, target = write(tmp_path / "a.jsonl", article(1)), tmp_path / "a.parquet"
    read_part(part, target, Counting())
    before = target.read_bytes()
    part.write_text(part.read_text("utf8") + "{broken\n", "utf8")
    with pytest.raises(ValueError, match=r"a\.jsonl:2"):
        read_part(part, target, Counting("b"))
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"] == []
