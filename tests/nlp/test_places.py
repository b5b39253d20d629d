"""The gazetteer tables: complete, consistent, and found by every key."""

from __future__ import annotations

from datetime import date

import pytest

from nlp.places import Place, load_gazetteer, make_gazetteer

FORESEEN = {
    "Oslo": 1, "Rogaland": 23, "Møre og Romsdal": 27, "Nordland": 41, "Østfold": 12, "Akershus": 21, "Buskerud": 18,
    "Innlandet": 46, "Vestfold": 6, "Telemark": 17, "Agder": 25, "Vestland": 43, "Trøndelag": 38, "Troms": 21,
    "Finnmark": 18,
}  # fmt: skip


def test_all_kommuner_of_today_in_their_fylker() -> None:
    today = [place for place in load_gazetteer().kommuner() if place.kommune_number]
    assert len(today) == 357
    counts: dict[str, int] = {}
    for place in today:
        assert place.fylke is not None
        assert place.kommune_number is not None
        assert place.kommune_number[:2] == place.fylke_number
        counts[place.fylke] = counts.get(place.fylke, 0) + 1
    assert counts == FORESEEN


def test_abolished_kommuner_have_living_successors_and_an_end() -> None:
    gazetteer = load_gazetteer()
    gone = [place for place in gazetteer.kommuner() if not place.kommune_number]
    assert len(gone) == 88
    for place in gone:
        assert place.valid_to is not None
        assert all(gazetteer[successor].kommune_number for successor in place.successors)
        assert place.successors


@pytest.mark.parametrize(
    ("number", "day", "place_id"),
    [
        ("1902", date(2019, 12, 31), "tromso"),
        ("5401", date(2022, 1, 1), "tromso"),
        ("5501", None, "tromso"),
        ("0136", date(2018, 1, 1), "rygge"),
        ("1507", date(2021, 6, 1), "alesund"),
        ("1534", date(2019, 1, 1), "haram"),
        ("1580", None, "haram"),
        ("1601", date(2017, 1, 1), "trondheim"),
        ("5001", date(2018, 1, 1), "trondheim"),
        ("1567", date(2018, 7, 1), "rindal"),
        ("301", None, "oslo"),
    ],
)
def test_old_and_new_numbers_lead_to_the_kommune(number: str, day: date | None, place_id: str) -> None:
    found = load_gazetteer().kommune(number, day)
    assert found is not None
    assert found.place_id == place_id


def test_a_number_is_not_valid_outside_its_years() -> None:
    assert load_gazetteer().kommune("5401", date(2024, 1, 1)) is None
    assert load_gazetteer().kommune("9999") is None


def test_no_number_is_held_by_two_kommuner_at_a_time() -> None:
    held: dict[tuple[str, int], str] = {}
    for place in load_gazetteer().kommuner():
        for number in place.numbers:
            for year in range(number.first, (number.last or 2026) + 1):
                assert held.setdefault((number.number, year), place.place_id) == place.place_id


def test_a_split_kommune_has_several_successors() -> None:
    gazetteer = load_gazetteer()
    assert {place.place_id for place in gazetteer.today(gazetteer["tysfjord"])} == {"hamaroy", "narvik"}
    assert gazetteer.today(gazetteer["moss"]) == (gazetteer["moss"],)


def test_cities_are_found_by_their_geonames_id() -> None:
    gazetteer = load_gazetteer()
    assert {gazetteer.city(524305), gazetteer.city(548391)} == {
        gazetteer["ru-murmansk"], gazetteer["ru-kirovsk-murmansk"],
    }  # fmt: skip
    assert gazetteer.city(1) is None


def test_every_tie_pair_joins_a_kommune_and_a_city() -> None:
    gazetteer = load_gazetteer()
    assert len(gazetteer.tie_pairs) > 480
    for kommune, city in gazetteer.tie_pairs:
        assert gazetteer[kommune].kind == "kommune"
        assert gazetteer[kommune].kommune_number
        assert gazetteer[city].kind == "city"


def test_wrong_alternates_of_the_source_are_dropped() -> None:
    gazetteer = load_gazetteer()
    bearers = {
        place.place_id for place in gazetteer.cities() if any(name.text == "Kaliningrad" for name in place.names)
    }
    assert bearers == {"ru-kaliningrad"}


@pytest.mark.parametrize(
    ("place_id", "spelling"),
    [
        ("dk-hanstholm", "Hanstholm"), ("lt-zarasai", "Zarasai"), ("se-asele", "Åsele"), ("ps-salfit", "Salfit"),
        ("gb-stonehaven", "Stonehaven"), ("fr-guingamp", "Guingamp"), ("ru-ostrovnoj", "Gremikha"),
        ("ru-poljarnyj", "Polarnyj"), ("gb-stromness", "Stromness"),
    ],
)  # fmt: skip
def test_small_towns_are_known_by_the_names_the_press_writes(place_id: str, spelling: str) -> None:
    assert spelling in {name.text for name in load_gazetteer()[place_id].names}


def test_the_version_names_the_tables() -> None:
    assert len(load_gazetteer().version) == 12
    assert load_gazetteer() is load_gazetteer()


def test_two_places_may_not_share_an_id() -> None:
    place = Place(
        place_id="ru-x", kind="city", name="X", name_en="X", country="RU", lat=0.0, lon=0.0, population=None, names=()
    )
    other = Place(
        place_id="ru-x", kind="city", name="Y", name_en="Y", country="RU", lat=0.0, lon=0.0, population=None, names=()
    )
    with pytest.raises(ValueError, match="ru-x"):
        make_gazetteer([place, other], [], "test")
