"""The papers and sections that are crawled, as declared in `sources.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from crawlers.platforms import PLATFORMS, Door, Platform

SHIPPED = Path(__file__).with_name("sources.toml")
SourceKind = Literal["news", "debate", "official"]

_ID = re.compile(r"[a-z][a-z0-9_]{1,40}")
_GROUP = re.compile(r"[a-z][a-z0-9_-]{1,40}")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_TUPLES = ("fylker", "aliases", "feeds", "archive", "tags")


class SourceError(Exception):
    """The list of sources can't be used, or a source is not in it; the message says which and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A paper or section. Hosts are matched exactly: `host` and `aliases`, nothing below or above them.

    `section` is the source's own path on a shared host (`nordland` on www.nrk.no). `publication` is Amedia's number of
    the paper that owns the content. `feeds` are tried before the platform's doors. `archive` are list addresses with
    `{page}` (or `{offset20}`, twenty a page). `feed_only`: pages are not fetched, head data come from the feed.
    """

    source_id: str
    name: str
    host: str
    platform: str
    publisher_group: str
    kind: SourceKind
    region: str = ""
    fylker: tuple[str, ...] = ()
    owner: str = ""
    section: str = ""
    aliases: tuple[str, ...] = ()
    publication: int | None = None
    feeds: tuple[str, ...] = ()
    sitemap: str | None = None
    archive: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    head_only: bool = False
    feed_only: bool = False
    paywall: str = ""
    certainty: str = ""

    @property
    def hosts(self) -> frozenset[str]:
        """Every host name that belongs to the source."""
        return frozenset((self.host, *self.aliases))

    @property
    def adapter(self) -> Platform:
        """The platform's addresses and doors."""
        return PLATFORMS[self.platform]

    def address(self, path: str) -> str:
        """Return a path of the configuration as a full address; a full address stays as it is."""
        return path if path.startswith("https://") else f"https://{self.host}{path}"

    def doors(self, kinds: Iterable[str] = ("feed", "front")) -> tuple[Door, ...]:
        """List the ways in, the source's own first, with full addresses; `{page}` stays open in archives."""
        own = [Door(name=self._door_name(feed), path=self.address(feed), kind="feed") for feed in self.feeds]
        if self.sitemap:
            own.append(Door(name="sitemap", path=self.address(self.sitemap), kind="sitemap"))
        own += [Door(name="archive", path=self.address(path), kind="archive") for path in self.archive]
        shipped = []
        for door in self.adapter.doors:
            section = f"/{self.section}" if self.section else ""
            path = door.path.replace("/{section}", section)
            paths = [path.replace("{tag}", tag) for tag in self.tags] if "{tag}" in path else [path]
            shipped += [Door(name=door.name, path=self.address(each), kind=door.kind) for each in paths]
        known: dict[str, Door] = {}
        for door in (*own, *shipped):
            known.setdefault(door.path, door)
        return tuple(door for door in known.values() if door.kind in kinds)

    def _door_name(self, feed: str) -> str:
        path = urlsplit(feed)._replace(scheme="", netloc="").geturl()
        shipped = {door.path.replace("{section}", self.section): door.name for door in self.adapter.doors}
        return shipped.get(path, "feed")


