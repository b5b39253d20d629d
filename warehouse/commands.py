"""The warehouse's commands: build, ties, review, search, export, backup, restore."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from settings import Settings
from warehouse import backup as backups
from warehouse import export as exports
from warehouse import questions, registry
from warehouse import review as reviews
from warehouse import search as searches
from warehouse.build import build as build_warehouse
from warehouse.connect import WarehouseError, connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

out, err = Console(), Console(stderr=True)
OSLO = ZoneInfo("Europe/Oslo")
_ROOT = Path(__file__).parents[1]
KOMMUNER, CITIES = _ROOT / "nlp/data/kommuner.csv", _ROOT / "nlp/data/cities.csv"
SOURCES = _ROOT / "crawlers/sources.toml"

Json = Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")]

embedder_for: Callable[[Settings], searches.Embedder | None] | None = None
"""Makes a query's embedding; `pipeline.py` sets it, for the warehouse knows no models."""

STATES = {
    "active": "gjelder", "frozen": "fryst", "ended": "avsluttet", "proposed": "foreslått", "doubtful": "tvilsom",
    "disputed": "motstridende meldinger", "unknown": "ukjent",
}  # fmt: skip
KINDS = {
    "vennskapsby": "vennskapsby", "samarbeid": "samarbeid", "barents": "Barents-samarbeid", "proposed": "foreslått",
    None: "bare omtalt",
}  # fmt: skip
VERIFICATIONS = {
    "verified": "bekreftet", "one_source": "én kilde", "unverified": "ubekreftet", "doubtful": "tvilsom",
}  # fmt: skip
BASES = {"registry": "register", "document": "dokument", "press": "aviser", "analyst": "analytiker"}
ACTIONS = {
    "signed": "inngått", "renewed": "fornyet", "proposed_signing": "foreslått inngått", "frozen": "fryst",
    "terminated": "sagt opp", "proposed_termination": "foreslått sagt opp",
    "rejected_termination": "oppsigelse nedstemt", "resumed": "gjenopptatt", "aid": "hjelp", "visit": "besøk",
}  # fmt: skip
PRECISIONS = {
    "week": "bare uken", "month": "bare måneden", "season": "bare årstiden", "year": "bare året",
    "published": "etter utgivelsen",
}  # fmt: skip
FACTUALITIES = {
    "happened": "skjedd", "proposed": "foreslått", "negated": "benektet", "hypothetical": "tenkt",
    "historical": "tilbakeblikk",
}  # fmt: skip
DECISION_STATES = {"decided": "avgjort", "reported": "bare meldt", "proposed": "forslag", "rejected": "forkastet"}


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the warehouse's errors into one line and code 1."""
    try:
        yield
    except WarehouseError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def _file(settings: Settings) -> Path:
    return settings.data.folder / "bybaand.duckdb"


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        err.print(f"{option} {text!r} er ikke en dag. Skriv den som 2024-04-08.", markup=False)
        raise typer.Exit(2) from None


def build(
    ctx: typer.Context,
    today: Annotated[str | None, typer.Option(help="Dagen det bygges for (ÅÅÅÅ-MM-DD); ellers i dag.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Les alle artikkelfiler på nytt, ikke bare de endrede.")] = False,
    index: Annotated[bool, typer.Option(help="Oppdater også søkeindeksen.")] = True,
    as_json: Json = False,
) -> None:
    """Bygg datavarehuset av artikler, lesninger og vurderinger, og publiser det når alle kontroller er bestått."""
    settings: Settings = ctx.obj
    data = settings.data.folder
    with _explained(), _progress(quiet=as_json) as say:
        built = build_warehouse(
            data=data,
            out=_file(settings),
            kommuner=KOMMUNER,
            cities=CITIES,
            sources=settings.crawl.sources_file or SOURCES,
            today=_day(today, "--today") or datetime.now(OSLO).date(),
            built_at=datetime.now(UTC),
            incremental=not full,
            progress=lambda step: say({"checks": "kontrollerer", "checkpoint": "lagrer"}.get(step, f"bygger {step}")),
        )
        indexed = (
            searches.update(data, data / "search", progress=lambda part: say(f"indekserer {part}")) if index else 0
        )
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "file": str(built.path),
                    "rows": dict(built.rows),
                    "seconds": round(built.total_seconds, 3),
                    "set_aside": built.set_aside,
                    "parts_read": built.parts_read,
                    "parts_kept": built.parts_kept,
                    "indexed": indexed,
                },
                ensure_ascii=False,
            )
        )
        return
    rows = built.rows
    out.print(
        f"Bygde {built.path} på {built.total_seconds:.1f} s: {rows['articles']} artikler, {rows['stories']} saker, "
        f"{rows['tie_mentions']} omtaler av avtaler, {rows['decisions_observed']} observerte vedtak. "
        f"Leste {built.parts_read} filer, beholdt {built.parts_kept} uendrede; {indexed} artikler i søkeindeksen.",
        markup=False,
        soft_wrap=True,
    )
    if not rows["articles"]:
        err.print(
            f"Ingen artikler i {data / 'articles'} ennå. Kjør «bybaand crawl» og «bybaand read» først.", markup=False
        )
    if built.set_aside:
        out.print(
            f"{built.set_aside} linjer kunne ikke brukes og er lagt til side: select * from set_aside", style="yellow"
        )


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    if quiet or not err.is_terminal:
        yield lambda words: None
        return
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("")
        yield lambda words: bar.update(task, description=words)


