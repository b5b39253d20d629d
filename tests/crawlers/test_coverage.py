from datetime import UTC, date, datetime

import pytest

from crawlers.coverage import claim, first_full_day, oldest_listed, oslo_day, pause_after, rhythm

HOUR = 3600.0


def at(day: int, hour: int = 12, month: int = 4) -> float:
    return datetime(2024, month, day, hour, tzinfo=UTC).timestamp()


def test_a_day_is_vouched_for_once_it_is_over() -> None:
    assert claim(covered_since=at(1), claimed_to=None, now=at(4), oldest_waiting=None) == (
        date(2024, 4, 2),
        date(2024, 4, 3),
    )


def test_a_day_is_vouched_for_once() -> None:
    assert claim(covered_since=at(1), claimed_to=date(2024, 4, 3), now=at(4, 20), oldest_waiting=None) is None
    days = claim(covered_since=at(1), claimed_to=date(2024, 4, 3), now=at(5), oldest_waiting=None)
    assert days == (date(2024, 4, 4), date(2024, 4, 4))


def test_an_article_not_yet_fetched_holds_back_its_day_and_all_after() -> None:
    assert claim(covered_since=at(1), claimed_to=None, now=at(9), oldest_waiting=at(5)) == (
        date(2024, 4, 2),
        date(2024, 4, 4),
    )


def test_nothing_is_vouched_for_before_a_list_was_followed_for_a_day() -> None:
    assert claim(covered_since=at(4, 1), claimed_to=None, now=at(4), oldest_waiting=None) is None
    assert claim(covered_since=None, claimed_to=None, now=at(4), oldest_waiting=None) is None


def test_days_are_those_of_oslo_also_across_summer_time() -> None:
    assert oslo_day(datetime(2024, 3, 31, 22, 30, tzinfo=UTC).timestamp()) == date(2024, 4, 1)
    assert first_full_day(datetime(2024, 3, 30, 23, 0, tzinfo=UTC).timestamp()) == date(2024, 3, 31)
    assert first_full_day(datetime(2024, 3, 30, 23, 1, tzinfo=UTC).timestamp()) == date(2024, 4, 1)


def test_a_sorted_list_is_complete_back_to_its_last_item() -> None:
    assert oldest_listed([at(5), at(4), at(3), at(1)]) == at(1)


def test_a_pinned_old_piece_does_not_stretch_a_list() -> None:
    times: list[float | None] = [at(9 - n) for n in range(8)]
    times[1] = at(1, month=1)
    times[3] = at(2, month=1)
    assert oldest_listed(times) == times[-2]


def test_a_list_without_times_tells_nothing() -> None:
    assert oldest_listed([None, None, at(3), None]) is None


@pytest.mark.parametrize(
    ("fresh", "since_h", "before", "minutes"),
    [
        (15, 1.0, None, 30),  # the whole window in an hour: ask twice in it
        (15, 0.25, None, 15),  # no oftener than every quarter of an hour
        (1, 2.0, None, 120),  # a quiet paper: at least every two hours
        (0, 2.0, 30 / HOUR, 21.4),  # a busy feed with a quiet hour stays watched
    ],
)
def test_a_feed_is_asked_at_least_twice_in_its_window(
    fresh: int, since_h: float, before: float | None, minutes: float
) -> None:
    found = rhythm(items=15, fresh=fresh, since_s=since_h * HOUR, span_s=None, before=before)
    assert found.interval_s / 60 == pytest.approx(minutes, abs=0.1)


def test_the_first_look_at_a_feed_measures_by_its_own_times() -> None:
    assert rhythm(items=15, fresh=15, since_s=None, span_s=4 * HOUR, before=None).interval_s == HOUR


def test_a_dead_feed_is_asked_for_ever_at_growing_pauses() -> None:
    assert [pause_after(n) / HOUR for n in (0, 1, 2, 3, 6, 7, 1000)] == [0.25, 0.5, 1, 2, 16, 24, 24]
