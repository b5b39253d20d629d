"""Build the warehouse: files at the seam and reference tables in, one checked DuckDB file out."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from time import perf_counter

import duckdb

from warehouse import derived, registry
from warehouse.connect import SCHEMA, WarehouseError, schema_of
from warehouse.decisions import Rules
from warehouse.publish import draft
from warehouse.sqlfiles import PUBLISHED, Model, checks, macros, models, needs, ordered

REFERENCE = Path(__file__).with_name("reference")
MIN_COVERAGE = 0.5
"""Least part of a period's source-days that must be healthy before a share is given."""
LINK_SCORE = 0.5
"""Least probability at which a link or a mention counts."""
_ARTICLE_FIELDS = frozenset({
    "article_id", "version", "source_id", "publisher_group", "url", "kind", "title", "text", "language",
    "published_at", "published_from", "published_precision", "fetched_at", "content_hash", "word_count",
    "opinion_form", "lead", "authors", "section", "tags", "modified_at", "paywalled", "wire", "correction",
    "links", "rights", "withdrawn_at",
})  # fmt: skip
_NO_READING = """
    select
        cast(null as varchar) as article_id, cast(null as integer) as version, cast(null as varchar) as content_hash,
        cast(null as varchar) as source_id, cast(null as varchar) as model_version,
        cast(null as varchar) as gazetteer_version, cast(null as varchar) as language,
        cast(null as varchar) as opinion_form,
        cast(null as struct("start" integer, "end" integer, label varchar)[]) as entities,
        cast(null as struct("start" integer, "end" integer, text varchar, kind varchar, place_id varchar, score double,
            rule varchar, metonym boolean)[]) as links,
        cast(null as struct(kommune_id varchar, city_id varchar, "start" integer, "end" integer, sentence varchar,
            score double, rule varchar)[]) as mentions,
        cast(null as struct(kommune_id varchar, city_id varchar, action varchar, factuality varchar, date date,
            date_precision varchar, decided_by varchar, "start" integer, "end" integer, evidence varchar,
            score double, rule varchar)[]) as events,
        cast(null as struct(kommune_id varchar, city_id varchar, stance varchar, "start" integer, "end" integer,
            evidence varchar, score double)[]) as stances,
        cast(null as uinteger[]) as signature, cast(null as float[]) as embedding
    where false
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file at the seam, with what tells whether it changed; `path` is relative to the data folder."""

    path: str
    stage: str
    bytes: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build made: rows and seconds per table, lines that were set aside, and the peak memory in bytes."""

    path: Path
    rows: Mapping[str, int]
    seconds: Mapping[str, float]
    set_aside: int
    parts_read: int
    parts_kept: int
    peak_bytes: int

    @property
    def total_seconds(self) -> float:
        """Time of all steps together."""
        return sum(self.seconds.values())


class _TornLineError(Exception):
    """A line can't be parsed: build again, leniently."""


