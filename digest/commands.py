"""The digest's commands: `digest`, and `subscribers add|list|import|remove|bounced|serve`."""

from __future__ import annotations

import fcntl
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from digest.mail import Content, Sender
    from digest.outbox import Outcome, Server
    from digest.subscribers import Subscriber, Wishes
    from digest.week import Digest
    from digest.words import Language
    from settings import Settings

CONFIRM = "bekreft"
"""First word of the names under which confirmation mails stand in the outbox."""
UNCONFIRMED = timedelta(days=30)
"""How long an address that has not said yes is kept."""
BAD_ADDRESS = 3
"""Mails in a row that failed for good, after which an address is shown as dead."""
subscribers_app = typer.Typer(no_args_is_help=True, help="Abonnentene: hvem som får ukens digest, og på hvilke ønsker.")
Json = Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(digest)
    app.add_typer(subscribers_app, name="subscribers")


def digest(
    ctx: typer.Context,
    week: Annotated[str | None, typer.Option(metavar="ÅÅÅÅ-Wuu", help="ISO-uke, ellers den siste som er over.")] = None,
    send: Annotated[bool, typer.Option("--send", help="Send til abonnentene; ingen får den to ganger.")] = False,
    to: Annotated[
        str | None, typer.Option(metavar="ADRESSE", help="Send én kopi hit i stedet, for å se på den.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Si hva som ville blitt sendt, og send ingenting.")
    ] = False,
    language: Annotated[str | None, typer.Option(help="Språk i filene og kopien: nb, nn eller en.")] = None,
    retry_unknown: Annotated[
        bool, typer.Option("--retry-unknown", help="Send på nytt der ingen vet om e-posten kom fram (kan gi to).")
    ] = False,
) -> None:
    """Lag ukens digest (.eml, .html, .txt, .png i datamappen), og send den med --send.

    Kode 0: ferdig. Kode 1: noe må gjøres, meldingen sier hva. Kode 2: feil bruk.
    """
    from digest.week import WeekError, last_finished_week, read_week, week_days
    from digest.words import LANGUAGES, OSLO
    from warehouse import WarehouseError, connect

    settings: Settings = ctx.obj
    if language is not None and language not in LANGUAGES:
        _stop(f"Språket «{language}» finnes ikke. Velg nb, nn eller en.", 2)
    try:
        chosen = week or last_finished_week(datetime.now(OSLO).date())
        week_days(chosen)
    except WeekError as error:
        _stop(str(error), 2)
    try:
        with connect(settings.data.folder / "bybaand.duckdb") as con:
            told = read_week(con, chosen, silent_weeks=settings.digest.silent_weeks)
    except (WarehouseError, WeekError) as error:
        _stop(str(error))
    lang: Language = language or settings.digest.language
    sender = _sender(settings)
    content = _letter(told, lang, settings)
    _write_files(settings, told, content, lang, sender)
    if retry_unknown and not send:
        _stop("--retry-unknown gjelder bare sammen med --send.", 2)
    if to is not None:
        _send_copy(settings, told, content, lang, sender, to, dry_run=dry_run)
    elif send or dry_run:
        if not told.is_over:
            _stop(
                f"Datavarehuset er bygd før uke {chosen} var over, så digesten er ikke ferdig. "
                "Kjør «bybaand run», og send så."
            )
        _send_all(settings, told, sender, dry_run=dry_run, retry_unknown=retry_unknown)


def _letter(told: Digest, language: Language, settings: Settings, *, unsubscribe: bool = False) -> Content:
    from digest.letter import write_letter

    return write_letter(
        told, language, title=settings.digest.title, site=settings.pages.base_url, unsubscribe=unsubscribe
    )


