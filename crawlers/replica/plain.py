"""Pages of the leftovers without adapter: a WordPress paper, a Drupal list of 2014, Ságat's own system."""

from __future__ import annotations

from crawlers.replica.html import AMEDIA, e, ld, mark, oslo, running, slug
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story


def content_id(paper: Paper, story: Story) -> str:
    """Return the count; these papers' addresses carry none."""
    return str(story.number)


def path(paper: Paper, story: Story) -> str:
    """Return a dated slug, or the form that the old Nordnorsk Debatt and High North News had."""
    if stated := story.extra.get("path"):
        return str(stated)
    if paper.platform == "drupal":
        return f"/article/{slug(story.title, AMEDIA)[:40].rstrip('-')}"
    where = "meninger" if story.kind == "opinion" else "nyheter"
    return f"/{where}/{story.published:%Y/%m/%d}/{slug(story.title, AMEDIA)}/"


def aliases(paper: Paper, story: Story) -> tuple[str, ...]:
    """Return nothing: one address each."""
    return ()


def page(paper: Paper, story: Story) -> str:
    """Return a theme's page: JSON-LD in an `@graph`, or none on Drupal."""
    address = f"https://{paper.host}{path(paper, story)}"
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Article", "headline": story.title, "datePublished": oslo(story.published), "description": story.lead,
             "dateModified": oslo(story.modified or story.published), "author": [{"@type": "Person", "name": a.name} for a in story.authors],
             "inLanguage": "nb-NO", "mainEntityOfPage": {"@id": address}, "articleSection": [story.section]},
            {"@type": "WebSite", "name": paper.name},
        ],
    }  # fmt: skip
    drupal = paper.platform == "drupal"
    x = story.extra
    kicker = f'<div class="kicker">{e(x["kicker"])}</div>' if x.get("kicker") else ""
    disclaimer = f'<div class="disclaimer"><p>{e(x["disclaimer"])}</p></div>' if x.get("disclaimer") else ""
    other = f'<p><a href="{e(x["translation"])}">Les på norsk</a></p>' if x.get("translation") else ""
    updated = f" - Oppdatert: {story.modified:%d.%m.%Y kl %H:%M}" if story.modified else ""
    by = ", ".join(author.name for author in story.authors)
    return f"""<!DOCTYPE html><html lang="{x.get("html_lang", "nb-NO")}"><head><meta charset="UTF-8"><title>{e(story.title)} - {e(paper.name)}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{e(story.title)}"><meta name="description" content="{e(story.lead)}">
<link rel="canonical" href="{address}">{"" if drupal or x.get("bare") else ld(graph)}</head>
<body class="{"node-type-article" if drupal else "single single-post"}"><header><nav><ul><li><a href="/">Forsiden</a></li><li><a href="/kontakt">Kontakt</a></li></ul></nav></header>
<main><article class="post">{kicker}<h1 class="entry-title">{e(story.title)}</h1>
<div class="{"submitted" if drupal else "entry-meta"}">Publisert: {story.published:%d.%m.%Y kl %H:%M}{updated} - av <span class="byline">{e(by)}</span></div>
<div class="entry-content"><p>{e(story.lead)}</p>{other}
{running(story)}{disclaimer}
</div></article>
<section class="related"><h3>Les også</h3><ul><li><a href="/nyheter/2022/01/01/noe-annet-fra-bygda/">Noe annet fra bygda</a></li></ul></section>
<section id="comments"><h3>Kommentarer</h3><p>Dette er en kommentar fra en leser.</p></section></main>
<footer><p>Ansvarlig redaktør er oppdiktet.</p>{mark()}</footer></body></html>"""


def front(paper: Paper, stories: list[Story], title: str) -> str:
    """Return the front page."""
    items = "\n".join(f'<h2><a href="{e(path(paper, story))}">{e(story.title)}</a></h2>' for story in stories)
    return f"""<!DOCTYPE html><html lang="nb-NO"><head><meta charset="UTF-8"><title>{e(title)}</title></head><body><main>{items}</main>{mark()}</body></html>"""
