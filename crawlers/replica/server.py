"""The replica's HTTP server: many host names on one loopback port, and every way in which papers fail."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from crawlers.replica.paper import Paper
from crawlers.replica.site import TEXT, Answer, Route, find, redirect, routes, text

FaultKind = Literal["429", "500", "503", "timeout", "reset", "truncated", "empty", "slow", "moved", "swapped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """How often a request fails and how, by seed: the n-th request for an address always meets the same fate.

    `most` faults strike one address before it answers well. `moved` sends an article on to another slug with the same
    id; `swapped` answers the first request with another article's page. `timeout_s` is how long a silent connection stays open. robots.txt is spared unless `robots` is set.
    """

    seed: int = 1
    rate: float = 0.2
    kinds: tuple[FaultKind, ...] = ("429", "500", "503", "timeout", "reset", "truncated", "moved")
    most: int = 2
    timeout_s: float = 3.0
    retry_after: str | None = "1"
    robots: bool = False

    def fate(self, host: str, path: str, count: int) -> FaultKind | None:
        """Return what befalls the `count`-th request (from 0) for an address, None where it goes well."""
        if count >= self.most or (path in ("/robots.txt", "/.well-known/tdmrep.json") and not self.robots):
            return None
        chance = random.Random(f"{self.seed}:{host}{path}:{count}")
        if chance.random() >= self.rate:
            return None
        kind = chance.choice(self.kinds)
        return None if kind == "swapped" and count else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request that the replica answered; `at` is the monotonic clock in seconds."""

    host: str
    target: str
    status: int
    at: float
    headers: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class Served:
    """A running replica: where it answers, what it was asked, and how to change what it prints."""

    port: int
    hosts: frozenset[str]
    source_ids: tuple[str, ...]
    papers: dict[str, Paper]
    requests: list[Seen] = field(default_factory=list)
    sites: dict[str, dict[str, Route]] = field(default_factory=dict)

    @property
    def resolve(self) -> dict[str, str]:
        """The `[crawl.resolve]` setting that leads a crawler here."""
        return dict.fromkeys(sorted(self.hosts), f"127.0.0.1:{self.port}")

    def put(self, host: str, path: str, answer: Route) -> None:
        """Let an address answer something else from now on."""
        self.sites.setdefault(host, {})[path] = answer

    def print(self, paper: Paper) -> None:
        """Let a paper be as given from now on: new stories, changed ones, withdrawn ones gone (404)."""
        old = self.papers.get(paper.source_id)
        site = self.sites.setdefault(paper.host, {})
        if old is not None:
            for path in routes(old):
                site.pop(path, None)
        self.papers[paper.source_id] = paper
        site.update(routes(paper))

    def asked(self, host: str | None = None) -> Counter[str]:
        """Count the requests by address."""
        return Counter(f"{seen.host}{seen.target}" for seen in self.requests if host in (None, seen.host))