def _write_files(settings: Settings, told: Digest, content: Content, language: Language, sender: Sender) -> None:
    """Write the four files, each whole or not at all, and say where they are."""
    from digest.charts import week_chart
    from digest.letter import standalone
    from digest.mail import MailError, compose_copy
    from digest.words import count

    folder = settings.data.folder / "digests"
    try:
        mail = compose_copy(content, told.week, language, sender, sender.address, datetime.now(UTC))
    except MailError as error:
        _stop(str(error))
    written = [course for course in told.courses if course.points[-1].share is not None and course.points[-1].stories]
    files = {
        ".eml": mail,
        ".html": standalone(content).encode(),
        ".txt": content.text.encode(),
        ".png": content.images.get("uken") or week_chart(written[:6], language),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, data in files.items():
            part = folder / f".{told.week}{ending}.part"
            part.write_bytes(data)
            part.replace(folder / f"{told.week}{ending}")
    except OSError as error:
        _stop(f"Kan ikke skrive i {folder}: {error.strerror}. Rett rettighetene eller [data] folder.")
    out = _console()
    out.print(content.subject, style="bold", markup=False, highlight=False)
    found = (
        (len(told.decisions), "new_decision"), (len(told.proposals), "proposal"), (len(told.unsure), "unsure"),
        (len(told.posts), "post"),
    )  # fmt: skip
    tally = ", ".join(count("nb", number, noun) for number, noun in found)
    down = f"; {count('nb', len(told.outages), 'source')} nede" if told.outages else ""
    out.print(
        f"{tally}{down}. Skrev {folder / told.week}.html, .eml, .txt og .png.",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip


def _send_copy(
    settings: Settings, told: Digest, content: Content, language: Language, sender: Sender, to: str, *, dry_run: bool
) -> None:
    from digest.mail import compose_copy
    from digest.outbox import OutboxError, send_one
    from digest.subscribers import is_address

    if not is_address(to):
        _stop(f"«{to}» er ikke en e-postadresse. Skriv den som navn@eksempel.no.", 2)
    if dry_run:
        _console().print(f"Ville sendt én kopi til {to}. Ingenting er sendt.", markup=False, highlight=False)
        return
    now = datetime.now(UTC)
    # A copy may be asked for again and again: each is a mail of its own.
    name = f"{told.week}.{now:%Y%m%d%H%M%S}"
    try:
        send_one(to, compose_copy(content, name, language, sender, to, now), sender.address, _server(settings))
    except OutboxError as error:
        _stop(str(error))
    _console().print(f"Sendte én kopi til {to}.", markup=False, highlight=False)


def _send_all(settings: Settings, told: Digest, sender: Sender, *, dry_run: bool, retry_unknown: bool) -> None:
    from digest import outbox
    from digest.subscribers import forget_unconfirmed, list_subscribers

    state = settings.data.folder / "state.sqlite"
    if not dry_run:
        forget_unconfirmed(state, datetime.now(UTC) - UNCONFIRMED)
    active = [subscriber for subscriber in list_subscribers(state) if subscriber.state == "active"]
    if dry_run:
        before = outbox.tally(state, told.week)
        new = len(active) - before.total
        _console().print(
            f"Ville sendt {told.week} til {max(new, 0) + before.pending} av {len(active)} abonnenter "
            f"({before.sent} har fått den, {before.failed} feilet, {before.unknown} uvisse). Ingenting er sendt.",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
        return
    with _alone(settings):
        now = datetime.now(UTC)
        if retry_unknown:
            outbox.retry_unknown(state, told.week, now)
        outbox.enqueue(state, told.week, active, now)
        before = outbox.tally(state, told.week)
        complete = _deliver(settings, told.week, _mails_of(settings, told, sender), sender)
        for name in outbox.unsettled(state):
            if name != told.week:
                complete &= _finish_earlier(settings, name, sender)
    if not active:
        _console().print("Det er ingen abonnenter ennå: «bybaand subscribers add navn@eksempel.no».", highlight=False)
    after = outbox.tally(state, told.week)
    # What an earlier run left unknown or failed was its own to report: the hourly retry must come to an end.
    is_unsure, failed = after.unknown > before.unknown, after.failed > before.failed and not after.sent
    if not complete or is_unsure or failed:
        raise typer.Exit(1)


def _mails_of(settings: Settings, told: Digest, sender: Sender) -> Callable[[str], bytes | None]:
    """Return what makes an active subscriber's mail; equal wishes share one letter."""
    from functools import lru_cache

    from digest.mail import compose
    from digest.subscribers import find_address
    from digest.week import narrow

    @lru_cache(maxsize=256)
    def letter(wishes: Wishes) -> Content:
        return _letter(narrow(told, wishes), wishes.language, settings, unsubscribe=True)

    def mail_of(address: str) -> bytes | None:
        subscriber = find_address(settings.data.folder / "state.sqlite", address)
        if subscriber is None or subscriber.state != "active":
            return None
        return compose(letter(subscriber.wishes), told.week, subscriber, sender, datetime.now(UTC))

    return mail_of


def _finish_earlier(settings: Settings, name: str, sender: Sender) -> bool:
    """Go on with a mail that an earlier run could not bring to an end; True when nobody waits for it any more."""
    from digest.week import WeekError, read_week
    from warehouse import WarehouseError, connect

    if name.startswith(CONFIRM):
        return _deliver(settings, name, _confirmations_of(settings, name, sender), sender)
    try:
        with connect(settings.data.folder / "bybaand.duckdb") as con:
            told = read_week(con, name, silent_weeks=settings.digest.silent_weeks)
    except (WarehouseError, WeekError) as error:
        _err().print(f"{name} kan ikke sendes ferdig: {error}", markup=False, soft_wrap=True)
        return False
    return _deliver(settings, name, _mails_of(settings, told, sender), sender)


def _deliver(settings: Settings, name: str, mail_of: Callable[[str], bytes | None], sender: Sender) -> bool:
    """Send what waits under a name, waiting for later attempts as long as the settings allow; True when none waits."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from digest import outbox

    state, server = settings.data.folder / "state.sqlite", _server(settings)
    end = datetime.now(UTC) + timedelta(minutes=settings.mail.patience_minutes)
    stop = threading.Event()
    with (
        _stopping(stop),
        Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=_err(), disable=not _err().is_terminal,
        ) as bar,
    ):  # fmt: skip
        before = outbox.tally(state, name)
        task = bar.add_task(f"Sender {name}", total=before.total, completed=before.total - before.pending)
        while True:
            try:
                for outcome in outbox.send_pending(
                    state, name, mail_of, sender.address, server, lambda: datetime.now(UTC),
                    pause=stop.wait, stopped=stop.is_set,
                ):  # fmt: skip
                    _tell(outcome, bar.console)
                    bar.update(task, advance=outcome.state != "pending")
            except outbox.OutboxError as error:
                _stop(str(error))
            due = outbox.next_due(state, name)
            if due is None or due > end or stop.is_set():
                break
            bar.update(task, description=f"Sender {name} (nytt forsøk {due.astimezone():%H:%M:%S})")
            stop.wait(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    return _say_tally(settings, name, stopped=stop.is_set())


def _tell(outcome: Outcome, console: Console) -> None:
    words = {"failed": "feilet", "unknown": "uvisst", "pending": "utsatt"}
    if outcome.state in words:
        console.print(
            f"{words[outcome.state]}: {outcome.address}: {outcome.code or ''} {outcome.answer}", markup=False,
            highlight=False, soft_wrap=True,
        )  # fmt: skip


def _say_tally(settings: Settings, name: str, *, stopped: bool) -> bool:
    from digest import outbox

    state = settings.data.folder / "state.sqlite"
    after = outbox.tally(state, name)
    out = _console()
    out.print(
        f"{name}: {after.sent} sendt, {after.pending} venter, {after.failed} feilet, {after.unknown} uvisse.",
        highlight=False,
    )
    due = outbox.next_due(state, name)
    if due is not None:
        when = (
            "Stoppet før alle var sendt" if stopped else f"Neste forsøk kan gjøres {due.astimezone():%d.%m. kl. %H:%M}"
        )
        out.print(
            f"{when}. Kjør «bybaand digest --send» igjen: de som har fått den, får den ikke en gang til.",
            highlight=False,
            soft_wrap=True,
        )
    if after.unknown:
        out.print(
            "Uvisse: sendingen ble avbrutt midt i overføringen, og ingen kan vite om e-posten kom fram. "
            "De får den ikke på nytt uten --retry-unknown.",
            soft_wrap=True,
        )
    return after.pending == 0


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the sending between two mails instead of within one."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the digest lock; it dies with its process."""
    try:
        settings.data.folder.mkdir(parents=True, exist_ok=True)
        lock = (settings.data.folder / "digest.lock").open("a")
    except OSError as error:
        _stop(f"Kan ikke skrive i datamappen {settings.data.folder}: {error.strerror}. Rett rettighetene.")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _stop("En annen «bybaand» sender e-post nå. Vent til den er ferdig; ingenting er endret.")
        yield


# --- subscribers -----------------------------------------------------------------------------------------------------


def _follow(one: str, many: str) -> Any:
    return typer.Option(f"--{one}", f"--{many}", metavar="NAVN", help="Navn eller id; kan gjentas.")


@subscribers_app.command("add")
def add(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(help="E-postadressen.")],
    language: Annotated[str | None, typer.Option(help="nb, nn eller en.")] = None,
    kommuner: Annotated[list[str] | None, _follow("kommune", "kommuner")] = None,
    fylker: Annotated[list[str] | None, _follow("fylke", "fylker")] = None,
    cities: Annotated[list[str] | None, _follow("city", "cities")] = None,
    only_decisions: Annotated[bool, typer.Option("--only-decisions", help="Bare vedtak.")] = False,
) -> None:
    """Legg til en abonnent, eller endre ønskene til en som er der.

    Uten [mail] public_url gjelder det med en gang; ellers får adressen en e-post og må si ja selv.
    """
    from digest.subscribers import SubscriberError, Wishes, add_subscriber

    settings: Settings = ctx.obj
    now = datetime.now(UTC)
    try:
        followed = _places(settings, kommuner or [], fylker or [], cities or [])
        wishes = Wishes(
            language=language or settings.digest.language,  # type: ignore[arg-type]
            kommuner=followed[0], fylker=followed[1], cities=followed[2], only_decisions=only_decisions,
        )  # fmt: skip
        subscriber = add_subscriber(
            settings.data.folder / "state.sqlite", address, wishes, now, confirmed=not settings.mail.public_url
        )
    except SubscriberError as error:
        _stop(str(error))
    if subscriber.state == "active":
        _console().print(f"{subscriber.address} får digesten fra neste sending.", markup=False, highlight=False)
        return
    _ask(settings, [subscriber], now)


@subscribers_app.command("import")
def import_list(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: address, language, kommuner, fylker, cities, only_decisions.")],
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Alle på listen har alt sagt ja; ikke spør dem igjen.")
    ] = False,
) -> None:
    """Les abonnenter fra en CSV-fil («;» mellom navn i samme rute). Linjer som ikke kan brukes, blir nevnt."""
    from digest.subscribers import SubscriberError, Wishes, add_subscriber, read_subscriber_list

    settings: Settings = ctx.obj
    now = datetime.now(UTC)
    added, refused = [], 0
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"Kan ikke lese {file}: {error}. Filen skal være CSV i UTF-8.")
    try:
        for number, address, wishes in read_subscriber_list(text.splitlines(keepends=True)):
            try:
                if isinstance(wishes, str):
                    raise SubscriberError(wishes)
                kommuner, fylker, cities = _places(settings, wishes.kommuner, wishes.fylker, wishes.cities)
                wishes = Wishes(
                    language=wishes.language, kommuner=kommuner, fylker=fylker, cities=cities,
                    only_decisions=wishes.only_decisions,
                )  # fmt: skip
                added.append(
                    add_subscriber(
                        settings.data.folder / "state.sqlite", address, wishes, now,
                        confirmed=confirmed or not settings.mail.public_url,
                    )
                )  # fmt: skip
            except SubscriberError as error:
                refused += 1
                _err().print(f"{file.name}, linje {number} ({address}): {error}", markup=False, soft_wrap=True)
    except SubscriberError as error:
        _stop(str(error))
    _console().print(f"{len(added)} abonnenter lagt til eller endret, {refused} linjer kunne ikke brukes.")
    waiting = [subscriber for subscriber in added if subscriber.state == "pending"]
    if waiting:
        _ask(settings, waiting, now)
    if refused:
        raise typer.Exit(1)


