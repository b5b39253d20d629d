"""The crawlers' commands: `crawl` and `sources list|check`, and what `status` shows of the sources."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawlers.crawl import CrawlError, forget
from crawlers.crawl import crawl as run_crawl
from crawlers.health import NORWEGIAN, SourceHealth, source_health
from crawlers.report import CrawlReport, report_to_json
from crawlers.settings import CrawlSettings, CrawlSettingsError
from crawlers.sources import SourceError, Sources, load_sources

if TYPE_CHECKING:
    from rich.table import Table

    from settings import Settings

sources_app = typer.Typer(no_args_is_help=True, help="Kildene: hvilke som hentes, og om de svarer.")
_OUTCOMES = {"ok": "i orden", "partial": "delvis", "failed": "feilet"}
_MODES = {"feed": "nytt", "backfill": "eldre saker", "revisit": "gjenbesøk"}
_COUNTED = re.compile(r"(\S+): (\d+) sider hentet, (-?\d+) venter")
_LOG_EVERY_S = 30.0
"""Between two lines about one publisher's visit where there is no terminal."""
Json = Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(crawl)
    app.add_typer(sources_app, name="sources")


def crawl(
    ctx: typer.Context,
    source_ids: Annotated[list[str] | None, typer.Argument(help="Kilder; ellers de i innstillingene.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="ÅÅÅÅ-MM-DD", help="Hent også eldre saker tilbake til denne dagen."),
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Bare kilder som etter sin egen rytme skal hentes nå.")] = False,
    as_json: Json = False,
) -> None:
    """Hent nye artikler, gjenbesøk gamle, og fortsett der en avbrutt henting slapp.

    Kode 1 når en kilde som er nevnt ikke svarer, eller ingen svarer; ellers viser «bybaand status» hvem som er nede.
    """
    settings: Settings = ctx.obj
    day = _day(since)
    try:
        with _bars() as tell:
            reports = run_crawl(
                crawl_settings(settings),
                settings.data.folder,
                source_ids or (),
                day,
                due_only=due,
                progress=lambda report: None if as_json else _say(report),
                tell=tell,
            )
    except (CrawlError, CrawlSettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        for report in reports:
            typer.echo(report_to_json(report))
    elif not reports:
        typer.echo("Ingen kilder skulle hentes nå.")
    polled = [report for report in reports if report.mode == "feed"]
    failed = [report for report in polled if report.outcome == "failed"]
    # Of 77 papers one is always down; that is for `status`. A person must act where a named one or all of them are.
    if failed and (source_ids or len(failed) == len(polled)):
        raise typer.Exit(1)


@contextmanager
def _bars() -> Iterator[Callable[[str], None]]:
    """Show how far each publisher's visit is: a bar on a terminal, lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        told_at: dict[str, float] = {}

        def line_of(line: str) -> None:
            group, now = line.partition(":")[0], time.monotonic()
            if not _COUNTED.fullmatch(line) or now - told_at.get(group, -_LOG_EVERY_S) >= _LOG_EVERY_S:
                told_at[group] = now
                typer.echo(line, err=True)

        yield line_of
        return
    columns = (TextColumn("Henter {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("sider"))
    # What goes to a file or a pipe must not be caught by the bar.
    with Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty()) as bar:
        tasks: dict[str, TaskID] = {}

        def tell(line: str) -> None:
            found = _COUNTED.fullmatch(line)
            if found is None:
                console.print(line, markup=False, highlight=False, soft_wrap=True)
                return
            group, done, left = found[1], int(found[2]), max(0, int(found[3]))
            if group not in tasks:
                tasks[group] = bar.add_task(group)
            bar.update(tasks[group], completed=done, total=done + left)

        yield tell


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"«{text}» er ingen dag; skriv den som 2022-02-24.", param_hint="--since") from None


def _say(report: CrawlReport) -> None:
    line = (
        f"{report.source_id:<22} {_MODES[report.mode]:<12} {_OUTCOMES[report.outcome]:<8} "
        f"{report.listed:>5} listet {report.fetched:>5} hentet {report.new:>5} nye"
    )
    if report.changed:
        line += f" {report.changed} endret"
    if report.withdrawn:
        line += f" {report.withdrawn} trukket"
    if report.errors:
        line += "  feil: " + ", ".join(f"{kind} {count}" for kind, count in sorted(report.errors.items()))
    if report.outcome == "failed" and report.note:
        line += f"  ({report.note})"
    typer.echo(line)


@sources_app.command("list")
def list_sources(ctx: typer.Context, as_json: Json = False) -> None:
    """Vis alle kilder, med plattform og utgivergruppe."""
    sources = _load(ctx.obj)
    if as_json:
        typer.echo(json.dumps([asdict(source) for source in sources.by_id.values()], ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"{len(sources.by_id)} kilder")
    table.add_column("Kilde", no_wrap=True)
    for heading in ("Navn", "Adresse", "Plattform", "Gruppe", "Område"):
        table.add_column(heading)
    for source in sources.by_id.values():
        host = f"{source.host}/{source.section}" if source.section else source.host
        table.add_row(source.source_id, source.name, host, source.platform, source.publisher_group, source.region)
    Console().print(table)


@sources_app.command("check")
def check_sources(
    ctx: typer.Context,
    source_ids: Annotated[list[str] | None, typer.Argument(help="Kilder; ellers de i innstillingene.")] = None,
    as_json: Json = False,
) -> None:
    """Spør kilder som de er nå: robots.txt, dører, én artikkel. Skriver ingenting. Kode 1 når en ikke virker."""
    from crawlers.probe import probe, tell

    settings: Settings = ctx.obj
    try:
        findings = probe(crawl_settings(settings), settings.data.folder, tuple(source_ids or settings.crawl.sources))
    except (CrawlError, CrawlSettingsError, SourceError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for finding in findings:
        typer.echo(json.dumps(finding, ensure_ascii=False) if as_json else tell(finding))
    if not all(finding["works"] for finding in findings):
        raise typer.Exit(1)


@sources_app.command("forget")
def forget_article(
    ctx: typer.Context, article_id: Annotated[str, typer.Argument(help="Artikkelens id, f.eks. amedia:5-124-206452.")]
) -> None:
    """Slett tekst, ingress og navn i alle lagrede utgaver av en artikkel, og hent den aldri igjen."""
    settings: Settings = ctx.obj
    try:
        removed = forget(crawl_settings(settings), settings.data.folder, article_id, datetime.now(UTC))
    except (CrawlError, CrawlSettingsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{article_id}: {'teksten er slettet' if removed else 'ingen tekst var lagret'}; den hentes ikke igjen.")
    typer.echo("Kjør «bybaand read» og «bybaand build», så forsvinner den også derfra.")


def crawl_settings(settings: Settings) -> CrawlSettings:
    """Return the crawl's own settings; raises CrawlSettingsError."""
    section = settings.crawl.model_dump()
    return CrawlSettings(**section)


def _load(settings: Settings) -> Sources:
    try:
        return load_sources(settings.crawl.sources_file)
    except SourceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def source_states(settings: Settings) -> list[dict[str, Any]]:
    """Return the health of the crawled sources as JSON values, those that need a look first."""
    sources = _load(settings)
    try:
        chosen = sources.choose(settings.crawl.sources)
    except SourceError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    health = source_health(settings.data.folder / "state.sqlite", chosen, datetime.now(UTC))
    return [_json(each) for each in health]


def _json(health: SourceHealth) -> dict[str, Any]:
    record = asdict(health)
    for name in ("polled_at", "ok_at", "down_since", "next_at"):
        record[name] = record[name].isoformat(timespec="seconds").replace("+00:00", "Z") if record[name] else None
    return record


def source_table(states: list[dict[str, Any]]) -> Table:
    """Return the sources as a table: what needs a look stands first, sources never crawled are only counted."""
    from rich.table import Table

    fresh = sum(state["condition"] == "new" for state in states)
    title = "Kilder" + (f" ({fresh} aldri hentet)" if fresh else "")
    table = Table("Kilde", "Tilstand", "Dør", "Artikler", "Venter", "Sist svart", "Neste", "Merknad", title=title)
    for state in states:
        if state["condition"] == "new":
            continue
        table.add_row(
            state["source_id"],
            NORWEGIAN[state["condition"]],
            state["door"] or "",
            str(state["articles"]),
            str(state["waiting"]),
            _short(state["ok_at"]),
            _short(state["next_at"]),
            f"{state['failures']} forsøk: {state['error']}" if state["error"] else "",
        )
    return table


def _short(moment: str | None) -> str:
    from crawlers.coverage import OSLO

    return f"{datetime.fromisoformat(moment).astimezone(OSLO):%d.%m. %H:%M}" if moment else "aldri"
