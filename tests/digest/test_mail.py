import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from digest.letter import write_letter
from digest.mail import Content, MailError, Sender, compose, compose_copy, read_key
from digest.subscribers import Subscriber, Wishes

NOW = datetime(2024, 4, 8, 5, tzinfo=UTC)
SENDER = Sender(
    sender="Bybånd <digest@eksempel.no>", list_id="bybaand.eksempel.no", public_url="https://by.eksempel.no/"
)
LESER = Subscriber(
    address="leser@eksempel.no", token="t" * 32, state="active", wishes=Wishes(language="nn"), added_at=NOW
)
CONTENT = Content(
    subject="Øvre Eiker – Balta", text="Hei\n", html='<p><img src="cid:uken"></p>', images={"uken": b"\x89PNG"}
)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def test_the_parts_are_text_then_html_with_its_pictures(told):
    mail = parsed(compose(write_letter(told, "nn"), "2024-W14", LESER, SENDER, NOW))
    assert mail.get_content_type() == "multipart/alternative"
    text, related = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert related.get_content_type() == "multipart/related"
    html, *pictures = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert {part["Content-ID"].strip("<>") for part in pictures} == set(
        re.findall(r'src="cid:([^"]+)"', html.get_content())
    )
    assert {part.get_content_disposition() for part in pictures} == {"inline"}


def test_the_headers_are_those_of_a_list_with_one_click(told):
    mail = parsed(compose(CONTENT, "2024-W14", LESER, SENDER, NOW))
    link = f"https://by.eksempel.no/avslutt/{'t' * 32}"
    assert mail["List-Unsubscribe"] == f"<{link}>, <mailto:digest@eksempel.no?subject=unsubscribe>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<bybaand.eksempel.no>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "nn"
    assert mail["To"] == "leser@eksempel.no"
    assert "Bcc" not in mail


def test_the_message_id_is_the_same_at_every_attempt_and_anothers_is_not():
    again = datetime(2024, 4, 9, tzinfo=UTC)
    first = parsed(compose(CONTENT, "2024-W14", LESER, SENDER, NOW))["Message-ID"]
    assert first == parsed(compose(CONTENT, "2024-W14", LESER, SENDER, again))["Message-ID"]
    assert first != parsed(compose(CONTENT, "2024-W15", LESER, SENDER, NOW))["Message-ID"]
    assert first != parsed(compose(CONTENT, "2024-W14", replace(LESER, token="u" * 32), SENDER, NOW))["Message-ID"]
    assert "leser" not in first


def test_every_line_is_ascii_and_short_enough_and_long_addresses_stay_whole(told):
    sender = replace(SENDER, public_url="https://en-veldig-lang-vert.eksempel.no/" + "sti/" * 20)
    raw = compose(write_letter(told, "nb", unsubscribe=True), "2024-W14", LESER, sender, NOW)
    head, _, body = raw.partition(b"\r\n\r\n")
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert max(map(len, body.split(b"\r\n"))) <= 78
    (line,) = [line for line in head.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]
    assert (
        line.decode()
        == f"List-Unsubscribe: <{sender.public_url}avslutt/{'t' * 32}>, <mailto:digest@eksempel.no?subject=unsubscribe>"
    )
    assert len(line) <= 998


def test_a_subject_in_norwegian_is_encoded_in_words_of_at_most_75_characters():
    subject = "Øvre Eiker har inngått vennskapsavtale med Балта; forslag om brudd: Bodø–Vyborg " * 2
    raw = compose(replace(CONTENT, subject=subject), "2024-W14", LESER, SENDER, NOW)
    head = raw.partition(b"\r\n\r\n")[0].decode()
    words = re.findall(r"=\?[^?]+\?[bq]\?[^?]*\?=", head)
    assert words
    assert max(map(len, words)) <= 75
    assert parsed(raw)["Subject"] == subject.strip()