@subscribers_app.command("list")
def list_all(ctx: typer.Context, as_json: Json = False) -> None:
    """Vis abonnentene, hva de følger, og hvilke adresser e-posten ikke når fram til."""
    from digest.outbox import hard_failures
    from digest.subscribers import list_subscribers

    settings: Settings = ctx.obj
    state = settings.data.folder / "state.sqlite"
    everyone, failed = list_subscribers(state), hard_failures(state)
    if as_json:
        typer.echo(json.dumps([_as_json(one, failed) for one in everyone], ensure_ascii=False))
        return
    from rich.table import Column, Table
    from rich.text import Text

    active = sum(one.state == "active" for one in everyone)
    # Whole, or it can't be copied into «remove».
    address = Column(
        "Adresse", overflow="fold", min_width=min(22, max((len(one.address) for one in everyone), default=7))
    )
    table = Table(address, "Tilstand", "Språk", "Følger", "Feil", title=f"{active} aktive abonnenter")
    for one in everyone:
        wishes = one.wishes
        followed = ", ".join((*wishes.kommuner, *wishes.fylker, *wishes.cities)) or "alt"
        times, answer = failed.get(one.address.lower(), (0, ""))
        trouble = f"{times} på rad: {answer}" if times else ""
        table.add_row(
            Text(one.address),
            "aktiv" if one.state == "active" else "ikke bekreftet",
            wishes.language,
            Text(followed + (" (bare vedtak)" if wishes.only_decisions else "")),
            Text(trouble, style="red" if times >= BAD_ADDRESS else ""),
        )
    _console().print(table)
    if any(failed.get(one.address.lower(), (0, ""))[0] >= BAD_ADDRESS for one in everyone):
        _console().print(
            f"Røde adresser har avvist {BAD_ADDRESS} eller flere på rad: fjern dem med «bybaand subscribers remove»."
        )


