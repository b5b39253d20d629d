"""The replica papers: real HTTP on loopback in the publishers' markup, with invented text.

Contract with the crawler
-------------------------
- `serve(papers)` answers on 127.0.0.1 for every host of the papers (by the Host header, plain HTTP) whatever the
  scheme that the printed addresses name: pages, feeds and sitemaps say `https://www.nordlys.no/…` as the real ones do.
  `Served.resolve` is the `[crawl.resolve]` table that leads there; nothing else tells a crawler that it is a replica.
- Every host has `/robots.txt` with a `Sitemap:` line. The sitemap reaches back to the first story: an index of months
  (`/sitemaps/YYYY-MM-articles.xml`; Amedia and Polaris after VG's model), NRK's index of `sitemap-N.xml` out of order
  of time, Labrador's single list with `news:` dates, `/wp-sitemap.xml` for WordPress. `lastmod` everywhere.
- Amedia: feeds `/service/rich-rss` and `/service/rss` of the 15 newest, front page of 40, lists `/tag/<tag>?page=N`
  (`meninger`, `debatt`, `nyheter`, every tag and section; 20 a page, `page` from 0, past the end a page without
  articles, HTTP 200). Articles answer under the long address and under `/5-PUB-N`.
- Polaris: `/rss`, front page, long address and `/i/<ID>`. NRK: `/<section>/siste.rss`, `/<section>/toppsaker.rss`,
  `/<section>/`, long address and bare `/<section>/1.N`. Labrador: `/rss`, `/?lab_viewport=rss`, front page, long
  address and the form with `!`. Another host name of a paper answers feeds and robots.txt and moves the rest (301).
- Strong ETag and, on articles, Last-Modified; both conditional requests get 304. A withdrawn story gets 404.
- `expected_id(paper, story)` is the article id that the crawler is to give; `Served.requests` what was asked when.
- `Faults` lets requests fail by seed (429 with Retry-After, 500, 503, silence, reset, half a body, moved slug); each
  address fails at most `most` times, so that a patient crawler gets everything.
- `cases.CASES` are the pages of the reference's section 9, each with its expected record.
"""

from __future__ import annotations

from dataclasses import replace

from crawlers.replica.paper import Paper
from crawlers.replica.server import FaultKind, Faults, Seen, Served, serve
from crawlers.replica.site import Answer, address, expected_id, redirect, text
from crawlers.replica.stories import Story, grow, read_texts

_DEMO = (
    Paper(source_id="nordnorskdebatt", name="Nordnorsk Debatt", platform="amedia", host="www.nordnorskdebatt.no", publication=124),
    Paper(source_id="nordlys", name="Nordlys", platform="amedia", host="www.nordlys.no", publication=34),
    Paper(source_id="ifinnmark", name="iFinnmark", platform="amedia", host="www.ifinnmark.no", publication=81),
    Paper(source_id="sva", name="Sør-Varanger Avis", platform="amedia", host="www.sva.no", publication=145),
    Paper(source_id="nrk_nordland", name="NRK Nordland", platform="nrk", host="www.nrk.no", section="nordland"),
    Paper(source_id="itromso", name="iTromsø", platform="polaris", host="www.itromso.no"),
    Paper(
        source_id="kommunalrapport", name="Kommunal Rapport", platform="labrador", host="www.kommunal-rapport.no",
        aliases=("kommunal-rapport.no",),
    ),
)  # fmt: skip


def demo_papers() -> tuple[Paper, ...]:
    """Return the papers of the demo with their invented texts, those without text left out."""
    texts = read_texts()
    homes = {paper.source_id: paper for paper in _DEMO}
    if unknown := {story.source for story in texts} - homes.keys():
        raise ValueError(f"demo texts for unknown papers: {', '.join(sorted(unknown))}")
    by_id = {story.id: story for story in texts}
    found = []
    for paper in _DEMO:
        stories = tuple(_linked(story, by_id, homes) for story in texts if story.source == paper.source_id)
        if stories:
            found.append(replace(paper, stories=stories))
    return tuple(found)


def grown_papers(count: int, *, seed: int = 1) -> tuple[Paper, ...]:
    """Return the demo's papers with `count` invented stories in all, for tests of endurance and speed."""
    share, rest = divmod(count, len(_DEMO))
    return tuple(
        replace(paper, stories=grow(paper.source_id, share + (number < rest), seed=seed))
        for number, paper in enumerate(_DEMO)
    )


def _linked(story: Story, by_id: dict[str, Story], homes: dict[str, Paper]) -> Story:
    answered = by_id.get(story.reply_to or "")
    return replace(story, reply_url=address(homes[answered.source], answered)) if answered else story


__all__ = [
    "Answer", "FaultKind", "Faults", "Paper", "Seen", "Served", "Story", "address", "demo_papers", "expected_id", "grow",
    "grown_papers", "read_texts", "redirect", "serve", "text",
]  # fmt: skip
