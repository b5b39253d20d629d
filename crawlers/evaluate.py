"""How well pages are read: token F1 of the body and exactness of the fields, side by side with plain trafilatura.

A folder holds pages (`NAME_….html` or `.html.gz`), `meta.info` (`{file: {"url", "crawl_date"}}`), and beside them
`NAME.json` with the expected fields by version (`V1`, `V1_1` …: `title`, `authors`, `publishing_date`, `topics`,
`body{summary, sections[{headline, paragraphs}]}`), the form of Fundus' test resources. Several pages of one name
belong to its versions in order of file name.
"""

from __future__ import annotations

import gzip
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import trafilatura

from crawlers.article import Article
from crawlers.extract import ExtractError, SourceFacts, extract

_Result = TypeVar("_Result")
FIELDS = ("title", "lead", "authors", "published", "tags")


class EvaluationError(Exception):
    """A folder of pages can't be scored; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A saved page and what is expected of it; fields that nothing is expected of are left out."""

    name: str
    path: Path
    url: str
    fetched_at: datetime
    body: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page's result; F1 from 0 to 1, times in milliseconds. `error` says why a page could not be read."""

    name: str
    platform: str
    body_f1: float
    rival_f1: float
    fields: dict[str, bool]
    rival_fields: dict[str, bool]
    ms: float
    rival_ms: float
    error: str | None = None


def read_page(path: Path) -> bytes:
    """Return a saved page, unpacked where its name ends in .gz; raises EvaluationError where that fails."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise EvaluationError(f"Kan ikke lese {path}: {error}") from None


def read_pairs(folder: Path) -> tuple[Pair, ...]:
    """Return the pages of a folder with what is expected of them, by name; raises EvaluationError."""
    index = folder / "meta.info"
    if not index.is_file():
        raise EvaluationError(f"{folder}: finner ikke meta.info, som skal gi adressen til hver side.")
    known = _json(index)
    names = sorted(known)
    found: list[Pair] = []
    for name in names:
        group = name.split("_")[0].removesuffix(".gz").removesuffix(".html")
        versions = list(_json(folder / f"{group}.json").values())
        siblings = [other for other in names if other.split("_")[0] == name.split("_")[0]]
        expected = versions[min(siblings.index(name), len(versions) - 1)]
        found.append(_pair(name, folder / name, known[name], expected))
    return tuple(found)


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"Kan ikke lese {path}: {error}") from None
    if not isinstance(value, dict):
        raise EvaluationError(f"{path}: ventet et JSON-objekt, ikke {type(value).__name__}.")
    return value


def _pair(name: str, path: Path, meta: dict[str, Any], expected: dict[str, Any]) -> Pair:
    try:
        body = expected["body"]
        parts = [text for part in body["sections"] for text in (*part["headline"], *part["paragraphs"])]
        fields: dict[str, Any] = {"title": expected["title"]}
        if len(body["summary"]) >= 1:
            fields["lead"] = body["summary"][0]
        if "authors" in expected:
            fields["authors"] = list(expected["authors"])
        if "publishing_date" in expected:
            fields["published"] = datetime.fromisoformat(expected["publishing_date"]).astimezone(UTC)
        if "topics" in expected:
            fields["tags"] = list(expected["topics"])
        fetched = datetime.fromisoformat(meta["crawl_date"]) if "crawl_date" in meta else datetime(2100, 1, 1)  # noqa: DTZ001
        return Pair(
            name=name, path=path, url=meta["url"], fetched_at=fetched.replace(tzinfo=UTC),
            body="\n".join(parts), fields=fields,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EvaluationError(f"{path.name}: de ventede feltene mangler {type(error).__name__} {error}.") from None


def token_f1(found: str, expected: str) -> float:
    """Return the harmonic mean of precision and recall of words, each counted as often as it stands, 0 to 1."""
    ours, theirs = Counter(_tokens(found)), Counter(_tokens(expected))
    shared = sum((ours & theirs).values())
    total = sum(ours.values()) + sum(theirs.values())
    return 2 * shared / total if total else 1.0


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def score(pair: Pair, source: SourceFacts, *, repeat: int = 1) -> Score:
    """Read one page with both readers; with `repeat` the least of so many times counts."""
    html = read_page(pair.path).decode("utf-8", "replace")
    article: Article | None = None
    error = None
    try:
        article, ms = timed(lambda: extract(html, pair.url, source=source, fetched_at=pair.fetched_at), repeat)
    except ExtractError as refused:
        error, ms = str(refused), 0.0
    text, rival_ms = timed(lambda: trafilatura.extract(html, url=pair.url, include_comments=False) or "", repeat)
    head = trafilatura.extract_metadata(html, default_url=pair.url)
    # trafilatura gives lead and body in one; the better of the two readings of that counts for it.
    lead = str(pair.fields.get("lead", ""))
    rival_f1 = max(token_f1(text, pair.body), token_f1(text, f"{lead}\n{pair.body}"))
    rival = {
        "title": head.title, "lead": head.description, "authors": (head.author or "").split("; "),
        "published": _day(head.date),
        "tags": [tag for part in head.tags or [] for tag in part.split(", ")],
    }  # fmt: skip
    ours: dict[str, Any] = {}
    if article is not None:
        ours = {
            "title": article.title, "lead": article.lead, "authors": [author.name for author in article.authors],
            "published": article.published_at, "tags": list(article.tags),
        }  # fmt: skip
    return Score(
        name=pair.name,
        platform=source.platform,
        body_f1=token_f1(article.text, pair.body) if article is not None else 0.0,
        rival_f1=rival_f1,
        fields={name: _same(ours.get(name), value) for name, value in pair.fields.items()},
        rival_fields={name: _same(rival.get(name), value) for name, value in pair.fields.items()},
        ms=ms,
        rival_ms=rival_ms,
        error=error,
    )


def timed(work: Callable[[], _Result], repeat: int) -> tuple[_Result, float]:
    """Return a result and the least of `repeat` times that it took, in milliseconds of this process."""
    least = float("inf")
    for _ in range(max(1, repeat)):
        started = time.process_time()
        result = work()
        least = min(least, time.process_time() - started)
    return result, least * 1000


def _day(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None
    except ValueError:
        return None


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, str):
        return isinstance(found, str) and " ".join(found.split()) == " ".join(expected.split())
    if isinstance(expected, datetime) and isinstance(found, datetime):
        return found.replace(microsecond=0) == expected.replace(microsecond=0)
    return bool(found == expected)
