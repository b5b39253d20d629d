import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest import outbox
from digest.outbox import (
    PAUSES,
    OutboxError,
    Server,
    enqueue,
    failures,
    hard_failures,
    next_due,
    send_one,
    send_pending,
    tally,
)
from digest.subscribers import Wishes, add_subscriber, find_address, list_subscribers, open_state, remove_subscriber

NOW = datetime(2024, 4, 8, 5, tzinfo=UTC)
WEEK = "2024-W14"
MAIL = b"From: a@b.no\r\nSubject: Uke 14\r\n\r\nHei.\r\n.punktum f\xc3\xb8rst\r\n"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.sqlite"


def readers(state, *names):
    for name in names:
        add_subscriber(state, f"{name}@eksempel.no", Wishes(), NOW, confirmed=True)
    return list_subscribers(state)


def send(state, port, clock=None, mail_of=lambda address: MAIL, **more):
    server = Server(host="127.0.0.1", port=port, per_minute=1_000_000, timeout_s=10)
    return list(
        send_pending(state, WEEK, mail_of, "digest@eksempel.no", server, clock or Clock(), pause=lambda s: None, **more)
    )


def test_each_gets_the_mail_once_and_a_second_run_sends_nothing(state, postbox):
    box, port = postbox
    assert enqueue(state, WEEK, readers(state, "a", "b", "c"), NOW) == 3
    assert [outcome.state for outcome in send(state, port)] == ["sent"] * 3
    assert enqueue(state, WEEK, list_subscribers(state), NOW) == 0
    assert send(state, port) == []
    assert sorted(address for address, _ in box.mails) == ["a@eksempel.no", "b@eksempel.no", "c@eksempel.no"]


def test_the_mail_arrives_byte_for_byte_dots_included(state, postbox):
    box, port = postbox
    enqueue(state, WEEK, readers(state, "a"), NOW)
    send(state, port)
    assert box.mails[0][1] == MAIL


def test_later_is_tried_again_after_a_pause_and_delivered_once(state, postbox):
    box, port = postbox
    box.answers["a@eksempel.no"] = ["451 4.7.1 Later", "421 4.3.2 Busy"]
    box.after_data["a@eksempel.no"] = ["452 4.3.1 Full"]
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    clock = Clock()
    assert [outcome.state for outcome in send(state, port, clock)] == ["pending", "sent"]
    assert send(state, port, clock) == []
    for pause in PAUSES[:3]:
        assert next_due(state, WEEK) == clock.now + pause
        clock.now += pause
        (outcome,) = send(state, port, clock)
    assert outcome.state == "sent"
    assert [address for address, _ in box.mails] == ["b@eksempel.no", "a@eksempel.no"]
    assert tally(state, WEEK).sent == 2


def test_never_is_recorded_with_the_servers_words_and_not_tried_again(state, postbox):
    box, port = postbox
    box.answers["a@eksempel.no"] = ["550 5.1.1 No such mailbox"]
    box.after_data["b@eksempel.no"] = ["554 5.7.1 Spam"]
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    send(state, port)
    clock = Clock()
    clock.now += timedelta(days=2)
    assert send(state, port, clock) == []
    assert failures(state, WEEK) == (
        ("a@eksempel.no", "failed", "5.1.1 No such mailbox"),
        ("b@eksempel.no", "failed", "5.7.1 Spam"),
    )
    assert not box.mails


def test_a_line_that_breaks_before_the_content_is_tried_again(state, postbox):
    box, port = postbox
    box.answers["a@eksempel.no"] = ["hang up"]
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    clock = Clock()
    assert [outcome.state for outcome in send(state, port, clock)] == ["pending", "sent"]
    clock.now += PAUSES[0]
    assert [outcome.state for outcome in send(state, port, clock)] == ["sent"]
    assert len(box.mails) == 2


@pytest.mark.parametrize("said", ["hang up", "take and hang up"])
def test_a_line_that_breaks_within_the_content_is_unknown_and_left_alone(state, postbox, said):
    box, port = postbox
    box.after_data["a@eksempel.no"] = [said]
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    clock = Clock()
    assert [outcome.state for outcome in send(state, port, clock)] == ["unknown", "sent"]
    clock.now += timedelta(days=2)
    assert send(state, port, clock) == []
    assert tally(state, WEEK).unknown == 1
    assert outbox.retry_unknown(state, WEEK, clock.now) == 1
    assert [outcome.state for outcome in send(state, port, clock)] == ["sent"]


def test_after_half_a_day_of_later_it_is_given_up(state, postbox):
    box, port = postbox
    box.answers["a@eksempel.no"] = ["451 Later"] * 20
    enqueue(state, WEEK, readers(state, "a"), NOW)
    clock = Clock()
    for _ in range(len(PAUSES)):
        send(state, port, clock)
        clock.now = next_due(state, WEEK)
    (last,) = send(state, port, clock)
    assert last.state == "failed"
    assert last.answer == "oppgitt etter 8 forsøk: Later"
    assert timedelta(hours=12) < clock.now - NOW < timedelta(days=1)


def test_a_server_that_is_not_there_leaves_everybody_waiting(state):
    enqueue(state, WEEK, readers(state, "a"), NOW)
    with pytest.raises(OutboxError, match=r"Får ikke forbindelse med 127.0.0.1:1 .*Rett \[mail\] host"):
        send(state, 1)
    assert tally(state, WEEK).pending == 1
    assert next_due(state, WEEK) == NOW


