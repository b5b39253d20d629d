"""Returned mail: what a delivery status notification (RFC 3464) says of which address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """An address that a mail did not reach for good, and the server's words."""

    address: str
    answer: str


def read_bounces(raw: bytes) -> Iterator[Bounce]:
    """Yield the permanent failures in one mail or an mbox of mails; delays and successes are left out."""
    mails = re.split(rb"(?m)^From .*\r?\n", raw) if raw.startswith(b"From ") else [raw]
    for mail in mails:
        if mail.strip():
            yield from _bounces(message_from_bytes(mail, policy=policy.default))


def _bounces(mail: EmailMessage) -> Iterator[Bounce]:
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
                recipient = str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
                address = recipient.partition(";")[2].strip() or recipient.strip()
                why = str(block.get("Diagnostic-Code") or block.get("Status") or "").partition(";")
                yield Bounce(address=address, answer=" ".join((why[2] or why[0]).split())[:300])
