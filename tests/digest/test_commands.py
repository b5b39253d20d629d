import fcntl
import json
import re
import shutil
import threading
from email import message_from_bytes, policy
from http.client import HTTPConnection

import duckdb
import pytest
import typer
from typer.testing import CliRunner

from digest import outbox
from digest.commands import register
from digest.subscribers import list_subscribers
from digest.web import make_web_server, subscription_pages
from settings import Data, Mail, Pages, Settings
from settings import Digest as DigestSettings

WEEK = "2024-W14"


@pytest.fixture
def data(tmp_path, warehouse_file, monkeypatch):
    """A data folder with the warehouse, and no settings file near."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(warehouse_file, folder / "bybaand.duckdb")
    return folder


@pytest.fixture
def run(data):
    """Run a command on the data folder; mail settings by keyword."""
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)

    def run(*arguments, title="Bybånd", **mail):
        settings = Settings(
            data=Data(folder=data), digest=DigestSettings(title=title), pages=Pages(),
            mail=Mail(**{"sender": "Bybånd <digest@eksempel.no>", "per_minute": 100_000, "patience_minutes": 0} | mail),
        )  # fmt: skip
        return CliRunner().invoke(app, [str(one) for one in arguments], obj=settings, catch_exceptions=False)

    return run


def said(result):
    return " ".join((result.output + result.stderr).split())


def test_a_week_is_written_as_mail_page_text_and_picture(run, data):
    result = run("digest", "--week", WEEK)
    assert result.exit_code == 0
    assert "Øvre Eiker har inngått vennskapsavtale med Balta" in said(result)
    folder = data / "digests"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{WEEK}{end}" for end in (".eml", ".html", ".png", ".txt")
    ]
    mail = message_from_bytes((folder / f"{WEEK}.eml").read_bytes(), policy=policy.default)
    assert mail["Subject"].startswith("Øvre Eiker")
    assert (folder / f"{WEEK}.png").read_bytes().startswith(b"\x89PNG")
    assert "data:image/png" in (folder / f"{WEEK}.html").read_text()
    assert run("digest", "--week", WEEK, "--language", "en").exit_code == 0
    assert "NEW DECISIONS" in (folder / f"{WEEK}.txt").read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--week", "uke 14"), 2, "«uke 14» er ingen uke. Skriv den som 2024-W14"),
        (("--week", "2031-W01"), 1, "Datavarehuset dekker ikke uke 2031-W01, bare 2023-W31 til 2024-W15"),
        (("--week", WEEK, "--language", "se"), 2, "Språket «se» finnes ikke"),
        (("--week", WEEK, "--to", "ingen"), 2, "«ingen» er ikke en e-postadresse"),
        (("--week", "2024-W15", "--send"), 1, "før uke 2024-W15 var over"),
        (("--week", WEEK, "--to", "meg@eksempel.no"), 1, "Får ikke forbindelse med 127.0.0.1:1"),
    ],
)
def test_what_cant_be_done_is_said_with_what_to_do(run, arguments, code, words):
    result = run("digest", *arguments, port=1)
    assert result.exit_code == code
    assert words in said(result)


def test_without_a_warehouse_or_with_an_older_one_it_says_what_to_run(run, data):
    file = data / "bybaand.duckdb"
    file.unlink()
    result = run("digest", "--week", WEEK)
    assert (result.exit_code, "Kjør «bybaand build» først" in said(result)) == (1, True)
    with duckdb.connect(str(file)) as old:
        old.execute("create table build_info as select 'schema_version' as key, '0' as value")
    result = run("digest", "--week", WEEK)
    assert (result.exit_code, "eldre Bybånd" in said(result)) == (1, True)


def test_an_unwritable_folder_is_named(run, data):
    (data / "digests").write_text("i veien")
    result = run("digest", "--week", WEEK)
    assert result.exit_code == 1
    assert "Kan ikke skrive i" in said(result)


def test_sending_reaches_each_active_subscriber_once_in_their_language(run, postbox):
    box, port = postbox
    assert run("subscribers", "add", "nynorsk@eksempel.no", "--language", "nn", "--kommuner", "Vardø").exit_code == 0
    assert run("subscribers", "add", "alt@eksempel.no").exit_code == 0
    dry = run("digest", "--week", WEEK, "--send", "--dry-run", port=port)
    assert "Ville sendt 2024-W14 til 2 av 2 abonnenter" in said(dry)
    assert not box.mails
    result = run("digest", "--week", WEEK, "--send", port=port)
    assert result.exit_code == 0
    assert "2024-W14: 2 sendt, 0 venter, 0 feilet, 0 uvisse" in said(result)
    assert run("digest", "--week", WEEK, "--send", port=port).exit_code == 0
    mails = {mail["To"]: mail for mail in box.parsed()}
    assert len(box.mails) == 2
    text = mails["nynorsk@eksempel.no"].get_body(("plain",)).get_content()
    assert "MELDT, MEN UVISST" in text
    assert "Du følgjer: Vardø." in text
    assert "Balta" not in text
    assert "Balta" in mails["alt@eksempel.no"].get_body(("plain",)).get_content()
    assert "mailto:digest@eksempel.no" in mails["alt@eksempel.no"]["List-Unsubscribe"]


def test_a_copy_goes_to_the_operator_alone_and_is_not_counted(run, data, postbox):
    box, port = postbox
    run("subscribers", "add", "leser@eksempel.no")
    assert "Ingenting er sendt" in said(
        run("digest", "--week", WEEK, "--to", "meg@eksempel.no", "--dry-run", port=port)
    )
    assert run("digest", "--week", WEEK, "--to", "meg@eksempel.no", port=port).exit_code == 0
    assert [address for address, _ in box.mails] == ["meg@eksempel.no"]
    assert outbox.tally(data / "state.sqlite", WEEK).total == 0


def test_who_must_wait_makes_code_1_and_gets_it_at_the_next_run(run, data, postbox):
    box, port = postbox
    run("subscribers", "add", "a@eksempel.no")
    box.answers["a@eksempel.no"] = ["451 Later"]
    result = run("digest", "--week", WEEK, "--send", port=port)
    assert result.exit_code == 1
    assert "Kjør «bybaand digest --send» igjen" in said(result)
    assert not box.mails
    from digest.subscribers import open_state

    with open_state(data / "state.sqlite") as state:
        state.execute("update delivery set due = '2024-01-01T00:00:00.000000+00:00'")
    # The next digest finishes what the last one could not.
    result = run("digest", "--week", "2024-W13", "--send", port=port)
    assert result.exit_code == 0
    assert sorted(mail["Message-ID"].split(".")[0] for mail in box.parsed()) == ["<2024-W13", "<2024-W14"]


def test_two_senders_at_once_are_refused(run, data, postbox):
    _, port = postbox
    run("subscribers", "add", "a@eksempel.no")
    with (data / "digest.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("digest", "--week", WEEK, "--send", port=port)
    assert result.exit_code == 1
    assert "En annen «bybaand» sender e-post nå" in said(result)


def test_from_asking_to_leaving_over_mail_and_http(run, data, postbox):
    box, port = postbox
    mail = {"port": port, "public_url": "https://by.eksempel.no/band"}
    asked = run("subscribers", "add", "leser@eksempel.no", "--cities", "Balta", **mail)
    assert asked.exit_code == 0
    assert "må bekrefte med lenken" in said(asked)
    run("subscribers", "add", "leser@eksempel.no", **mail)  # asked again the same day: no second mail
    (confirmation,) = box.parsed()
    link = re.search(r"https://by\.eksempel\.no(/\S+)", confirmation.get_body(("plain",)).get_content()).group(1)
    assert run("digest", "--week", WEEK, "--send", **mail).exit_code == 0
    assert len(box.mails) == 1  # who has not said yes gets nothing

    pages = subscription_pages(
        data / "state.sqlite", "Bybånd", lambda: __import__("datetime").datetime.now().astimezone()
    )
    server = make_web_server(pages, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def post(path, body):
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status

    try:
        assert post(link, "") == 200
        assert run("digest", "--week", WEEK, "--send", **mail).exit_code == 0
        letter = box.parsed()[1]
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        one_click = re.match(r"<https://by\.eksempel\.no(/[^>]+)>", letter["List-Unsubscribe"]).group(1)
        assert post(one_click, "List-Unsubscribe=One-Click") == 200
    finally:
        server.shutdown()
        server.server_close()
    assert list_subscribers(data / "state.sqlite") == ()
    assert b"leser@eksempel.no" not in (data / "state.sqlite").read_bytes()


def test_wishes_are_looked_up_and_unknown_ones_refused(run, data):
    result = run(
        "subscribers",
        "add",
        "a@b.no",
        "--kommuner",
        "Bodø",
        "--fylker",
        "troms",
        "--cities",
        "Vyborg",
        "--only-decisions",
    )
    assert result.exit_code == 0
    (one,) = list_subscribers(data / "state.sqlite")
    assert (one.wishes.kommuner, one.wishes.fylker, one.wishes.cities) == (("bodo",), ("Troms",), ("ru-vyborg",))
    result = run("subscribers", "add", "b@b.no", "--kommuner", "Bodo by")
    assert (result.exit_code, "Ukjent kommune «Bodo by»" in said(result)) == (1, True)
    result = run("subscribers", "add", "ikke-adresse")
    assert (result.exit_code, "ikke en e-postadresse" in said(result)) == (1, True)
    assert len(list_subscribers(data / "state.sqlite")) == 1


def test_a_list_is_imported_and_its_bad_lines_are_named(run, data, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_text(
        "address,language,kommuner\na@b.no,nn,Bodø;Vardø\nfeil,nb,\nc@d.no,nb,Atlantis\n", encoding="utf-8-sig"
    )
    result = run("subscribers", "import", file)
    assert result.exit_code == 1
    assert "1 abonnenter lagt til eller endret, 2 linjer kunne ikke brukes" in said(result)
    assert "linje 3 (feil)" in said(result)
    assert "linje 4 (c@d.no): Ukjent kommune «Atlantis»" in said(result)
    assert list_subscribers(data / "state.sqlite")[0].wishes.kommuner == ("bodo", "vardo")
    assert run("subscribers", "import", tmp_path / "mangler.csv").exit_code == 1


def test_the_list_shows_wishes_and_dead_addresses(run, data, postbox):
    box, port = postbox
    run("subscribers", "add", "borte@eksempel.no", "--fylker", "Nordland")
    for week in ("2024-W11", "2024-W12", "2024-W13"):
        box.answers["borte@eksempel.no"] = ["550 5.1.1 Ukjent".encode("ascii", "ignore").decode()]
        run("digest", "--week", week, "--send", port=port)
    (one,) = json.loads(run("subscribers", "list", "--json").stdout)
    assert (one["address"], one["fylker"], one["failed_in_a_row"]) == ("borte@eksempel.no", ["Nordland"], 3)
    assert "3 på rad" in said(run("subscribers", "list"))
    assert "fjern dem" in said(run("subscribers", "list"))
    assert run("subscribers", "remove", "borte@eksempel.no").exit_code == 0
    result = run("subscribers", "remove", "borte@eksempel.no")
    assert (result.exit_code, "er ikke abonnent" in said(result)) == (1, True)


def test_returned_mail_is_recorded(run, data, postbox, tmp_path):
    _, port = postbox
    run("subscribers", "add", "borte@eksempel.no")
    run("digest", "--week", WEEK, "--send", port=port)
    file = tmp_path / "retur.eml"
    file.write_text(
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n--x\n'
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; borte@eksempel.no\nAction: failed\nStatus: 5.1.1\n\n--x--\n"
    )
    assert "1 returmeldinger lest, 1 gjaldt" in said(run("subscribers", "bounced", file))
    assert outbox.tally(data / "state.sqlite", WEEK).failed == 1


def test_bad_mail_settings_are_named(run):
    result = run("digest", "--week", WEEK, sender="Bybånd")
    assert (result.exit_code, "ingen e-postadresse" in said(result)) == (1, True)
    result = run("digest", "--week", WEEK, public_url="http://by.no")
    assert (result.exit_code, "https://" in said(result)) == (1, True)


def test_every_command_and_option_is_documented():
    from pathlib import Path

    docs = (Path(__file__).parents[2] / "docs/digest.md").read_text(encoding="utf-8")
    app = typer.Typer()
    register(app)
    commands = typer.main.get_command(app).commands
    subscribers = commands["subscribers"].commands
    assert [name for name in subscribers if f"subscribers {name}" not in docs] == []
    options = [
        option
        for command in (commands["digest"], *subscribers.values())
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    ]
    assert [option for option in options if option not in docs] == []
    assert all(command.help for command in (commands["digest"], *subscribers.values()))
