import re
import string
from datetime import UTC, date, datetime

import pytest

from digest import words
from digest.words import (
    LANGUAGES,
    count,
    cut,
    day,
    decimal,
    decision_day,
    headline,
    listed,
    moment,
    percent,
    plain,
    safe_link,
    say,
    span,
    whole,
)


def test_every_phrase_takes_the_same_values_in_every_language():
    for key, forms in words._PHRASES.items():
        assert len(forms) == len(LANGUAGES)
        fields = [{name for _, name, _, _ in string.Formatter().parse(form) if name} for form in forms]
        assert fields[0] == fields[1] == fields[2], key


def test_nynorsk_phrases_hold_no_bokmal_words():
    bokmal = re.compile(r"\b(ikke|fra|uke|uken|noen|hvem|avtalene|kilder|lest|ble|dager|saker sier|skriver|jeg)\b")
    assert not [forms[1] for forms in words._PHRASES.values() if bokmal.search(forms[1])]


@pytest.mark.parametrize(
    ("language", "action", "state", "cities", "expected"),
    [
        ("nb", "terminated", "decided", ["Murmansk"], "Tromsø har avsluttet avtalen med Murmansk"),
        ("nb", "frozen", "reported", ["A", "B", "C"], "Tromsø skal ha fryst avtalene med A, B og C"),
        ("nn", "terminated", "decided", ["A", "B"], "Tromsø har avslutta avtalane med A og B"),
        ("nn", "proposed_signing", "proposed", ["A"], "Framlegg om at Tromsø inngår vennskapsavtale med A"),
        ("en", "rejected_termination", "reported", ["A"], "Tromsø has reportedly declined to end its tie with A"),
        ("en", "proposed_termination", "proposed", ["A", "B"], "Proposal that Tromsø end its ties with A and B"),
    ],
)
def test_a_headline_says_who_did_what_and_how_sure_it_is(language, action, state, cities, expected):
    assert headline(language, action, state, "Tromsø", cities) == expected


def test_every_action_has_a_headline_in_every_language():
    for language in LANGUAGES:
        for action in (*words._DONE, *words._PROPOSED):
            assert "Moss" in headline(language, action, "decided", "Moss", ["Blois"])


@pytest.mark.parametrize(
    ("first", "last", "precision", "expected"),
    [
        (date(2024, 4, 5), date(2024, 4, 5), "day", "fredag 5. april"),
        (date(2022, 10, 26), date(2022, 10, 26), "day", "onsdag 26. oktober 2022"),
        (date(2024, 4, 1), date(2024, 4, 7), "week", "i uke 14, dagen er ikke oppgitt"),
        (date(2024, 3, 1), date(2024, 3, 31), "month", "i mars 2024, dagen er ikke oppgitt"),
        (
            date(2024, 3, 1), date(2024, 5, 31), "season", "mellom 1. mars og 31. mai 2024, dagen er ikke oppgitt",
        ),
        (date(2023, 1, 1), date(2023, 12, 31), "year", "i 2023, dagen er ikke oppgitt"),
        (date(2024, 4, 5), date(2024, 4, 5), "published", "dato ikke oppgitt, meldt 5. april"),
        (None, None, None, "dato ikke oppgitt, meldt 5. april"),
    ],
)  # fmt: skip
def test_a_decision_is_dated_no_more_precisely_than_it_is_known(first, last, precision, expected):
    assert decision_day("nb", first, last, precision, date(2024, 4, 5), 2024) == expected


def test_dates_numbers_and_lists_follow_the_language():
    assert day("nn", date(2024, 4, 2), year=2024, weekday=True) == "tysdag 2. april"
    assert day("en", date(2024, 4, 2)) == "2 April 2024"
    assert span("nb", date(2024, 4, 1), date(2024, 4, 7)) == "1.–7. april 2024"
    assert span("nb", date(2024, 12, 30), date(2025, 1, 5)) == "30. desember 2024 – 5. januar 2025"
    assert span("en", date(2024, 4, 29), date(2024, 5, 5)) == "29 April – 5 May 2024"
    assert moment("nb", datetime(2024, 4, 8, 5, 30, tzinfo=UTC)) == "8. april 2024 kl. 07.30"
    assert count("nb", 1, "story") == "1 sak"
    assert count("nn", 2, "week") == "2 veker"
    assert whole("nb", 12345) == "12\u00a0345"
    assert decimal("nb", 2.25) == "2,2"
    assert decimal("en", 12.4) == "12"
    assert percent("nb", 0.0123) == "1,2\u00a0%"
    assert percent("en", 0.5) == "50%"
    assert listed("nb", ["A"]) == "A"
    assert listed("en", ["A", "B", "C"]) == "A, B and C"


def test_outside_text_is_cut_between_words_and_has_no_hidden_characters():
    assert plain("a\r\nBcc: x\u202e\u200b \x00b") == "a Bcc: x b"
    long = cut("ord " * 100)
    assert len(long) <= 200
    assert long.endswith("ord…")
    assert cut("kort") == "kort"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.no/",
        "https://a.no/ b",
        'https://a.no/"onclick',
        "",
        None,
        "//a.no",
    ],
)
def test_only_web_addresses_are_linked_to(address):
    assert safe_link(address) is None


def test_a_web_address_is_linked_to_as_it_is():
    assert safe_link(" https://www.nordlys.no/s/5-34-1?a=b&c=d ") == "https://www.nordlys.no/s/5-34-1?a=b&c=d"


def test_an_unknown_phrase_is_an_error():
    with pytest.raises(KeyError):
        say("nb", "finnes ikke")