@dataclass(frozen=True, slots=True)
class Sources:
    """The known sources in file order, with the questions that a crawl asks about them."""

    by_id: Mapping[str, Source]
    _by_host: Mapping[str, tuple[Source, ...]] = field(init=False, repr=False, compare=False)
    _by_publication: Mapping[str, Source] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_host: dict[str, tuple[Source, ...]] = {}
        for source in self.by_id.values():
            for host in source.hosts:
                by_host[host] = (*by_host.get(host, ()), source)
        numbered = {str(source.publication): source for source in self.by_id.values() if source.publication is not None}
        object.__setattr__(self, "_by_host", by_host)
        object.__setattr__(self, "_by_publication", numbered)

    def choose(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """Return the named sources, all where none is named; raises SourceError for one that is not listed."""
        wanted = tuple(dict.fromkeys(ids)) or tuple(self.by_id)
        if unknown := [each for each in wanted if each not in self.by_id]:
            raise SourceError(
                f"Ukjent kilde: {', '.join(unknown)}. «bybaand sources list» viser alle {len(self.by_id)}; "
                "en ny avis legges til i sources.toml (se docs/adding-a-paper.md)."
            )
        return tuple(self.by_id[each] for each in wanted)

    def owner(self, url: str, finder: Source, article_id: str | None = None) -> Source | None:
        """Return the source that an address belongs to, `finder` where only the host decides, None where none does.

        Amedia's publication number names the paper that owns the content, whatever the host that shows it; on a host
        with sections the first path segment decides.
        """
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return None
        at_home = self._by_host.get(host)
        if not at_home:
            return None
        if article_id and article_id.startswith("amedia:"):
            named = self._by_publication.get(article_id.split("-")[1])
            if named is not None:
                return named
        first = parts.path.split("/")[1] if parts.path.startswith("/") else ""
        for source in at_home:
            if source.section and source.section == first:
                return source
        if finder in at_home:
            return finder
        return next((source for source in at_home if source.publisher_group == finder.publisher_group), None)


def month_of(day: date) -> str:
    """Return the month as it names a part, `2024-04`."""
    return f"{day:%Y-%m}"


def days(first: date, last: date) -> Iterable[date]:
    """Yield the days from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def load_sources(file: Path | None = None) -> Sources:
    """Read the sources; raises SourceError that names file, source, key and what is allowed."""
    path = file or SHIPPED
    try:
        with path.open("rb") as stream:
            declared = tomllib.load(stream)
    except FileNotFoundError:
        raise SourceError(f"Fant ikke kildelisten {path}. Rett [crawl] sources_file, eller utelat den.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} er ikke gyldig TOML: {error}") from None
    if extra := declared.keys() - {"source"}:
        raise SourceError(f"{path}: ukjent nøkkel {', '.join(sorted(extra))}; bare [[source]] er tillatt.")
    by_id: dict[str, Source] = {}
    for entry in declared.get("source", ()):
        source = _source(entry, path)
        if source.source_id in by_id:
            raise SourceError(f"{path}: kilden {source.source_id} står to ganger.")
        by_id[source.source_id] = source
    if not by_id:
        raise SourceError(f"{path}: ingen [[source]] i filen.")
    return Sources(by_id)


def _source(entry: Mapping[str, Any], path: Path) -> Source:
    where = f"{path}: kilden {entry.get('id', entry.get('name', '?'))!s}"
    known = {each.name for each in fields(Source)} - {"source_id"} | {"id"}
    if unknown := entry.keys() - known:
        raise SourceError(f"{where}: ukjent nøkkel {', '.join(sorted(unknown))}. Tillatt: {', '.join(sorted(known))}.")
    if missing := [key for key in ("id", "name", "host", "platform", "publisher_group", "kind") if not entry.get(key)]:
        raise SourceError(f"{where}: mangler {', '.join(missing)}.")
    values = {("source_id" if key == "id" else key): value for key, value in entry.items()}
    for key in _TUPLES:
        values[key] = tuple(values.get(key, ()))
    source = Source(**values)
    if not _ID.fullmatch(source.source_id):
        raise SourceError(f"{where}: id må være små bokstaver, tall og _ (den blir mappenavn).")
    if not _GROUP.fullmatch(source.publisher_group):
        raise SourceError(f"{where}: publisher_group må være små bokstaver, tall, _ og - (den blir filnavn).")
    if source.platform not in PLATFORMS:
        raise SourceError(f"{where}: ukjent plattform {source.platform}. Tillatt: {', '.join(PLATFORMS)}.")
    if source.kind not in get_args(SourceKind):
        raise SourceError(f"{where}: kind er {source.kind}, tillatt: {', '.join(get_args(SourceKind))}.")
    for host in source.hosts:
        if not _HOST.fullmatch(host):
            raise SourceError(f"{where}: {host} er ikke et vertsnavn (små bokstaver, punycode, uten http og sti).")
    for address in (*source.feeds, *source.archive, *filter(None, (source.sitemap,))):
        named = urlsplit(address).hostname if address.startswith("https://") else source.host
        if named not in source.hosts or not address.startswith(("/", "https://")):
            raise SourceError(f"{where}: {address} ligger ikke på {', '.join(sorted(source.hosts))}.")
    return source
