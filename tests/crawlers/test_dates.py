from datetime import UTC, datetime

import pytest

from crawlers.dates import Moment, best, from_url, parse

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision"),
    [
        ("2024-08-04T10:21:45.000+0200", "2024-08-04T08:21:45+00:00", "second"),
        ("2024-08-05T12:47:21Z", "2024-08-05T12:47:21+00:00", "second"),
        ("2024-08-05T13:05:32+02:00", "2024-08-05T11:05:32+00:00", "second"),
        ("2024-01-05T13:05:32", "2024-01-05T12:05:32+00:00", "second"),
        ("2024-01-05 13:05", "2024-01-05T12:05:00+00:00", "minute"),
        ("2024-07-05", "2024-07-04T22:00:00+00:00", "day"),
        ("20240705T130532Z", "2024-07-05T13:05:32+00:00", "second"),
        ("Mon, 05 Aug 2024 12:47:21 GMT", "2024-08-05T12:47:21+00:00", "second"),
        ("5 Aug 2024 12:47:21 +0200", "2024-08-05T10:47:21+00:00", "second"),
        ("1715279080", "2024-05-09T18:24:40+00:00", "second"),
        ("/Date(1715279080000+0200)/", "2024-05-09T18:24:40+00:00", "second"),
        ("torsdag 09. mai 2024 - 13:26", "2024-05-09T11:26:00+00:00", "minute"),
        ("05.08.2024, kl. 13.05", "2024-08-05T11:05:00+00:00", "minute"),
        ("15.10.24 23:35", "2024-10-15T21:35:00+00:00", "minute"),
        ("Publisert: 05.08.2024 kl 13:05", "2024-08-05T11:05:00+00:00", "minute"),
        ("fredag 12.03 2021", "2021-03-11T23:00:00+00:00", "day"),
        ("5. mars 2022", "2022-03-04T23:00:00+00:00", "day"),
        ("17. des. 2022", "2022-12-16T23:00:00+00:00", "day"),
    ],
)
def test_every_form_that_papers_print_is_read_in_utc(text: str, at: str, precision: str) -> None:
    moment = parse(text, "html")
    assert moment is not None
    assert (moment.at.isoformat(), moment.precision, moment.original) == (at, precision, text)


@pytest.mark.parametrize(
    "text", ["", None, "i går", "2024-13-45T00:00:00Z", "2024-02-30", "31.02.2022",
     "0001-01-01T00:00:00Z", "2024-01-01T00:00:00+99:00", "9" * 500]
)  # fmt: skip
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert parse(text, "html") is None


def test_the_hour_that_summer_time_skips_and_the_one_it_repeats_are_read() -> None:
    skipped, repeated = parse("2024-03-31T02:30:00", "meta"), parse("2024-10-27T02:30:00", "meta")
    assert skipped is not None
    assert repeated is not None
    assert skipped.at == datetime(2024, 3, 31, 1, 30, tzinfo=UTC)
    assert repeated.at == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_addresses_give_a_day_or_a_month() -> None:
    day = from_url("https://www.ht.no/Debatt/2019/03/04/x-12345678.ece")
    month = from_url("https://thebarentsobserver.com/en/life/2019/03/noe")
    assert day is not None
    assert month is not None
    assert (day.precision, month.precision) == ("day", "month")
    assert from_url("https://x.no/2019/13/40/x") is None
    assert from_url("https://x.no/sak-2019") is None


def moment(text: str, origin: str = "jsonld") -> Moment:
    found = parse(text, origin)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_first_statement_counts_and_a_finer_one_of_the_same_day_beats_it() -> None:
    day, clock, other = (
        moment("2024-05-09"),
        moment("2024-05-09T11:26:41Z", "meta"),
        moment("2024-05-11T11:26:41Z", "meta"),
    )
    assert best([None, day, clock], before=NOW) == clock
    assert best([day, other], before=NOW) == day
    assert best([clock, day], before=NOW) == clock


def test_a_time_beyond_the_visit_is_refused() -> None:
    assert best([moment("2027-01-01T00:00:00Z")], before=NOW) is None
    assert best([], before=NOW) is None
