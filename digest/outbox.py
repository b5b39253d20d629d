"""The outbox: who has been sent which mail. Never twice, never lost, and where nobody can know, that is what it says.

A delivery is `pending` until it is due, `sending` from just before SMTP (committed), then `sent`, `failed` (a 5xx
answer) or `pending` again with a growing pause (a 4xx answer, no connection). A process that dies while `sending`
leaves a mail that may or may not have been taken: the next run calls it `unknown` and does not send it again.
"""

from __future__ import annotations

import smtplib
import sqlite3
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from digest.subscribers import Subscriber, connect_state, open_state

_SCHEMA = """
create table if not exists delivery (
  name text not null, address text not null collate nocase, state text not null, attempts integer not null default 0,
  due text not null, code integer, answer text, updated_at text not null, primary key (name, address)
);
create index if not exists delivery_due on delivery (name, state, due, address)
"""
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240, 240))
"""Pauses before the second, third … attempt; after the eighth a mail is given up, half a day later."""

State = Literal["pending", "sent", "failed", "unknown"]


class OutboxError(Exception):
    """No mail can be sent at all; the message says what the server answered and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The SMTP server and what it may be asked of: at most `per_minute` mails, in even steps."""

    host: str
    port: int
    starttls: bool = False
    user: str = ""
    password: str = ""
    per_minute: int = 600
    timeout_s: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many deliveries of one mail stand in which state."""

    pending: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.pending + self.sent + self.failed + self.unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt; `code` and `answer` are the server's, code 0 where the line broke."""

    address: str
    state: State
    code: int
    answer: str


@contextmanager
def _deliveries(state: Path) -> Iterator[sqlite3.Connection]:
    with open_state(state) as connection:
        connection.executescript(_SCHEMA)
        yield connection


def enqueue(state: Path, name: str, subscribers: Iterable[Subscriber], now: datetime) -> int:
    """Put one mail to each into the outbox; who has it already, in whatever state, is left alone. Returns the new."""
    with _deliveries(state) as connection:
        before = connection.total_changes
        connection.executemany(
            "insert or ignore into delivery (name, address, state, due, updated_at) values (?, ?, 'pending', ?, ?)",
            ((name, subscriber.address, _text(now), _text(now)) for subscriber in subscribers),
        )
        return connection.total_changes - before


def tally(state: Path, name: str) -> Tally:
    """Count the deliveries of one mail by state (`sending` counts as unknown: its process died or still runs)."""
    with _deliveries(state) as connection:
        return Tally(
            **dict(
                connection.execute(
                    "select iif(state = 'sending', 'unknown', state), count(*) from delivery where name = ? group by 1",
                    (name,),
                )
            )
        )


def unsettled(state: Path) -> tuple[str, ...]:
    """Name the mails that still have somebody waiting, the oldest first."""
    with _deliveries(state) as connection:
        rows = connection.execute(
            "select name from delivery where state = 'pending' group by name order by min(updated_at), name"
        )
        return tuple(row[0] for row in rows)


def failures(state: Path, name: str) -> tuple[tuple[str, str, str], ...]:
    """List (address, state, the server's answer) of what failed or is unknown."""
    with _deliveries(state) as connection:
        return tuple(
            connection.execute(
                "select address, state, coalesce(answer, '') from delivery where name = ? "
                "and state in ('failed', 'unknown') order by address",
                (name,),
            )
        )


def hard_failures(state: Path) -> dict[str, tuple[int, str]]:
    """Return, by address in lower case, how many mails in a row failed for good, and the last answer.

    Counts back from the newest settled mail to the last one that was taken.
    """
    found: dict[str, tuple[int, str]] = {}
    with _deliveries(state) as connection:
        rows = connection.execute(
            "select lower(address), answer from delivery as d where state = 'failed' and updated_at > coalesce("
            "(select max(updated_at) from delivery where address = d.address and state = 'sent'), '') "
            "order by updated_at"
        )
        for address, answer in rows:
            found[address] = (found.get(address, (0, ""))[0] + 1, answer or "")
    return found


def retry_unknown(state: Path, name: str, now: datetime) -> int:
    """Make what is unknown pending again, on the operator's own risk of a second copy. Returns how many."""
    with _deliveries(state) as connection:
        return connection.execute(
            "update delivery set state = 'pending', due = ? where name = ? and state in ('unknown', 'sending')",
            (_text(now), name),
        ).rowcount


