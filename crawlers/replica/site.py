"""A paper's addresses and what each answers: pages, feeds, front, lists, sitemaps, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from types import ModuleType
from urllib.parse import parse_qs, quote, unquote
from xml.sax.saxutils import escape as xml

from crawlers.platforms import PLATFORMS
from crawlers.replica import amedia, labrador, nrk, plain, polaris
from crawlers.replica.html import utc_z
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story, newest

RENDERERS: dict[str, ModuleType] = {
    "amedia": amedia,
    "nrk": nrk,
    "polaris": polaris,
    "labrador": labrador,
    "wordpress": plain,
    "drupal": plain,
    "generic": plain,
}
FEED_ITEMS = 15
LIST_ITEMS = 20
FRONT_ITEMS = 40
_FEEDS = {
    "amedia": ("/service/rich-rss", "/service/rss"),
    "polaris": ("/rss",),
    "labrador": ("/rss", "/?lab_viewport=rss"),
    "wordpress": ("/feed/",),
    "drupal": ("/rss.xml", "/en/rss.xml"),
    "generic": ("/rss",),
}
_AI_AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended")
HTML, XML, TEXT = "text/html; charset=utf-8", "application/xml; charset=utf-8", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answers. `delay_s` passes before the first byte, `per_byte_s` between the bytes of the body."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    modified: datetime | None = None
    delay_s: float = 0.0
    per_byte_s: float = 0.0

    @property
    def etag(self) -> str:
        """The strong validator of the body."""
        return f'"{sha256(self.body).hexdigest()[:20]}"'


Route = Answer | Callable[[], Answer]


def text(body: str, content_type: str = HTML, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer of text."""
    return Answer(body=body.encode(), content_type=content_type, status=status, headers=headers or {})


def redirect(location: str, status: int = 301) -> Answer:
    """Return a redirect."""
    return Answer(status=status, headers={"Location": location})


def address(paper: Paper, story: Story) -> str:
    """Return the long address of a story."""
    return f"https://{paper.host}{quote(unquote(RENDERERS[paper.platform].path(paper, story)), safe='/!-_.~')}"


def expected_id(paper: Paper, story: Story) -> str:
    """Return the article id that a crawler is to give the story; raises ValueError where the address has none."""
    key = PLATFORMS[paper.platform].article_id(address(paper, story))
    if key is None:
        raise ValueError(f"{paper.source_id}: {address(paper, story)} is no article address")
    return key


def routes(paper: Paper) -> dict[str, Route]:
    """Return every address of a paper on its host; pages are made when asked for."""
    renderer = RENDERERS[paper.platform]
    ordered = newest(paper.stories)
    found: dict[str, Route] = {"/robots.txt": robots(paper)}
    for story in ordered:
        made = _once(lambda story=story: _article(paper, story))  # type: ignore[misc]
        for path in (renderer.path(paper, story), *renderer.aliases(paper, story)):
            found[path] = made
    front = "/" if not paper.section else f"/{paper.section}/"
    found[front] = _once(lambda: text(renderer.front(paper, ordered[:FRONT_ITEMS], paper.name)))
    for path in _FEEDS.get(paper.platform, ()) if paper.platform != "nrk" else _nrk_feeds(paper):
        found[path] = _once(lambda: feed(paper, ordered[:FEED_ITEMS]))
    found.update(_sitemaps(paper, ordered))
    found.update(_lists(paper, ordered))
    return found


def feed(paper: Paper, stories: Iterable[Story]) -> Answer:
    """Return RSS 2.0, newest first."""
    items = "\n".join(
        f"<item><title>{xml(story.title)}</title><link>{address(paper, story)}</link><description>{xml(story.lead)}</description>"
        f"<pubDate>{format_datetime(story.published.astimezone(UTC), usegmt=True)}</pubDate>"
        f'<guid isPermaLink="false">{RENDERERS[paper.platform].content_id(paper, story)}</guid>'
        + "".join(f"<category>{xml(tag)}</category>" for tag in story.tags)
        + "</item>"
        for story in stories
    )
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{xml(paper.name)}</title>'
        f"<link>https://{paper.host}/{paper.section}</link><description>Siste saker</description>\n{items}\n</channel></rss>"
    )
    return text(body, "application/rss+xml; charset=utf-8")


def robots(paper: Paper) -> Answer:
    """Return robots.txt: AI agents blocked by name where publishers advise it, search closed, the sitemap named."""
    agents = "" if paper.platform == "nrk" else "".join(f"User-agent: {agent}\nDisallow: /\n\n" for agent in _AI_AGENTS)
    sitemap = "/wp-sitemap.xml" if paper.platform == "wordpress" else "/sitemap.xml"
    return text(
        f"{agents}User-agent: *\nDisallow: /sok/\nDisallow: /api/\n\nSitemap: https://{paper.host}{sitemap}\n", TEXT
    )