@contextmanager
def serve(
    papers: Iterable[Paper],
    *,
    port: int = 0,
    faults: Faults | None = None,
    answers: Mapping[str, Mapping[str, Route]] | None = None,
) -> Iterator[Served]:
    """Serve papers on 127.0.0.1 until the block ends; `answers` adds or overrides single addresses by host."""
    printed = tuple(papers)
    sites: dict[str, dict[str, Route]] = {}
    for paper in printed:
        # Sections may share a host; robots.txt and sitemap there are those of the first.
        site = sites.setdefault(paper.host, {})
        for path, route in routes(paper).items():
            site.setdefault(path, route)
        for alias in paper.aliases:
            sites.setdefault(alias, {})["*"] = redirect(f"https://{paper.host}")
    for host, extra in (answers or {}).items():
        sites.setdefault(host, {}).update(extra)
    served = Served(
        port=0, hosts=frozenset(sites), source_ids=tuple(dict.fromkeys(paper.source_id for paper in printed)),
        papers={paper.source_id: paper for paper in printed}, sites=sites,
    )  # fmt: skip
    server = _Server(("127.0.0.1", port), _handler(served, faults))
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="replica", daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away, be they killed or impatient."""


def _handler(served: Served, faults: Faults | None) -> type[BaseHTTPRequestHandler]:
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "Replica/1"
        sys_version = ""
        timeout = 60
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0].lower()
            path = self.path.partition("?")[0]
            with lock:
                count = counts[f"{host}{self.path}"]
                counts[f"{host}{self.path}"] += 1
            fate = faults.fate(host, path, count) if faults else None
            answer = _look_up(served, host, self.path)
            if faults and fate:
                self._fail(fate, faults, answer, host)
            else:
                self._send(answer, host)

        do_HEAD = do_GET  # noqa: N815, the base class looks for this name

        def _note(self, host: str, status: int) -> None:
            served.requests.append(
                Seen(
                    host=host, target=self.path, status=status, at=time.monotonic(), headers=dict(self.headers.items())
                )
            )

        def _fail(self, fate: FaultKind, rules: Faults, answer: Answer, host: str) -> None:
            if fate == "429":
                waiting = {"Retry-After": rules.retry_after} if rules.retry_after is not None else {}
                self._send(text("for mange", TEXT, status=429, headers=waiting), host)
            elif fate in ("500", "503"):
                self._send(text("feil", TEXT, status=int(fate)), host)
            elif fate == "moved" and answer.status == 200 and (other := _other_slug(self.path)):
                served.sites[host].setdefault(other, answer)
                self._send(redirect(f"https://{host}{other}"), host)
            elif fate == "swapped" and answer.modified and (page := _another(served.sites[host], self.path)):
                self._send(page, host)
            elif fate == "timeout":
                self._note(host, 0)
                time.sleep(rules.timeout_s)
                self._reset()
            elif fate == "reset":
                self._note(host, 0)
                self._reset()
            elif fate == "truncated" and answer.status == 200:
                self._note(host, 200)
                self._head(answer)
                self.wfile.write(answer.body[: len(answer.body) // 2])
                self.wfile.flush()
                self._reset(hard=False)
            elif fate == "empty":
                self._send(text("", status=200), host)
            elif fate == "slow":
                self._send(Answer(body=answer.body, content_type=answer.content_type, per_byte_s=0.05), host)
            else:
                self._send(answer, host)

        def _head(self, answer: Answer) -> None:
            self.send_response(answer.status)
            if answer.status not in (204, 304):
                self.send_header("Content-Type", answer.content_type)
            if answer.status == 200:
                self.send_header("ETag", answer.etag)
                if answer.modified:
                    self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status not in (204, 304):
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()

        def _send(self, answer: Answer, host: str) -> None:
            if answer.status == 200 and self._known(answer):
                answer = Answer(status=304, headers={"ETag": answer.etag})
            if answer.delay_s:
                time.sleep(answer.delay_s)
            self._note(host, answer.status)
            self._head(answer)
            if self.command == "HEAD" or answer.status == 304:
                return
            if answer.per_byte_s:
                for byte in answer.body:
                    self.wfile.write(bytes((byte,)))
                    self.wfile.flush()
                    time.sleep(answer.per_byte_s)
            else:
                self.wfile.write(answer.body)

        def _known(self, answer: Answer) -> bool:
            if stated := self.headers.get("If-None-Match"):
                return answer.etag in [part.strip().removeprefix("W/") for part in stated.split(",")]
            if (since := self.headers.get("If-Modified-Since")) and answer.modified:
                try:
                    return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
                except (TypeError, ValueError):
                    return False
            return False

        def _reset(self, *, hard: bool = True) -> None:
            self.close_connection = True
            if hard:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            try:
                self.connection.shutdown(socket.SHUT_WR if not hard else socket.SHUT_RD)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent; `Served.requests` is the log."""

    return Handler


def _look_up(served: Served, host: str, target: str) -> Answer:
    site = served.sites.get(host)
    if site is None:
        return text("Ukjent vert", TEXT, status=421)
    if answer := find(site, target):
        return answer
    if isinstance(alias := site.get("*"), Answer):
        # Another name of a paper: its feeds and robots.txt answer here too, everything else moves to the main name.
        main = alias.headers["Location"].removeprefix("https://")
        path = target.partition("?")[0]
        if (path.endswith(("/robots.txt", "/rss", "/feed/")) or "rss" in target) and (
            answer := find(served.sites[main], target)
        ):
            return answer
        return redirect(f"https://{main}{target}")
    return text(
        "<!DOCTYPE html><html lang=no><head><title>Siden finnes ikke</title></head><body>404</body></html>", status=404
    )


def _another(site: dict[str, Route], target: str) -> Answer | None:
    """Return the page of another article on the host: the next in the order of addresses."""
    paths = sorted(path for path, route in site.items() if callable(route) and path.count("/") > 1)
    after = [path for path in paths if path > target] + paths
    for path in after[:50]:
        found = find(site, path)
        if found and found.modified and path != target and found.body != (find(site, target) or found).body:
            return found
    return None


def _other_slug(path: str) -> str | None:
    """Return the address of the same article under another slug, None where the path has no slug before its id."""
    parts = path.split("/")
    for place, part in enumerate(parts):
        if "-" in part and len(part) > 12 and not part.startswith("1."):
            head, dot, tail = part.rpartition("-1.")
            parts[place] = f"{head}-ny-tittel{dot}{tail}" if dot else f"{part}-ny-tittel"
            return "/".join(parts)
    return None
