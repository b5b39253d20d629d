from datetime import UTC, datetime, timedelta

import pytest

from digest.subscribers import (
    SubscriberError,
    Wishes,
    add_subscriber,
    confirm_subscriber,
    find_address,
    find_subscriber,
    forget_unconfirmed,
    is_address,
    list_subscribers,
    read_subscriber_list,
    remove_subscriber,
)

NOW = datetime(2024, 4, 8, 5, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.sqlite"


def test_a_subscriber_comes_back_as_added(state):
    wishes = Wishes(language="nn", kommuner=("bodo",), fylker=("Nordland",), cities=("ru-vyborg",), only_decisions=True)
    added = add_subscriber(state, " Leser@Eksempel.no ", wishes, NOW, confirmed=True)
    assert (added.address, added.state, added.wishes, added.confirmed_at) == (
        "Leser@Eksempel.no",
        "active",
        wishes,
        NOW,
    )
    assert list_subscribers(state) == (added,)
    assert find_address(state, "leser@eksempel.no") == added
    assert find_subscriber(state, added.token) == added


def test_adding_again_renews_the_wishes_and_keeps_token_and_consent(state):
    first = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    later = NOW + timedelta(days=1)
    again = add_subscriber(state, "A@b.no", Wishes(language="en"), later, confirmed=False)
    assert (again.token, again.state, again.confirmed_at) == (first.token, "active", NOW)
    assert again.wishes.language == "en"
    assert len(list_subscribers(state)) == 1


def test_a_pending_one_becomes_active_by_its_own_link_only(state):
    pending = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=False)
    assert (pending.state, pending.confirmed_at) == ("pending", None)
    with pytest.raises(SubscriberError):
        confirm_subscriber(state, pending.token[:-1] + "!", NOW)
    with pytest.raises(SubscriberError):
        confirm_subscriber(state, "", NOW)
    with pytest.raises(SubscriberError):
        confirm_subscriber(state, "æøå" * 10, NOW)
    assert confirm_subscriber(state, pending.token, NOW).state == "active"
    assert list_subscribers(state)[0].confirmed_at == NOW


def test_tokens_are_long_and_differ(state):
    tokens = {add_subscriber(state, f"{n}@b.no", Wishes(), NOW, confirmed=True).token for n in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) == 32


def test_removing_leaves_nothing(state):
    add_subscriber(state, "hemmelig@b.no", Wishes(), NOW, confirmed=True)
    assert remove_subscriber(state, "HEMMELIG@b.no")
    assert not remove_subscriber(state, "hemmelig@b.no")
    assert list_subscribers(state) == ()
    assert b"hemmelig" not in state.read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@",
        "@b.no",
        "a b@c.no",
        "a@b.no\r\nBcc: c@d.no",
        "A <a@b.no>",
        "a@b.no,c@d.no",
        "a@b.no;c",
        "å@b.no",
        "a" * 65 + "@b.no",
    ],
)
def test_what_is_no_address_is_refused(state, address):
    assert not is_address(address)
    with pytest.raises(SubscriberError, match="ikke en e-postadresse"):
        add_subscriber(state, address, Wishes(), NOW, confirmed=True)


def test_an_unknown_language_is_refused(state):
    with pytest.raises(SubscriberError, match="nb, nn eller en"):
        add_subscriber(state, "a@b.no", Wishes(language="se"), NOW, confirmed=True)


def test_a_list_is_read_line_by_line_and_bad_lines_say_why():
    lines = [
        "address,language,kommuner,fylker,cities,only_decisions\n",
        "a@b.no,nn,Bodø; Tromsø,,ru-vyborg,ja\n",
        "c@d.no,,,,,\n",
        "ikke adresse,nb,,,,\n",
        "e@f.no,se,,,,\n",
    ]
    rows = list(read_subscriber_list(lines))
    assert rows[0] == (
        2, "a@b.no", Wishes(language="nn", kommuner=("Bodø", "Tromsø"), cities=("ru-vyborg",), only_decisions=True),
    )  # fmt: skip
    assert rows[1] == (3, "c@d.no", Wishes())
    assert rows[2] == (4, "ikke adresse", "ikke en e-postadresse")
    assert rows[3] == (5, "e@f.no", "ukjent språk «se»")


def test_a_list_without_the_address_column_is_refused():
    with pytest.raises(SubscriberError, match="kolonnen «address»"):
        list(read_subscriber_list(["e-post\n", "a@b.no\n"]))


def test_who_never_says_yes_is_forgotten_and_asking_again_starts_anew(state):
    for name in ("glemt", "igjen"):
        add_subscriber(state, f"{name}@b.no", Wishes(), NOW, confirmed=False)
    add_subscriber(state, "aktiv@b.no", Wishes(), NOW, confirmed=True)
    add_subscriber(state, "igjen@b.no", Wishes(), NOW + timedelta(days=20), confirmed=False)
    assert forget_unconfirmed(state, NOW + timedelta(days=1)) == 1
    assert [one.address for one in list_subscribers(state)] == ["aktiv@b.no", "igjen@b.no"]