def build(
    *,
    data: Path,
    out: Path,
    kommuner: Path,
    cities: Path,
    today: date,
    built_at: datetime,
    sources: Path | None = None,
    ties: Path = REFERENCE / "ties.csv",
    tie_events_known: Path | None = REFERENCE / "tie_events_known.csv",
    rules: Rules | None = None,
    incremental: bool = True,
    memory: str = "4GB",
    progress: Callable[[str], None] | None = None,
) -> Built:
    """Build `out` from the files under `data` as of `today` (Oslo) and publish it by one rename.

    With `incremental` the article files that have not changed since the last build are taken from the published file;
    the tables are the same either way. `tie_events_known` None leaves documents out: statuses then rest on the registry
    and the texts. Raises WarehouseError (Norwegian) when an input is missing or broken, a check fails, the disk is full
    or another build is running; the old file then stays.
    """
    for file, what in ((kommuner, "kommunetabellen"), (cities, "bytabellen"), (ties, "avtaleregisteret")):
        if not file.is_file():
            raise WarehouseError(f"Fant ikke {what} {file}. Rett stien, eller installer Bybånd på nytt.")
    registry.read(data / "ties.csv")  # a foreign column is better named here than by DuckDB
    with draft(out) as path:
        arguments = _Inputs(
            data=data,
            out=out,
            kommuner=kommuner,
            cities=cities,
            today=today,
            built_at=built_at,
            sources=sources,
            ties=ties,
            tie_events_known=tie_events_known,
            rules=rules or Rules(),
            incremental=incremental,
            memory=memory,
        )
        say = progress or (lambda table: None)
        try:
            try:
                return _write(path, arguments, say, lenient=False)
            except _TornLineError:
                path.unlink(missing_ok=True)
                return _write(path, arguments, say, lenient=True)
        except duckdb.Error as error:
            raise WarehouseError(_explain(error, out)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    data: Path
    out: Path
    kommuner: Path
    cities: Path
    today: date
    built_at: datetime
    sources: Path | None
    ties: Path
    tie_events_known: Path | None
    rules: Rules
    incremental: bool
    memory: str


def parts_of(data: Path) -> list[Part]:
    """List the files at the seam, in a fixed order."""
    found: list[Part] = []
    for stage, pattern in (("articles", "*/*.jsonl"), ("readings", "*/*.parquet"), ("crawls", "*/*.jsonl")):
        for path in sorted((data / stage).glob(pattern)):
            stat = path.stat()
            found.append(
                Part(
                    path=path.relative_to(data).as_posix(),
                    stage=stage,
                    bytes=stat.st_size,
                    mtime_ns=stat.st_mtime_ns,
                )
            )
    return found


def _write(path: Path, inputs: _Inputs, say: Callable[[str], None], *, lenient: bool) -> Built:
    parts = parts_of(inputs.data)
    seconds: dict[str, float] = {}
    connection = duckdb.connect(str(path), config={"temp_directory": f"{path}.spill", "memory_limit": inputs.memory})
    try:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set TimeZone = 'UTC'")
        kept = _attach_old(connection, inputs, parts) if inputs.incremental and not lenient else set()
        fresh = [part for part in parts if part.path not in kept]
        _refuse_newer(inputs.data, fresh)
        torn = _torn_lines(inputs.data, fresh) if lenient else []
        _set_variables(connection, inputs, fresh, kept, path, lenient=lenient)
        _write_inputs(connection, inputs, parts, torn)
        for macro in macros():
            connection.execute(macro.read_text(encoding="utf-8"))
        _make_all(connection, inputs, bool(kept), seconds, say)
        for macro in macros("macros_on_tables"):
            connection.execute(macro.read_text(encoding="utf-8"))
        _describe(connection)
        say("checks")
        started = perf_counter()
        _check(connection)
        seconds["checks"] = perf_counter() - started
        if kept:
            connection.execute("detach old")
        rows = {
            model.name: _count(connection, model.name)
            for model in models()
            if model.layer in PUBLISHED and model.kind == "table"
        }
        say("checkpoint")
        started = perf_counter()
        connection.execute("checkpoint")
        seconds["checkpoint"] = perf_counter() - started
    finally:
        connection.close()
    return Built(
        path=inputs.out,
        rows=rows,
        seconds=seconds,
        set_aside=rows["set_aside"],
        parts_read=len(fresh),
        parts_kept=len(kept),
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def _make_all(
    connection: duckdb.DuckDBPyConnection,
    inputs: _Inputs,
    has_old: bool,
    seconds: dict[str, float],
    say: Callable[[str], None],
) -> None:
    by_name = {model.name: model for model in models()}
    graph = needs(derived.NEEDS)
    names = ordered(graph)
    last_use = {need: name for name in names for need in graph[name]}
    for name in names:
        started = perf_counter()
        say(name)
        if name in by_name:
            _make(connection, by_name[name])
        elif name in ("kept_articles", "kept_set_aside"):
            _keep(connection, name, has_old)
        else:
            derived.MAKERS[name](connection, inputs.rules, inputs.today)
        seconds[name] = perf_counter() - started
        for done in (need for need in graph[name] if last_use[need] == name):
            # What nobody reads any more would fill memory, then the disk.
            if done == "story_labels" or (done in by_name and by_name[done].kind == "temp table"):
                connection.execute(f"drop table temp.{done}")


def _make(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    try:
        connection.execute(model.statement)
    except duckdb.InvalidInputException as error:
        if "JSON" in str(error):
            raise _TornLineError from error
        raise


def _keep(connection: duckdb.DuckDBPyConnection, name: str, has_old: bool) -> None:
    kept, empty = {
        "kept_articles": (
            "* exclude (known_from, known_to, is_latest) from old.article_versions",
            "* exclude (fault) from stg_articles",
        ),
        "kept_set_aside": ("* from old.set_aside", "* from torn_lines"),
    }[name]
    what = f"{kept} where list_contains(getvariable('kept_parts'), part)" if has_old else f"{empty} where false"
    connection.execute(f"create temp view {name} as select {what}")


def _attach_old(connection: duckdb.DuckDBPyConnection, inputs: _Inputs, parts: Iterable[Part]) -> set[str]:
    """Attach the published file as `old` and return the article files that it already holds unchanged."""
    if not inputs.out.is_file():
        return set()
    try:
        connection.execute(f"attach '{str(inputs.out).replace(chr(39), chr(39) * 2)}' as old (read_only)")
    except duckdb.Error:
        return set()  # a broken or foreign file is no help; everything is read again
    if schema_of(connection, "old") != SCHEMA:
        connection.execute("detach old")
        return set()
    known = set(connection.execute("select path, bytes, mtime_ns from old.parts where stage = 'articles'").fetchall())
    kept = {part.path for part in parts if part.stage == "articles" and (part.path, part.bytes, part.mtime_ns) in known}
    if not kept:
        connection.execute("detach old")
    return kept


def _set_variables(
    connection: duckdb.DuckDBPyConnection,
    inputs: _Inputs,
    fresh: list[Part],
    kept: set[str],
    path: Path,
    *,
    lenient: bool,
) -> None:
    nothing = path.with_name(f"{path.name}.none.jsonl")
    nothing.write_text("", encoding="utf-8")
    no_reading = path.with_name(f"{path.name}.none.parquet")
    connection.execute(f"copy ({_NO_READING}) to '{str(no_reading).replace(chr(39), chr(39) * 2)}' (format parquet)")

    def files(stage: str, empty: Path) -> list[str]:
        return [str(inputs.data / part.path) for part in fresh if part.stage == stage] or [str(empty)]

    own_ties = inputs.data / "ties.csv"
    judged = inputs.data / "decisions.jsonl"
    values: dict[str, object] = {
        "data": str(inputs.data),
        "article_parts": files("articles", nothing),
        "crawl_parts": files("crawls", nothing),
        "reading_parts": files("readings", no_reading),
        "decision_parts": [str(judged if judged.is_file() else nothing)],
        "kept_parts": sorted(kept),
        "kommuner": str(inputs.kommuner),
        "cities": str(inputs.cities),
        "ties": [str(inputs.ties), *([str(own_ties)] if own_ties.is_file() else [])],
        "own_ties": str(own_ties),
        "tie_events_known": str(inputs.tie_events_known or REFERENCE / "no_events.csv"),
        "today": inputs.today,
        "lenient": lenient,
        "min_coverage": MIN_COVERAGE,
        "link_score": LINK_SCORE,
    }
    for name, value in values.items():
        connection.execute(f"set variable {name} = $value", {"value": value})


def _write_inputs(
    connection: duckdb.DuckDBPyConnection, inputs: _Inputs, parts: list[Part], torn: list[tuple[str, int, str]]
) -> None:
    connection.execute("create table build_info (key varchar, value varchar)")
    connection.execute("comment on table build_info is 'How this file was made: schema version, day, time, versions.'")
    connection.executemany(
        "insert into build_info values (?, ?)",
        [
            ("schema_version", str(SCHEMA)),
            ("today", inputs.today.isoformat()),
            ("built_at", inputs.built_at.isoformat()),
            ("duckdb", duckdb.__version__),
            ("decide_score", str(inputs.rules.decide)),
            ("decide_undated_score", str(inputs.rules.decide_undated)),
            ("decide_freeze_score", str(inputs.rules.decide_freeze)),
            ("support_score", str(inputs.rules.support)),
            ("min_coverage", str(MIN_COVERAGE)),
            ("link_score", str(LINK_SCORE)),
        ],
    )
    connection.execute("create table parts (path varchar, stage varchar, bytes bigint, mtime_ns bigint)")
    connection.execute("comment on table parts is 'The files that this warehouse was built from.'")
    if parts:
        derived.append(connection, "parts", [(part.path, part.stage, part.bytes, part.mtime_ns) for part in parts])
    connection.execute("create temp table torn_lines (part varchar, line integer, article_id varchar, reason varchar)")
    if torn:
        connection.executemany("insert into torn_lines values (?, ?, null, ?)", torn)
    connection.execute(
        "create temp table source_list (source_id varchar, name varchar, publisher_group varchar, platform varchar, "
        "kind varchar, region varchar, fylker varchar[], paywall varchar, active boolean)"
    )
    listed = derived.listed_sources(inputs.sources)
    if listed:
        connection.executemany("insert into source_list values (?, ?, ?, ?, ?, ?, ?, ?, ?)", listed)


def _refuse_newer(data: Path, parts: Iterable[Part]) -> None:
    """Look at the first line of each article file: a field that we don't know means a newer writer."""
    for part in parts:
        if part.stage != "articles":
            continue
        with (data / part.path).open(encoding="utf-8") as lines:
            first = lines.readline()
        try:
            record = json.loads(first) if first.strip() else {}
        except json.JSONDecodeError:
            continue
        if isinstance(record, dict) and (unknown := record.keys() - _ARTICLE_FIELDS):
            raise WarehouseError(
                f"{data / part.path} er skrevet av en nyere Bybånd (ukjent felt: {', '.join(sorted(unknown))}). "
                "Oppgrader Bybånd før du bygger."
            )


def _torn_lines(data: Path, parts: Iterable[Part]) -> list[tuple[str, int, str]]:
    """Find the lines that are not JSON: (file, line number, reason)."""
    torn: list[tuple[str, int, str]] = []
    paths = [part.path for part in parts if part.stage in ("articles", "crawls")]
    if (data / "decisions.jsonl").is_file():
        paths.append("decisions.jsonl")
    for path in paths:
        with (data / path).open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    if line.strip():
                        json.loads(line)
                except json.JSONDecodeError as error:
                    torn.append((path, number, f"not JSON: {error.msg}"))
    return torn


def _describe(connection: duckdb.DuckDBPyConnection) -> None:
    # One transaction: each statement by itself would wait for the disk.
    connection.execute("begin")
    for model in models():
        if model.layer not in PUBLISHED:
            continue
        connection.execute(f"comment on {model.kind} {model.name} is {_text(model.comment)}")
        for column, meaning in model.columns.items():
            connection.execute(f'comment on column {model.name}."{column}" is {_text(meaning)}')
    connection.execute("commit")


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    """Run every check; raises WarehouseError with the first offenders of each that failed."""
    failed = []
    for file in checks():
        offenders = connection.execute(f"from ({file.read_text(encoding='utf-8')}) limit 3").fetchall()
        if offenders:
            failed.append(f"{file.stem}: {'; '.join(str(row) for row in offenders)}")
    if failed:
        raise WarehouseError(
            "Kontrollen stanset byggingen, den gamle filen står urørt. Rader som bryter reglene:\n  "
            + "\n  ".join(failed)
        )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def _explain(error: duckdb.Error, out: Path) -> str:
    text = str(error)
    first = text.splitlines()[0]
    if any(sign in text for sign in ("No space left", "File too large", "Could not write", "could not write")):
        return (
            f"Disken er full (eller filen for stor) der {out} skal ligge: {first} "
            "Frigjør plass og kjør «bybaand build» igjen. Den gamle filen står urørt."
        )
    if "Out of Memory" in text:
        return f"For lite minne til å bygge {out}: {first} Den gamle filen står urørt."
    if "readings" in text or "parquet" in text.lower() or "not found in FROM clause" in text:
        return (
            f"Lesningene kan ikke brukes: {first} De er trolig skrevet av en annen utgave av Bybånd. "
            "Kjør «bybaand read --all» og deretter «bybaand build»."
        )
    return f"Kan ikke bygge {out}: {first} Den gamle filen står urørt."
