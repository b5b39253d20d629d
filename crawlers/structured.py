"""What JSON-LD and meta tags say about an article, whatever the platform."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from crawlers.article import Author
from crawlers.dates import Moment, parse
from crawlers.opinion import merge, people
from crawlers.page import Page, clean

_WIRES = {
    **dict.fromkeys(("ntb", "ntb-afp", "ntb tema", "ntb kultur", "norsk telegrambyrå"), "NTB"),
    "afp": "AFP",
    "reuters": "Reuters",
    "ap": "AP",
    "tt": "TT",
    "ritzau": "Ritzau",
    "stt": "STT",
}
_MARKUP = re.compile(r"<[^<>]{1,200}>")


def text(value: Any) -> str | None:
    """Return a JSON value as one line of text, None where it holds none; markup and entities inside are resolved."""
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str) and item.strip()), None)
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
    if not isinstance(value, str):
        return None
    if "&" in value:
        value = unescape(value)
    return clean(_MARKUP.sub("", value)) or None


def headline(page: Page) -> str | None:
    """Return the shared title: og:title, JSON-LD headline, twitter:title, in that order."""
    return (
        page.meta("og:title") or text(page.article_ld.get("headline")) or text(page.article_ld.get("name"))
        or page.meta("twitter:title")
    )  # fmt: skip


def description(page: Page) -> str | None:
    """Return the lead as the head states it."""
    ld = page.article_ld
    return (
        text(ld.get("description")) or text(ld.get("abstract")) or page.meta("og:description", "description")
        or page.meta("twitter:description")
    )  # fmt: skip


def authors(page: Page) -> tuple[Author, ...]:
    """Return the writers of JSON-LD and meta tags, organisations too, e-mail addresses never."""
    found: tuple[Author, ...] = ()
    stated = page.article_ld.get("author")
    for item in stated if isinstance(stated, list) else [stated]:
        if isinstance(item, dict):
            name, role = text(item.get("name")), text(item.get("jobTitle")) or text(item.get("description"))
            if name and role and len(role) <= 120 and "@" not in role:
                found = merge(found, tuple(Author(name=one.name, role=one.role or role) for one in people(name)))
            elif name:
                found = merge(found, people(name))
        elif isinstance(item, str):
            found = merge(found, people(clean(item)))
    metas = page.metas.get("article:author", []) or page.metas.get("author", [])
    for content in metas:
        if not content.startswith(("http://", "https://", "/", "@")):
            found = merge(found, people(content))
    return found


def wire(writers: Iterable[Author]) -> str | None:
    """Return the news agency among the writers: NTB and its likes."""
    for author in writers:
        name = author.name.casefold()
        if name in _WIRES:
            return _WIRES[name]
        if re.search(r"(?:^|[/,–-]\s*)©?ntb$", name) or (author.role or "").casefold() in ("ntb", "©ntb"):
            return "NTB"
    return None


def published(page: Page) -> list[Moment | None]:
    """Return the statements of the time of publication, JSON-LD before meta tags."""
    ld = page.article_ld
    return [
        parse(text(ld.get("datePublished")), "jsonld"),
        parse(page.meta("article:published_time", "og:article:published_time", "article:published"), "meta"),
        parse(page.meta("publisheddate", "dc.date.issued", "date", "dcterms.created", "datepublished"), "meta"),
        parse(text(ld.get("dateCreated")), "jsonld"),
    ]


def modified(page: Page) -> list[Moment | None]:
    """Return the statements of the time of the last change."""
    return [
        parse(text(page.article_ld.get("dateModified")), "jsonld"),
        parse(page.meta("article:modified_time", "og:updated_time", "datemodified"), "meta"),
    ]


def section(page: Page) -> str | None:
    """Return the section: meta before JSON-LD."""
    return page.meta("article:section", "lp:section") or text(page.article_ld.get("articleSection"))


def tags(page: Page) -> tuple[str, ...]:
    """Return the tags of meta tags, else the keywords of JSON-LD; each once, in order."""
    stated: list[str] = list(page.metas.get("article:tag", []))
    if not stated:
        words = page.article_ld.get("keywords")
        if isinstance(words, str):
            stated = words.split(",")
        elif isinstance(words, list):
            stated = [word for word in words if isinstance(word, str)]
        elif keywords := page.meta("vs:keywords", "keywords", "news_keywords"):
            stated = keywords.split(",")
    return once(stated)


def once(words: Iterable[str], limit: int = 40) -> tuple[str, ...]:
    """Return cleaned words, each once whatever its case, in order."""
    found: dict[str, str] = {}
    for word in words:
        word = clean(word)
        if word and len(word) <= 80:
            found.setdefault(word.casefold(), word)
    return tuple(found.values())[:limit]


def flag(value: Any) -> bool | None:
    """Read a flag as papers print it: true, "true", 1, "False"; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.strip().lower().rsplit("/", 1)[-1]
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(word)
    return None


def free(page: Page) -> bool | None:
    """Return False where JSON-LD or a common meta tag says paid, True where one says free, else None."""
    stated = [flag(page.meta("isaccessibleforfree"))]
    for thing in page.jsonld:  # some state it of the article, some of the page that it stands on
        parts = thing.get("hasPart")
        stated += [
            flag(part.get("isAccessibleForFree"))
            for part in (thing, *(parts if isinstance(parts, list) else [parts]))
            if isinstance(part, dict)
        ]
    tier = (page.meta("article:content_tier") or "").lower()
    if tier:
        stated.append(tier == "free")
    if (paid := flag(page.meta("k5a:paid"))) is not None:
        stated.append(not paid)
    if (premium := flag(page.meta("lp:premium"))) is not None:
        stated.append(not premium)
    if False in stated:
        return False
    return True if True in stated else None


def word_count(page: Page) -> int | None:
    """Return the paper's own count of words, None where it states none."""
    for value in (page.article_ld.get("wordCount"), page.meta("k5a:wordcount")):
        try:
            number = int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            continue
        if 0 < number < 1_000_000:
            return number
    return None
