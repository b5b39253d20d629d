"""Send a digest to thousands over real SMTP that fails at random, with the sender killed in the middle.

    python bench/mailing.py --subscribers 10000

The server (aiosmtpd on loopback) answers 451 and 550, hangs up before and after it has taken a mail, all by a seeded
draw per address and attempt. The sending process is killed (SIGKILL) while the server holds a mail that it has not
acknowledged; a second process goes on. Afterwards every recipient must have had the mail exactly once, or stand in the
outbox as failed (and had none) or unknown (and had at most one).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
WEEK = "2024-W14"


class Server:
    """Takes mail, mostly. `killed_at`: at that many mails taken the sender's process is killed before the answer."""

    def __init__(self, seed: int, trouble: float, killed_at: int | None) -> None:
        self.seed, self.trouble, self.killed_at = seed, trouble, killed_at
        self.taken: Counter[str] = Counter()
        self.ids: dict[str, set[str]] = {}
        self.tries: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.child: subprocess.Popen[bytes] | None = None

    def _draw(self, address: str) -> float:
        return Random(f"{self.seed} {address} {self.tries[address]}").random() / max(self.trouble, 1e-9)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 (aiosmtpd finds them by name)
        self.tries[address] += 1
        draw = self._draw(address)
        if draw < 0.25:
            return self._answer("451 4.7.1 Prøv igjen senere".encode("ascii", "ignore").decode())
        if draw < 0.35:
            return self._answer("550 5.1.1 No such mailbox")
        if draw < 0.45:
            self.answers["hung up before"] += 1
            server.transport.abort()
            return "451 gone"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd finds them by name)
        (address,) = envelope.rcpt_tos
        draw = self._draw(address)
        if draw < 0.55:
            return self._answer("452 4.3.1 Queue full")
        if draw < 0.6:
            self.answers["hung up, not taken"] += 1
            server.transport.abort()
            return "451 gone"
        self.taken[address] += 1
        self.ids.setdefault(address, set()).add(message_from_bytes(envelope.content)["Message-ID"])
        if self.killed_at is not None and self.child and sum(self.taken.values()) >= self.killed_at:
            self.killed_at = None
            os.kill(self.child.pid, signal.SIGKILL)
        if draw < 0.65:
            self.answers["hung up, taken"] += 1
            server.transport.abort()
        return self._answer("250 OK")

    def _answer(self, answer: str) -> str:
        self.answers[answer[:3]] += 1
        return answer


def measure(subscribers: int, seed: int, trouble: float, kill: bool, kilobytes: int) -> dict[str, object]:
    """Run it and return the figures; `lies` must be 0."""
    from aiosmtpd.controller import Controller

    from digest import outbox
    from digest.subscribers import Wishes, add_subscriber, list_subscribers, open_state

    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.sqlite"
        now = datetime.now(UTC)
        with open_state(state) as connection:
            connection.executemany(
                "insert into subscriber values (?, ?, 'active', 'nb', '[]', '[]', '[]', 0, ?, ?)",
                (
                    (f"leser{n:05}@eksempel.no", f"token{n:027}", now.isoformat(), now.isoformat())
                    for n in range(subscribers - 1)
                ),
            )
        add_subscriber(state, "redaksjonen@eksempel.no", Wishes(), now, confirmed=True)
        everyone = [subscriber.address for subscriber in list_subscribers(state)]
        server = Server(seed, trouble, subscribers // 3 if kill else None)
        port = free_port()
        controller = Controller(server, hostname="127.0.0.1", port=port, data_size_limit=None)
        controller.start()
        try:
            started, runs = time.monotonic(), 0
            while True:
                runs += 1
                server.child = subprocess.Popen(
                    [
                        sys.executable,
                        __file__,
                        "--child",
                        str(state),
                        "--port",
                        str(port),
                        "--kilobytes",
                        str(kilobytes),
                    ]
                )
                code = server.child.wait()
                if code == 0 or runs > 5:
                    break
            seconds = time.monotonic() - started
        finally:
            controller.stop()
        tally = outbox.tally(state, WEEK)
        states = {address: (state_, answer) for address, state_, answer in outbox.failures(state, WEEK)}
    lies = [
        address
        for address in everyone
        if (server.taken[address], states.get(address, ("sent",))[0])
        not in {(1, "sent"), (0, "failed"), (0, "unknown"), (1, "unknown")}
    ]
    return {
        "subscribers": len(everyone), "seconds": round(seconds, 1), "mails_a_second": round(tally.sent / seconds, 1),
        "processes": runs, "sent": tally.sent, "failed": tally.failed, "unknown": tally.unknown,
        "pending": tally.pending, "twice": sum(n > 1 for n in server.taken.values()),
        "lost": sum(server.taken[a] == 0 and a not in states for a in everyone), "lies": len(lies),
        "changed_ids": sum(len(ids) > 1 for ids in server.ids.values()), "server": dict(server.answers),
    }  # fmt: skip


def free_port() -> int:
    """Return a port of loopback that was free a moment ago (aiosmtpd can't be asked to choose)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def child(state: Path, port: int, kilobytes: int) -> None:
    """Send as `bybaand digest --send` does, with a clock that jumps over the pauses between attempts."""
    from digest import outbox
    from digest.mail import Content, Sender, compose
    from digest.subscribers import find_address, list_subscribers

    ahead = timedelta(0)
    sender = Sender(
        sender="Bybånd <bybaand@eksempel.no>", list_id="bybaand.eksempel.no", public_url="https://eksempel.no"
    )
    content = Content(
        subject="Uke 14: ingen nye vedtak",
        text="Hei.\n" * 60,
        html="<p>Hei</p>" * 300,
        images={"uken": bytes(750 * kilobytes)},
    )

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    def mail_of(address: str) -> bytes | None:
        subscriber = find_address(state, address)
        return compose(content, WEEK, subscriber, sender, clock()) if subscriber else None

    outbox.enqueue(state, WEEK, list_subscribers(state), clock())
    server = outbox.Server(host="127.0.0.1", port=port, per_minute=1_000_000)
    while True:
        for _ in outbox.send_pending(state, WEEK, mail_of, sender.address, server, clock):
            pass
        due = outbox.next_due(state, WEEK)
        if due is None:
            return
        ahead += max(timedelta(0), due - clock())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--trouble", type=float, default=0.1, help="part of the attempts that go wrong, about")
    parser.add_argument("--kilobytes", type=int, default=60, help="size of a mail, about")
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child, given.port, given.kilobytes)
    else:
        print(
            json.dumps(
                measure(given.subscribers, given.seed, given.trouble, not given.no_kill, given.kilobytes),
                ensure_ascii=False,
            )
        )