ties = typer.Typer(name="ties", no_args_is_help=True, help="Registeret over vennskapsavtaler: se, legg til, importer.")


@ties.command("list")
def list_ties(
    ctx: typer.Context,
    kommune: Annotated[str | None, typer.Option(help="Bare denne kommunen (navn eller place_id).")] = None,
    country: Annotated[str | None, typer.Option(help="Bare dette landet (f.eks. RU).")] = None,
    status: Annotated[str | None, typer.Option(help=f"Bare denne statusen: {', '.join(STATES)}.")] = None,
    day: Annotated[str | None, typer.Option(help="Status på denne dagen; ellers dagen det ble bygd for.")] = None,
    as_json: Json = False,
) -> None:
    """Vis avtalene med status og hvor sikre de er."""
    settings: Settings = ctx.obj
    if status is not None and status not in STATES:
        err.print(f"Ukjent status {status!r}. Tillatt: {', '.join(STATES)}.", markup=False)
        raise typer.Exit(2)
    with _explained():
        con = connect(_file(settings))
        held = {
            row[0]: row[1] for row in questions.status(con, day=_day(day, "--day")).select("tie_id, status").fetchall()
        }
        rows = con.execute(
            """
            select tie_id, kommune_name, city_name, country, kind, signed_year, verification, in_registry
            from ties
            where ($kommune is null or lower($kommune) in (kommune_id, lower(kommune_name)))
              and ($country is null or country = upper($country))
            order by kommune_name, city_name
            """,
            {"kommune": kommune, "country": country},
        ).fetchall()
        known = con.execute(
            "select count(*) from kommuner where lower($kommune) in (place_id, lower(name))", {"kommune": kommune}
        ).fetchone()
    if kommune and known == (0,):
        err.print(f"Ingen kommune heter {kommune!r}. Prøv navnet slik det skrives, f.eks. Tromsø.", markup=False)
        raise typer.Exit(2)
    shown = [(*row, held.get(row[0], "unknown")) for row in rows if status in (None, held.get(row[0], "unknown"))]
    if as_json:
        names = ("tie_id", "kommune", "city", "country", "kind", "signed_year", "verification", "in_registry", "status")
        typer.echo(json.dumps([dict(zip(names, row, strict=True)) for row in shown], ensure_ascii=False))
        return
    table = Table("Avtale", "Land", "Slag", "Siden", "Status", "Sikkerhet", title=f"{len(shown)} avtaler")
    for tie_id, _, _, land, kind, year, verification, _, state in shown:
        table.add_row(
            Text(tie_id, no_wrap=True), land, KINDS[kind], str(year or ""), STATES[state], VERIFICATIONS[verification]
        )
    out.print(table)


