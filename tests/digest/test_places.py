import pytest

from digest.places import city_ids, fylke_names, kommune_ids
from digest.subscribers import SubscriberError


def test_kommuner_are_found_by_name_number_and_id_whatever_the_case(con):
    assert kommune_ids(con, ["tromsø", "1804", "sor-varanger", "Bodø"]) == ("tromso", "bodo", "sor-varanger")


def test_cities_are_found_by_norwegian_english_native_name_and_id(con):
    assert city_ids(con, ["Murmansk", "Мурманск", "ua-kryvyj-rih", "Kryvyi Rih"]) == ("ru-murmansk", "ua-kryvyj-rih")


def test_fylker_are_found_by_name(con):
    assert fylke_names(con, ["nordland", "Troms"]) == ("Nordland", "Troms")


@pytest.mark.parametrize(
    ("find", "name", "words"),
    [
        (kommune_ids, "Tromsö", "Ukjent kommune «Tromsö». Mente du tromso"),
        (city_ids, "Murmask", "Ukjent by «Murmask». Mente du ru-murmansk"),
        (fylke_names, "Viken", "Ukjent fylke «Viken»"),
    ],
)
def test_an_unknown_name_is_refused_with_what_is_near(con, find, name, words):
    with pytest.raises(SubscriberError, match=words.replace("(", r"\(")):
        find(con, [name])


def test_a_name_of_several_places_must_be_made_clear():
    import duckdb

    con = duckdb.connect()
    con.execute(
        "create table kommuner as select * from (values "
        "('heroy-nordland', 'Herøy', '1818', 'Nordland', null), "
        "('heroy-more', 'Herøy', '1515', 'Møre og Romsdal', null)"
        ") as t(place_id, name, kommune_number, fylke, valid_to)"
    )
    with pytest.raises(SubscriberError, match=r"«Herøy» kan være heroy-more .* eller heroy-nordland .*Skriv id-en"):
        kommune_ids(con, ["Herøy"])
    assert kommune_ids(con, ["heroy-more"]) == ("heroy-more",)
