"""Who gets the digest: address, language and wishes, nothing else, deletable at any time.

Kept in the state file. An address is stored as written but compared without case. The token is the only key that a
link in a mail carries; it says nothing of the address. Its first part finds the row, the whole is then compared in
constant time.
"""

from __future__ import annotations

import csv
import hmac
import json
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from digest.words import Language

State = Literal["pending", "active"]

_SCHEMA = """
create table if not exists subscriber (
  address text primary key collate nocase, token text not null unique, state text not null, language text not null,
  kommuner text not null, fylker text not null, cities text not null, only_decisions integer not null,
  added_at text not null, confirmed_at text
)
"""
_SELECTOR = 8
"""Characters of a token that find its row; the other 24 are the secret."""
# One mailbox, no display name, nothing that could end a header line; whether it exists only a delivery tells.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")


class SubscriberError(Exception):
    """A subscriber can't be added, found or changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a subscriber wants to read about. Empty lists mean everything; `kommuner` and `cities` are place ids."""

    language: Language = "nb"
    kommuner: tuple[str, ...] = ()
    fylker: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    only_decisions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """One recipient; `pending` until the link in the confirmation mail was opened (double opt-in)."""

    address: str
    token: str
    state: State
    wishes: Wishes
    added_at: datetime
    confirmed_at: datetime | None = None


@contextmanager
def open_state(state: Path) -> Iterator[sqlite3.Connection]:
    """Open the state file for one transaction; commits at the end, rolls back on an error."""
    connection = connect_state(state)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def connect_state(state: Path) -> sqlite3.Connection:
    """Return a connection to the state file that the caller closes."""
    state.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(state, timeout=30)
    try:
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma secure_delete=on")  # what is deleted shall not linger in the file
        connection.execute(_SCHEMA)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection


def add_subscriber(state: Path, address: str, wishes: Wishes, now: datetime, *, confirmed: bool) -> Subscriber:
    """Add an address, or renew the wishes of one that is there; raises SubscriberError for a malformed address.

    `confirmed` False leaves it pending (an address that is already active stays so).
    """
    address = address.strip()
    if not is_address(address):
        raise SubscriberError(f"«{address}» er ikke en e-postadresse. Skriv den som navn@eksempel.no.")
    if wishes.language not in get_args(Language):
        raise SubscriberError(f"Språket «{wishes.language}» finnes ikke. Velg nb, nn eller en.")
    with open_state(state) as connection:
        there = connection.execute("select token, state from subscriber where address = ?", (address,)).fetchone()
        token = there[0] if there else secrets.token_urlsafe(24)
        active = confirmed or (there is not None and there[1] == "active")
        connection.execute(
            "insert into subscriber values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (address) do update set "
            "state = excluded.state, language = excluded.language, kommuner = excluded.kommuner, "
            "fylker = excluded.fylker, cities = excluded.cities, only_decisions = excluded.only_decisions, "
            "added_at = iif(subscriber.state = 'pending', excluded.added_at, subscriber.added_at), "
            "confirmed_at = coalesce(subscriber.confirmed_at, excluded.confirmed_at)",
            (
                address,
                token,
                "active" if active else "pending",
                wishes.language,
                *(json.dumps(chosen) for chosen in (wishes.kommuner, wishes.fylker, wishes.cities)),
                wishes.only_decisions,
                now.isoformat(),
                now.isoformat() if active else None,
            ),
        )
    return find_subscriber(state, token)


