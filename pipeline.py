"""Bybånd's command line: the only file that knows all the stages, reads the settings and the clock, and starts jobs."""

from __future__ import annotations

import fcntl
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import crawlers.commands
import crawlers.extract_commands
import digest.commands
import digest.pages_commands
import nlp.commands
import schedule as jobs
import warehouse.commands
from demo import demo
from settings import Settings, SettingsError, load_settings

app = typer.Typer(
    name="bybaand",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Bybånd: vennskapsbyer i norsk regionalpresse. Hva skrives, hva blir bestemt, og hvor er det stille?",
)
out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")]


@app.callback()
def _read_settings(
    ctx: typer.Context,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", envvar="BYBAAND_SETTINGS", help="Innstillingsfil (TOML); ellers bybaand.toml."),
    ] = None,
) -> None:
    if ctx.resilient_parsing or "--help" in sys.argv:
        return
    try:
        ctx.obj = load_settings(settings)
    except SettingsError as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from None
    ctx.meta["settings_file"] = settings


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the data folder's run lock, or say who holds it and exit with 1."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "run.lock").open("a+")
    except OSError as error:
        err.print(f"Kan ikke skrive i datamappen {folder}: {error.strerror}. Rett rettighetene eller [data] folder.")
        raise typer.Exit(1) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            err.print(f"En annen «bybaand run» arbeider allerede i {folder}. Vent til den er ferdig, og prøv igjen.")
            raise typer.Exit(1) from None
        yield


@app.command()
def run(ctx: typer.Context) -> None:
    """Hent nye artikler, les dem og bygg datavarehuset: det som tidsplanen gjør hver time."""
    settings: Settings = ctx.obj
    failed = []
    with alone(settings.data.folder):
        steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("crawl", lambda: crawlers.commands.crawl(ctx, due=True)),
            ("read", lambda: nlp.commands.read(ctx)),
            ("build", lambda: warehouse.commands.build(ctx)),
        )
        for name, step in steps:
            try:
                step()
            except typer.Exit as stop:
                # A source that is down must not keep what came in from being read and built.
                if stop.exit_code:
                    failed.append(name)
    if failed:
        err.print(f"Ikke alt gikk bra: {', '.join(failed)}. Se meldingene over, og «bybaand status».")
        raise typer.Exit(1)


@app.command()
def backfill(
    ctx: typer.Context,
    engine: Annotated[
        str, typer.Option(help="Hvor det leses: inline, processes, processes:N eller dask://vert:port.")
    ] = "processes",
) -> None:
    """Les hele arkivet på nytt der modellene er nye, på flere kjerner eller en Dask-klynge. Kan avbrytes og gjentas."""
    from crawlers.article import article_parts
    from nlp.backfill import EngineError, map_parts

    settings: Settings = ctx.obj
    data = settings.data.folder
    parts = [
        (part, data / "readings" / part.parent.name / f"{part.stem}.parquet")
        for part in article_parts(data / "articles")
    ]
    fresh, bad = 0, []
    with alone(data), Progress(console=err, transient=True) as progress:
        task = progress.add_task("Leser", total=len(parts))
        try:
            for (part, _), outcome in map_parts(parts, nlp.commands.read_settings(settings), engine):
                if isinstance(outcome, Exception):
                    bad.append(f"{part}: {outcome}")
                else:
                    fresh += outcome.read
                progress.advance(task)
        except EngineError as error:
            err.print(str(error), markup=False)
            raise typer.Exit(2) from None
    err.print(f"{fresh} artikler lest i {len(parts)} deler. Kjør «bybaand build» for å bruke dem.")
    for reason in bad:
        err.print(reason, style="red", markup=False)
    if bad:
        raise typer.Exit(1)


def _jobs(settings: Settings, settings_file: Path | None) -> tuple[jobs.Job, ...]:
    base = (sys.executable, "-m", "pipeline", *(("--settings", str(settings_file)) if settings_file else ()))
    plan = settings.schedule
    return (
        jobs.Job(name="crawl", command=(*base, "crawl", "--due"), due=jobs.Every(minutes=plan.crawl_minutes)),
        jobs.Job(name="run", command=(*base, "run"), due=jobs.Every(minutes=plan.run_minutes)),
        jobs.Job(
            name="digest",
            command=(*base, "digest", "--send"),
            due=jobs.Weekly(day=plan.digest_day, hour=plan.digest_hour),
        ),
        jobs.Job(name="pages", command=(*base, "pages"), due=jobs.Every(minutes=plan.pages_minutes)),
    )


