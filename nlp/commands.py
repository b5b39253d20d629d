"""The commands `read` and `evaluate`: reading stored articles or any texts, and measuring it on labelled ones."""

from __future__ import annotations

import json
import os
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from crawlers.article import article_parts, document
from nlp.reading import Reading
from nlp.settings import ReadSettings
from settings import Settings

if TYPE_CHECKING:  # the models' libraries take seconds to import: only the commands that read may pay for them
    from nlp.evaluate import Scores
    from nlp.places import Gazetteer
    from nlp.read import Reader, Text

out, err = Console(), Console(stderr=True)


class BadLineError(ValueError):
    """A line of texts that can't be read; the message says why."""


def read_settings(settings: Settings) -> ReadSettings:
    """Take what reading needs from the settings."""
    told = settings.read
    fylker = _fylker(settings.crawl.sources_file)
    return ReadSettings(tier=told.tier, entities=told.entities, embedding=told.embedding, fylker=fylker)


def _fylker(file: Path | None) -> dict[str, str]:
    """Each paper's own fylke, of those that have but one; only these two keys of the list of sources are read here."""
    listed = file.read_text("utf-8") if file else (files("crawlers") / "sources.toml").read_text("utf-8")
    sources = tomllib.loads(listed).get("source", ())
    return {source["id"]: source["fylker"][0] for source in sources if len(source.get("fylker", ())) == 1}


def read(
    ctx: typer.Context,
    input_: Annotated[
        Path | None,
        typer.Option("--input", help="Tekster å lese: JSONL med id, text og ev. title, language, published."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="Hvor lesningene skrives, én JSON-linje per tekst.")
    ] = None,
) -> None:
    """Les tekster: finn steder, vennskapsbånd og hva som er vedtatt. Uten valg leses alle nye artikler i datamappen.

    Linjer som ikke kan leses, settes til side med grunn, og koden er da 1.
    """
    settings: Settings = ctx.obj
    if (input_ is None) != (output is None):
        err.print("Oppgi både --input og --output, eller ingen av dem for å lese artiklene i datamappen.")
        raise typer.Exit(2)
    if input_ is not None and output is not None:
        _read_file(settings, input_, output)
    else:
        _read_folder(settings)


def _load(settings: Settings) -> Reader:
    # Threads of torch that wait for each other must not spin: beside other work that costs several times the reading.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from nlp.read import load_reader

    try:
        return load_reader(read_settings(settings))
    except (OSError, ValueError) as error:
        err.print(f"Modellene kan ikke lastes: {error}. Se [read] i innstillingene.", markup=False)
        raise typer.Exit(1) from None


def _read_file(settings: Settings, input_: Path, output: Path) -> None:
    try:
        lines = input_.read_bytes().splitlines()
    except OSError as error:
        err.print(f"Kan ikke lese {input_}: {error.strerror}.", markup=False)
        raise typer.Exit(1) from None
    reader = _load(settings)
    aside: list[str] = []
    beside = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    count = 0
    try:
        with beside.open("w", encoding="utf-8") as written:
            for text, reading in _readings(reader, _texts(input_, lines, aside)):
                written.write(json.dumps(to_json(text.text, reading, reader.gazetteer), ensure_ascii=False) + "\n")
                count += 1
        beside.replace(output)
    except OSError as error:
        err.print(f"Kan ikke skrive {output}: {error.strerror}. Velg et annet sted med --output.", markup=False)
        raise typer.Exit(1) from None
    finally:
        beside.unlink(missing_ok=True)
    for reason in aside:
        err.print(reason, style="red", markup=False)
    err.print(f"{count} tekster lest til {output}" + (f", {len(aside)} satt til side." if aside else "."), markup=False)
    if aside:
        raise typer.Exit(1)


def _texts(path: Path, lines: Iterable[bytes], aside: list[str]) -> Iterator[Text]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield parse_line(line, number)
        except BadLineError as error:
            aside.append(f"{path}:{number}: satt til side: {error}")


