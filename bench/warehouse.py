"""Build time and query time of the warehouse at 1 M and 10 M made-up articles.

    python bench/warehouse.py make FOLDER --articles 1000000   # article, crawl and reading files, 2.5 kB an article
    python bench/warehouse.py build FOLDER                     # full build, against a bare COPY of the same bytes
    python bench/warehouse.py ask FOLDER                       # the notebooks' questions, each three times
    python bench/warehouse.py peers FOLDER                     # two of the questions in pandas and in SQLite

The articles are spread over 40 sources (200 from 4 M articles on), 400 a source and month, over as many months as that
takes. A twelfth are reprints or edited copies; 2 % name a tie and have an embedding, 0.3 % tell an event; each names
about nine places, capitals and big cities most; a seventh are nynorsk, an eighth opinion, an eighth of those answer an
author of their month by name. `--characters` is the mean length of a text: the warehouse reads past it, the COPY not.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
TODAY = date(2024, 4, 8)
PER_PART, DIMENSIONS = 400, 384
_SPAN = [("start", pa.int32()), ("end", pa.int32())]
_TIE = [("kommune_id", pa.string()), ("city_id", pa.string())]


def _names(table: str, wanted: str) -> list[str]:
    rows = duckdb.sql(f"select place_id from read_csv('{ROOT / 'nlp/data' / table}', all_varchar = true) {wanted}")
    return [row[0] for row in rows.fetchall()]


def _structs(kind: list[tuple[str, pa.DataType]], counts: np.ndarray, columns: list[object]) -> pa.Array:
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    fields = [pa.array(values, type=field) for values, (_, field) in zip(columns, kind, strict=True)]
    struct = pa.StructArray.from_arrays(fields, fields=[pa.field(name, field) for name, field in kind])
    return pa.ListArray.from_arrays(pa.array(offsets), struct)


def make(folder: Path, articles: int, characters: int) -> None:
    """Write the files."""
    sources = 40 if articles < 4_000_000 else 200
    rng, words = np.random.default_rng(1), random.Random(1)
    vocabulary = ["".join(words.choices("abdefgiklmnoprstuvyæøå", k=words.randint(2, 11))) for _ in range(20_000)]
    text = " ".join(words.choices(vocabulary, k=400_000))
    kommuner = np.array(_names("kommuner.csv", "where valid_to is null"))
    cities = np.array(_names("cities.csv", "order by try_cast(population as bigint) desc nulls last limit 3000"))
    with (ROOT / "warehouse/reference/ties.csv").open(encoding="utf-8") as lines:
        ties = np.array([line.split(",")[0].split("–") for line in lines.read().splitlines()[1:]])
    actions = np.array(["frozen", "terminated", "signed", "proposed_termination", "rejected_termination", "visit"])
    surnames = [word.title() for word in vocabulary[:600] if len(word) > 3]
    people = [f"{words.choice(surnames[:60])} {surnames[int(at * at * len(surnames))]}" for at in rng.random(5000)]
    months = -(-articles // (sources * PER_PART))
    first = (TODAY.year * 12 + TODAY.month - 1) - months
    made = 0
    recent: list[np.ndarray] = []
    for month in range(months):
        year, number = divmod(first + month, 12)
        stem = f"{year}-{number + 1:02}"
        for source in range(sources):
            count = min(PER_PART, articles - made)
            if count <= 0:
                return
            _part(folder, f"avis{source:03}", stem, made, count, text, words, people, characters)
            _readings(folder, f"avis{source:03}", stem, made, count, rng, kommuner, cities, ties, actions, recent)
            made += count
            path = folder / "crawls" / f"avis{source:03}" / f"{stem}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            crawl = {
                "crawl_id": f"{source}-{stem}", "source_id": f"avis{source:03}", "started_at": f"{stem}-28T20:00:00Z",
                "ended_at": f"{stem}-28T20:09:00Z", "mode": "feed", "door": "rss", "outcome": "ok", "listed": count,
                "fetched": count, "new": count, "changed": 0, "withdrawn": 0, "errors": {}, "covers_from": f"{stem}-01",
                "covers_to": f"{stem}-28", "note": "",
            }  # fmt: skip
            path.write_text(json.dumps(crawl) + "\n", encoding="utf-8")


def _part(
    folder: Path,
    source: str,
    stem: str,
    made: int,
    count: int,
    text: str,
    words: random.Random,
    people: list[str],
    characters: int,
) -> None:
    path = folder / "articles" / source / f"{stem}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    # A month's debate has its own few hundred authors, the same in all papers.
    month = [people[(int(stem[:4]) * 12 + int(stem[5:])) * 7919 % len(people) - n] for n in range(300)]
    for n in range(count):
        at = words.randrange(len(text) - 2 * characters)
        moment = f"{stem}-{1 + n * 28 // count:02}T{6 + n % 16:02}:{n % 60:02}:00Z"
        opinion = n % 8 == 0
        title, lead = text[at : at + 60].capitalize(), text[at + 60 : at + 200].capitalize()
        author = words.choice(month if opinion else people)
        if opinion and n % 64 == 0:
            title = f"Svar til {words.choice(month)}: {title}"
        elif opinion and n % 64 == 32:
            lead = f"{words.choice(month)} tar feil. {lead}"
        elif n % 3 == 0:
            title = f"{title} {words.choice(people).split()[1]}"
        record = {
            "article_id": f"{source}:{made + n}", "version": 1, "source_id": source,
            "publisher_group": f"gruppe{made % 5}", "url": f"https://www.{source}.no/s/{made + n}",
            "kind": "opinion" if opinion else "news", "title": title,
            "text": text[at : at + words.randrange(characters // 2, characters * 3 // 2)],
            "language": "nn" if n % 7 == 0 else "nb", "published_at": moment,
            "published_from": "jsonld", "published_precision": "second", "fetched_at": moment,
            "content_hash": f"{made + n:016x}", "word_count": 300, "opinion_form": "debatt" if opinion else None,
            "lead": lead, "authors": [{"name": author, "role": None}],
            "section": "Nyheter", "tags": ["politikk"], "modified_at": None, "paywalled": n % 3 == 0, "wire": None,
            "correction": None, "links": [], "withdrawn_at": None,
            "rights": {"robots": [], "tdm_reserved": None, "tdm_policy": None, "ai_agents_blocked": False},
        }  # fmt: skip
        lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def _readings(
    folder: Path,
    source: str,
    stem: str,
    made: int,
    count: int,
    rng: np.random.Generator,
    kommuner: np.ndarray,
    cities: np.ndarray,
    ties: np.ndarray,
    actions: np.ndarray,
    recent: list[np.ndarray],
) -> None:
    links = rng.poisson(9, count)
    total = int(links.sum())
    is_city = rng.random(total) < 0.35
    # Few places are named often, most seldom.
    places = np.where(
        is_city,
        cities[np.minimum((rng.pareto(0.9, total) * 12).astype(int), len(cities) - 1)],
        kommuner[np.minimum((rng.pareto(1.1, total) * 20).astype(int), len(kommuner) - 1)],
    )
    zeros, forties = np.zeros(total, np.int32), np.full(total, 8, np.int32)
    link_column = _structs(
        [
            *_SPAN,
            ("text", pa.string()),
            ("kind", pa.string()),
            ("place_id", pa.string()),
            ("score", pa.float32()),
            ("rule", pa.string()),
            ("metonym", pa.bool_()),
        ],
        links,
        [
            zeros,
            forties,
            places,
            np.where(is_city, "city", "kommune"),
            places,
            np.full(total, 0.93, np.float32),
            np.full(total, "name"),
            np.zeros(total, bool),
        ],
    )
    named = (rng.random(count) < 0.02).astype(int)
    pairs = ties[np.minimum((rng.pareto(1.0, int(named.sum())) * 15).astype(int), len(ties) - 1)]
    n = len(pairs)
    mention_column = _structs(
        [*_TIE, *_SPAN, ("sentence", pa.string()), ("score", pa.float32()), ("rule", pa.string())],
        named,
        [
            pairs[:, 0],
            pairs[:, 1],
            np.zeros(n, np.int32),
            np.full(n, 90, np.int32),
            np.full(n, "En setning om avtalen. " * 4),
            np.full(n, 0.9, np.float32),
            np.full(n, "pair"),
        ],
    )
    tells = named * (rng.random(count) < 0.15)
    said = ties[np.minimum((rng.pareto(1.0, int(tells.sum())) * 15).astype(int), len(ties) - 1)]
    n = len(said)
    day = date(int(stem[:4]), int(stem[5:]), 1)
    event_column = _structs(
        [
            *_TIE,
            ("action", pa.string()),
            ("factuality", pa.string()),
            ("date", pa.date32()),
            ("date_precision", pa.string()),
            ("decided_by", pa.string()),
            *_SPAN,
            ("evidence", pa.string()),
            ("score", pa.float32()),
            ("rule", pa.string()),
        ],
        tells,
        [
            said[:, 0],
            said[:, 1],
            rng.choice(actions, n),
            np.full(n, "happened"),
            [day if at % 2 else None for at in range(n)],
            ["month" if at % 2 else None for at in range(n)],
            np.full(n, "kommunestyre"),
            np.zeros(n, np.int32),
            np.full(n, 80, np.int32),
            np.full(n, "Kommunestyret vedtok. " * 3),
            rng.uniform(0.3, 1, n).astype(np.float32),
            np.full(n, "verb"),
        ],
    )
    stances = named * (np.arange(count) % 8 == 0)
    held = ties[rng.integers(0, len(ties), int(stances.sum()))]
    n = len(held)
    stance_column = _structs(
        [*_TIE, ("stance", pa.string()), *_SPAN, ("evidence", pa.string()), ("score", pa.float32())],
        stances,
        [
            held[:, 0],
            held[:, 1],
            rng.choice(["keep", "end", "none"], n),
            np.zeros(n, np.int32),
            np.full(n, 60, np.int32),
            np.full(n, "Vi bør beholde den. " * 3),
            np.full(n, 0.8, np.float32),
        ],
    )
    entity_column = _structs([*_SPAN, ("label", pa.string())], links, [zeros, forties, np.full(total, "GPE_LOC")])
    signatures = rng.integers(0, 2**32, (count, 128), dtype=np.uint32)
    if recent:
        copies = rng.choice(count, count // 12, replace=False)
        signatures[copies] = recent[-1][rng.integers(0, len(recent[-1]), len(copies))]
        edited = rng.random((len(copies), 128)) < 0.2
        signatures[copies] = np.where(
            edited, rng.integers(0, 2**32, (len(copies), 128), dtype=np.uint32), signatures[copies]
        )
        recent.clear()
    recent.append(signatures)
    ids = [f"{source}:{made + at}" for at in range(count)]
    vectors = rng.standard_normal((int(named.sum()), DIMENSIONS), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ends = np.concatenate([[0], np.cumsum(named * DIMENSIONS)]).astype(np.int32)
    path = folder / "readings" / source / f"{stem}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        pa.table(
            {
                "article_id": ids,
                "version": pa.array(np.ones(count, np.int32)),
                "content_hash": [f"{made + at:016x}" for at in range(count)],
                "source_id": [source] * count,
                "model_version": ["m1"] * count,
                "gazetteer_version": ["g1"] * count,
                "language": ["nn" if at % 7 == 0 else "nb" for at in range(count)],
                "opinion_form": pa.array([None] * count, pa.string()),
                "entities": entity_column,
                "links": link_column,
                "mentions": mention_column,
                "events": event_column,
                "stances": stance_column,
                "signature": pa.FixedSizeListArray.from_arrays(pa.array(signatures.ravel()), 128).cast(
                    pa.list_(pa.uint32())
                ),
                "embedding": pa.ListArray.from_arrays(pa.array(ends), pa.array(vectors.ravel())),
            }
        ),
        path,
    )


def copy(folder: Path) -> None:
    """Copy the bytes into a DuckDB file and do nothing with them; print the seconds by the clock and of CPU."""
    target = folder / "copy.duckdb"
    target.unlink(missing_ok=True)
    started, used = time.perf_counter(), time.process_time()
    with duckdb.connect(str(target), config={"temp_directory": str(folder / "spill"), "memory_limit": "4GB"}) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(
            f"create table articles as from read_json('{folder}/articles/*/*.jsonl', format = 'newline_delimited', "
            "union_by_name = true)"
        )
        con.execute(f"create table readings as from read_parquet('{folder}/readings/*/*.parquet')")
        con.execute("checkpoint")
    print(json.dumps([time.perf_counter() - started, time.process_time() - used]))
    target.unlink()


def build(folder: Path, *, full: bool, with_copy: bool) -> None:
    """Copy the bytes in a process of its own, then build, and print both, with CPU and memory of each table."""
    import warehouse

    size = sum(path.stat().st_size for part in ("articles", "readings") for path in (folder / part).rglob("*.*"))
    times = ""
    print(f"files {size / 1e9:.2f} GB", flush=True)
    if with_copy:
        command = [sys.executable, __file__, "copy", str(folder)]
        bare, bare_cpu = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"bare COPY into DuckDB {bare:.1f} s ({bare_cpu:.1f} s of CPU)", flush=True)
    started, used = time.perf_counter(), time.process_time()
    marks: list[tuple[str, float, float]] = [("inputs", used, 0.0)]

    def mark(table: str) -> None:
        marks.append((table, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6))

    built = warehouse.build(
        data=folder,
        out=folder / "bybaand.duckdb",
        kommuner=ROOT / "nlp/data/kommuner.csv",
        cities=ROOT / "nlp/data/cities.csv",
        today=TODAY,
        built_at=datetime(2024, 4, 8, tzinfo=UTC),
        incremental=not full,
        progress=mark,
    )
    mark("end")
    took, cpu = time.perf_counter() - started, time.process_time() - used
    if with_copy:
        times = f", {cpu / bare_cpu:.1f} times the COPY"
    articles = built.rows["articles"]
    print(
        f"{articles} articles: {'full' if full else 'incremental'} build {took:.1f} s "
        f"({cpu:.1f} s of CPU: {cpu / articles * 1e6:.0f} s a million{times}), peak "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, file "
        f"{(folder / 'bybaand.duckdb').stat().st_size / 1e9:.2f} GB, stories {built.rows['stories']}"
    )
    steps = [(name, then - now, peak) for (name, now, _), (_, then, peak) in pairwise(marks)]
    for name, spent, peak in sorted(steps, key=lambda step: -step[1])[:16]:
        print(f"  {name:24} {spent:7.2f} s of CPU  {built.rows.get(name, ''):>12}  peak until then {peak:.2f} GB")


def _notebook_queries() -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield (where, SQL, parameters) of each query of the notebooks, read out of their code."""
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names: dict[str, object] = {"date": date}
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                with suppress(NameError, TypeError, AttributeError):
                    names[node.targets[0].id] = eval(ast.unparse(node.value), {}, names)  # noqa: S307 - our notebooks
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "con.sql":
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                yield (
                    f"notebook {path.name[:2]}, line {node.lineno}",
                    eval(ast.unparse(node.args[0]), {}, names),  # noqa: S307 - our notebooks
                    eval(given.get("params", "{}"), {}, names),  # noqa: S307 - our notebooks
                )