def _as_json(one: Subscriber, failed: dict[str, tuple[int, str]]) -> dict[str, object]:
    times, answer = failed.get(one.address.lower(), (0, ""))
    return {
        "address": one.address,
        "state": one.state,
        "language": one.wishes.language,
        "kommuner": one.wishes.kommuner,
        "fylker": one.wishes.fylker,
        "cities": one.wishes.cities,
        "only_decisions": one.wishes.only_decisions,
        "added_at": one.added_at.isoformat(),
        "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else None,
        "failed_in_a_row": times,
        "last_failure": answer,
    }


@subscribers_app.command("remove")
def remove(ctx: typer.Context, address: Annotated[str, typer.Argument(help="E-postadressen.")]) -> None:
    """Slett en abonnent og alt vi vet om adressen."""
    from digest.subscribers import remove_subscriber

    settings: Settings = ctx.obj
    if not remove_subscriber(settings.data.folder / "state.sqlite", address):
        _stop(f"«{address}» er ikke abonnent. «bybaand subscribers list» viser alle.")
    _console().print(f"{address} er slettet.", markup=False, highlight=False)


@subscribers_app.command("bounced")
def bounced(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Returmeldinger som .eml eller mbox; «-» er standard inn.")],
) -> None:
    """Les returmeldinger (RFC 3464) og før dem på adressene de gjelder."""
    from digest.bounces import read_bounces
    from digest.outbox import record_bounce

    settings: Settings = ctx.obj
    state, found, known = settings.data.folder / "state.sqlite", 0, 0
    for file in files:
        try:
            raw = typer.get_binary_stream("stdin").read() if str(file) == "-" else file.read_bytes()
        except OSError as error:
            _stop(f"Kan ikke lese {file}: {error.strerror}.")
        for bounce in read_bounces(raw):
            found += 1
            known += record_bounce(state, bounce.address, bounce.answer, datetime.now(UTC))
    _console().print(f"{found} returmeldinger lest, {known} gjaldt e-post som er sendt herfra.")