def parse_line(line: bytes | str, number: int = 1) -> Text:
    """Read one line of texts; raises BadLineError with the reason, in the words that the user sees."""
    from nlp.read import LONGEST, Text

    try:
        record = json.loads(line)
    except (ValueError, UnicodeDecodeError) as error:
        raise BadLineError(f"ikke gyldig JSON ({error})") from None
    if not isinstance(record, dict):
        raise BadLineError("ikke et JSON-objekt")
    if not isinstance(record.get("text"), str):
        raise BadLineError("feltet text mangler eller er ikke tekst")
    for name in ("title", "language"):
        if record.get(name) is not None and not isinstance(record[name], str):
            raise BadLineError(f"feltet {name} er ikke tekst")
    whole = document(record.get("title") or "", "", record["text"])
    if len(whole) > LONGEST:
        raise BadLineError(f"teksten har {len(whole)} tegn; høyst {LONGEST} leses. Del den opp.")
    if not isinstance(record.get("id"), (str, int)):
        raise BadLineError("feltet id mangler eller er verken tekst eller tall")
    return Text(
        text_id=str(record["id"]),
        text=whole,
        title=record.get("title") or "",
        language=record.get("language"),
        published=_day(record.get("published")),
    )


def _day(said: Any) -> date | None:
    from nlp.read import OSLO

    if said is None or said == "":
        return None
    if not isinstance(said, str):
        raise BadLineError("feltet published er ikke en dato (ÅÅÅÅ-MM-DD)")
    try:
        if len(said) == 10:
            return date.fromisoformat(said)
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise BadLineError(f"feltet published er ikke en dato: {said!r} (ÅÅÅÅ-MM-DD eller ISO 8601)") from None
    return (moment.astimezone(OSLO) if moment.tzinfo else moment).date()


def _readings(reader: Reader, texts: Iterable[Text]) -> Iterator[tuple[Text, Reading]]:
    waiting: list[Text] = []

    def remember() -> Iterator[Text]:
        for text in texts:
            waiting.append(text)
            yield text

    for reading in reader.read_texts(remember()):
        yield waiting.pop(0), reading


def to_json(text: str, reading: Reading, gazetteer: Gazetteer) -> dict[str, Any]:
    """Lay a reading out as `bybaand read` prints it."""
    ties = dict.fromkeys(mention.tie for mention in reading.mentions)
    return {
        "id": reading.article_id,
        "language": reading.language,
        "entities": [
            {"start": e.start, "end": e.end, "text": text[e.start : e.end], "label": e.label} for e in reading.entities
        ],
        "links": [
            {
                "start": link.start,
                "end": link.end,
                "text": text[link.start : link.end],
                "type": link.kind,
                "place_id": link.place_id,
                **(_place(gazetteer, link.place_id) if link.place_id else {}),
                "score": round(link.score, 3),
                "rule": link.rule,
                **({"metonym": True} if link.metonym else {}),
            }
            for link in reading.links
        ],
        "ties": [
            {
                "kommune_id": tie.kommune_id,
                "kommune_number": _number(gazetteer, tie.kommune_id),
                "city_id": tie.city_id,
                "city_name": gazetteer[tie.city_id].name,
                "city_name_en": gazetteer[tie.city_id].name_en,
                "country": gazetteer[tie.city_id].country,
                "geonames_id": gazetteer[tie.city_id].geonames_id,
                "score": max(m.score for m in reading.mentions if m.tie == tie),
                "mentions": [
                    {"start": m.start, "end": m.end, "score": m.score, "rule": m.rule}
                    for m in reading.mentions
                    if m.tie == tie
                ],
                "events": [
                    {
                        "action": event.action,
                        "factuality": event.factuality,
                        "date": event.date.isoformat() if event.date else None,
                        "date_precision": event.date_precision,
                        "decided_by": event.decided_by,
                        "evidence_start": event.start,
                        "evidence_end": event.end,
                        "evidence": text[event.start : event.end],
                        "score": round(event.score, 3),
                        "rule": event.rule,
                    }
                    for event in reading.events
                    if event.tie == tie
                ],
            }
            for tie in ties
        ],
        "stance": [
            {
                "kommune_id": stance.tie.kommune_id,
                "city_id": stance.tie.city_id,
                "stance": stance.stance,
                "score": round(stance.score, 3),
                "evidence_start": stance.start,
                "evidence_end": stance.end,
            }
            for stance in reading.stances
        ],
        "opinion_form": reading.opinion_form,
        "model_version": reading.model_version,
    }