def record_bounce(state: Path, address: str, answer: str, now: datetime) -> bool:
    """Turn the newest mail that was taken for an address into a failure; False where none was sent to it."""
    with _deliveries(state) as connection:
        row = connection.execute(
            "select name from delivery where address = ? and state in ('sent', 'unknown') "
            "order by updated_at desc limit 1",
            (address,),
        ).fetchone()
        if row is None:
            return False
        connection.execute(
            "update delivery set state = 'failed', answer = ?, updated_at = ? where name = ? and address = ?",
            (f"retur: {answer}"[:300], _text(now), row[0], address),
        )
    return True


def next_due(state: Path, name: str) -> datetime | None:
    """Return when the next pending delivery may be tried, None where none is pending."""
    with _deliveries(state) as connection:
        row = connection.execute(
            "select min(due) from delivery where name = ? and state = 'pending'", (name,)
        ).fetchone()
    return datetime.fromisoformat(row[0]) if row[0] else None


def send_pending(
    state: Path,
    name: str,
    mail_of: Callable[[str], bytes | None],
    sender: str,
    server: Server,
    clock: Callable[[], datetime],
    *,
    pause: Callable[[float], object] = time.sleep,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Outcome]:
    """Send what is due, one mail at a time over one connection, and yield what became of each.

    `mail_of` returns the mail for an address, None where it is no longer subscribed (the delivery is dropped).
    Ends when nothing is due, or between two mails once `stopped`. Raises OutboxError where the server takes no
    connection or no login: then nobody's mail has been tried. The caller holds the digest lock: two senders at once
    would call each other's mails unknown.
    """
    record = connect_state(state)
    # One connection all along, each statement its own transaction: opening and closing per mail costs most of the time.
    record.isolation_level = None
    line: smtplib.SMTP | None = None
    reached = False
    try:
        record.executescript(_SCHEMA)
        record.execute(
            "update delivery set state = 'unknown', answer = 'avbrutt under sending' "
            "where name = ? and state = 'sending'",
            (name,),
        )
        while not stopped() and (address := _next_due(record, name, clock())):
            started = time.monotonic()
            mail = mail_of(address)
            if mail is None:
                record.execute("delete from delivery where name = ? and address = ?", (name, address))
                continue
            if line is None or not _awake(line):
                try:
                    line = _connect(server)
                except (OSError, smtplib.SMTPException) as error:
                    if not reached:
                        raise OutboxError(_unreachable(server, error)) from None
                    # It answered a moment ago: all that is due waits a little, without an attempt being counted.
                    line = None
                    _postpone(record, name, clock(), f"ingen forbindelse: {error}")
                    continue
                reached = True
            _begin(record, name, address, clock())
            outcome = _deliver(line, sender, address, mail)
            if outcome.code in (0, 421):
                _hang_up(line)
                line = None
            yield _settle(record, name, outcome, clock())
            pause(max(0.0, 60 / server.per_minute - (time.monotonic() - started)))
    finally:
        record.close()
        if line:
            with suppress(OSError, smtplib.SMTPException):
                line.quit()


def send_one(to: str, mail: bytes, sender: str, server: Server) -> None:
    """Send one mail outside the outbox (the operator's own look); raises OutboxError with the server's answer."""
    try:
        line = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise OutboxError(_unreachable(server, error)) from None
    try:
        outcome = _deliver(line, sender, to, mail)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            line.quit()
    if outcome.state != "sent":
        raise OutboxError(
            f"{server.host}:{server.port} tok ikke imot e-posten til {to}: {outcome.code} {outcome.answer}"
        )


def _text(moment: datetime) -> str:
    """Write a time so that the order of the words is the order of time."""
    return moment.isoformat(timespec="microseconds")


def _next_due(record: sqlite3.Connection, name: str, now: datetime) -> str | None:
    row = record.execute(
        "select address from delivery where name = ? and state = 'pending' and due <= ? order by due, address limit 1",
        (name, _text(now)),
    ).fetchone()
    return row[0] if row else None