@subscribers_app.command("serve")
def serve(
    ctx: typer.Context,
    host: Annotated[
        str, typer.Option(help="Adressen det lyttes på; ta en omvendt mellomtjener (proxy) foran.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Porten; 0 tar en ledig.")] = 8025,
) -> None:
    """Vis sidene der folk bekrefter og avslutter, til prosessen blir stoppet. Ingenting blir logget eller sporet."""
    from digest.web import make_web_server, subscription_pages

    settings: Settings = ctx.obj
    pages = subscription_pages(
        settings.data.folder / "state.sqlite",
        settings.digest.title,
        lambda: datetime.now(UTC),
        settings.digest.language,
    )
    try:
        server = make_web_server(pages, host, port)
    except OSError as error:
        _stop(f"Kan ikke lytte på {host}:{port}: {error.strerror}. Velg en annen --port.")
    with server:
        _console().print(f"Lytter på http://{host}:{server.server_port}. Stopp med Ctrl-C.", highlight=False)
        stopped = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM,)}
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            for number, handler in stopped.items():
                signal.signal(number, handler)


def _ask(settings: Settings, subscribers: list[Subscriber], now: datetime) -> None:
    """Send confirmation mails, at most one a day to each address."""
    from digest import outbox

    name, sender = f"{CONFIRM}-{now:%Y-%m-%d}", _sender(settings)
    with _alone(settings):
        outbox.enqueue(settings.data.folder / "state.sqlite", name, subscribers, now)
        complete = _deliver(settings, name, _confirmations_of(settings, name, sender), sender)
    for subscriber in subscribers[:5]:
        _console().print(f"{subscriber.address} må bekrefte med lenken i e-posten.", markup=False, highlight=False)
    if not complete:
        raise typer.Exit(1)


