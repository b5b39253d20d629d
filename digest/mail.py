"""One mail: text, HTML and inline pictures, with the headers that mail providers ask of a newsletter."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from digest.subscribers import Subscriber
from digest.words import plain

UNSUBSCRIBE = "https://avslutt.invalid/"
"""Stands in a letter where `compose` puts the subscriber's own link."""
# Addresses in these headers must neither be folded nor encoded, however long they are.
_WHOLE = frozenset({"list-unsubscribe", "message-id", "list-id"})


class _Policy(policy.EmailPolicy):
    """SMTP's policy, with the headers of `_WHOLE` on one line and a subject in words of at most 75 characters."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _WHOLE:
            return f"{name}: {value}\r\n".encode("ascii")
        if name.lower() == "subject":  # the newer API makes longer words than RFC 2047 allows
            charset = "us-ascii" if value.isascii() else "utf-8"
            words = Header(str(value), charset, 75, name).encode(linesep="\r\n")
            return f"{name}: {words}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")


class MailError(Exception):
    """A mail can't be made; the message says what is wrong with the settings and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a mail says. `images` maps content ids, as `cid:` addresses in `html` use them, to PNG bytes."""

    subject: str
    text: str
    html: str
    images: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: address with name, list id, public address for unsubscribing (or none), DKIM key (or none)."""

    sender: str
    list_id: str
    public_url: str = ""
    dkim_key: bytes | None = None
    dkim_selector: str = ""
    dkim_domain: str = ""

    def __post_init__(self) -> None:
        if "@" not in self.address:
            raise MailError(f"[mail] sender «{self.sender}» har ingen e-postadresse. Skriv «Navn <navn@eksempel.no>».")
        if not self.list_id.isascii() or set(self.list_id) & set("<> \t"):
            raise MailError(f"[mail] list_id «{self.list_id}» må være et navn som bybaand.eksempel.no.")
        if self.public_url and (urlsplit(self.public_url).scheme != "https" or not urlsplit(self.public_url).hostname):
            raise MailError(f"[mail] public_url «{self.public_url}» må begynne med https:// (RFC 8058).")
        if self.public_url and not self.public_url.isascii():
            raise MailError(f"[mail] public_url «{self.public_url}» må skrives med ASCII (punycode).")
        if self.dkim_key and not (self.dkim_selector and self.dkim_domain):
            raise MailError("[mail] dkim_key krever også dkim_selector og dkim_domain.")

    @property
    def address(self) -> str:
        """The address alone, as the envelope has it."""
        return parseaddr(self.sender)[1]


def message_id(name: str, token: str, sender: Sender) -> str:
    """Return the Message-ID of the mail `name` ("2024-W14") to one subscriber: the same at every attempt."""
    digest = sha256(f"{name}\n{token}".encode()).hexdigest()[:32]
    return f"<{name}.{digest}@{sender.address.rpartition('@')[2]}>"


def compose(content: Content, name: str, subscriber: Subscriber, sender: Sender, sent_at: datetime) -> bytes:
    """Return the mail to one subscriber as bytes for SMTP, signed where a DKIM key is set; `sent_at` is aware."""
    link = unsubscribe_link(subscriber, sender)
    mail = _mail(
        Content(
            subject=content.subject,
            text=content.text.replace(UNSUBSCRIBE, link),
            html=content.html.replace(UNSUBSCRIBE, html.escape(link)),
            images=content.images,
        ),
        sender,
        subscriber.address,
        subscriber.wishes.language,
        message_id(name, subscriber.token, sender),
        sent_at,
    )
    by_mail = f"<mailto:{sender.address}?subject=unsubscribe>"
    if sender.public_url:
        mail["List-Unsubscribe"] = f"<{link}>, {by_mail}"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        mail["List-Unsubscribe"] = by_mail
    return _signed(mail.as_bytes(), sender)


def compose_copy(content: Content, name: str, language: str, sender: Sender, to: str, sent_at: datetime) -> bytes:
    """Return the mail for somebody who is no subscriber: the operator's own look, or the file on disk."""
    return _signed(_mail(content, sender, to, language, message_id(name, to, sender), sent_at).as_bytes(), sender)


def unsubscribe_link(subscriber: Subscriber, sender: Sender) -> str:
    """Return the address that ends the subscription: a page for people, one POST for mail programs (RFC 8058).

    Without a public address it is a mail to the sender.
    """
    if not sender.public_url:
        return f"mailto:{sender.address}?subject=unsubscribe"
    return f"{sender.public_url.rstrip('/')}/avslutt/{subscriber.token}"


def confirmation_link(subscriber: Subscriber, sender: Sender) -> str:
    """Return the address of the page where a subscriber says yes."""
    return f"{sender.public_url.rstrip('/')}/bekreft/{subscriber.token}"


def read_key(file: Path | None) -> bytes | None:
    """Read the DKIM key (PEM); raises MailError where it can't be read."""
    if file is None:
        return None
    try:
        return file.read_bytes()
    except OSError as error:
        raise MailError(f"Kan ikke lese DKIM-nøkkelen {file}: {error.strerror}. Rett [mail] dkim_key.") from None


def _mail(content: Content, sender: Sender, to: str, language: str, identity: str, sent_at: datetime) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender.sender
    mail["To"] = to
    mail["Subject"] = plain(content.subject)  # a line end in crawled text would end the header
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = identity
    mail["List-Id"] = f"<{sender.list_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.text, cte="quoted-printable")
    mail.add_alternative(content.html, subtype="html", cte="quoted-printable")
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)  # noqa: S101 (added two lines above)
    for cid, png in content.images.items():
        body.add_related(png, "image", "png", cid=f"<{cid}>", filename=f"{cid}.png", disposition="inline")
    mail["Content-Language"] = language  # last: what is set before the parts are is moved into the first
    return mail


_TO_SIGN = frozenset(
    {
        b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type", b"content-language",
        b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"auto-submitted",
    }
)  # fmt: skip


def _signed(raw: bytes, sender: Sender) -> bytes:
    if not sender.dkim_key:
        return raw
    import dkim

    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    present = [line.split(b":", 1)[0].lower() for line in head if line[:1] not in (b" ", b"\t")]
    try:
        signature: bytes = dkim.sign(
            raw,
            sender.dkim_selector.encode(),
            sender.dkim_domain.encode(),
            sender.dkim_key,
            include_headers=[header for header in present if header in _TO_SIGN],
            canonicalize=(b"relaxed", b"relaxed"),
        )
    except (dkim.DKIMException, ValueError) as error:
        raise MailError(f"DKIM-nøkkelen kan ikke brukes: {error}. Den skal være en privat RSA-nøkkel (PEM).") from None
    return signature + raw
