"""Full-text search with Norwegian stemming (tantivy), and search by meaning over the readings' embeddings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import tantivy

from warehouse.connect import WarehouseError

FORM = 1
_STATE = "parts.json"
Embedder = Callable[[str], Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that answers a search. `score` is only good for order; `by` says words, meaning or both."""

    article_id: str
    title: str
    source_name: str
    published_day: date | None
    url: str
    excerpt: str
    score: float
    by: str


def update(data: Path, folder: Path, *, progress: Callable[[str], None] | None = None) -> int:
    """Bring the index in `folder` up to the article files; return how many articles were (re)indexed.

    Only new and changed files are read. An index of another form is made anew. The newest version of an article wins,
    a withdrawn one is taken out.
    """
    say = progress or (lambda part: None)
    state = _state(folder)
    if state is None:
        shutil.rmtree(folder, ignore_errors=True)
        state = {}
    folder.mkdir(parents=True, exist_ok=True)
    index = _open(folder)
    parts = {
        path.relative_to(data).as_posix(): [path.stat().st_size, path.stat().st_mtime_ns]
        for path in sorted((data / "articles").glob("*/*.jsonl"))
    }
    changed = [part for part, seen in parts.items() if state.get(part) != seen]
    if not changed:
        return 0
    writer = index.writer(128_000_000, 1)
    count = 0
    for part in changed:
        say(part)
        for record in _latest(data / part):
            writer.delete_documents_by_term("article_id", record["article_id"])
            if record.get("withdrawn_at"):
                continue
            document = tantivy.Document()
            document.add_text("article_id", record["article_id"])
            document.add_text("title", record.get("title") or "")
            document.add_text("body", f"{record.get('lead') or ''}\n{record.get('text') or ''}")
            writer.add_document(document)
            count += 1
    writer.commit()
    writer.wait_merging_threads()
    # Written last: a crash before this line indexes the same articles again, each once.
    (folder / _STATE).write_text(json.dumps({"form": FORM, "parts": parts}), encoding="utf-8")
    return count


def search(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    folder: Path,
    query: str,
    *,
    embed: Embedder | None = None,
    limit: int = 10,
) -> list[Hit]:
    """Return the articles that answer best, by words and, with `embed`, by meaning (reciprocal ranks added).

    Raises WarehouseError when there is no index or the query can't be read.
    """
    if not query.strip():
        raise WarehouseError("Søket er tomt. Skriv ett eller flere ord, eller en frase i hermetegn.")
    by_words = _by_words(folder, query, 5 * limit)
    by_meaning = _by_meaning(data, embed(query), 5 * limit) if embed else []
    ranks: dict[str, float] = {}
    for ranking in (by_words, by_meaning):
        for rank, article_id in enumerate(ranking):
            ranks[article_id] = ranks.get(article_id, 0.0) + 1 / (60 + rank)
    best = sorted(ranks, key=lambda article_id: (-ranks[article_id], article_id))[: 3 * limit]
    facts = {
        row[0]: row
        for row in con.execute(
            """
            select a.article_id, a.title, s.name, a.published_day, a.url, a.part, a.version
            from articles as a left join sources as s using (source_id)
            where list_contains($ids, a.article_id)
            """,
            {"ids": best},
        ).fetchall()
    }
    words, meaning = set(by_words), set(by_meaning)
    hits: list[Hit] = []
    for article_id in best:
        if article_id not in facts or len(hits) == limit:
            continue  # indexed after the last build
        _, title, name, day, url, part, version = facts[article_id]
        hits.append(
            Hit(
                article_id=article_id,
                title=title,
                source_name=name,
                published_day=day,
                url=url,
                excerpt=_excerpt(data / part, article_id, version, query),
                score=ranks[article_id],
                by="both"
                if article_id in words and article_id in meaning
                else "words"
                if article_id in words
                else "meaning",
            )
        )
    return hits


def _open(folder: Path) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("article_id", stored=True, tokenizer_name="raw")
    builder.add_text_field("title", tokenizer_name="norsk")
    builder.add_text_field("body", tokenizer_name="norsk")
    index = tantivy.Index(builder.build(), path=str(folder))
    index.register_tokenizer("norsk", _analyzer())
    return index


def _analyzer() -> Any:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stemmer("norwegian"))
        .build()
    )


def _state(folder: Path) -> dict[str, list[int]] | None:
    """What the index holds; None where it must be made anew."""
    try:
        state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state["parts"] if state.get("form") == FORM else None


def _latest(path: Path) -> Iterable[dict[str, Any]]:
    """Records of the newest version of each article in a file; torn lines are passed over."""
    newest: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                record = json.loads(line)
                known = newest.get(record["article_id"])
                if known is None or record["version"] >= known["version"]:
                    newest[record["article_id"]] = record
            except (ValueError, KeyError, TypeError):
                continue
    return newest.values()


def _by_words(folder: Path, query: str, limit: int) -> list[str]:
    if _state(folder) is None:
        raise WarehouseError(f"Fant ingen søkeindeks i {folder}. Kjør «bybaand build» først.")
    index = _open(folder)
    index.reload()
    weights = {"title": 2.0, "body": 1.0}
    try:
        strict = index.parse_query(query, ["title", "body"], weights, conjunction_by_default=True)
    except (ValueError, TypeError):
        query = " ".join(_words(query))  # not the query language: take the words as they are
        strict = index.parse_query(query, ["title", "body"], weights, conjunction_by_default=True)
    searcher = index.searcher()
    found: dict[str, None] = {}
    # First what has all the words, then what has some.
    for parsed in (strict, index.parse_query(query, ["title", "body"], weights)):
        for _, address in searcher.search(parsed, limit).hits:
            found[searcher.doc(address)["article_id"][0]] = None
    return list(found)[:limit]


def _by_meaning(data: Path, vector: Sequence[float], limit: int) -> list[str]:
    files = [str(path) for path in sorted((data / "readings").glob("*/*.parquet"))]
    if not files:
        return []
    rows = duckdb.execute(
        # Arrays of a fixed length: DuckDB 2.0's list functions trip over empty lists among the rows.
        f"""
        select article_id
        from read_parquet($files)
        where len(embedding) = {len(vector)}
        group by article_id
        order by max(array_inner_product(
            case when len(embedding) = {len(vector)} then embedding::float[{len(vector)}] end,
            $vector::float[{len(vector)}]
        )) desc, article_id
        limit $limit
        """,
        {"files": files, "vector": list(vector), "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]


def _excerpt(path: Path, article_id: str, version: int, query: str) -> str:
    """About 160 characters of the text around the first word that was searched for."""
    text = ""
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if article_id not in line:
                continue
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if record.get("article_id") == article_id and record.get("version") == version:
                text = " ".join(f"{record.get('lead') or ''} {record.get('text') or ''}".split())
    lower = text.lower()
    stems = [word[: max(4, len(word) - 3)] for word in _words(query)]
    at = min((found for stem in stems if (found := lower.find(stem)) >= 0), default=0)
    start = max(0, at - 60)
    cut = text[start : start + 160]
    return f"{'… ' if start else ''}{cut}{' …' if start + 160 < len(text) else ''}"


def _words(query: str) -> list[str]:
    return [
        word
        for word in "".join(c if c.isalnum() else " " for c in query.lower()).split()
        if word not in ("and", "or", "not")
    ]