@pytest.mark.parametrize("nasty", ["Hei\r\nBcc: alle@eksempel.no", "Hei\nX: y\n\n<p>kropp</p>", "Hei\x00\u2028Bcc: a"])
def test_a_line_end_in_a_title_adds_no_header(nasty):
    mail = parsed(compose(replace(CONTENT, subject=nasty), "2024-W14", LESER, SENDER, NOW))
    assert "Bcc" not in mail
    assert "X" not in mail
    assert mail["Subject"].startswith("Hei")
    assert mail.get_body(("plain",)).get_content().strip() == "Hei"


def test_the_subscribers_own_link_stands_in_text_and_html(told):
    mail = parsed(compose(write_letter(told, "nb", unsubscribe=True), "2024-W14", LESER, SENDER, NOW))
    link = f"https://by.eksempel.no/avslutt/{'t' * 32}"
    for kind in ("plain", "html"):
        assert link in mail.get_body((kind,)).get_content()
    by_mail = replace(SENDER, public_url="")
    mail = parsed(compose(write_letter(told, "nb", unsubscribe=True), "2024-W14", LESER, by_mail, NOW))
    assert "mailto:digest@eksempel.no?subject=unsubscribe" in mail.get_body(("html",)).get_content()
    assert "List-Unsubscribe-Post" not in mail
    assert "invalid" not in mail.as_string()


def test_the_dkim_signature_holds_and_covers_the_list_headers(told, key):
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    import base64

    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    sender = replace(SENDER, dkim_key=private, dkim_selector="mai", dkim_domain="eksempel.no")
    raw = compose(write_letter(told, "nb", unsubscribe=True), "2024-W14", LESER, sender, NOW)

    def dnsfunc(name, timeout=5):
        return record if name == b"mai._domainkey.eksempel.no." else b""

    assert dkim.verify(raw, dnsfunc=dnsfunc)
    assert not dkim.verify(raw.replace(b"One-Click", b"Two-Click"), dnsfunc=dnsfunc)
    assert not dkim.verify(raw.replace(b"2024", b"2025"), dnsfunc=dnsfunc)
    signed = re.search(r"h=([^;]+);", parsed(raw)["DKIM-Signature"]).group(1).replace(" ", "").split(":")
    assert {"from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"} <= set(signed)


def test_a_copy_for_the_operator_has_nobodys_unsubscribe_link(told):
    mail = parsed(compose_copy(write_letter(told, "nb"), "2024-W14", "nb", SENDER, "meg@eksempel.no", NOW))
    assert mail["To"] == "meg@eksempel.no"
    assert "List-Unsubscribe" not in mail


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sender": "Bybånd"}, "ingen e-postadresse"),
        ({"public_url": "http://by.no"}, "https://"),
        ({"public_url": "https://"}, "https://"),
        ({"public_url": "https://bybånd.no"}, "ASCII"),
        ({"list_id": "<by>"}, "list_id"),
        ({"dkim_key": b"x"}, "dkim_selector"),
    ],
)
def test_settings_that_make_no_good_mail_are_refused(change, words):
    with pytest.raises(MailError, match=words):
        replace(SENDER, **change)


def test_a_key_that_is_none_is_refused_with_the_reason(tmp_path):
    sender = replace(SENDER, dkim_key=b"ingen PEM", dkim_selector="s", dkim_domain="eksempel.no")
    with pytest.raises(MailError, match="DKIM-nøkkelen"):
        compose(CONTENT, "2024-W14", LESER, sender, NOW)
    with pytest.raises(MailError, match="Kan ikke lese"):
        read_key(tmp_path / "mangler.pem")
    assert read_key(None) is None


def test_the_decoded_sender_is_the_one_of_the_settings():
    mail = parsed(compose(CONTENT, "2024-W14", LESER, SENDER, NOW))
    assert mail["From"].addresses[0].display_name == "Bybånd"
    assert decode_header(mail["From"].addresses[0].addr_spec) == [("digest@eksempel.no", None)]