def ask(folder: Path) -> None:
    """Time the questions of `warehouse.questions` and all queries of the notebooks."""
    import warehouse

    started = time.perf_counter()
    con = warehouse.connect(folder / "bybaand.duckdb")
    print(f"  open the file: {time.perf_counter() - started:.3f} s")
    decision = con.execute("select decision_id from decisions_observed order by reports desc limit 1").fetchall()[0][0]
    tie = con.execute("select tie_id from decisions_observed order by reports desc limit 1").fetchall()[0][0]
    week = con.execute("select max(week) from articles").fetchall()[0][0]
    questions = {
        "attention to a tie by week": lambda: warehouse.attention(con, tie=tie).df(),
        "attention to a kommune by month": lambda: warehouse.attention(con, kommune="tromso", by="month").df(),
        "attention to a country by week": lambda: warehouse.attention(con, country="RU").df(),
        "decisions of a week": lambda: warehouse.decisions(con, week=week).df(),
        "all decided decisions": lambda: warehouse.decisions(con, state="decided").df(),
        "status as of a day": lambda: warehouse.status(con, day=date(2022, 6, 1), known=date(2023, 1, 1)).df(),
        "silence": lambda: warehouse.silence(con, weeks=4).df(),
        "stance of a tie": lambda: warehouse.stance(con, tie=tie).df(),
        "shifts": lambda: warehouse.shifts(con).df(),
        "evidence of a tie's week": lambda: warehouse.evidence(con, tie=tie, week=week).df(),
        "evidence of a decision": lambda: warehouse.evidence(con, decision=decision).df(),
        "evidence of a kommune's week": lambda: warehouse.evidence(con, kommune="tromso", week=week).df(),
        "source health of a week": lambda: con.execute("from source_weeks where week = ?", [week]).df(),
        "most told stories": lambda: con.execute("from stories order by papers desc, story_id limit 20").df(),
    }
    for name, sql, params in _notebook_queries():
        questions[name] = lambda sql=sql, params=params: con.sql(sql, params=params).df()
    for name, question in questions.items():
        times, spent = [], []
        for _ in range(3):
            started, used = time.perf_counter(), time.process_time()
            rows = len(question())
            times.append(time.perf_counter() - started)
            spent.append(time.process_time() - used)
        print(f"  {name:34} {min(times):7.3f} s  {min(spent):7.3f} s of CPU  {rows:>8} rows", flush=True)