def _begin(record: sqlite3.Connection, name: str, address: str, now: datetime) -> None:
    # On disk before the first word to the server, even if the power goes; what comes after may be lost and is unknown.
    record.execute("pragma synchronous=full")
    record.execute(
        "update delivery set state = 'sending', attempts = attempts + 1, updated_at = ? where name = ? and address = ?",
        (_text(now), name, address),
    )


def _postpone(record: sqlite3.Connection, name: str, now: datetime, why: str) -> None:
    record.execute(
        "update delivery set due = ?, answer = ? where name = ? and state = 'pending' and due <= ?",
        (_text(now + PAUSES[0]), why[:300], name, _text(now)),
    )


def _settle(record: sqlite3.Connection, name: str, outcome: Outcome, now: datetime) -> Outcome:
    """Record what became of an attempt; a 4xx for the last time is a failure."""
    row = record.execute(
        "select attempts from delivery where name = ? and address = ?", (name, outcome.address)
    ).fetchone()
    attempts = row[0] if row else 1  # unsubscribed meanwhile: nothing to record
    after, answer, due = outcome.state, outcome.answer, now
    if after == "pending" and attempts > len(PAUSES):
        after, answer = "failed", f"oppgitt etter {attempts} forsøk: {answer}"
    elif after == "pending":
        due = now + PAUSES[attempts - 1]
    record.execute("pragma synchronous=normal")
    record.execute(
        "update delivery set state = ?, code = ?, answer = ?, due = ?, updated_at = ? where name = ? and address = ?",
        (after, outcome.code, answer[:300], _text(due), _text(now), name, outcome.address),
    )
    return Outcome(address=outcome.address, state=after, code=outcome.code, answer=answer)


def _connect(server: Server) -> smtplib.SMTP:
    line = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
    try:
        line.ehlo_or_helo_if_needed()
        if server.starttls:
            line.starttls(context=ssl.create_default_context())
            line.ehlo_or_helo_if_needed()
        if server.user:
            line.login(server.user, server.password)
    except BaseException:
        line.close()
        raise
    return line


def _awake(line: smtplib.SMTP) -> bool:
    """Ask whether an open line still lives; servers hang up after some mails or some idle time."""
    try:
        code, _ = line.rset()
    except (OSError, smtplib.SMTPException):
        _hang_up(line)
        return False
    if code >= 400:
        _hang_up(line)
    return code < 400


def _hang_up(line: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        line.close()


def _deliver(line: smtplib.SMTP, sender: str, address: str, mail: bytes) -> Outcome:
    """Hand one mail over."""

    def outcome(state: State, code: int, answer: bytes | str) -> Outcome:
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        return Outcome(address=address, state=state, code=code, answer=" ".join(words.split()))

    try:
        code, answer = line.mail(sender)
        if code < 400:
            code, answer = line.rcpt(address)
        if code >= 400:
            return outcome("pending" if code < 500 else "failed", code, answer)
        code, answer = line.docmd("data")
        if code != 354:
            return outcome("pending" if code < 500 else "failed", code, answer)
    except (OSError, smtplib.SMTPException) as error:
        return outcome("pending", 0, f"forbindelsen brøt før overføringen: {error}")  # nothing was handed over
    try:
        line.send(_stuffed(mail) + b".\r\n")
        code, answer = line.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return outcome("unknown", 0, f"forbindelsen brøt under overføringen: {error}")
    return outcome("sent" if code < 400 else "pending" if code < 500 else "failed", code, answer)


def _stuffed(mail: bytes) -> bytes:
    """Double the dots that begin a line (RFC 5321, 4.5.2); the mail has CRLF line ends already."""
    mail = mail.replace(b"\r\n.", b"\r\n..")
    mail = b"." + mail if mail.startswith(b".") else mail
    return mail if mail.endswith(b"\r\n") else mail + b"\r\n"


def _unreachable(server: Server, error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{server.host}:{server.port} godtar ikke brukernavnet eller passordet. Rett [mail] user og password."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"{server.host}:{server.port} kan ikke STARTTLS eller innlogging. Rett [mail] starttls eller user."
    if isinstance(error, ssl.SSLError):
        return f"{server.host}:{server.port} har et sertifikat som ikke kan godtas: {error}."
    return (
        f"Får ikke forbindelse med {server.host}:{server.port} ({error}). Rett [mail] host og port; ingenting er sendt."
    )
