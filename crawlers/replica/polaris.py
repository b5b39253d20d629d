"""Pages as Schibsted's and Polaris' Astro renderer prints them (model: VG): content before property, RFC 1123 times."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote

from crawlers.replica.html import SCHIBSTED, e, embedded, ld, mark, rfc, running, slug, utc_z
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story

_BASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_WORD = {
    "debatt": "debatt",
    "leserbrev": "leserinnlegg",
    "kronikk": "kronikk",
    "leder": "leder",
    "kommentar": "kommentar",
}


def content_id(paper: Paper, story: Story) -> str:
    """Return six case-sensitive characters."""
    if stated := story.extra.get("content_id"):
        return str(stated)
    number = int(sha256(f"{paper.source_id}:{story.number}".encode()).hexdigest(), 16)
    return "".join(_BASE[(number // 62**place) % 62] for place in range(6))


def path(paper: Paper, story: Story) -> str:
    """Return the address; opinion lies under `/meninger/<form>`."""
    if stated := story.extra.get("path"):
        return str(stated)
    where = (
        f"meninger/{_WORD.get(story.form or '', 'leserinnlegg')}"
        if story.kind == "opinion"
        else slug(story.section, SCHIBSTED)
    )
    return f"/{where}/i/{content_id(paper, story)}/{slug(story.title, SCHIBSTED)}"


def aliases(paper: Paper, story: Story) -> tuple[str, ...]:
    """Return the short address, which answers too."""
    return () if story.extra.get("path") else (f"/i/{content_id(paper, story)}",)


def page(paper: Paper, story: Story) -> str:
    """Return the article page; `layout` "hyperion" in the story's extras asks for the older form."""
    if story.extra.get("layout") == "hyperion":
        return hyperion(paper, story)
    x, key = story.extra, content_id(paper, story)
    changed = story.modified or story.published
    z = utc_z(story.published).replace(".000", "")
    zm = utc_z(x.get("stated_modified", changed)).replace(".000", "")
    opinion = story.kind == "opinion"
    level = "Paid" if story.paywalled else "Free"
    words = sum(len(part.split()) for part in story.paragraphs)
    pulse = {
        "accessLevel": level, "accessLevelName": level, "category": f"{story.section.lower()}", "contentId": key,
        "spt:custom": {"spt:articleId": key, "spt:authors": ["desken@avis.example"], "spt:published": z, "spt:site": paper.source_id,
                       "spt:updated": zm, "spt:wordCount": words},
        "tags": list(story.tags),
    }  # fmt: skip
    article: dict[str, object] = {
        "@context": "http://schema.org", "@type": "NewsArticle", "articleSection": story.section, "dateModified": zm, "datePublished": z,
        "description": story.lead, "headline": story.title, "inLanguage": "no",
        "author": [{"@type": x.get("author_type", "Person"), "name": a.name, "description": a.role or "", "url": ""} for a in story.authors],
        "keywords": ", ".join(story.tags), "mainEntityOfPage": {"@id": f"https://{paper.host}{path(paper, story)}", "@type": "WebPage"},
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.name}, "wordCount": words,
    }  # fmt: skip
    if story.paywalled:
        article["isAccessibleForFree"] = False
    crumbs = {"@context": "http://schema.org", "@type": "BreadcrumbList", "itemListElement": []}
    metas = "\n".join(
        f'<meta content="{e(content)}" property="{name}">'
        for name, content in (
            ("og:url", f"https://{paper.host}/i/{key}"), ("og:title", story.title), ("og:description", story.lead), ("og:type", "article"),
            ("og:site_name", paper.name), ("article:published_time", z), ("article:modified_time", zm),
            *(("article:author", author.name) for author in story.authors), *(("article:tag", tag) for tag in story.tags),
            ("article:section", story.section), ("k5a:wordCount", str(words)),
        )
    )  # fmt: skip
    reply = (
        f'<p class="_paragraph_dphl0_4"><strong>Les også: <a href="{e(story.reply_url)}">Innlegget dette svarer på</a></strong></p>'
        if story.reply_url
        else ""
    )
    summary = (
        '<astro-island uid="1U9sXK" component-export="ArticleSummary"><div class="_summary_z2qlv_1"><section aria-label="Utvid" role="region">'
        '<h2 class="_title_z2qlv_72">Kortversjonen</h2><ul><li>Et sammendrag laget av en maskin.</li><li>Det hører ikke til teksten.</li></ul>'
        "</section></div></astro-island>"
        if x.get("summary", not opinion)
        else ""
    )
    figure = (
        '<astro-island uid="x1" component-export="Image"><figure class="_figure_1u77i_1"><img alt=""><figcaption class="_caption_1u77i_10">'
        "Bildeteksten hører ikke til brødteksten. Foto: Demo</figcaption></figure></astro-island>"
    )
    disclaimer = (
        f'<p class="opinion-disclaimer">{e(x.get("disclaimer", "Du leser nå en meningsartikkel. Den uttrykker skribentens mening."))}</p>'
        if opinion
        else ""
    )
    kicker = f'<span class="kicker">{e(x["kicker"])}</span>' if x.get("kicker") else ""
    paywall = (
        '<a id="paywall-login-link" href="/login">Logg inn</a><p>Denne saken er for abonnenter.</p>'
        if story.paywalled
        else ""
    )
    head_ld = ld([article, crumbs]) if x.get("ld_array", True) else ld(article) + ld(crumbs)
    correction = f"<p>{e(story.correction)}</p>" if story.correction and not story.paywalled else ""
    return f"""<!DOCTYPE html><html class="{paper.source_id}" data-id="{key}" data-newsroom="{paper.source_id}" data-page-type="Article" lang="no" data-article-type="{"opinion" if opinion else "news"}"> <head><meta charset="UTF-8"><title>{e(story.title)}</title>
<meta content="max-image-preview:large, noarchive" name="robots">
<meta content="{e(story.lead)}" name="description">
{metas}
<meta content="{z[:10]}" name="publisheddate">
<link href="https://{paper.host}{quote(path(paper, story), safe="/%")}" rel="canonical">
{head_ld}
<script id="article-pulse-data" type="application/json">{embedded(pulse)}</script>
</head><body><main class="article-main" id="application"> <article class="article"> <header class="article-intro" style="display: contents">{kicker}<h1 class="_title_1khtt_1"><span class="_text_1khtt_71">{e(story.title)}</span></h1><p class="_lead_dphl0_2">{e(story.lead)}</p>{figure}
<astro-island component-export="Byline"><section class="_byline_17w48_1" data-test-id="byline"><ul class="_names_17w48_87">{"".join(f'<li class="_name_17w48_66"><a href="/forfatter/x">{e(author.name)}</a></li>' for author in story.authors)}</ul></section></astro-island>
<astro-island component-export="Timestamp"><time dateTime="{rfc(story.published)}">{story.published:%d.%m kl. %H:%M}</time></astro-island> </header>
<section class="article-body" itemprop="articleBody" style="display: contents"> {summary}{disclaimer}
{running(story, lambda n: reply + figure if n == 0 else "").replace("<p>", '<p class="_paragraph_dphl0_4 _normal_1vcc0_15">')}{correction}
{paywall}</section></article></main>{mark()}</body></html>"""


