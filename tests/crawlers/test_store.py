from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.article import Article, Author, Rights, content_hash, read_articles, to_json
from crawlers.state import CrawlState
from crawlers.store import ArticleStore, StoreError

MARCH = datetime(2024, 3, 4, 10, tzinfo=UTC)
APRIL = datetime(2024, 4, 4, 10, tzinfo=UTC)


def make(key: str = "1", text: str = "Teksten.", **changes: object) -> Article:
    article = Article(
        article_id=f"amedia:5-34-{key}",
        version=1,
        source_id="nordlys",
        publisher_group="amedia",
        url=f"https://www.nordlys.no/sak/s/5-34-{key}",
        kind="news",
        title="Tittel",
        lead="Ingress",
        text=text,
        language="nb",
        authors=(Author(name="Kari Nordmann"),),
        published_at=MARCH,
        published_from="meta",
        published_precision="second",
        fetched_at=MARCH,
        content_hash=content_hash("Tittel", "Ingress", text),
        word_count=1,
    )
    return replace(article, **changes)  # type: ignore[arg-type]


def open_store(folder: Path) -> ArticleStore:
    return ArticleStore(folder / "articles", CrawlState(folder / "state.sqlite"), ["nordlys"])


def stored(folder: Path) -> list[Article]:
    return [each for part in sorted((folder / "articles").glob("*/*.jsonl")) for each in read_articles(part)]


def test_a_repeat_adds_nothing_and_a_change_adds_a_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert [fate for fate, _ in store.put([make(), make("2")])] == ["new", "new"]
    assert [fate for fate, _ in store.put([make(fetched_at=APRIL)])] == ["same"]
    ((fate, changed),) = store.put([make(text="Ny tekst.", fetched_at=APRIL)])
    assert (fate, changed.version) == ("changed", 2)
    assert [(each.article_id, each.version) for each in stored(tmp_path)] == [
        ("amedia:5-34-1", 1),
        ("amedia:5-34-2", 1),
        ("amedia:5-34-1", 2),
    ]
    assert sorted(path.name for path in (tmp_path / "articles/nordlys").iterdir()) == ["2024-03.jsonl", "2024-04.jsonl"]


def test_the_same_article_twice_in_one_group_is_written_once(tmp_path: Path) -> None:
    assert [fate for fate, _ in open_store(tmp_path).put([make(), make()])] == ["new", "same"]
    assert len(stored(tmp_path)) == 1


def test_lines_that_a_crash_left_without_an_index_entry_are_found_again(tmp_path: Path) -> None:
    open_store(tmp_path).put([make()])
    with (tmp_path / "articles/nordlys/2024-03.jsonl").open("a") as part:
        part.write(to_json(make("2")) + "\n" + to_json(make("3"))[:40])  # the last one was torn
    store = open_store(tmp_path)
    assert [fate for fate, _ in store.put([make("2"), make("3")])] == ["same", "new"]
    assert [each.article_id[-1] for each in stored(tmp_path)] == ["1", "2", "3"]


def test_a_lost_state_database_costs_no_article_and_no_repeat(tmp_path: Path) -> None:
    open_store(tmp_path).put([make(), make(text="Ny tekst.")])
    for path in tmp_path.glob("state.sqlite*"):
        path.unlink()
    ((fate, kept),) = open_store(tmp_path).put([make(text="Tredje tekst.")])
    assert (fate, kept.version) == ("changed", 3)


def test_a_withdrawn_article_loses_its_words_in_every_part(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([make(), make("2"), make(text="Ny tekst.", fetched_at=APRIL)])
    assert store.withdraw("amedia:5-34-1", APRIL)
    assert not store.withdraw("amedia:5-34-1", APRIL)
    gone = [each for each in stored(tmp_path) if each.article_id == "amedia:5-34-1"]
    assert [(each.text, each.lead, each.authors, each.title, each.withdrawn_at) for each in gone] == [
        ("", "", (), "Tittel", APRIL)
    ] * 2
    assert "Ny tekst" not in (tmp_path / "articles/nordlys/2024-04.jsonl").read_text()
    assert next(each for each in stored(tmp_path) if each.article_id == "amedia:5-34-2").text == "Teksten."


def test_a_withdrawn_article_that_comes_back_is_a_new_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([make()])
    store.withdraw("amedia:5-34-1", APRIL)
    ((fate, kept),) = open_store(tmp_path).put([make()])
    assert (fate, kept.version, kept.text) == ("changed", 2, "Teksten.")


def test_a_free_text_that_goes_behind_the_paywall_keeps_what_was_offered(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([make()])
    paid = make(text="", paywalled=True)
    assert store.put([replace(paid, content_hash=content_hash("Tittel", "Ingress", ""))])[0][0] == "same"
    assert [each.text for each in stored(tmp_path)] == ["Teksten."]


def test_a_part_that_was_put_back_from_a_backup_is_read_anew(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([make()])
    part = tmp_path / "articles/nordlys/2024-03.jsonl"
    old = part.read_bytes()
    store.put([make("2")])
    part.write_bytes(old)
    store = open_store(tmp_path)
    assert store.put([make("2", text="Annen tekst.")])[0][1].version in (1, 2)
    assert len(stored(tmp_path)) == 2


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "articles").write_text("en fil der mappen skulle være")
    with pytest.raises(StoreError, match=r"Kan ikke skrive i .*articles.*\[data\] folder"):
        open_store(tmp_path)


def test_a_line_that_cannot_be_read_stops_with_file_and_place(tmp_path: Path) -> None:
    open_store(tmp_path).put([make()])
    with (tmp_path / "articles/nordlys/2024-03.jsonl").open("a") as part:
        part.write('{"article_id": "x"}\n')
    with pytest.raises(StoreError, match=r"2024-03.jsonl: linje 1"):
        open_store(tmp_path)


def test_a_text_that_is_reserved_later_is_removed_from_every_version(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.put([make(), make("2"), make(text="Ny tekst.", fetched_at=APRIL)])
    reserved = make(
        text="", fetched_at=APRIL, rights=Rights(tdm_reserved=True), content_hash=content_hash("Tittel", "Ingress", "")
    )
    ((fate, kept),) = store.put([reserved])
    assert (fate, kept.version) == ("changed", 3)
    found = [each for each in stored(tmp_path) if each.article_id == "amedia:5-34-1"]
    assert [(each.text, each.lead) for each in found] == [("", "Ingress")] * 3
    assert [fate for fate, _ in store.put([reserved])] == ["same"]
    assert next(each for each in stored(tmp_path) if each.article_id == "amedia:5-34-2").text == "Teksten."


def test_a_withdrawal_that_is_cut_short_and_made_the_part_longer_stops_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    bare = make(text="", lead="", authors=())
    store.put([bare, make("2")])
    part = tmp_path / "articles/nordlys/2024-03.jsonl"
    size = part.stat().st_size
    part.write_text(part.read_text().replace('"withdrawn_at":null', '"withdrawn_at":"2024-04-04T10:00:00Z"', 1))
    assert part.stat().st_size > size  # killed between the file and the index
    assert [fate for fate, _ in open_store(tmp_path).put([make("2")])] == ["same"]