def _number(gazetteer: Gazetteer, place_id: str) -> str | None:
    place = gazetteer.get(place_id)
    numbers = [today.kommune_number for today in gazetteer.today(place)] if place else []
    return numbers[0] if len(numbers) == 1 else None


def _place(gazetteer: Gazetteer, place_id: str) -> Mapping[str, Any]:
    place = gazetteer.get(place_id)
    if place is None:
        return {}
    if place.kind == "kommune":
        return {"kommune_number": _number(gazetteer, place_id)}
    return {"name": place.name, "name_en": place.name_en, "country": place.country, "geonames_id": place.geonames_id}


def _read_folder(settings: Settings) -> None:
    from nlp.store import read_part

    folder = settings.data.folder / "articles"
    parts = list(article_parts(folder))
    if not parts:
        err.print(f"Ingen artikler i {folder}. Kjør «bybaand crawl» først.", markup=False)
        return
    reader = _load(settings)
    began = time.monotonic()
    fresh = kept = 0
    bad: list[str] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("Leser", total=len(parts))
        for part in parts:
            target = settings.data.folder / "readings" / part.parent.name / f"{part.stem}.parquet"
            try:
                done = read_part(part, target, reader)
                fresh, kept = fresh + done.read, kept + done.kept
            except (OSError, ValueError) as error:
                bad.append(f"{part}: {error}")
            progress.advance(task)
    for reason in bad:
        err.print(reason, style="red", markup=False)
    took = time.monotonic() - began
    err.print(f"{fresh} artikler lest på {took:.0f} s, {kept} lest fra før, {len(parts)} deler.", markup=False)
    if bad:
        err.print("Deler som ikke kunne leses, er urørt. Rett dem og kjør «bybaand read» igjen.")
        raise typer.Exit(1)


def evaluate_gold(
    ctx: typer.Context,
    gold: Annotated[list[Path], typer.Argument(help="Merkede tekster (JSONL).")],
    as_json: Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")] = False,
    misses: Annotated[int, typer.Option(help="Hvor mange av de verste feilene som vises.")] = 12,
) -> None:
    """Mål lesningen på merkede tekster: presisjon, dekning og F1 for kommuner, byer, bånd og hendelser."""
    from nlp.evaluate import as_text, evaluate, read_gold

    reader = _load(ctx.obj)
    for path in gold:
        try:
            records = list(read_gold(path))
        except (OSError, ValueError) as error:
            err.print(f"Kan ikke lese {path}: {error}", markup=False)
            raise typer.Exit(1) from None
        readings = reader.read_texts(as_text(record) for record in records)
        scores = evaluate(zip(records, readings, strict=True), reader.gazetteer)
        if as_json:
            typer.echo(json.dumps({"gold": str(path), **scores.as_json()}, ensure_ascii=False))
        else:
            _show(path, scores, misses)


def _show(path: Path, scores: Scores, misses: int) -> None:
    from nlp.evaluate import worst

    table = Table(
        "Hva", "Klasse", "P", "R", "F1", "rett", "galt", "mangler", title=f"{path.name}: {scores.texts} tekster"
    )
    order = {"kommune": 0, "city": 1, "tie": 2, "event": 3, "action": 4, "stance": 5, "trap": 6}
    for (group, name), tally in sorted(scores.tallies.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        if group == "trap":
            share = tally.wrong / (tally.right + tally.wrong)
            table.add_row(group, name, "", "", f"{share:.0%} galt", str(tally.right), str(tally.wrong), "")
        else:
            figures = (f"{value:.3f}" for value in (tally.precision, tally.recall, tally.f1))
            table.add_row(group, name, *figures, str(tally.right), str(tally.wrong), str(tally.missed))
    out.print(table)
    for miss in worst(scores, misses):
        out.print(f"{miss['id']}: {miss['group']} {miss['what']}: {miss['item']}  [{miss['why']}]", markup=False)


def register(app: typer.Typer) -> None:
    """Add this stage's commands."""
    app.command("read")(read)
    app.command("evaluate")(evaluate_gold)
