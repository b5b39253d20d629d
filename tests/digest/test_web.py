import threading
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest

from digest.subscribers import Wishes, add_subscriber, list_subscribers
from digest.web import make_web_server, subscription_pages

NOW = datetime(2024, 4, 8, 5, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.sqlite"


@pytest.fixture
def ask(state):
    """Ask the running pages: (method, path, body) → (status, body, headers)."""
    server = make_web_server(subscription_pages(state, "Bybånd <b>", lambda: NOW), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()

    def ask(method, path, body=None):
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text, answer.headers

    yield ask
    server.shutdown()
    server.server_close()


def test_one_click_ends_the_subscription_and_deletes_the_address(state, ask):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    add_subscriber(state, "c@d.no", Wishes(), NOW, confirmed=True)
    status, text, _ = ask("POST", f"/avslutt/{reader.token}", "List-Unsubscribe=One-Click")
    assert status == 200
    assert "adressen er slettet" in text
    assert [one.address for one in list_subscribers(state)] == ["c@d.no"]
    # A provider that asks twice is told the same.
    assert ask("POST", f"/avslutt/{reader.token}", "List-Unsubscribe=One-Click")[0] == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(state, ask, method):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=False)
    for what in ("avslutt", "bekreft"):
        status, text, _ = ask(method, f"/{what}/{reader.token}")
        assert status == 200
        assert ("<button" in text) == (method == "GET")
    assert [one.state for one in list_subscribers(state)] == ["pending"]


def test_the_button_confirms_in_the_subscribers_language(state, ask):
    reader = add_subscriber(state, "a@b.no", Wishes(language="nn"), NOW, confirmed=False)
    assert "Ja, send meg" in ask("GET", f"/bekreft/{reader.token}")[1]
    status, text, _ = ask("POST", f"/bekreft/{reader.token}", "")
    assert (status, "kjem kvar veke" in text) == (200, True)
    assert [one.state for one in list_subscribers(state)] == ["active"]
    assert "<button" not in ask("GET", f"/bekreft/{reader.token}")[1]


def test_a_public_path_before_the_link_does_not_matter(state, ask):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    assert ask("POST", f"/by/band/avslutt/{reader.token}")[0] == 200
    assert list_subscribers(state) == ()


@pytest.mark.parametrize(
    "path",
    ["/", "/avslutt/", "/avslutt/feil", "/bekreft/%00", "/avslutt/../etc/passwd", "/noe/annet", "/" + "a" * 3000],
)
def test_an_unknown_link_is_not_found_and_says_nothing_more(state, ask, path):
    add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    status, text, _ = ask("GET", path)
    assert status == 404
    assert "a@b.no" not in text
    assert len(list_subscribers(state)) == 1


def test_other_methods_are_refused(state, ask):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    assert ask("DELETE", f"/avslutt/{reader.token}")[0] == 405
    assert len(list_subscribers(state)) == 1


def test_the_pages_track_nothing_load_nothing_and_escape_what_they_show(state, ask):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    _, text, headers = ask("GET", f"/avslutt/{reader.token}")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    assert "Bybånd &lt;b&gt;" in text
    assert "src=" not in text
    assert "a@b.no" not in text


def test_nothing_is_logged(state, ask, capfd):
    reader = add_subscriber(state, "a@b.no", Wishes(), NOW, confirmed=True)
    ask("POST", f"/avslutt/{reader.token}")
    assert reader.token not in "".join(capfd.readouterr())