def hyperion(paper: Paper, story: Story) -> str:
    """Return the page as the generation before printed it: hashed classes, `data-test-tag` on the named parts only."""
    z = utc_z(story.published).replace(".000", "")
    article = {
        "@type": "NewsArticle", "headline": story.title, "datePublished": z, "dateModified": z, "articleSection": story.section,
        "description": story.lead, "author": [{"@type": "Person", "name": author.name} for author in story.authors],
        "isAccessibleForFree": not story.paywalled,
    }  # fmt: skip
    crumbs = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []}
    return f"""<!DOCTYPE html><html lang="no"><head><meta charset="utf-8"><title>{e(story.title)}</title>
<meta property="og:type" content="article"><meta property="og:title" content="{e(story.title)}">
<link rel="canonical" href="https://{paper.host}{quote(path(paper, story), safe="/%")}">{ld([crumbs, article])}</head>
<body><div id="main" class="twocolumnlayout-root_3bf5"><main><section><article class="article-wrapper-{content_id(paper, story)}">
<div class="hyperion-css-e79h2z"><a data-test-tag="internal-link" href="/nyheter"><h2 class="boxtextgrotesk-root_baa6">Nyheter</h2></a></div>
<h1 class="h1 hyperion-css-13snya6" data-test-tag="headline">{e(story.title)}</h1><h2 class="subtitle" data-test-tag="subtitle">Undertittel</h2>
<div class="hyperion-css-12d5aj4"><a href="/av/x"><p class="boxtextgrotesk-root_baa6">{e(", ".join(author.name for author in story.authors))}</p></a></div>
<div class="hyperion-css-1fqf0pv"><p>Oppdatert 15.59 | Publisert 14.14</p></div>
<div class="styles-root_c2c5"><button type="button"><span>Del</span></button></div>
<p class="hyperion-css-1shl3oz" data-test-tag="lead-text">{e(story.lead)}</p>
{running(story)}
<div role="button"><figure data-test-tag="image"><figcaption>Bildetekst. Foto: Demo</figcaption></figure></div>
</article></section></main><div><h3>Følg emner i artikkelen</h3><a href="/tag/x">Kommunen</a></div></div>{mark()}</body></html>"""


def front(paper: Paper, stories: list[Story], title: str) -> str:
    """Return the front page."""
    teasers = "\n".join(
        f'<article class="teaser"><a href="{e(path(paper, story))}"><h2>{e(story.title)}</h2></a></article>'
        for story in stories
    )
    return f"""<!DOCTYPE html><html lang="no" data-page-type="Front"><head><meta charset="UTF-8"><title>{e(title)}</title></head>
<body><main>{teasers}</main>{mark()}</body></html>"""
