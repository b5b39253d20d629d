"""The registry: the shipped one, and additions of one's own."""

import csv
from pathlib import Path
from typing import Any

import pytest

from warehouse import WarehouseError
from warehouse.reference.__main__ import _dates
from warehouse.registry import add, read

ROOT = Path(__file__).parents[2]
ROW = {
    "kommune_id": "oslo",
    "city_id": "ua-lviv",
    "kind": "proposed",
    "verification": "one_source",
    "source_urls": "https://example.no/1",
}


def put(papers: Any, *rows: dict[str, str]) -> tuple[int, int]:
    return add(
        papers.data / "ties.csv",
        rows,
        kommuner=papers.tables / "kommuner.csv",
        cities=papers.tables / "cities.csv",
    )


def test_an_added_tie_is_in_the_next_build_and_wins_over_the_shipped_one(papers: Any) -> None:
    own = ROW | {"kommune_id": "tromso", "city_id": "ru-murmansk", "verification": "doubtful"}
    assert put(papers, ROW, own) == (2, 0)
    assert put(papers, ROW | {"kind": "vennskapsby"}) == (0, 1)
    con = papers.build()
    assert con.execute(
        "select tie_id, kind, verification, city_name from ties where source_urls = ['https://example.no/1'] order by 1"
    ).fetchall() == [
        ("oslo–ua-lviv", "vennskapsby", "one_source", "Lviv"),
        ("tromso–ru-murmansk", "proposed", "doubtful", "Murmansk"),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kommune_id": "atlantis"}, "rad 2 .*ukjent kommune «atlantis»"),
        ({"city_id": "xx-nowhere"}, "ukjent by"),
        ({"kind": "friends"}, "kind «friends»; tillatt: vennskapsby"),
        ({"verification": ""}, "verification «»; tillatt"),
        ({"source_urls": " "}, "uten kilde"),
        ({"signed_year": "i fjor"}, "ikke et år"),
    ],
)
def test_one_wrong_row_and_nothing_is_written(papers: Any, change: dict[str, str], words: str) -> None:
    with pytest.raises(WarehouseError, match=words):
        put(papers, ROW, ROW | change)
    assert not (papers.data / "ties.csv").exists()


def test_unknown_columns_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "ties.csv"
    file.write_text("kommune,by\nTromsø,Murmansk\n", encoding="utf-8")
    with pytest.raises(WarehouseError, match="ukjent kolonne by, kommune"):
        read(file)


def test_a_build_names_what_is_wrong_with_ones_own_registry(papers: Any) -> None:
    (papers.data / "ties.csv").write_text("kommune,by\nTromsø,Murmansk\n", encoding="utf-8")
    with pytest.raises(WarehouseError, match="ukjent kolonne"):
        papers.build()


def shipped(name: str) -> list[dict[str, str]]:
    with (ROOT / "warehouse/reference" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_shipped_registry_is_whole() -> None:
    ties = {tie["tie_id"]: tie for tie in shipped("ties.csv")}
    kommuner = {row["place_id"] for row in _table("kommuner.csv")}
    cities = {row["place_id"] for row in _table("cities.csv")}
    assert len(ties) > 500
    for tie_id, tie in ties.items():
        assert tie_id == f"{tie['kommune_id']}–{tie['city_id']}"
        assert tie["kommune_id"] in kommuner
        assert tie["city_id"] in cities
        assert tie["source_urls"].startswith("http")
        assert tie["inherited_from"] == "" or tie["inherited_from"] in ties


def _table(name: str) -> list[dict[str, str]]:
    with (ROOT / "nlp/data" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_snapshots_and_marked_rows_are_not_truth() -> None:
    for tie in shipped("ties.csv"):
        if "VERIFY" in tie["note"] and "Hekman" not in tie["source_urls"]:
            assert tie["verification"] == "doubtful", tie["tie_id"]
        if tie["source_urls"] == "https://github.com/L3viathan/sister-cities/blob/master/relations.tsv":
            assert tie["verification"] in ("unverified", "doubtful"), tie["tie_id"]


def test_namesakes_and_the_unlike_cities_are_kept_apart() -> None:
    ties = {tie["tie_id"] for tie in shipped("ties.csv")}
    assert {"harstad–ru-kirovsk-murmansk", "moss–ru-velikij-novgorod"} <= ties
    assert "moss–ru-nizjnij-novgorod" not in ties


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2022-10-26", ("2022-10-26", "2022-10-26", "day")),
        ("2022-02/03", ("2022-02-01", "2022-03-31", "interval")),
        ("2023-10/2024-06", ("2023-10-01", "2024-06-30", "interval")),
        ("2024 (januar/februar)", ("2024-01-01", "2024-02-29", "interval")),
        ("2004 (høst)", ("2004-09-01", "2004-11-30", "season")),
        ("1973", ("1973-01-01", "1973-12-31", "year")),
        ("undated", None),
    ],
)
def test_dates_of_the_list_become_first_and_last_possible_days(text: str, dates: Any) -> None:
    assert _dates(text) == dates