def _confirmations_of(settings: Settings, name: str, sender: Sender) -> Callable[[str], bytes | None]:
    from digest.letter import write_confirmation
    from digest.mail import compose, confirmation_link
    from digest.subscribers import find_address

    def mail_of(address: str) -> bytes | None:
        subscriber = find_address(settings.data.folder / "state.sqlite", address)
        if subscriber is None or subscriber.state != "pending":
            return None
        content = write_confirmation(
            subscriber.wishes.language, settings.digest.title, confirmation_link(subscriber, sender)
        )
        return compose(content, name, subscriber, sender, datetime.now(UTC))

    return mail_of


def _places(
    settings: Settings, kommuner: list[str] | tuple[str, ...], fylker: list[str] | tuple[str, ...],
    cities: list[str] | tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """Look up what is followed in the warehouse, which is opened only where something is named."""
    from digest.places import city_ids, fylke_names, kommune_ids
    from warehouse import WarehouseError, connect

    if not (kommuner or fylker or cities):
        return (), (), ()
    try:
        with connect(settings.data.folder / "bybaand.duckdb") as con:
            return kommune_ids(con, kommuner), fylke_names(con, fylker), city_ids(con, cities)
    except WarehouseError as error:
        _stop(str(error))


def _sender(settings: Settings) -> Sender:
    from digest.mail import MailError, Sender, read_key

    mail = settings.mail
    try:
        return Sender(
            sender=mail.sender, list_id=mail.list_id, public_url=mail.public_url, dkim_key=read_key(mail.dkim_key),
            dkim_selector=mail.dkim_selector, dkim_domain=mail.dkim_domain,
        )  # fmt: skip
    except MailError as error:
        _stop(str(error))


def _server(settings: Settings) -> Server:
    from digest.outbox import Server

    mail = settings.mail
    return Server(
        host=mail.host, port=mail.port, starttls=mail.starttls, user=mail.user,
        password=mail.password.get_secret_value(), per_minute=mail.per_minute,
    )  # fmt: skip


def _console() -> Console:
    from rich.console import Console

    return Console()


def _err() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def _stop(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong and what to do, and end with a code."""
    _err().print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