def is_address(text: str) -> bool:
    """Tell whether this is one address, without a name or anything else around it."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def list_subscribers(state: Path) -> tuple[Subscriber, ...]:
    """List all, by address."""
    with open_state(state) as connection:
        return tuple(map(_from_row, connection.execute("select * from subscriber order by address")))


def find_subscriber(state: Path, token: str) -> Subscriber:
    """Find by token; raises SubscriberError where nobody has it."""
    with open_state(state) as connection:
        rows = connection.execute(
            f"select * from subscriber where substr(token, 1, {_SELECTOR}) = ?", (token[:_SELECTOR],)
        ).fetchall()
    for row in rows:
        if hmac.compare_digest(row[1].encode(), token.encode()):
            return _from_row(row)
    raise SubscriberError("Lenken gjelder ingen abonnent; adressen er kanskje alt slettet.")


def find_address(state: Path, address: str) -> Subscriber | None:
    """Find by address, None where nobody has it."""
    with open_state(state) as connection:
        row = connection.execute("select * from subscriber where address = ?", (address.strip(),)).fetchone()
    return _from_row(row) if row else None


def confirm_subscriber(state: Path, token: str, now: datetime) -> Subscriber:
    """Make a pending subscriber active (the link in the confirmation mail was opened)."""
    subscriber = find_subscriber(state, token)
    with open_state(state) as connection:
        connection.execute(
            "update subscriber set state = 'active', confirmed_at = coalesce(confirmed_at, ?) where address = ?",
            (now.isoformat(), subscriber.address),
        )
    return replace(subscriber, state="active", confirmed_at=subscriber.confirmed_at or now)


def forget_unconfirmed(state: Path, before: datetime) -> int:
    """Delete those who were asked before that time and have not said yes. Returns how many."""
    asked = [one for one in list_subscribers(state) if one.state == "pending" and one.added_at < before]
    return sum(remove_subscriber(state, one.address) for one in asked)


def remove_subscriber(state: Path, address: str) -> bool:
    """Delete everything known of a subscriber, deliveries included; False where there was nobody."""
    with open_state(state) as connection:
        removed = connection.execute("delete from subscriber where address = ?", (address.strip(),)).rowcount
        if connection.execute("select 1 from sqlite_master where name = 'delivery'").fetchone():
            removed += connection.execute("delete from delivery where address = ?", (address.strip(),)).rowcount
    return removed > 0


def read_subscriber_list(lines: Iterable[str]) -> Iterator[tuple[int, str, Wishes | str]]:
    """Read a CSV list (columns address, language, kommuner, fylker, cities, only_decisions; `;` within a cell).

    Yields line number, address and either the wishes or the reason why the line can't be used.
    """
    reader = csv.DictReader(lines)
    if "address" not in (reader.fieldnames or ()):
        raise SubscriberError("Listen mangler kolonnen «address». Første linje skal være kolonnenavn.")
    for number, row in enumerate(reader, start=2):
        address = (row.get("address") or "").strip()
        language = (row.get("language") or "nb").strip()
        if not is_address(address):
            yield number, address, "ikke en e-postadresse"
        elif language not in get_args(Language):
            yield number, address, f"ukjent språk «{language}»"
        else:
            kommuner, fylker, cities = (
                tuple(part.strip() for part in (row.get(column) or "").split(";") if part.strip())
                for column in ("kommuner", "fylker", "cities")
            )
            only = (row.get("only_decisions") or "").strip().lower() in {"1", "ja", "true", "yes", "x"}
            yield (
                number,
                address,
                Wishes(language=language, kommuner=kommuner, fylker=fylker, cities=cities, only_decisions=only),  # type: ignore[arg-type]
            )


def _from_row(row: tuple[str, ...]) -> Subscriber:
    address, token, state, language, kommuner, fylker, cities, only, added, confirmed = row
    return Subscriber(
        address=address,
        token=token,
        state=state,  # type: ignore[arg-type]
        wishes=Wishes(
            language=language,  # type: ignore[arg-type]
            kommuner=tuple(json.loads(kommuner)),
            fylker=tuple(json.loads(fylker)),
            cities=tuple(json.loads(cities)),
            only_decisions=bool(only),
        ),
        added_at=datetime.fromisoformat(added),
        confirmed_at=datetime.fromisoformat(confirmed) if confirmed else None,
    )
