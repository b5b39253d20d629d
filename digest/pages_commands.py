"""The commands `pages` (the static site) and `notebook` (Jupyter on the published warehouse)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from settings import Settings

SOURCES = Path(__file__).parents[1] / "notebooks"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(pages)
    app.command()(notebook)


def pages(
    ctx: typer.Context,
    today: Annotated[
        str | None,
        typer.Option(metavar="ÅÅÅÅ-MM-DD", help="Dagen sidene gjelder for, ellers dagen varehuset er bygd for."),
    ] = None,
) -> None:
    """Skriv sidene (kart, avtaler, kommuner, kilder, uker) til site i datamappen. Åpnes uten server.

    Kode 0: ferdig. Kode 1: noe må gjøres, meldingen sier hva. Kode 2: feil bruk.
    """
    from rich.console import Console
    from rich.progress import Progress

    from digest.site import SiteError, SiteSettings, write_site
    from warehouse import WarehouseError, connect

    settings: Settings = ctx.obj
    try:
        day = date.fromisoformat(today) if today else None
    except ValueError:
        _stop(f"«{today}» er ingen dag. Skriv den som 2024-04-08.", 2)
    data = settings.data.folder
    wanted = SiteSettings(
        title=settings.digest.title,
        base_url=settings.pages.base_url,
        kommuner_geojson=settings.pages.kommuner_geojson,
        silent_weeks=settings.digest.silent_weeks,
        today=day,
        sent_weeks=tuple(sorted(file.stem for file in (data / "digests").glob("*-W*.html"))),
    )
    console = Console(stderr=True)
    try:
        with (
            connect(data / "bybaand.duckdb") as con,
            Progress(console=console, transient=True, disable=not console.is_terminal) as bar,
        ):
            task = bar.add_task("Skriver sider", total=None)
            written = write_site(
                con, data / "site", wanted, lambda done, total: bar.update(task, completed=done, total=total)
            )
    except (WarehouseError, SiteError) as error:
        _stop(str(error))
    Console().print(
        f"Skrev {written.pages} sider. Åpne {data / 'site' / 'index.html'} i en nettleser.",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip

    for page in written.heavy:
        console.print(f"{page} er tung (over 500 kB) og åpnes tregt på mobil.", markup=False, highlight=False)


def notebook(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Begynnelsen på navnet, for eksempel 03; ellers oversikten.")] = "",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Legg egne endringer til side (.bak) og begynn på nytt.")
    ] = False,
    write_only: Annotated[bool, typer.Option("--write-only", help="Skriv notatbøkene, og start ikke Jupyter.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Åpne nettleseren.")] = True,
) -> None:
    """Åpne notatbøkene i Jupyter med det publiserte datavarehuset. Egne endringer blir tatt vare på.

    Kode 0: ferdig. Kode 1: noe må gjøres, meldingen sier hva. Kode 2: ukjent notatbok.
    """
    import os
    import subprocess
    import sys

    from rich.console import Console

    from digest.notebooks import NotebookError, write_notebooks
    from warehouse import WarehouseError, connect

    settings: Settings = ctx.obj
    data = settings.data.folder.absolute()
    out = Console()
    try:
        connect(data / "bybaand.duckdb").close()
        written = write_notebooks(SOURCES, data / "notebooks", fresh=fresh)
    except (WarehouseError, NotebookError) as error:
        _stop(str(error))
    for file in written.kept:
        out.print(
            f"{file.name}: dine endringer er beholdt. Det finnes en nyere utgave; hent den med --fresh.",
            markup=False, highlight=False, soft_wrap=True,
        )  # fmt: skip
    chosen = [file for file in written.files if file.stem.startswith(name)] if name else []
    if name and not chosen:
        _stop(f"Ingen notatbok begynner med «{name}». Velg en av {', '.join(f.stem for f in written.files)}.", 2)
    out.print(f"Notatbøkene ligger i {data / 'notebooks'}.", markup=False, highlight=False, soft_wrap=True)
    if write_only:
        return
    command = [sys.executable, "-m", "jupyter", "lab", "--ip=127.0.0.1", f"--notebook-dir={data / 'notebooks'}"]
    command += [] if browser else ["--no-browser"]
    # In a container everybody is root; the server listens on this machine only, and asks for its token.
    command += ["--allow-root"] if os.geteuid() == 0 else []
    command += [str(chosen[0])] if chosen else []
    environment = {
        **os.environ,
        "BYBAAND_WAREHOUSE": str(data / "bybaand.duckdb"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCES.parent), os.environ.get("PYTHONPATH")])),
    }
    with subprocess.Popen(command, env=environment) as server:
        try:
            code = server.wait()
        except KeyboardInterrupt:  # Jupyter got it too, and ends by itself
            code = server.wait()
    raise typer.Exit(1 if code > 0 else 0)


def _stop(message: str, code: int = 1) -> NoReturn:
    from rich.console import Console

    Console(stderr=True).print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