def test_who_unsubscribes_while_the_mail_waits_gets_none_and_leaves_no_trace(state, postbox):
    _box, port = postbox
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    remove_subscriber(state, "A@eksempel.no")

    def mail_of(address):
        return MAIL if find_address(state, address) else None

    assert [outcome.address for outcome in send(state, port, mail_of=mail_of)] == ["b@eksempel.no"]
    assert b"a@eksempel.no" not in state.read_bytes()
    with open_state(state) as connection:
        assert connection.execute("select count(*) from delivery").fetchone() == (1,)


def test_who_unsubscribes_between_the_mail_and_its_answer_is_no_error(state, postbox):
    _box, port = postbox
    enqueue(state, WEEK, readers(state, "a"), NOW)

    def mail_of(address):
        remove_subscriber(state, address)
        return MAIL

    assert [outcome.state for outcome in send(state, port, mail_of=mail_of)] == ["sent"]
    assert tally(state, WEEK).total == 0


def test_a_stop_ends_between_two_mails(state, postbox):
    _, port = postbox
    enqueue(state, WEEK, readers(state, "a", "b", "c"), NOW)
    sent = []
    server = Server(host="127.0.0.1", port=port, per_minute=1_000_000)
    sending = send_pending(
        state, WEEK, lambda address: MAIL, "d@eksempel.no", server, Clock(),
        pause=sent.append, stopped=lambda: len(sent) > 0,
    )  # fmt: skip
    assert len(list(sending)) == 1
    assert (tally(state, WEEK).pending, tally(state, WEEK).unknown) == (2, 0)


def test_the_rate_is_kept_by_even_pauses(state, postbox):
    _, port = postbox
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    pauses = []
    server = Server(host="127.0.0.1", port=port, per_minute=6)
    list(send_pending(state, WEEK, lambda address: MAIL, "d@eksempel.no", server, Clock(), pause=pauses.append))
    assert len(pauses) == 2
    assert all(5 < pause <= 10 for pause in pauses)


def test_a_mail_found_in_the_act_of_sending_is_unknown(state, postbox):
    box, port = postbox
    enqueue(state, WEEK, readers(state, "a", "b"), NOW)
    with open_state(state) as connection:
        connection.execute("update delivery set state = 'sending' where address = 'a@eksempel.no'")
    send(state, port)
    assert failures(state, WEEK) == (("a@eksempel.no", "unknown", "avbrutt under sending"),)
    assert [address for address, _ in box.mails] == ["b@eksempel.no"]


def test_failures_in_a_row_are_counted_until_a_mail_is_taken(state, postbox):
    box, port = postbox
    everyone = readers(state, "a")
    clock = Clock()
    server = Server(host="127.0.0.1", port=port, per_minute=1_000_000)
    counts = []
    for week, answer in (("2024-W11", "550 No"), ("2024-W12", None), ("2024-W13", "550 No"), ("2024-W14", "552 Full")):
        clock.now += timedelta(days=7)
        box.answers["a@eksempel.no"] = [answer] if answer else []
        enqueue(state, week, everyone, clock.now)
        list(send_pending(state, week, lambda address: MAIL, "d@b.no", server, clock, pause=lambda s: None))
        counts.append(hard_failures(state).get("a@eksempel.no"))
    assert counts == [(1, "No"), None, (1, "No"), (2, "Full")]


def test_a_bounce_turns_the_last_mail_into_a_failure(state, postbox):
    _, port = postbox
    enqueue(state, WEEK, readers(state, "a"), NOW)
    send(state, port)
    assert outbox.record_bounce(state, "A@eksempel.no", "550 User unknown", NOW)
    assert failures(state, WEEK) == (("a@eksempel.no", "failed", "retur: 550 User unknown"),)
    assert not outbox.record_bounce(state, "fremmed@eksempel.no", "550", NOW)


def test_a_copy_that_is_refused_says_the_servers_words(postbox):
    box, port = postbox
    box.answers["meg@eksempel.no"] = ["550 5.7.1 Not you"]
    server = Server(host="127.0.0.1", port=port)
    with pytest.raises(OutboxError, match=r"550 5.7.1 Not you"):
        send_one("meg@eksempel.no", MAIL, "d@eksempel.no", server)
    send_one("meg@eksempel.no", MAIL, "d@eksempel.no", server)
    assert len(box.mails) == 1


def test_hundreds_over_a_failing_server_with_the_sender_killed_get_it_once_or_are_reported():
    bench = Path(__file__).parents[2] / "bench/mailing.py"
    done = subprocess.run(
        [sys.executable, bench, "--subscribers", "300", "--kilobytes", "1", "--trouble", "0.3", "--seed", "7"],
        capture_output=True, text=True, check=True, timeout=300,
    )  # fmt: skip
    figures = json.loads(done.stdout)
    assert figures["processes"] == 2  # the first was killed
    assert (figures["twice"], figures["lost"], figures["lies"], figures["pending"]) == (0, 0, 0, 0)
    assert figures["changed_ids"] == 0
    assert figures["sent"] + figures["failed"] + figures["unknown"] == 300
    assert figures["sent"] > 250
    assert figures["unknown"] > 0
