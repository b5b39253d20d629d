"""Papers on loopback for the crawler's tests: real HTTP, answers set by the test, every request noted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawlers.settings import CrawlSettings


@dataclass
class Answer:
    """What a paper answers; `etag` makes the page conditional, `drip_s` sends a byte at a time."""

    body: bytes | str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    etag: str | None = None
    drip_s: float = 0.0
    cut: bool = False


@dataclass
class Seen:
    host: str
    path: str
    at: float
    headers: dict[str, str]


class Papers:
    """Several papers on one port, told apart by the Host header."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Answer | Callable[[], Answer]] = {}
        self.seen: list[Seen] = []
        self.running = 0
        self.most_at_once = 0
        papers = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20

            def do_GET(self) -> None:
                papers.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, *args: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def serve(self, url: str, body: bytes | str = "", **keys: Any) -> None:
        host, _, path = url.removeprefix("https://").partition("/")
        self.pages[host, f"/{path}"] = Answer(body, **keys)

    def paths(self, host: str | None = None) -> list[str]:
        return [seen.path for seen in self.seen if host in (None, seen.host)]

    def articles(self) -> list[str]:
        return [path for path in self.paths() if "/5-" in path]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        host = handler.headers.get("Host", "").split(":")[0]
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self.seen.append(Seen(host, handler.path, time.monotonic(), dict(handler.headers)))
        try:
            found = self.pages.get((host, handler.path), Answer("borte", status=404))
            reply = found() if callable(found) else found
            self.send(handler, reply)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        finally:
            self.running -= 1

    def send(self, handler: BaseHTTPRequestHandler, reply: Answer) -> None:
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        if reply.etag and handler.headers.get("If-None-Match") == reply.etag:
            handler.send_response(304)
            handler.send_header("ETag", reply.etag)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(reply.status)
        handler.send_header("Content-Type", reply.kind)
        handler.send_header("Content-Length", str(len(body)))
        if reply.etag:
            handler.send_header("ETag", reply.etag)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if reply.cut:
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
            return
        if reply.drip_s:
            for byte in body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(reply.drip_s)
            return
        handler.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


NORDLYS = "https://www.nordlys.no"


def article(
    url: str, title: str = "Vennskapsbyen lever", text: str | None = None, *, head: str = "", **marks: str
) -> str:
    """An Amedia page as small as the markup allows."""
    key = url.rstrip("/").rsplit("/", 1)[-1]
    words = text or f"Kommunestyret i Tromsø drøftet avtalen med Murmansk på nytt, sak {key}. Avtalen står ved lag."
    published = marks.get("published", "2024-03-04T10:00:00.000Z")
    return f"""<!doctype html><html lang="no"><head><title>{title}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:description" content="Ingress om {title}.">
<meta property="article:published_time" content="{published}">
<meta name="robots" content="noarchive"><meta name="robots" content="index">{head}
<link rel="canonical" href="{url}"></head><body>
<article class="amedia-article"><h1 itemprop="headline">{title}</h1>
<p class="lead-text" data-content="lead-text">Ingress om {title}.</p>
<div class="body-text" data-content="body-text" itemprop="articleBody"><div class="article-body">
<p>{words}</p></div></div>
</article></body></html>"""


def feed(items: list[tuple[str, Any]]) -> str:
    """An RSS feed of (address, published) pairs, in the order given."""
    entries = "".join(
        f"<item><title>Sak</title><link>{url}</link>"
        + (f"<pubDate>{format_datetime(when)}</pubDate>" if when else "")
        + "</item>"
        for url, when in items
    )
    start = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Avis</title>'
    return f"{start}{entries}</channel></rss>"


@pytest.fixture
def papers() -> Iterator[Papers]:
    served = Papers()
    yield served
    served.close()


@pytest.fixture
def paper_settings(papers: Papers, tmp_path: Path) -> CrawlSettings:
    """Settings that lead the test papers' hosts to the server, with politeness off."""
    hosts = (
        "www.nordlys.no",
        "www.an.no",
        "www.nordnorskdebatt.no",
        "nordnorskdebatt.no",
        "www.nrk.no",
        "www.itromso.no",
    )
    return CrawlSettings(
        contact="test@example.no",
        delay_s=0,
        timeout_s=3,
        retry_pause_s=0,
        retries=1,
        resolve=dict.fromkeys(hosts, papers.address),
    )


@pytest.fixture
def make_article() -> Callable[..., str]:
    return article


@pytest.fixture
def make_feed() -> Callable[..., str]:
    return feed