def urlset(paper: Paper, stories: Iterable[Story]) -> Answer:
    """Return a sitemap of stories."""
    news = paper.platform == "labrador"
    entries = "\n".join(
        f"<url><loc>{xml(address(paper, story))}</loc><lastmod>{utc_z(story.modified or story.published)}</lastmod>"
        + (
            f"<news:news><news:publication_date>{utc_z(story.published)}</news:publication_date><news:title>{xml(story.title)}</news:title></news:news>"
            if news
            else ""
        )
        + "</url>"
        for story in stories
    )
    return text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{entries}\n</urlset>',
        XML,
    )


def index(host: str, parts: Iterable[tuple[str, datetime]]) -> Answer:
    """Return an index of sitemaps with their last change."""
    entries = "\n".join(
        f"<sitemap><loc>https://{host}{path}</loc><lastmod>{utc_z(changed)}</lastmod></sitemap>"
        for path, changed in parts
    )
    return text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}\n</sitemapindex>",
        XML,
    )


def _article(paper: Paper, story: Story) -> Answer:
    made = text(RENDERERS[paper.platform].page(paper, story), headers=dict(story.extra.get("headers", {})))
    return Answer(
        body=made.body, content_type=made.content_type, headers=made.headers, modified=story.modified or story.published
    )


def _nrk_feeds(paper: Paper) -> tuple[str, ...]:
    return (f"/{paper.section}/siste.rss", f"/{paper.section}/toppsaker.rss")


def _sitemaps(paper: Paper, ordered: list[Story]) -> dict[str, Route]:
    if paper.platform == "labrador":
        return {"/sitemap.xml": _once(lambda: urlset(paper, ordered))}
    months: dict[str, list[Story]] = {}
    for story in ordered:
        months.setdefault(f"{story.published:%Y-%m}", []).append(story)
    found: dict[str, Route] = {}
    parts: list[tuple[str, datetime]] = []
    # NRK's parts are numbered and not in the order of time.
    names = (
        sorted(months, key=lambda month: sha256(month.encode()).hexdigest())
        if paper.platform == "nrk"
        else sorted(months)
    )
    for number, month in enumerate(names, start=1):
        path = f"/sitemap-{number}.xml" if paper.platform == "nrk" else f"/sitemaps/{month}-articles.xml"
        found[path] = _once(lambda part=months[month]: urlset(paper, part))  # type: ignore[misc]
        parts.append((path, max(story.modified or story.published for story in months[month]) + timedelta(seconds=1)))
    found["/wp-sitemap.xml" if paper.platform == "wordpress" else "/sitemap.xml"] = _once(
        lambda: index(paper.host, parts)
    )
    return found


def _lists(paper: Paper, ordered: list[Story]) -> dict[str, Route]:
    """Return tag and section lists, newest first, twenty a page, pages counted from 0 by `?page=N`."""
    if paper.platform not in ("amedia", "drupal", "wordpress"):
        return {}
    groups: dict[str, list[Story]] = {}
    for story in ordered:
        names = {tag.lower().replace(" ", "-") for tag in story.tags} | {story.section.lower()}
        names |= {"meninger", "debatt"} if story.kind == "opinion" else {"nyheter"}
        for name in names:
            groups.setdefault(name, []).append(story)
    renderer = RENDERERS[paper.platform]
    found: dict[str, Route] = {}
    for name, group in groups.items():
        for page in range(len(group) // LIST_ITEMS + 1):
            part = group[page * LIST_ITEMS : (page + 1) * LIST_ITEMS]
            made = _once(lambda part=part, name=name: text(renderer.front(paper, part, name)))  # type: ignore[misc]
            forms = {
                "amedia": (f"/tag/{name}?page={page}",),
                "drupal": (f"/sections/{name}?page={page}",),
                "wordpress": (f"/category/{name}/page/{page + 1}/",),
            }
            for path in forms[paper.platform]:
                found[path] = made
            if page == 0:
                found[forms[paper.platform][0].split("?")[0]] = made
    return found


def _once(make: Callable[[], Answer]) -> Callable[[], Answer]:
    kept: list[Answer] = []

    def answer() -> Answer:
        if not kept:
            kept.append(make())
        return kept[0]

    return answer


def find(found: dict[str, Route], target: str) -> Answer | None:
    """Return the answer for a request target; unknown queries on a known path are ignored, beyond-the-end lists are empty."""
    path, _, query = target.partition("?")
    for candidate in (target, path, unquote(target), unquote(path), quote(unquote(path), safe="/!-_.~")):
        if candidate in found:
            later = "?" not in candidate and parse_qs(query).get("page", ["0"]) != ["0"]
            if later and re.match(r"^/(?:tag|sections)/", path):
                return text("<!DOCTYPE html><html lang=no><head><title>Ingen flere</title></head><body></body></html>")
            route = found[candidate]
            return route if isinstance(route, Answer) else route()
    return None
