"""A page taken apart once: meta tags, JSON-LD, embedded JSON, and blocks of running text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from lxml import etree

MAX_DEPTH = 200
_BREAK = "\x00"
"""Stands for `br` while text is gathered: the source's own line ends are blanks, and its NUL signs are dropped."""
_PARAGRAPH = re.compile(f"{_BREAK}\\s*{_BREAK}")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0000-\u0008\u000e-\u001f\u007f]")
_CONTROL = re.compile(r"[\x00-\x1f]")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]{2,20})""", re.IGNORECASE)

_HEAD_PARTS = frozenset(["headline", "subtitle", "lead-text", "kicker", "byline"])
INLINE = frozenset(
    re.findall(
        r"\S+",
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike "
        "strong sub sup time tt u var wbr label",
    )
)
BLOCKS = frozenset(["p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "dd", "dt", "td", "th"])
# Never running text, whatever the platform.
DROPPED = frozenset(
    re.findall(
        r"\S+",
        "script style noscript template figure figcaption aside nav footer form button svg iframe video audio "
        "picture img object embed input select textarea canvas map dialog menu header address h1 head title meta link",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or list item of running text with the addresses that it links to."""

    text: str
    heading: bool
    links: tuple[str, ...]
    linked: str
    classes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """What a platform prints inside its body that is no running text: by class token, by start of a class, by tag."""

    classes: frozenset[str] = frozenset()
    starts: tuple[str, ...] = ()
    keep_tags: frozenset[str] = frozenset()

    def covers(self, element: Any) -> bool:
        """Return whether the element and all in it is to be left out."""
        tag = element.tag
        if not isinstance(tag, str):
            return True
        if (tag in DROPPED or "-" in tag or tag == "article") and tag not in self.keep_tags:
            return True
        if element.get("hidden") is not None:
            return True
        names = element.get("class")
        if not names:
            return False
        tokens = names.split()
        if not self.classes.isdisjoint(tokens):
            return True
        return bool(self.starts) and any(token.startswith(self.starts) for token in tokens)