@app.command()
def schedule(ctx: typer.Context) -> None:
    """Kjør alt etter tidsplan til prosessen blir stoppet: run hver time, digest hver mandag kl. 07 (Oslo).

    Kilder som fylles raskt, hentes oftere imellom, hver etter sin egen rytme. Sidene skrives hver natt. En digest som
    ikke ble sendt ferdig, prøves igjen hver time.
    """
    settings: Settings = ctx.obj
    plan = _jobs(settings, ctx.meta.get("settings_file"))
    times = settings.schedule
    out.print(
        f"Tidsplan: crawl hvert {times.crawl_minutes}. minutt, run hvert {times.run_minutes}. minutt, "
        f"digest {times.digest_day} kl. {times.digest_hour:02} (igjen hver time til alle har fått den), "
        f"pages hvert {times.pages_minutes}. minutt. Stopp med Ctrl-C."
    )
    jobs.serve(
        plan,
        settings.data.folder / "state.sqlite",
        timedelta(minutes=settings.schedule.job_timeout_minutes),
        lambda: datetime.now(UTC),
    )


@app.command()
def status(ctx: typer.Context, as_json: Json = False) -> None:
    """Vis når hver jobb sist lyktes, og hvordan det står til med kildene. Kode 1 når en jobb er for sent ute."""
    settings: Settings = ctx.obj
    plan = _jobs(settings, ctx.meta.get("settings_file"))
    states = jobs.job_states(plan, settings.data.folder / "state.sqlite", datetime.now(UTC))
    sources = crawlers.commands.source_states(settings)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "jobs": [
                        {
                            "job": state.name,
                            "succeeded": state.succeeded.isoformat() if state.succeeded else None,
                            "failed": state.failed.isoformat() if state.failed else None,
                            "error": state.error,
                            "late": state.late,
                        }
                        for state in states
                    ],
                    "sources": sources,
                },
                ensure_ascii=False,
            )
        )
    else:
        table = Table("Jobb", "Sist vellykket", "Sist feilet", "Tilstand", title="Jobber")
        for state in states:
            table.add_row(
                state.name, _local(state.succeeded), _local(state.failed), "for sent ute" if state.late else "i rute"
            )
        out.print(table)
        for state in states:
            if state.late and state.error:
                out.print(f"{state.name}: {state.error}", markup=False)
        out.print(crawlers.commands.source_table(sources))
    if any(state.late for state in states):
        raise typer.Exit(1)


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone(jobs.OSLO):%d.%m.%Y kl. %H:%M}" if moment else "aldri"


def _query_embedder(settings: Settings) -> Callable[[str], Sequence[float]] | None:
    """Make the vector of a search with the model that read the articles; None where there is none."""
    from nlp.embed import load_embedder  # seconds to load: only a search needs it

    chosen = settings.read.embedding
    if chosen in ("", "none"):
        return None
    try:
        embedder = load_embedder(None if chosen == "shipped" else chosen)
    except FileNotFoundError:
        return None
    return lambda query: embedder.embed([query], role="query")[0].tolist()


warehouse.commands.embedder_for = _query_embedder
app.command()(demo)
for stage in (
    crawlers.commands, crawlers.extract_commands, nlp.commands, warehouse.commands, digest.commands,
    digest.pages_commands,
):  # fmt: skip
    stage.register(app)


_STOPPED = 130
"""Exit code after Ctrl-C."""


def main() -> None:
    """Run the command line."""
    try:
        app()
    except SystemExit as stop:
        if stop.code != _STOPPED:
            raise
    except Exception as error:
        # Ctrl-C within a query: DuckDB says so by an error of its own.
        if not (type(error).__name__ == "InterruptException" or str(error) == "Query interrupted"):
            raise
    else:
        return
    err.print("Avbrutt. Kjør kommandoen igjen: den fortsetter der den slapp.")
    raise SystemExit(_STOPPED)


if __name__ == "__main__":
    main()