@ties.command("show")
def show_tie(
    ctx: typer.Context,
    tie: Annotated[str, typer.Argument(help="Avtalen, f.eks. tromso–ru-murmansk (vanlig bindestrek går også).")],
    known: Annotated[str | None, typer.Option(help="Slik det var kjent på denne dagen; ellers alt vi vet.")] = None,
    as_json: Json = False,
) -> None:
    """Vis en avtale: kilder, status over tid, observerte vedtak og setningene bak."""
    settings: Settings = ctx.obj
    with _explained():
        con = connect(_file(settings))
        tie_id = questions.tie_named(con, tie)
        fact = con.execute("select * from ties where tie_id = ?", [tie_id])
        names = [column[0] for column in fact.description]
        registered = dict(zip(names, fact.fetchall()[0], strict=True))
        heirs = con.execute(
            """
            select h.name, t.tie_id
            from (select unnest(successors) as place_id from kommuner where place_id = $kommune) as s
            inner join kommuner as h on s.place_id = h.place_id
            left join ties as t on t.kommune_id = h.place_id and t.inherited_from = $tie
            order by h.name
            """,
            {"kommune": registered["kommune_id"], "tie": tie_id},
        ).fetchall()
        course = con.execute(
            """
            select
                status, valid_from, valid_from_latest, valid_to, valid_to_latest, date_precision, known_from, basis,
                action, article_ids, source_urls, evidence
            from tie_status
            where tie_id = $tie and known_from <= $known and $known < known_to
            order by valid_from
            """,
            {"tie": tie_id, "known": _day(known, "--known") or date(9999, 12, 30)},
        )
        names = [column[0] for column in course.description]
        steps = [dict(zip(names, row, strict=True)) for row in course.fetchall()]
        seen = questions.decisions(con, tie=tie_id)
        names = list(seen.columns)
        decided = [dict(zip(names, row, strict=True)) for row in seen.fetchall()]
    if as_json:
        typer.echo(
            json.dumps({"tie": registered, "status": steps, "decisions": decided}, ensure_ascii=False, default=str)
        )
        return
    out.print(Text(f"{registered['kommune_name']} – {registered['city_name']} ({registered['country']})", style="bold"))
    _line(
        f"{KINDS[registered['kind']]}, {VERIFICATIONS[registered['verification']]}: "
        f"{' '.join(registered['source_urls'])}"
    )
    if registered["note"]:
        _line(registered["note"])
    if heirs:
        told = ", ".join(f"{name} ({heir or 'ingen kilde sier at den førte avtalen videre'})" for name, heir in heirs)
        _line(f"{registered['kommune_name']} finnes ikke lenger. Området hører nå til {told}.")
    out.print(Text("\nStatus over tid", style="bold"))
    for step in steps:
        since = _between(step["valid_from"], step["valid_from_latest"], step["date_precision"]) or "ukjent tidspunkt"
        until = _between(step["valid_to"], step["valid_to_latest"], "day")
        _line(
            f"{since:>23} – {until:23}  {STATES[step['status']]} "
            f"({BASES[step['basis']]}, kjent fra {_shown(step['known_from']) or 'registeret'})"
        )
        if step["evidence"] or step["source_urls"]:
            _line(f"{'':51}{step['evidence'] or ' '.join(step['source_urls'])}", style="dim")
    out.print(Text("\nVedtak i avisene", style="bold"))
    for each in sorted(decided, key=lambda each: each["date_from"]):
        when = _between(each["date_from"], each["date_to"], each["date_precision"])
        _line(
            f"{when:>23}  {ACTIONS[each['action']]} ({DECISION_STATES[each['state']]}, "
            f"{each['score']:.2f}): {each['stories']} saker i {each['papers']} aviser, "
            f"først meldt {_shown(each['first_report_day'])}"
        )
        _line(f"{'':25}{each['evidence']}", style="dim")


def _line(words: str, style: str = "") -> None:
    out.print(Text(words, style=style), soft_wrap=True)


def _shown(day: date | None) -> str:
    return "" if day is None or day.year in (1900, 9999) else f"{day:%d.%m.%Y}"


def _between(first: date, latest: date, precision: str | None) -> str:
    """Say when something changed, no more precisely than it is known."""
    if first.year in (1900, 9999):
        return ""
    if precision is None:
        return f"senest {_shown(latest)}"
    if first == latest:
        return _shown(first)
    if precision == "year":
        return str(first.year)
    return f"{_shown(first)}–{_shown(latest)}"


@ties.command("add")
def add_tie(
    ctx: typer.Context,
    kommune: Annotated[str, typer.Option(help="Kommunen (place_id, f.eks. tromso).")],
    city: Annotated[str, typer.Option(help="Byen (place_id, f.eks. ru-murmansk).")],
    source: Annotated[list[str], typer.Option(help="Adressen som viser avtalen; kan gjentas.")],
    kind: Annotated[str, typer.Option(help=f"Slag: {', '.join(registry.KINDS)}.")] = "vennskapsby",
    year: Annotated[int | None, typer.Option(help="Året den ble inngått, hvis kilden sier det.")] = None,
    verification: Annotated[
        str, typer.Option(help=f"Hvor sikker: {', '.join(registry.VERIFICATIONS)}.")
    ] = "one_source",
    note: Annotated[str, typer.Option(help="Merknad.")] = "",
) -> None:
    """Legg til eller rett en avtale i ditt eget register (ties.csv i datamappen)."""
    row = {
        "kommune_id": kommune,
        "city_id": city,
        "kind": kind,
        "signed_year": str(year or ""),
        "verification": verification,
        "source_urls": " ".join(source),
        "note": note,
    }
    _add(ctx, [row])


