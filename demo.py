"""The demo: replica papers on loopback, and the ordinary command line run on them from crawl to digest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

# The replica papers tell 2022-02-21 to 2024-04-07; the demo looks back from the Monday after.
SINCE = date(2022, 2, 21)
TODAY = date(2024, 4, 8)
WEEK = "2024-W14"


def demo(
    folder: Annotated[
        Path, typer.Option(help="Hvor demoen skriver; tømmes ikke, en ny kjøring legger ikke til noe.")
    ] = Path("demo-data"),
) -> None:
    """Vis hele veien på oppdiktede aviser: hent, les, bygg, digest og sider, uten nett."""
    from rich.console import Console

    try:
        folder.mkdir(parents=True, exist_ok=True)
        seconds = run_demo(folder)
    except OSError as error:
        Console(stderr=True).print(f"Kan ikke skrive i {folder}: {error.strerror}. Velg en annen mappe med --folder.")
        raise typer.Exit(1) from None
    except subprocess.CalledProcessError as error:
        Console(stderr=True).print(f"Demoen stoppet: «{' '.join(error.cmd[2:])}» ga kode {error.returncode}.")
        raise typer.Exit(1) from None
    _report(folder, seconds)


def run_demo(folder: Path, quiet: bool = False) -> dict[str, float]:
    """Serve the replica papers and run every stage on them; return the seconds that each took."""
    from crawlers.replica import demo_papers, serve

    seconds = {}
    papers = demo_papers()
    with serve(papers) as served:
        settings = folder / "bybaand.toml"
        sources = [paper.source_id for paper in papers]
        settings.write_text(_settings(folder, served.resolve, sources), encoding="utf-8")
        for stage, arguments in (
            ("crawl", ("--since", SINCE.isoformat())),
            ("read", ()),
            ("build", ("--today", TODAY.isoformat())),
            ("digest", ("--week", WEEK)),
            ("pages", ("--today", TODAY.isoformat())),
        ):
            started = time.monotonic()
            subprocess.run(
                [sys.executable, "-m", "pipeline", "--settings", str(settings), stage, *arguments],
                check=True,
                stdout=subprocess.DEVNULL if quiet else None,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
            )
            seconds[stage] = time.monotonic() - started
    return seconds


def _settings(folder: Path, resolve: dict[str, str], sources: list[str]) -> str:
    """The demo's settings: only these say that the papers answer on loopback, and that nobody need be spared."""
    addresses = "\n".join(f"{json.dumps(host)} = {json.dumps(address)}" for host, address in sorted(resolve.items()))
    return f"""# Innstillinger for demoen: oppdiktede aviser på denne maskinen.
[data]
folder = {json.dumps(str((folder / "data").absolute()))}

[crawl]
contact = "demo@localhost"
delay_s = 0
sources = {json.dumps(sources)}

[crawl.resolve]
{addresses}

[digest]
title = "Bybånd (demo med oppdiktede tekster)"
"""


def _report(folder: Path, seconds: dict[str, float]) -> None:
    from rich.console import Console
    from rich.table import Table

    from warehouse import connect

    out, data = Console(), folder / "data"
    con = connect(data / "bybaand.duckdb")

    def count(query: str) -> str:
        row = con.execute(query).fetchone()
        return f"{row[0]:,}".replace(",", " ") if row else "0"

    found = Table("Funnet", "Antall", title="Bybånd-demoen: hva som ble funnet")
    found.add_row("artikler", count("select count(*) from articles"))
    found.add_row("aviser", count("select count(distinct source_id) from articles"))
    found.add_row("saker (uten opptrykk)", count("select count(distinct story_id) from stories"))
    found.add_row("avtaler omtalt", count("select count(distinct (kommune_id, city_id)) from tie_mentions"))
    found.add_row("hendelser lest", count("select count(*) from tie_events"))
    found.add_row("vedtak observert", count("select count(*) from decisions_observed"))
    out.print(found)
    times = Table("Steg", "Sekunder", title="Hvor lang tid det tok")
    for stage, took in seconds.items():
        times.add_row(stage, f"{took:.1f}")
    times.add_row("i alt", f"{sum(seconds.values()):.1f}")
    out.print(times)
    out.print("Åpne disse:")
    for name, what in (
        (data / "digests" / f"{WEEK}.html", "ukens digest som side"),
        (data / "digests" / f"{WEEK}.eml", "samme som e-post"),
        (data / "digests" / f"{WEEK}.png", "oppmerksomhet per avtale"),
        (data / "site" / "index.html", "sidene: kart, avtaler, kommuner, kilder"),
        (data / "bybaand.duckdb", "datavarehuset (bybaand notebook, DuckDB)"),
    ):
        # A line of its own for each: a path that is broken can't be copied.
        style = None if name.exists() else "red"
        out.print(f"  {name}  {what}", style=style, markup=False, highlight=False, soft_wrap=True)
    # What stands beside the Python that runs; nobody has to have activated the environment.
    command = f"{Path(sys.executable).parent / 'bybaand'} --settings {folder / 'bybaand.toml'}"
    out.print(
        "Spør videre:",
        f'  {command} search "Kryvyj Rih"',
        f"  {command} notebook",
        sep="\n",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
