"""Times said in text, against the day of publication."""

from datetime import date
from itertools import pairwise

import pytest

from nlp.dates import find_moments

MONDAY = date(2024, 4, 8)


@pytest.mark.parametrize(
    ("said", "day", "precision"),
    [
        ("Vedtaket ble gjort torsdag.", date(2024, 4, 4), "day"),
        ("Vedtaket vart gjort måndag.", date(2024, 4, 8), "day"),
        ("Møtet er neste onsdag.", date(2024, 4, 10), "day"),
        ("Det skjedde i går.", date(2024, 4, 7), "day"),
        ("Avtalen er fra 26. oktober 2022.", date(2022, 10, 26), "day"),
        ("Avtalen er fra 24.11.2022.", date(2022, 11, 24), "day"),
        ("Saka var oppe 20. mars.", date(2024, 3, 20), "day"),
        ("Saken var oppe 20. desember.", date(2023, 12, 20), "day"),
        ("Det var i mars 2022.", date(2022, 3, 1), "month"),
        ("Det var i november.", date(2023, 11, 1), "month"),
        ("Det var i november i fjor.", date(2023, 11, 1), "month"),
        ("Den kom i fjor høst.", date(2023, 9, 1), "season"),
        ("Det var hausten 2021.", date(2021, 9, 1), "season"),
        ("Det var vinteren 2022.", date(2021, 12, 1), "season"),
        ("Det skjedde i forrige uke.", date(2024, 4, 1), "week"),
        ("Det skjedde for to veker sidan.", date(2024, 3, 25), "week"),
        ("De har vært venner siden 1972.", date(1972, 1, 1), "year"),
        ("For tre år siden var det slutt.", date(2021, 1, 1), "year"),
        ("Det var i fjor.", date(2023, 1, 1), "year"),
    ],
)
def test_times_are_resolved_against_the_day_of_publication(said: str, day: date, precision: str) -> None:
    (moment,) = find_moments(said, MONDAY)
    assert (moment.date, moment.precision) == (day, precision)


def test_relative_times_need_a_day_of_publication() -> None:
    assert find_moments("Det skjedde torsdag, i fjor og i mars.", None) == ()
    assert len(find_moments("Avtalen er fra 1972.", None)) == 1


@pytest.mark.parametrize("said", ["Prisen var 1972 kroner.", "Kampen endte 3.2.", "vårens møte"])
def test_what_is_no_time_is_left_alone(said: str) -> None:
    assert find_moments(said, MONDAY) == ()


def test_moments_never_overlap_and_come_in_order() -> None:
    text = "I fjor høst, 26. oktober 2022 og torsdag 4. april, så i mars 2022."
    moments = find_moments(text, MONDAY)
    assert all(one.end <= other.start for one, other in pairwise(moments))
    assert len(moments) >= 4
