"""Asking a source how it is, without keeping anything: robots.txt, doors, one article, what it says about use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawlers.crawl import CrawlError, Job, choose, run_child
from crawlers.desk import ListError
from crawlers.extract import ExtractError, extract
from crawlers.landing import facts, offered
from crawlers.politeness import Refused
from crawlers.settings import CrawlSettings, CrawlSettingsError
from crawlers.sources import Source, SourceError
from crawlers.state import DoorState
from crawlers.visit import GroupVisit

Finding = dict[str, Any]


def probe(settings: CrawlSettings, data_folder: Path, source_ids: Sequence[str]) -> list[Finding]:
    """Probe sources as they are now, one finding each; raises CrawlError where nothing could be asked at all."""
    job = Job(settings=settings, data_folder=data_folder, sources=tuple(source_ids), probe=True)
    try:
        choose(job)
    except (SourceError, CrawlSettingsError) as error:
        raise CrawlError(str(error)) from None
    findings: list[Finding] = []
    run_child(job, lambda answer: findings.append(answer["finding"]))
    return findings


class Probe(GroupVisit):
    """A visit that only looks: every door once, and the newest article."""

    async def run(self) -> None:
        """Say one finding for each source."""
        for source in self._desk.sources:
            self._desk.context.say({"finding": await self._look(source)})

    async def _look(self, source: Source) -> Finding:
        robots = await self._desk.context.manners.robots(source.host, self._desk.download)
        doors: list[dict[str, Any]] = []
        newest: str | None = None
        for door in source.doors(("feed", "front")):
            unknown = DoorState(source_id=source.source_id, url=door.path, name=door.name)
            try:
                answer = await self._polling.items(source, door, unknown)
            except (ListError, Refused) as error:
                doors.append({"name": door.name, "url": door.path, "works": False, "says": error.kind, "items": 0})
                continue
            placed = [
                place
                for item in (answer[0] if answer else ())
                if (place := self._desk.place(item.url, source, in_feed=door.kind == "feed" and bool(item.title)))
            ]
            works = bool(placed)
            doors.append(
                {"name": door.name, "url": door.path, "works": works, "says": "ok" if works else "no_articles",
                 "items": len(placed)}
            )  # fmt: skip
            if placed and newest is None:
                newest = placed[0][2]
        article = await self._look_at(newest, source) if newest and not source.feed_only else None
        return {
            "source_id": source.source_id,
            "name": source.name,
            "works": any(door["works"] for door in doors) and (article is None or article["works"]),
            "robots": robots.state,
            "crawl_delay_s": robots.crawl_delay,
            "ai_agents_blocked": robots.ai_blocked,
            "sitemaps": list(robots.sitemaps),
            "doors": doors,
            "article": article,
        }

    async def _look_at(self, url: str, source: Source) -> dict[str, Any]:
        finding: dict[str, Any] = {"url": url, "works": False}
        try:
            response = await self._desk.get(url)
            if response.status != 200:
                return {**finding, "says": f"http_{response.status}"}
            rights = await self._desk.context.manners.host_rights(response.url, self._desk.download)
            article = extract(
                response.body,
                response.url,
                source=facts(source),
                fetched_at=self._desk.context.clock(),
                host_rights=rights,
            )
        except (ListError, Refused) as error:
            return {**finding, "says": error.kind}
        except ExtractError as error:
            return {**finding, "says": error.reason}
        kept = offered(replace(article), head_only=self._desk.head_only(source))
        return {
            **finding,
            "works": True,
            "says": "ok",
            "title": article.title,
            "published": article.published_at.isoformat().replace("+00:00", "Z"),
            "published_from": article.published_from,
            "words": len(kept.text.split()),
            "paywalled": article.paywalled,
            "robots": list(article.rights.robots),
            "tdm_reserved": article.rights.tdm_reserved,
        }


_ROBOTS = {
    "rules": "robots.txt er lest og følges",
    "free": "robots.txt finnes ikke: alt er åpent",
    "closed": "robots.txt kan ikke leses nå (serverfeil eller taushet): da hentes ingenting",
}
_SAYS = {
    "ok": "virker",
    "feed_html": "svarte en nettside uten artikler i stedet for en feed",
    "feed_empty": "svarte en tom feed",
    "feed_xml": "svarte noe som ikke er en feed",
    "feed_entities": "feeden bruker XML-entiteter og leses ikke",
    "no_articles": "nevner ingen artikler som plattformen kjenner igjen",
    "timeout": "svarte ikke i tide",
    "dns": "vertsnavnet finnes ikke, eller fører til en privat adresse",
    "refused_connection": "tar ikke imot forbindelser",
    "connection": "brøt forbindelsen",
    "robots": "er stengt for oss i robots.txt",
    "robots_unreachable": "spørres ikke så lenge robots.txt ikke kan leses",
    "foreign_host": "fører til en vert som ikke står i kildelisten",
    "rate_limited": "ber oss vente",
    "too_large": "er for stor",
    "redirects": "sender i ring",
}


def tell(finding: Finding) -> str:
    """Return a finding in plain Norwegian."""
    lines = [f"{finding['source_id']} ({finding['name']}): {'virker' if finding['works'] else 'VIRKER IKKE'}"]
    lines.append(f"  {_ROBOTS[finding['robots']]}")
    if finding["crawl_delay_s"]:
        lines.append(f"  ber om {finding['crawl_delay_s']:g} sekunder mellom hvert kall; det holdes")
    if finding["ai_agents_blocked"]:
        lines.append("  stenger KI-roboter ved navn: tekstene brukes ikke til å trene modeller")
    for door in finding["doors"]:
        count = f", {door['items']} artikler" if door["works"] else ""
        lines.append(f"  dør «{door['name']}» {door['url']}: {_said(door['says'])}{count}")
    lines += [f"  sitemap: {sitemap}" for sitemap in finding["sitemaps"]] or ["  ingen sitemap i robots.txt"]
    if article := finding["article"]:
        lines.append(f"  artikkel {article['url']}: {_said(article['says'])}")
        if article["works"]:
            kind = "betalt, bare hodedata lagres" if article["paywalled"] else f"{article['words']} ord"
            lines.append(f"    «{article['title']}», {article['published']} (fra {article['published_from']}), {kind}")
            if article["robots"]:
                lines.append(f"    sidens robots-merker: {', '.join(article['robots'])}")
            if article["tdm_reserved"]:
                lines.append("    teksten er reservert mot tekst- og datautvinning: bare hodedata lagres")
    elif finding["works"]:
        lines.append("  sidene hentes ikke; hodedata tas fra feeden")
    if not finding["works"]:
        lines.append("  Gjør dette: sjekk adressene i sources.toml mot avisens side (docs/adding-a-paper.md).")
    return "\n".join(lines)


def _said(kind: str) -> str:
    if kind.startswith("http_"):
        return f"svarte HTTP {kind[5:]}"
    return _SAYS.get(kind, kind)
