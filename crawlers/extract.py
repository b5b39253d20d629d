"""A page becomes an article: structured data first, then the platform's markup, then trafilatura; no network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urljoin

import trafilatura

from crawlers import structured
from crawlers.article import Article, Author, DateOrigin, Kind, OpinionForm, Rights, content_hash
from crawlers.boilerplate import is_boilerplate, is_correction, strip_agency, strip_contact
from crawlers.dates import Moment, best, from_url, parse
from crawlers.opinion import Marking, label, merge, segment, signatures, strip_disclaimer, strip_label
from crawlers.page import Block, Page, clean, decode, text_of
from crawlers.platforms import PLATFORMS
from crawlers.platforms.platform import Found, Platform, hashed_id, host_of, path_of, segments
from crawlers.rights import read_rights

MAX_PAGE = 20_000_000
"""Characters; a longer page is refused, whoever sends it."""


class ExtractError(Exception):
    """A page is no article or can't be read: what is wrong, where, and what to do."""

    def __init__(self, reason: str, url: str, hint: str = "") -> None:
        super().__init__(f"{url}: {reason}" + (f" ({hint})" if hint else ""))
        self.reason = reason
        self.url = url
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What the configuration knows about a paper; `kind` debate or official decides where the page is silent."""

    source_id: str
    platform: str
    publisher_group: str
    host: str
    language: str | None = None
    kind: Literal["news", "debate", "official"] = "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item of a feed, list or sitemap; it fills what the page leaves out."""

    url: str
    title: str = ""
    lead: str = ""
    published_at: datetime | None = None
    modified_at: datetime | None = None
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def extract(
    html: str | bytes,
    url: str,
    *,
    source: SourceFacts,
    fetched_at: datetime,
    headers: Mapping[str, str] | None = None,
    feed_item: FeedItem | None = None,
    host_rights: Rights | None = None,
    head_only: bool = False,
) -> Article:
    """Read one page into version 1 of its article; raises ExtractError where the page is no article.

    `fetched_at` is in UTC. `host_rights` are what robots.txt and the well-known file say. A page that any flag calls
    paid, or any page when `head_only` is set, keeps its head data and loses its body.
    """
    if len(html) > MAX_PAGE:
        raise ExtractError("the page is too large", url, f"{len(html)} of at most {MAX_PAGE} characters")
    if source.platform not in PLATFORMS:
        raise ExtractError(f"unknown platform {source.platform!r}", url, f"known: {', '.join(PLATFORMS)}")
    platform = PLATFORMS[source.platform]
    text = decode(html, headers) if isinstance(html, bytes) else html
    if not text.strip():
        raise ExtractError("the page is empty", url, "fetch it again")
    page = Page(text, url)
    found = platform.read(page)
    if found.refused:
        raise ExtractError(f"no article: {found.refused}", url, "leave the address out")
    address, article_id = _identify(page, platform, found, feed_item)
    title = clean(found.title or structured.headline(page) or _heading(page) or (feed_item.title if feed_item else ""))
    if not title:
        raise ExtractError("no title", url, "has the page changed, or is it no article?")
    own = platform.body(page)
    if not own and platform.name in _ADAPTED and not _says_article(page, found):
        raise ExtractError("no article: nothing on the page says that it is one", url, "a notice? fetch it again")
    body = own or _fallback(page)
    markings = [mark for text in found.labels if (mark := label(text) or strip_disclaimer(text)[1])]
    lead, marked = _lead(found.lead or structured.description(page) or (feed_item.lead if feed_item else ""), title)
    markings += marked
    kept = _running_text(body, title, lead if found.lead else "")
    markings += kept.markings
    by_url, by_words = platform.opinion_url(url), segment(segments(address)[:-1])
    section = found.section or structured.section(page)
    kind, form = _kind(page, platform, source, found, markings, by_url, by_words, section)
    if kind == "opinion" and (rest := strip_label(lead))[1]:
        lead = rest[0]
        form = form or (rest[1].form if rest[1] else None)
    paid = bool(found.paid) or structured.free(page) is False
    withheld = paid or head_only
    paragraphs = list(kept.paragraphs)
    if not found.lead and not withheld and paragraphs and _key(paragraphs[0]) == _key(lead):
        lead = ""  # a description that repeats the first paragraph is no lead of its own
    if not paragraphs and not withheld:
        raise ExtractError("no text", url, "a picture or video page, or the platform's selectors need a look")
    authors = merge(found.authors, structured.authors(page))
    if kind == "opinion" and not withheld:
        authors = merge(authors, _signed(authors, paragraphs))
    if not authors and feed_item:
        authors = tuple(Author(name=name) for name in structured.once(feed_item.authors) if "@" not in name)
    body_text = "" if withheld else "\n\n".join(paragraphs)
    published = _published(page, found, feed_item, fetched_at)
    return Article(
        article_id=article_id,
        version=1,
        source_id=source.source_id,
        publisher_group=source.publisher_group,
        url=address,
        kind=kind,
        opinion_form=form if kind == "opinion" else None,
        title=title,
        lead=lead,
        text=body_text,
        language=_language(page, found, source, f"{title} {lead} {' '.join(paragraphs)}"),
        authors=authors,
        section=section,
        tags=found.tags or structured.tags(page),
        published_at=published.at,
        published_from=published.origin,
        published_precision=published.precision,
        modified_at=_modified(page, found, published, fetched_at),
        fetched_at=fetched_at,
        content_hash=content_hash(title, lead, body_text),
        word_count=_count(found, page, paragraphs, paid=paid),
        paywalled=paid,
        wire=found.wire or structured.wire(authors) or kept.wire,
        correction=kept.correction,
        links=() if withheld else _links(kept.hrefs, page, article_id, platform),
        rights=read_rights(
            [value for name in ("robots", "bybaand") for value in page.metas.get(name, ())],
            {name: value for name in ("tdm-reservation", "tdm-policy") if (value := page.meta(name))},
            headers,
            host=host_rights,
            hidden=found.hidden,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Running text after boilerplate is gone, with what the boilerplate told."""

    paragraphs: tuple[str, ...]
    hrefs: tuple[str, ...]
    markings: tuple[Marking, ...]
    wire: str | None
    correction: str | None


def _running_text(body: Iterable[Block], title: str, lead: str) -> _Kept:
    paragraphs: list[str] = []
    hrefs: list[str] = []
    markings: list[Marking] = []
    wire: str | None = None
    correction: list[str] = []
    head = {_key(title), _key(lead)} - {""}
    headings: set[str] = set()
    for number, block in enumerate(body):
        text = block.text
        hrefs.extend(block.links)
        if block.heading:
            headings.add(text)
        if is_boilerplate(block):
            continue
        if number < 8 and not paragraphs and _key(text) in head:
            continue
        if not block.heading and is_correction(text):
            correction.append(text)
            continue
        if (marked := label(text)) and (number < 2 or (len(text) < 15 and number < 4)):
            markings.append(marked)
            continue
        text, told = strip_disclaimer(text)
        if told:
            markings.append(told)
        text, agency = strip_agency(text, first=number < 3)
        wire = wire or agency
        text = strip_contact(text)
        if text and re.search(r"\w", text):
            paragraphs.append(text)
    # A heading with nothing under it belonged to what was left out.
    while paragraphs and paragraphs[-1] in headings:
        paragraphs.pop()
    return _Kept(
        paragraphs=tuple(paragraphs),
        hrefs=tuple(hrefs),
        markings=tuple(markings),
        wire=wire,
        correction="\n\n".join(correction) or None,
    )


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


_ADAPTED = frozenset(("amedia", "polaris", "nrk", "labrador"))


def _says_article(page: Page, found: Found) -> bool:
    """Return whether a page marks itself as an article; a notice of maintenance at an article's address doesn't."""
    return bool(page.article_ld) or page.meta("og:type") == "article" or found.paid is not None or any(found.published)


def _fallback(page: Page) -> tuple[Block, ...]:
    try:
        text = trafilatura.extract(
            page.source, url=page.url, include_comments=False, include_tables=True, output_format="txt"
        )
    except Exception:  # trafilatura raises what it likes on damaged pages; for us that is a page without text
        text = None
    lines = [clean(line) for line in (text or "").split("\n")]
    headings = {_key(text_of(element)) for element in page.root.iter("h2", "h3", "h4")}
    anchors = _anchors(page) if lines else {}
    return tuple(
        Block(
            text=line.removeprefix("- ") if line.startswith("- ") and line.count("- ") == 1 else line,
            heading=len(line) < 120 and _key(line) in headings,
            links=tuple(href for words, href in anchors.items() if words in line)[:20],
            linked=next((words for words in anchors if words and words == line), ""),
            classes="",
        )
        for line in lines
        if line and line not in ("|", "||")
    )


def _anchors(page: Page) -> dict[str, str]:
    """Return the link texts inside paragraphs with their addresses; trafilatura's text has lost them."""
    found: dict[str, str] = {}
    for anchor in page.root.iter("a"):
        parent = anchor.getparent()
        if (
            parent is not None
            and parent.tag in ("p", "strong", "b", "em", "i", "li", "span")
            and (href := anchor.get("href"))
        ):
            words = text_of(anchor)
            if len(words) >= 3:
                found.setdefault(words, href.strip())
        if len(found) >= 200:
            break
    return found


def _identify(page: Page, platform: Platform, found: Found, feed_item: FeedItem | None) -> tuple[str, str]:
    """Return the article's address and id; the page's canonical address counts where it names the same article."""
    url = page.url
    linked = urljoin_safe(url, page.canonical_link) or ""
    article_id = platform.article_id(url) or found.key
    for stated in (linked, page.meta("og:url") or ""):
        if article_id is None and stated:
            article_id = platform.article_id(urljoin_safe(url, stated) or "")
    slugged = platform.name in ("generic", "wordpress", "drupal") and path_of(url) != "/"
    if article_id is None and slugged and (feed_item or page.article_ld or page.meta("og:type") == "article"):
        article_id = hashed_id(platform.canonical(url))
    if article_id is None:
        raise ExtractError("no article address", url, f"{platform.name} articles have an id in their address")
    address = platform.canonical(url)
    if linked and host_of(linked) == host_of(url) and platform.article_id(linked) == article_id:
        return platform.canonical(linked), article_id
    return address, article_id


def urljoin_safe(base: str, href: str | None) -> str | None:
    """Join an address as a page prints it to its own; None where that makes no web address."""
    if not href:
        return None
    try:
        joined = urljoin(base, href.strip())
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) and host_of(joined) else None


def _heading(page: Page) -> str | None:
    for element in page.root.iter("h1"):
        if text := text_of(element):
            return text
    for element in page.root.iter("title"):
        return re.split(r"\s+[|–]\s+", clean(element.text or ""))[0] or None
    return None


def _lead(stated: str, title: str) -> tuple[str, list[Marking]]:
    text, marking = strip_disclaimer(clean(stated))
    text = strip_contact(strip_agency(text)[0])
    if _key(text) == _key(title) or label(text):
        text = ""
    return text, [marking] if marking else []


def _kind(
    page: Page,
    platform: Platform,
    source: SourceFacts,
    found: Found,
    markings: list[Marking],
    by_url: bool | None,
    by_words: OpinionForm | None,
    section: str | None,
) -> tuple[Kind, OpinionForm | None]:
    kinds = page.article_ld.get("@type")
    stated = {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}
    by_section = label(section) if section else None
    forms = [mark.form for mark in markings if mark.form]
    form = forms[0] if forms else by_words or (by_section.form if by_section else None)
    if form is None:
        form = next(
            (mark.form for tag in (found.tags or structured.tags(page)) if (mark := label(tag)) and mark.form), None
        )
    if source.kind == "official":
        return "official", None
    opinion = (
        by_url
        or bool(found.opinion)
        or bool(by_section)
        or bool(stated & {"OpinionNewsArticle", "OpinionArticle"})
        or (bool(markings) and by_url is not False)
        or (source.kind == "debate" and by_url is None)
    )
    if opinion:
        return "opinion", form
    if platform.name in ("amedia", "polaris", "nrk", "labrador") or stated or page.meta("og:type") == "article":
        return "news", None
    return "unknown", None


def _signed(known: tuple[Author, ...], paragraphs: list[str]) -> tuple[Author, ...]:
    """Return the signatures at the foot; where the page names writers, only roles of theirs and co-signers count."""
    return signatures(paragraphs)


def _published(page: Page, found: Found, feed_item: FeedItem | None, fetched_at: datetime) -> Moment:
    in_feed = None
    if feed_item and feed_item.published_at:
        in_feed = Moment(
            at=feed_item.published_at.astimezone(UTC),
            precision="second",
            origin="feed",
            original=str(feed_item.published_at),
        )
    stated = best([*found.published, *structured.published(page), in_feed, from_url(page.url)], before=fetched_at)
    origin: DateOrigin = "fetched"
    return stated or Moment(at=fetched_at, precision="day", origin=origin, original="")


def _modified(page: Page, found: Found, published: Moment, fetched_at: datetime) -> datetime | None:
    """Return the time of the last change; one before or at publication says nothing about the published text."""
    stated = best([*found.modified, *structured.modified(page)], before=fetched_at)
    if stated is None or stated.at <= published.at:
        return None
    return stated.at


_NYNORSK = frozenset(
    ["ikkje", "eg", "ein", "kva", "vert", "berre", "frå", "noko", "nokon", "korleis", "kvifor", "dei", "saman", "hjå"]
)
_BOKMAAL = frozenset(
    ["ikke", "jeg", "en", "hva", "blir", "bare", "fra", "noe", "noen", "hvordan", "hvorfor", "de", "sammen", "hos"]
)
_LANGUAGES = {
    "nb": "nb", "nob": "nb", "nn": "nn", "nno": "nn", "se": "se", "sme": "se", "sma": "sma", "smj": "smj", "fkv": "fkv",
    "en": "en", "eng": "en", "ru": "ru", "rus": "ru", "uk": "uk", "fi": "fi", "sv": "sv", "da": "da", "de": "de",
}  # fmt: skip


def _language(page: Page, found: Found, source: SourceFacts, text: str) -> str | None:
    """Return the stated language; plain Norwegian is told apart by its small words, as `no` says neither."""
    norwegian = False
    for stated in (
        found.language,
        structured.text(page.article_ld.get("inLanguage")),
        page.lang,
        page.meta("og:locale"),
    ):
        code = re.split(r"[-_]", (stated or "").lower())[0]
        if code in _LANGUAGES:
            return _LANGUAGES[code]
        if code in ("no", "nor"):
            norwegian = True
            break
    words = text[:4000].lower().split()
    nynorsk = sum(map(_NYNORSK.__contains__, words))
    bokmaal = sum(map(_BOKMAAL.__contains__, words))
    if nynorsk > bokmaal:
        return "nn"
    return source.language or ("nb" if bokmaal or norwegian else None)


def _count(found: Found, page: Page, paragraphs: list[str], *, paid: bool) -> int:
    own = sum(len(paragraph.split()) for paragraph in paragraphs)
    if paid:
        return found.word_count or structured.word_count(page) or own
    return own


def _links(hrefs: Iterable[str], page: Page, article_id: str, platform: Platform) -> tuple[str, ...]:
    """Return the canonical addresses of other articles that the body links to, each once."""
    found: dict[str, str] = {}
    for href in hrefs:
        address = urljoin_safe(page.url, href)
        if address is None or len(address) > 2000:
            continue
        for known in (platform, PLATFORMS["amedia"], PLATFORMS["polaris"], PLATFORMS["nrk"], PLATFORMS["generic"]):
            if key := known.article_id(address):
                if key != article_id:
                    found.setdefault(key, known.canonical(address))
                break
        if len(found) >= 100:
            break
    return tuple(found.values())


def parse_time(text: str) -> datetime | None:
    """Read a time as feeds print it; None where it is none."""
    moment = parse(text, "feed")
    return moment.at if moment else None
