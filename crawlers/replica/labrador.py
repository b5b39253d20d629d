"""Pages as Labrador CMS prints them (model: Dagbladet 2026): fact boxes, previews, adverts between the paragraphs."""

from __future__ import annotations

from crawlers.replica.html import AMEDIA, e, ld, mark, running, slug, utc_z
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story


def content_id(paper: Paper, story: Story) -> str:
    """Return the installation's own digits."""
    return str(story.extra.get("content_id") or 150_000 + story.number)


def path(paper: Paper, story: Story) -> str:
    """Return the address: form or section, slug, digits."""
    where = (story.form or "debatt") if story.kind == "opinion" else slug(story.section, AMEDIA)
    return f"/{where}/{slug(story.title, AMEDIA)}/{content_id(paper, story)}{story.extra.get('bang', '')}"


def aliases(paper: Paper, story: Story) -> tuple[str, ...]:
    """Return the form with `!`, which answers too."""
    return (f"{path(paper, story).rstrip('!')}!/",)


def page(paper: Paper, story: Story) -> str:
    """Return the article page."""
    x = story.extra
    address = f"https://{paper.host}{path(paper, story).rstrip('!')}"
    section = (story.form or "debatt") if story.kind == "opinion" else slug(story.section, AMEDIA)
    article = {
        "@context": "https://schema.org", "@type": "NewsArticle", "url": address, "headline": story.title,
        "description": f"{story.lead}&nbsp;", "datePublished": utc_z(story.published),
        "dateModified": utc_z(story.modified or story.published), "articleSection": section, "keywords": list(story.tags),
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "author": [{"@type": "Person", "name": author.name, "email": "desken@avis.example"} for author in story.authors],
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.name},
    }  # fmt: skip
    bylines = "".join(
        '<div class="byline column"><div class="content"><address class="name"><a rel="author" href="mailto:desken@avis.example">'
        f'<span class="lab-hidden-byline-name" itemprop="name">{e(author.name)}</span> <span class="firstname">{e(author.name.rsplit(" ", 1)[0])}</span>'
        f' <span class="lastname">{e(author.name.rsplit(" ", 1)[-1])}</span></a></address>'
        f"{f'<span class=description>{e(author.role)}</span>' if author.role else ''}</div></div>"
        for author in story.authors
    )
    factbox = (
        '<div class="column factbox"><div class="content"><h2>Kort fortalt</h2><div class="fact"><ul><li>En maskin har laget dette.</li></ul>'
        '<p class="italic ai-disclaimer">Sammendraget er laget av en språkmodell og godkjent av redaksjonen.</p></div></div></div>'
        if x.get("factbox", story.kind == "news")
        else ""
    )
    preview = (
        '<article class="small-12 preview-link" data-section="nyheter"><div class="content"><a itemprop="url" href="/nyheter/en-annen-sak/149999">'
        '<h2 class="headline">En annen sak</h2><p>Ingress til en annen sak.</p></a></div></article>'
        '<div class="row xrow"><div class="adunit-wrapper"><div class="adunit">Annonse</div></div></div>'
    )
    reply = (
        f'<p><strong>Les også: <a href="{e(story.reply_url)}">Innlegget dette svarer på</a></strong></p>'
        if story.reply_url
        else ""
    )
    disclaimer = "<p><em>Meninger i kronikker står for skribentens regning.</em></p>" if story.form == "kronikk" else ""
    modified = utc_z(story.modified) if story.modified else ""
    updated = (
        f'<div class="dateGroup dateModified"><span class="dateLabel">Sist oppdatert</span><time datetime="{modified}">{story.modified:%d.%m.%Y - %H:%M}</time></div>'
        if story.modified
        else ""
    )
    kicker = (
        f'<div class="kicker">{e(x.get("kicker") or (story.form or "debatt").capitalize())}</div>'
        if story.kind == "opinion"
        else ""
    )
    paywall = '<div class="paywall"><button data-paywall-id="1">Bli abonnent</button></div>' if story.paywalled else ""
    correction = f"<p><em>{e(story.correction)}</em></p>" if story.correction and not story.paywalled else ""
    return f"""<!DOCTYPE html><html lang="{"nn-NO" if story.language == "nn" else "nb-NO"}"><head>
<meta charset="UTF-8"><title>{e(story.title)}</title>
<meta name="robots" content="max-image-preview:large" />
<meta name="title" content="{e(story.title)}" />
<meta name="description" content="{e(story.lead)}" />
<meta property="og:site_name" content="{e(paper.name)}" />
<meta property="og:type" content="article" />
<meta property="og:title" content="{e(story.title)}" />
<meta property="og:description" content="{e(story.lead)}" />
<meta property="og:url" content="{address}" />
<meta property="k5a:paid" content="{1 if story.paywalled else 0}" />
<meta property="vs:keywords" content="{e(",".join(story.tags))}" />
<meta property="article:section" content="{section}" />
<meta property="article:published_time" content="{utc_z(story.published)}">
<meta property="article:modified_time" content="{modified}">
{"".join(f'<meta property="article:author" content="{e(author.name)}">' for author in story.authors[:1])}
{"".join(f'<meta property="article:tag" content="{e(tag)}">' for tag in story.tags)}
<link rel="canonical" href="{address}">
{ld(article)}
</head>
<body class="l4 article site_{paper.source_id} section_{section}">
<article id="mainArticleSection" role="article" class="article-entity">
<div class="articleHeader column hasCaption">{kicker}<h1 class="headline mainTitle">{e(story.title)}</h1><h2 class="subtitle">{e(story.lead)}&nbsp;</h2>
<div class="caption"><figcaption itemprop="caption">BILDETEKST: Hører ikke til brødteksten. Foto: Demo</figcaption></div>
<div class="meta"><div class="bylines">{bylines}</div><div class="dates"><div class="dateGroup datePublished"><span class="dateLabel">Publisert</span>
<time datetime="{utc_z(story.published)}">{story.published:%d.%m.%Y - %H:%M}</time></div>{updated}</div></div></div>
<div class="bodytext large-12 small-12">{factbox}
{running(story, lambda n: reply + preview if n == 0 else "")}
{correction}{disclaimer}
</div>{paywall}</article>
<footer><p>Publisert {story.published:%d.%m.%Y}. Powered by Labrador CMS</p>{mark()}</footer>
</body></html>"""


def front(paper: Paper, stories: list[Story], title: str) -> str:
    """Return the front page."""
    teasers = "\n".join(
        f'<article class="column preview"><a itemprop="url" href="{e(path(paper, story))}"><h2 class="headline">{e(story.title)}</h2></a></article>'
        for story in stories
    )
    return f"""<!DOCTYPE html><html lang="nb-NO"><head><meta charset="UTF-8"><title>{e(title)}</title></head>
<body class="l4 front">{teasers}{mark()}</body></html>"""
