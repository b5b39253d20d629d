"""The two pages that links in a mail lead to: confirm, and unsubscribe (RFC 8058). WSGI, behind the operator's proxy.

Opening a link changes nothing, because mail scanners open links; only a POST does. Nothing is logged or counted, and
an unknown link answers as one that was used before.
"""

from __future__ import annotations

import socketserver
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jinja2

from digest.subscribers import SubscriberError, confirm_subscriber, find_subscriber, remove_subscriber
from digest.words import Language, say

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
]
_STATUS = {200: "200 OK", 404: "404 Not Found", 405: "405 Method Not Allowed", 500: "500 Internal Server Error"}
_PATHS: dict[str, Literal["confirm", "leave"]] = {"bekreft": "confirm", "avslutt": "leave"}
_LONGEST_BODY = 4096


def subscription_pages(
    state: Path, title: str, clock: Callable[[], datetime], language: Language = "nb"
) -> WSGIApplication:
    """Return the application; `language` is that of answers to links that belong to nobody."""
    template = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    ).get_template("subscription.html")

    name = title.partition(" (")[0]  # what stands in brackets is a mark, told once, on top

    def page(lang: Language, heading: str, text: str = "", button: str = "") -> str:
        return template.render(language=lang, title=title, heading=heading, text=text, button=button)

    def answer(method: str, path: str) -> tuple[int, str]:
        # The proxy may or may not have cut off the public address's own path: only the end counts.
        what, token = ([*path.strip("/").split("/"), ""] if path.count("/") < 2 else path.rstrip("/").split("/"))[-2:]
        action = _PATHS.get(what)
        if action is None:
            return 404, page(language, say(language, "no_such_link"))
        if method not in ("GET", "HEAD", "POST"):
            return 405, page(language, _STATUS[405])
        try:
            subscriber = find_subscriber(state, token)
        except SubscriberError:
            # One click twice, or a proxy that repeats it, must not look like a failure (RFC 8058).
            done = action == "leave" and method == "POST"
            return (
                (200, page(language, say(language, "left")))
                if done
                else (404, page(language, say(language, "no_such_link")))
            )
        lang = subscriber.wishes.language
        if method == "POST" and action == "leave":
            remove_subscriber(state, subscriber.address)
            return 200, page(lang, say(lang, "left"))
        if method == "POST":
            confirm_subscriber(state, token, clock())
        if action == "confirm" and (method == "POST" or subscriber.state == "active"):
            return 200, page(lang, say(lang, "confirmed", title=name))
        return 200, page(
            lang,
            say(lang, f"{action}_title", title=name),
            say(lang, "leave_text") if action == "leave" else "",
            say(lang, f"{action}_button", title=name),
        )

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        # The body says nothing that the path does not; it is read so that the connection stays usable.
        length = environ.get("CONTENT_LENGTH") or "0"
        environ["wsgi.input"].read(min(int(length) if length.isdigit() else 0, _LONGEST_BODY))
        code, html = answer(method, environ.get("PATH_INFO", ""))
        body = html.encode()
        start_response(_STATUS[code], [*_HEADERS, ("Content-Length", str(len(body)))])
        return [b"" if method == "HEAD" else body]

    return application


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    timeout = 30

    def log_message(self, *_: object) -> None:
        """Log nothing: the paths are the keys."""


def make_web_server(application: WSGIApplication, host: str, port: int) -> WSGIServer:
    """Return a server, bound but not running; port 0 takes any that is free."""
    return make_server(host, port, application, server_class=_Server, handler_class=_Silent)