class Page:
    """A parsed page with its address; every reading of it is lazy, and damaged parts read as absent."""

    def __init__(self, html: str | bytes, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.source = decode(html, headers) if isinstance(html, bytes) else html
        self.root = _parse(self.source)

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """Every `meta` by lower-case name, property or itemprop, in order; empty contents are left out."""
        found: dict[str, list[str]] = {}
        for meta in self.root.iter("meta"):
            name = meta.get("property") or meta.get("name") or meta.get("itemprop")
            content = meta.get("content")
            if name and content and (text := clean(content)):
                found.setdefault(name.strip().lower(), []).append(text)
        return found

    def meta(self, *names: str) -> str | None:
        """Return the first content of the first name that the page has."""
        for name in names:
            if values := self.metas.get(name):
                return values[0]
        return None

    @cached_property
    def scripts(self) -> dict[str, list[Any]]:
        """The non-JavaScript `script` elements by type."""
        found: dict[str, list[Any]] = {}
        for script in self.root.iter("script"):
            kind = (script.get("type") or "").partition(";")[0].strip().lower()
            if "json" in kind or "pagedata" in kind:
                found.setdefault(kind, []).append(script)
        return found

    @cached_property
    def jsonld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object, arrays and `@graph` unfolded; what can't be read even after mending is left out."""
        found: list[dict[str, Any]] = []
        for script in self.scripts.get("application/ld+json", ()):
            stack = [load_json(script.text or "")]
            while stack and len(found) < 200:
                value = stack.pop(0)
                if isinstance(value, list):
                    stack[:0] = value[:200]
                elif isinstance(value, dict):
                    found.append(value)
                    if isinstance(value.get("@graph"), list):
                        stack[:0] = value["@graph"][:200]
        return found

    @cached_property
    def article_ld(self) -> dict[str, Any]:
        """The JSON-LD object that describes an article, empty where there is none."""
        for thing in self.jsonld:
            kinds = thing.get("@type")
            for kind in kinds if isinstance(kinds, list) else [kinds]:
                if isinstance(kind, str) and (
                    kind.endswith(("Article", "BlogPosting", "NewsReport")) or kind == "Report"
                ):
                    return thing
        return {}

    @cached_property
    def pagedata(self) -> dict[str, Any]:
        """Amedia's `application/pagedata`, empty where there is none."""
        for script in self.scripts.get("application/pagedata", ()):
            value = load_json(script.text or "")
            if isinstance(value, dict):
                return value
        return {}

    @cached_property
    def canonical_link(self) -> str | None:
        """The address in `link rel=canonical`."""
        for link in self.root.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                return (link.get("href") or "").strip() or None
        return None

    @property
    def lang(self) -> str | None:
        """The `lang` of the html element as printed."""
        return (self.root.get("lang") or self.root.get("xml:lang") or "").strip() or None

    def classed(self, name: str, *tags: str, within: Any = None) -> Iterator[Any]:
        """Yield the elements of these tags (all where none is named) that bear a class token, in order."""
        if name not in self.source:  # far cheaper than a walk, and most marks are absent from most pages
            return
        for element in (self.root if within is None else within).iter(*(tags or ("*",))):
            names = element.get("class")
            if names and name in names and name in names.split():
                yield element

    def having(self, attribute: str, value: str, *tags: str, within: Any = None) -> Iterator[Any]:
        """Yield the elements of these tags whose attribute is exactly the value, in order."""
        if value not in self.source:
            return
        for element in (self.root if within is None else within).iter(*(tags or ("*",))):
            if element.get(attribute) == value:
                yield element


def decode(html: bytes, headers: Mapping[str, str] | None = None) -> str:
    """Return the page's text: charset of the answer, else of the page, else UTF-8; what does not fit is replaced."""
    content_type = next((value for name, value in (headers or {}).items() if name.lower() == "content-type"), "")
    named = re.search(r"charset\s*=\s*[\"']?([\w\-]+)", content_type, re.IGNORECASE)
    stated = _CHARSET.search(html[:4096])
    for name in (named[1] if named else None, stated[1].decode("ascii") if stated else None, "utf-8"):
        if name:
            try:
                return html.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    return html.decode("utf-8", "replace")


def clean(text: str) -> str:
    """Return text on one line: white space of every kind one blank, soft hyphens and invisible signs gone."""
    return " ".join(_INVISIBLE.sub("", text).split())


def load_json(text: str) -> Any:
    """Read JSON as papers print it: in CDATA, HTML-escaped, with raw control signs or trailing commas; else None."""
    text = text.strip().removeprefix("<![CDATA[").removeprefix("//<![CDATA[").removesuffix("//]]>").removesuffix("]]>")
    text = text.strip().removesuffix(";").removeprefix("<!--").removesuffix("-->")
    for attempt in (lambda t: t, unescape, lambda t: _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", t))):
        try:
            found = json.loads(attempt(text), strict=False)
            return _whole(found) if "\\ud" in text.lower() else found
        except (ValueError, RecursionError):
            continue
    return None


def _whole(value: Any) -> Any:
    """Replace half surrogate pairs, as a cut emoji leaves them: one such sign can't be written to any file."""
    return json.loads(
        json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


def text_of(element: Any, drop: Drop | None = None) -> str:
    """Return an element's text on one line without what `drop` covers; empty for None."""
    if element is None:
        return ""
    parts: list[str] = []
    _inline(element, drop or Drop(), parts, [], [], 0)
    return clean("".join(parts).replace(_BREAK, " "))


def blocks(container: Any, drop: Drop) -> Iterator[Block]:
    """Yield the running text of a container in order, whatever `drop` and the common list cover left out."""
    yield from _walk(container, drop, 0)


def direct_blocks(container: Any, drop: Drop) -> Iterator[Block]:
    """Yield the paragraphs, headings and lists that are a container's own children; bylines and labels lie deeper.

    Children whose `data-test-tag` names a part of the head are left out.
    """
    for child in container:
        tag = child.tag
        if not isinstance(tag, str) or drop.covers(child) or child.get("data-test-tag") in _HEAD_PARTS:
            continue
        if tag in ("ul", "ol", "blockquote"):
            yield from _walk(child, drop, 0)
        elif tag in BLOCKS:
            part = _Run(heading=tag[0] == "h", classes=child.get("class") or "")
            _inline(child, drop, part.parts, part.links, part.linked, 0)
            yield from part.flush()


def _walk(element: Any, drop: Drop, depth: int) -> Iterator[Block]:
    run = _Run()
    run.add(element.text)
    for child in element:
        tag = child.tag
        if not isinstance(tag, str):
            run.add(child.tail)
            continue
        if drop.covers(child):
            run.add(child.tail)
            continue
        if tag == "br":
            run.parts.append(_BREAK)
        elif tag in INLINE:
            if any(isinstance(inner.tag, str) and inner.tag not in INLINE and inner.tag != "br" for inner in child):
                yield from run.flush()
                if depth < MAX_DEPTH:
                    yield from _walk(child, drop, depth + 1)
            else:
                _inline(child, drop, run.parts, run.links, run.linked, depth)
        else:
            yield from run.flush()
            if tag in BLOCKS and not _holds_blocks(child):
                part = _Run(heading=tag[0] == "h" and tag[1:].isdigit(), classes=child.get("class") or "")
                _inline(child, drop, part.parts, part.links, part.linked, depth)
                yield from part.flush()
            elif depth < MAX_DEPTH:
                yield from _walk(child, drop, depth + 1)
        run.add(child.tail)
    yield from run.flush()


def _holds_blocks(element: Any) -> bool:
    return any(
        isinstance(child.tag, str) and (child.tag in BLOCKS or child.tag in ("div", "ul", "ol")) for child in element
    )


class _Run:
    """Inline text gathered until a block begins; two line breaks part paragraphs, one stays a line break."""

    __slots__ = ("classes", "heading", "linked", "links", "parts")

    def __init__(self, *, heading: bool = False, classes: str = "") -> None:
        self.parts: list[str] = []
        self.links: list[str] = []
        self.linked: list[str] = []
        self.heading = heading
        self.classes = classes

    def add(self, text: str | None) -> None:
        if text:
            self.parts.append(text)

    def flush(self) -> Iterator[Block]:
        if not self.parts:
            return
        text = "".join(self.parts)
        links, linked = tuple(self.links), clean(" ".join(self.linked))
        self.parts, self.links, self.linked = [], [], []
        for part in _PARAGRAPH.split(text) if _BREAK in text else (text,):
            lines = [line for line in map(clean, part.split(_BREAK)) if line]
            if lines:
                yield Block(
                    text="\n".join(lines), heading=self.heading, links=links, linked=linked, classes=self.classes
                )
                links, linked = (), ""


def _inline(element: Any, drop: Drop, parts: list[str], links: list[str], linked: list[str], depth: int) -> None:
    """Gather an element's own text; line ends of the source are blanks, those of `br` stay."""
    if element.text:
        parts.append(element.text)
    start = len(parts) - bool(element.text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            if tag == "br":
                parts.append(_BREAK)
            elif not drop.covers(child) and depth < MAX_DEPTH:
                _inline(child, drop, parts, links, linked, depth + 1)
        if child.tail:
            parts.append(child.tail)
    if element.tag == "a" and (href := element.get("href")):
        links.append(href.strip())
        linked.append("".join(parts[start:]))


def _parse(source: str) -> Any:
    # Comments out at the parser: half of a page's nodes at NRK.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True)
    try:
        root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        root = etree.Element("html")
    return root