@ties.command("import")
def import_ties(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="CSV-fil i UTF-8 med minst kommune_id, city_id, kind, verification, source_urls.")
    ],
) -> None:
    """Importer mange avtaler til ditt eget register; én gal rad, og ingenting blir skrevet."""
    with _explained():
        if not file.is_file():
            raise WarehouseError(f"Fant ikke {file}.")
        rows = registry.read(file)
    _add(ctx, rows)


def _add(ctx: typer.Context, rows: list[dict[str, str]]) -> None:
    settings: Settings = ctx.obj
    own = settings.data.folder / "ties.csv"
    with _explained():
        new, replaced = registry.add(own, rows, kommuner=KOMMUNER, cities=CITIES)
    out.print(f"{new} nye og {replaced} rettede avtaler i {own}. De gjelder fra neste «bybaand build».", markup=False)


def review(
    ctx: typer.Context,
    who: Annotated[str, typer.Option(help="Hvem som vurderer; ellers brukernavnet.")] = "",
    tie: Annotated[str | None, typer.Option(help="Bare denne avtalen.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Høyst så mange.")] = 100,
) -> None:
    """Vurder hendelsene maskinen er minst sikker på: godta, forkast eller endre; lagres med hvem og når."""
    settings: Settings = ctx.obj
    name = who.strip() or getpass.getuser()
    file = settings.data.folder / "decisions.jsonl"
    with _explained():
        con = connect(_file(settings))
        queue = reviews.questions(con, tie=questions.tie_named(con, tie) if tie else None, limit=limit)
        if not queue:
            out.print("Ingenting å vurdere: alle hendelser er vurdert.")
            return
        judged = 0
        for number, question in enumerate(queue, start=1):
            out.print(_panel(question, number, len(queue)))
            answer = Prompt.ask(
                "[b]g[/b]odta, [b]f[/b]orkast, [b]e[/b]ndre, [b]h[/b]opp over, [b]s[/b]lutt",
                choices=["g", "f", "e", "h", "s"],
                show_choices=False,
                console=out,
            )
            if answer == "s":
                break
            if answer == "h":
                continue
            changes = _changes(con, question) if answer == "e" else {}
            reviews.record(
                file,
                reviews.Judgement(
                    judged_at=datetime.now(UTC),
                    judged_by=name,
                    judgement={"g": "accept", "f": "reject", "e": "change"}[answer],  # type: ignore[arg-type]
                    article_id=question.article_id,
                    version=question.version,
                    tie_id=question.tie_id,
                    action=question.action,
                    char_start=question.char_start,
                    char_end=question.char_end,
                    evidence=question.evidence,
                    **changes,  # type: ignore[arg-type]
                ),
            )
            judged += 1
    out.print(f"{judged} vurderinger lagret i {file}. De gjelder fra neste «bybaand build».", markup=False)


def _panel(question: reviews.Question, number: int, of: int) -> Panel:
    words = Text()
    words.append(f"{question.evidence}\n\n", style="bold")
    words.append(f"Avtale: {question.kommune_name} – {question.city_name} ({question.tie_id})\n")
    words.append(f"Lest som: {ACTIONS[question.action]}, {FACTUALITIES[question.factuality]}, ")
    words.append(_shown(question.event_date) or "uten dato")
    words.append(f" ({PRECISIONS[question.date_precision]})" if question.date_precision in PRECISIONS else "")
    words.append(f", sannsynlighet {question.score:.2f}")
    words.append(f", nå: {DECISION_STATES[question.state]}\n" if question.state else "\n")
    words.append(
        f"{question.title} – {question.source_name or ''} {question.published_day or ''}\n{question.url}", style="dim"
    )
    return Panel(words, title=f"{number} av {of}")


def _choice(label: str, names: dict[str, str], default: str) -> str:
    said = Prompt.ask(label, choices=[*names.values()], default=names[default], console=out)
    return next(code for code, name in names.items() if name == said)


