"""Full text in all its inflections, and meaning."""

from typing import Any

import pytest

import warehouse
from warehouse.search import search, update


def titles(papers: Any, con: Any, query: str, **options: Any) -> list[str]:
    return [hit.title for hit in search(con, papers.data, papers.data / "search", query, **options)]


def fill(papers: Any) -> Any:
    papers.article("2024-01-05", title="Kommunen avslutter", text="Vennskapsbyavtalen med Murmansk er sagt opp.")
    papers.article("2024-01-06", title="Ny bro", text="Kommunene bygger bro over elva i Øvre Eiker.")
    papers.article("2024-01-07", title="Skolekorps", text="Korpset øver på torsdager.", embedding=[0.0, 1.0])
    papers.article("2024-01-08", title="Musikk", text="Konsert i kulturhuset.", embedding=[0.1, 0.99])
    con = papers.build()
    assert update(papers.data, papers.data / "search") == 4
    return con


def test_other_inflections_are_found_with_an_excerpt(papers: Any) -> None:
    con = fill(papers)
    assert titles(papers, con, "kommunens elver")[0] == "Ny bro"
    assert titles(papers, con, '"bro over elva"') == ["Ny bro"]
    assert titles(papers, con, "avtale") == []
    assert sorted(titles(papers, con, "Eiker torsdag")) == ["Ny bro", "Skolekorps"]  # nothing has both, each has one
    (hit,) = search(con, papers.data, papers.data / "search", "Murmansk")
    assert "Vennskapsbyavtalen med Murmansk er sagt opp." in hit.excerpt
    assert (hit.by, hit.source_name) == ("words", "Nordlys")


def test_meaning_finds_what_words_do_not(papers: Any) -> None:
    con = fill(papers)
    assert titles(papers, con, "korps", embed=lambda query: [0.0, 1.0], limit=2) == ["Skolekorps", "Musikk"]


def test_odd_queries_are_read_as_words_and_an_empty_one_is_refused(papers: Any) -> None:
    con = fill(papers)
    assert titles(papers, con, "Murmansk: (avslutter?!") == ["Kommunen avslutter"]
    with pytest.raises(warehouse.WarehouseError, match="Søket er tomt"):
        titles(papers, con, "  ")


def test_only_changed_files_are_indexed_and_the_newest_version_wins(papers: Any) -> None:
    con = fill(papers)
    assert update(papers.data, papers.data / "search") == 0
    papers.article(
        "2024-01-05",
        article_id="a00001",
        version=2,
        fetched_at="2024-02-01T10:00:00Z",
        title="Likevel ikke",
        text="Utsatt.",
    )
    papers.article(
        "2024-01-06",
        article_id="a00002",
        version=2,
        fetched_at="2024-02-01T10:00:00Z",
        text="",
        withdrawn_at="2024-02-01T10:00:00Z",
    )
    con.close()
    con = papers.build()
    assert update(papers.data, papers.data / "search") == 1
    assert titles(papers, con, "utsatt") == ["Likevel ikke"]
    assert titles(papers, con, "Murmansk") == []
    assert titles(papers, con, "bro") == []


def test_without_an_index_it_says_what_to_run(papers: Any) -> None:
    con = papers.build()
    with pytest.raises(warehouse.WarehouseError, match="Kjør «bybaand build»"):
        titles(papers, con, "bro")
