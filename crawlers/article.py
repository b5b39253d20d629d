"""The article record, the only thing that the crawlers hand on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

Kind = Literal["news", "opinion", "official", "unknown"]
OpinionForm = Literal["debatt", "kronikk", "leserbrev", "leder", "kommentar"]
DateOrigin = Literal["pagedata", "jsonld", "meta", "feed", "sitemap", "html", "url", "fetched"]
DatePrecision = Literal["second", "minute", "day", "month", "year"]

_TIMES = ("published_at", "modified_at", "fetched_at", "withdrawn_at")
_BREAK = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A byline: the name as printed and the role beside it, where there is one."""

    name: str
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the page and its host say about use: stored as found, with the conclusion drawn from it.

    `robots` holds every robots directive of meta tags and `X-Robots-Tag`, lower case, sorted.
    `tdm_reserved` is None where nothing valid is stated (TDMRep: file, then header, then meta; later beats earlier).
    `ai_agents_blocked` is True where the host's robots.txt disallows AI crawlers by name.
    """

    robots: tuple[str, ...] = ()
    tdm_reserved: bool | None = None
    tdm_policy: str | None = None
    ai_agents_blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of one article. Times are UTC and aware; texts are plain, paragraphs parted by a blank line.

    `article_id` is the platform's own id (`amedia:5-124-206452`, `nrk:1.16162227`, `polaris:aB3dEf`,
    `labrador:www.kommunal-rapport.no:155498`) or `url:` and a hash of the canonical address.
    `version` counts from 1 and rises when `content_hash` changes. `published_from` says where `published_at` was
    found; `fetched` means that the time of the visit stands in for an unknown date. A paid article has head data only
    and an empty `text`. `word_count` counts `text`, or is the paper's own count where the page is paid.
    A withdrawn article keeps its head data, loses its text and gets `withdrawn_at`.
    """

    article_id: str
    version: int
    source_id: str
    publisher_group: str
    url: str
    kind: Kind
    title: str
    text: str
    language: str | None
    published_at: datetime
    published_from: DateOrigin
    published_precision: DatePrecision
    fetched_at: datetime
    content_hash: str
    word_count: int
    opinion_form: OpinionForm | None = None
    lead: str = ""
    authors: tuple[Author, ...] = ()
    section: str | None = None
    tags: tuple[str, ...] = ()
    modified_at: datetime | None = None
    paywalled: bool = False
    wire: str | None = None
    correction: str | None = None
    links: tuple[str, ...] = ()
    rights: Rights = Rights()
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        for name in _TIMES:
            value = getattr(self, name)
            if value is not None and value.utcoffset() != UTC.utcoffset(None):
                raise ValueError(f"{self.article_id}: {name} must be aware and in UTC, not {value!r}")
        if self.kind not in get_args(Kind):
            raise ValueError(f"{self.article_id}: kind {self.kind!r} is none of {', '.join(get_args(Kind))}")
        if self.paywalled and self.text:
            raise ValueError(f"{self.article_id}: the text of a paid article may not be kept")


def document(title: str, lead: str, text: str) -> str:
    """Join the parts that are read, a blank line between them; every character offset counts in this string.

    Empty parts leave no blank line, so with only `text` given the offsets count from its start.
    """
    return _BREAK.join(part for part in (title, lead, text) if part)


def content_hash(title: str, lead: str, text: str) -> str:
    """Return 16 hex digits that change when the words change, whatever the white space."""
    words = " ".join(document(title, lead, text).split())
    return sha256(words.encode()).hexdigest()[:16]


def to_json(article: Article) -> str:
    """Return one JSON line without the line end; times as ISO 8601 in UTC with `Z`."""
    record = asdict(article)
    for name in _TIMES:
        value = record[name]
        record[name] = value.isoformat().replace("+00:00", "Z") if value else None
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def from_json(line: str) -> Article:
    """Read one line; raises ValueError that names a missing, unknown or malformed field."""
    try:
        record: dict[str, Any] = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos}") from None
    if not isinstance(record, dict):
        raise ValueError(f"not a record but a {type(record).__name__}")
    known = {field.name for field in fields(Article)}
    if unknown := record.keys() - known:
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}; written by a newer Bybånd?")
    try:
        for name in _TIMES:
            if record.get(name):
                record[name] = datetime.fromisoformat(record[name])
        record["authors"] = tuple(Author(**author) for author in record.get("authors", ()))
        record["rights"] = Rights(
            **{**record.get("rights", {}), "robots": tuple(record.get("rights", {}).get("robots", ()))}
        )
        record["tags"] = tuple(record.get("tags", ()))
        record["links"] = tuple(record.get("links", ()))
        return Article(**record)
    except (TypeError, AttributeError) as error:
        raise ValueError(f"article record {record.get('article_id', '?')}: {error}") from None


def read_articles(path: Path) -> Iterator[Article]:
    """Yield the articles of one file, in file order; raises ValueError with file and line number on a bad line."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield from_json(line)
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from None


def article_parts(folder: Path) -> Iterable[Path]:
    """List the article files under `folder` (`<source_id>/<YYYY-MM>.jsonl`), in a fixed order."""
    return sorted(folder.glob("*/*.jsonl"))