def _changes(con: DuckDBPyConnection, question: reviews.Question) -> dict[str, object]:
    while True:
        said = Prompt.ask("Avtale", default=question.tie_id, console=out).strip()
        try:
            tie_id = questions.tie_named(con, said)
            break
        except WarehouseError as error:
            out.print(str(error), markup=False)
    action = _choice("Handling", ACTIONS, question.action)
    fact = _choice("Faktisk?", FACTUALITIES, question.factuality)
    while True:
        text = Prompt.ask(
            "Dag (ÅÅÅÅ-MM-DD, tom: som lest)", default=str(question.event_date or ""), show_default=True, console=out
        ).strip()
        try:
            day = date.fromisoformat(text) if text else None
            break
        except ValueError:
            out.print(f"«{text}» er ikke en dag.", markup=False)
    note = Prompt.ask("Merknad", default="", show_default=False, console=out)
    return {
        "new_tie_id": tie_id if tie_id != question.tie_id else None,
        "new_action": action if action != question.action else None,
        "new_factuality": fact if fact != question.factuality else None,
        "new_date": day if day != question.event_date else None,
        "new_date_precision": "day" if day and day != question.event_date else None,
        "note": note,
    }


def search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="Ord, «en frase» i hermetegn, eller et spørsmål.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Høyst så mange treff.")] = 10,
    meaning: Annotated[bool, typer.Option(help="Søk også etter mening, der lesningene har vektorer.")] = True,
    as_json: Json = False,
) -> None:
    """Søk i artiklene etter ord (bøyde former finnes også) og mening."""
    settings: Settings = ctx.obj
    data = settings.data.folder
    with _explained():
        con = connect(_file(settings))
        embed = embedder_for(settings) if meaning and embedder_for else None
        hits = searches.search(
            con, data, data / "search", query.replace("«", '"').replace("»", '"'), embed=embed, limit=limit
        )
    if as_json:
        typer.echo(json.dumps([_hit(hit) for hit in hits], ensure_ascii=False, default=str))
        return
    if not hits:
        out.print("Ingen treff.")
    for hit in hits:
        out.print(Text(hit.title, style="bold"))
        out.print(f"  {hit.source_name or ''}, {_shown(hit.published_day)} · {hit.url}", markup=False, soft_wrap=True)
        out.print(f"  {hit.excerpt}\n", markup=False, soft_wrap=True)


def _hit(hit: searches.Hit) -> dict[str, object]:
    return {name: getattr(hit, name) for name in searches.Hit.__slots__}


def export(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Mappen filene skrives i.")],
    form: Annotated[str, typer.Option("--format", help="parquet, csv eller xlsx.")] = "parquet",
    table: Annotated[list[str] | None, typer.Option(help="Bare denne tabellen; kan gjentas. Ellers alle.")] = None,
) -> None:
    """Skriv tabellene som Parquet-, CSV- eller Excel-filer."""
    settings: Settings = ctx.obj
    if form not in ("parquet", "csv", "xlsx"):
        err.print(f"Ukjent format {form!r}. Tillatt: parquet, csv, xlsx.", markup=False)
        raise typer.Exit(2)
    with _explained():
        written = exports.export(connect(_file(settings)), folder, form, only=table or ())  # type: ignore[arg-type]
    for path, rows in written:
        out.print(f"{path}: {rows} rader", markup=False, soft_wrap=True)


def backup(
    ctx: typer.Context,
    target: Annotated[Path, typer.Argument(help="Filen som skrives, f.eks. bybaand-2024-04-08.tar.gz.")],
    tables: Annotated[bool, typer.Option(help="Ta med datavarehusets tabeller som Parquet.")] = True,
) -> None:
    """Sikkerhetskopier artikler, henting, lesninger, tilstand og vurderinger til én fil."""
    settings: Settings = ctx.obj
    with _explained(), _progress(quiet=False) as say:
        kept = backups.back_up(settings.data.folder, target, datetime.now(UTC), with_tables=tables, progress=say)
    out.print(f"Sikret {kept.files} filer i {kept.path} ({kept.bytes / 1e6:.1f} MB).", markup=False, soft_wrap=True)


def restore(
    ctx: typer.Context,
    source: Annotated[Path, typer.Argument(help="Filen som «bybaand backup» skrev.")],
) -> None:
    """Gjenopprett en sikkerhetskopi til en tom datamappe. Kjør «bybaand build» etterpå."""
    settings: Settings = ctx.obj
    with _explained(), _progress(quiet=False) as say:
        kept = backups.restore(source, settings.data.folder, progress=say)
    out.print(
        f"Gjenopprettet {kept.files} filer i {kept.path}. Kjør «bybaand build» for å bygge datavarehuset.",
        markup=False,
        soft_wrap=True,
    )


def register(app: typer.Typer) -> None:
    """Add the warehouse's commands to the command line."""
    for command in (build, review, search, export, backup, restore):
        app.command()(command)
    app.add_typer(ties)
