from digest.bounces import Bounce, read_bounces

RETURNED = b"""\
From: MAILER-DAEMON@mx.eksempel.no
To: digest@eksempel.no
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Sorry.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.eksempel.no

Final-Recipient: rfc822; borte@eksempel.no
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

Final-Recipient: rfc822; senere@eksempel.no
Action: delayed
Status: 4.4.1

--x--
"""


def test_a_permanent_failure_is_read_and_a_delay_is_not():
    assert list(read_bounces(RETURNED)) == [Bounce(address="borte@eksempel.no", answer="550 5.1.1 User unknown")]


def test_an_mbox_holds_many():
    box = b"From x Mon Apr  8 07:00:00 2024\n" + RETURNED + b"\nFrom y Mon Apr  8 07:00:00 2024\n" + RETURNED
    assert len(list(read_bounces(box))) == 2


def test_an_ordinary_mail_is_no_bounce():
    assert list(read_bounces(b"From: a@b.no\nSubject: Hei\n\nFinal-Recipient: rfc822; a@b.no\nAction: failed\n")) == []
    assert list(read_bounces(b"")) == []