def peers(folder: Path) -> None:
    """Ask two questions of the same facts in pandas and in SQLite."""
    import warehouse

    con = warehouse.connect(folder / "bybaand.duckdb")
    facts = "select l.place_id, a.week, a.story_id from links as l join articles as a using (article_id)"
    frame = con.sql(facts).df()
    sqlite = sqlite3.connect(":memory:")
    sqlite.execute("create table facts (place_id text, week text, story_id text)")
    started = time.perf_counter()
    sqlite.executemany("insert into facts values (?, ?, ?)", frame.itertuples(index=False))
    print(f"  {len(frame)} links; loading SQLite {time.perf_counter() - started:.1f} s")
    question = "select week, count(distinct story_id) from {} where place_id = 'tromso' group by week"
    everything = "select place_id, week, count(distinct story_id) from {} group by place_id, week"
    for name, run in {
        "one place, DuckDB": lambda: con.execute(question.format(f"({facts})")).fetchall(),
        "one place, pandas": lambda: frame[frame.place_id == "tromso"].groupby("week").story_id.nunique(),
        "one place, SQLite": lambda: sqlite.execute(question.format("facts")).fetchall(),
        "all places, DuckDB": lambda: con.execute(everything.format(f"({facts})")).fetchall(),
        "all places, pandas": lambda: frame.groupby(["place_id", "week"]).story_id.nunique(),
        "all places, SQLite": lambda: sqlite.execute(everything.format("facts")).fetchall(),
    }.items():
        started = time.perf_counter()
        rows = len(run())
        print(f"  {name:22} {time.perf_counter() - started:7.2f} s  {rows} rows", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["make", "copy", "build", "rebuild", "ask", "peers"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--characters", type=int, default=1900)
    parser.add_argument("--no-copy", action="store_true", help="build: leave the bare COPY out")
    chosen = parser.parse_args()
    if chosen.what == "make":
        make(chosen.folder, chosen.articles, chosen.characters)
    elif chosen.what in ("build", "rebuild"):
        build(chosen.folder, full=chosen.what == "build", with_copy=not chosen.no_copy)
    elif chosen.what == "copy":
        copy(chosen.folder)
    elif chosen.what == "ask":
        ask(chosen.folder)
    else:
        peers(chosen.folder)
