"""Pages as NRK's Panorama prints them: repeated datelines, plugs, short items of other stories beside the article."""

from __future__ import annotations

from crawlers.replica.html import e, ld, mark, nrk_slug, oslo, running
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story


def content_id(paper: Paper, story: Story) -> str:
    """Return `1.N`."""
    return str(story.extra.get("content_id") or f"1.{16_000_000 + story.number}")


def path(paper: Paper, story: Story) -> str:
    """Return the long address in the source's section."""
    if bare := story.extra.get("path"):
        return str(bare)
    return f"/{paper.section}/{nrk_slug(story.title)}-{content_id(paper, story)}"


def aliases(paper: Paper, story: Story) -> tuple[str, ...]:
    """Return the bare address, which answers too."""
    return (f"/{paper.section}/{content_id(paper, story)}",)


def page(paper: Paper, story: Story) -> str:
    """Return the article page."""
    key = content_id(paper, story)
    lang = "nn-NO" if story.language == "nn" else "nb-NO"
    changed = story.modified or story.published
    article = {
        "@type": "Article", "datePublished": oslo(story.published), "image": ["https://gfx.nrk.no/x.jpg"],
        "author": [{"@type": "Person", "name": author.name} for author in story.authors], "name": story.title, "inLanguage": lang,
        "publisher": {"@type": "Organization", "name": "NRK"}, "dateModified": oslo(changed), "abstract": story.lead,
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"https://{paper.host}{path(paper, story)}"},
        "headline": story.extra.get("short_title", story.title), "@context": "https://schema.org/",
    }  # fmt: skip
    authors = "\n".join(
        f'<meta property="article:author" content="{e(author.name)}{f" / {e(author.role)}" if author.role else ""}" />'
        for author in story.authors
    )
    bylines = "\n".join(
        f'<div class="author widget brief"><div class="author__body"><a class="author__name" href="mailto:%64%65%6d%6f@nrk.example" title="Send e-post">'
        f'{e(author.name)} <span class="sr-only"><span> – {e(author.role or "")}</span></span></a>'
        f'<span class="author__role" aria-hidden="true">{e(author.role or "")}</span></div></div>'
        for author in story.authors
    )
    dates = (
        f'<span class="article-publish-date publish-date"><span class="article-dateline-annotation">Publisert</span>'
        f'<time class="datetime-absolute datePublished" datetime="{oslo(story.published)}">{story.published:%d.%m.%Y, kl. %H.%M}</time></span>'
        + (
            f'<span class="article-update-date update-date"><span class="article-dateline-annotation">Oppdatert</span>'
            f'<time class="datetime-relative dateModified" datetime="{oslo(changed)}">{changed:%d.%m.%Y, kl. %H.%M}</time></span>'
            if story.modified
            else ""
        )
    )
    plug = (
        '<div class="article widget reference plug" data-nosnippet><a class="autonomous" href="https://www.nrk.no/nordland/en-annen-sak-1.15999999">'
        '<h2 class="heading"><small class="kicker">Les også</small> <span class="link-text">En helt annen sak om noe helt annet</span></h2></a></div>'
    )
    correction = f"<p>{e(story.correction)}</p>" if story.correction else ""
    reply = f'<p>Bakgrunn: <a href="{e(story.reply_url)}">saken fra tidligere</a></p>' if story.reply_url else ""
    return f"""<!doctype html>
<!--[if IE 7 ]><html class="no-js ie7" lang="{lang}"><![endif]-->
<html class="no-js" lang="{lang}">
<head>
<meta charset="UTF-8" />
<title>{e(story.title)} – NRK {e(paper.name.removeprefix("NRK "))}</title>
<meta name="description" content="{e(story.lead)}" />
<meta name="author" content="{e(story.authors[0].name if story.authors else "NRK")}" />
{authors}
<meta property="article:published_time" content="{oslo(story.published)}" />
<meta name="dc.date.issued" content="{story.published:%Y-%m-%d}" />
<meta property="article:modified_time" content="{oslo(changed)}" />
<meta property="article:section" content="dk" />
<meta property="article:subsection" content="{paper.section}" />
<meta property="og:type" content="article" />
<meta property="og:title" content="{e(story.title)}" />
<meta property="og:description" content="{e(story.lead)}" />
<meta property="og:site_name" content="NRK" />
<meta property="og:url" content="https://{paper.host}{path(paper, story)}" />
<meta name="robots" content="index,follow" />
<meta name="Generator" content="Panorama" />
<meta property="k5a:cntTag" content="{"nno" if story.language == "nn" else "nob"}" />
<link rel="canonical" href="https://{paper.host}{path(paper, story)}" />
{ld(article)}
</head><body>
<!-- START: /templates/article/article-rich.jsp -->
<article class="article widget rich surrogate-content container-widget cf" role="main" data-id="{key}">
<header class="container-widget-content article-header"><h1 class="title title-large article-title">{e(story.extra.get("short_title", story.title))}</h1>
<div class="text-body article-lead"><p>{e(story.lead)}</p></div></header>
<figure class="image widget rich"><img alt="" title="Foto: Demo / NRK"><figcaption><p>BILDETEKST: Hører ikke til brødteksten.</p></figcaption></figure>
<div class="container-widget-content authors">{bylines}</div>
<p class="article-location">Vi rapporterer fra <em>{e(paper.name.removeprefix("NRK "))}</em></p>
<div class="article-dateline article-dateline-header">{dates}</div>
<div data-main-content data-ec-list="article_body" class="article-body lp_articlebody text-body cf">
<p class="article-body--updating" data-is-updating-article="false" data-updating-text="Saken oppdateres."></p>
{running(story, lambda n: plug if n == 1 else "")}
{reply}{correction}
</div>
<div class="article-dateline article-footer">{dates}</div>
</article>
<aside class="article-reference article-sidebar lp_related"><div class="universe widget rich"><h3>Korte nyheter</h3>
<div class="article widget lean plug"><h2 class="title">Kort nyhet om en annen sak</h2><p>Denne teksten hører til en annen sak.</p></div></div></aside>
{mark()}
</body></html>"""


def front(paper: Paper, stories: list[Story], title: str) -> str:
    """Return the region's front page."""
    plugs = "\n".join(
        f'<div class="article widget lean plug"><a class="autonomous" href="https://{paper.host}{path(paper, story)}"><h2 class="title">'
        f"{e(story.title)}</h2></a></div>"
        for story in stories
    )
    return f"""<!doctype html><html class="no-js" lang="nb-NO"><head><meta charset="UTF-8"><title>{e(title)}</title>
<meta property="og:type" content="website"></head><body>{plugs}{mark()}</body></html>"""
