"""Pages as Amedia's maelstrom renderer prints them, hashed classes, doubled robots tags, pagedata and all."""

from __future__ import annotations

import base64
import json

from crawlers.replica.html import AMEDIA, e, embedded, ld, mark, oslo_plain, running, slug, utc_z
from crawlers.replica.paper import Paper
from crawlers.replica.stories import Story

_LABEL = {
    "debatt": "Debattinnlegg",
    "leserbrev": "Leserbrev",
    "kronikk": "Kronikk",
    "leder": "Leder",
    "kommentar": "Kommentar",
}
_DISCLAIMER = {
    "debatt": "Dette er et debattinnlegg, skrevet av en ekstern bidragsyter. Innlegget gir uttrykk for skribentens holdninger.",
    "leserbrev": "Dette er et debattinnlegg, skrevet av en ekstern bidragsyter. Innlegget gir uttrykk for skribentens holdninger.",
    "kronikk": "Dette er en kronikk, skrevet av en ekstern bidragsyter. Kronikken gir uttrykk for skribentens holdninger.",
}


def content_id(paper: Paper, story: Story) -> str:
    """Return `5-PUB-N`."""
    return str(story.extra.get("content_id") or f"5-{paper.publication}-{100_000 + story.number}")


def path(paper: Paper, story: Story) -> str:
    """Return the long address; opinion has its letter."""
    letter = story.extra.get("letter") or ("o" if story.kind == "opinion" else "s")
    return f"/{story.extra.get('slug') or slug(story.title, AMEDIA)}/{letter}/{content_id(paper, story)}"


def aliases(paper: Paper, story: Story) -> tuple[str, ...]:
    """Return the short address, which answers too."""
    return (f"/{content_id(paper, story)}",)


def page(paper: Paper, story: Story) -> str:
    """Return the article page."""
    x, key = story.extra, content_id(paper, story)
    section = slug(story.section, AMEDIA)
    opinion = story.kind == "opinion"
    paid = "true" if story.paywalled else "false"
    names = [author.name for author in story.authors]
    writers = [
        {"name": a.name, "email": "desken@avis.example", "fields": {"title": a.role} if a.role else {}}
        for a in story.authors
    ]
    wire = story.wire == "NTB"
    model = "opinion" if opinion else "story"
    data = {
        "env": {
            "publication": {"name": paper.host, "id": 30000 + paper.publication, "wwwDomain": paper.host, "displayName": paper.name,
                            "locale": "nn" if story.language == "nn" else "nb"},
            "contentId": key, "contentDescription": {"model": model}, "isDesktop": True,
        },
        "data": {
            "fields": {
                "comments": "conversation", "lastModifiedDate": utc_z(story.modified or story.published), "noFreeFlow": "false",
                "hideForSearchEngines": x.get("hidden", False), "isNTB": wire, "isPremium": x.get("is_premium", story.paywalled),
                "hasEditorialNote": "true", "hideInFeed": False, "notShowInLatestNews": False, "id": key,
                "bodyVignette": x.get("vignette"), "relativeUrl": path(paper, story), "selfProduced": "false",
                "categories": [{"id": 1000, "name": story.section, "urlPattern": section, "isMain": True, "commercial": False}],
                "seoTitle": story.title,
            },
            "published": oslo_plain(story.published), "model": model, "title": x.get("pagedata_title", story.title), "authors": writers,
            "wordCount": {"title": len(story.title.split()), "leadText": len(story.lead.split()),
                          "body": sum(len(part.removeprefix("## ").split()) for part in story.paragraphs if part[0] != "<")},
            "tags": [{"displayName": tag, "urlPattern": tag.lower().replace(" ", "-")} for tag in story.tags],
        },
    }  # fmt: skip
    article = {
        "@context": "https://schema.org", "@type": "NewsArticle", "author": x.get("ld_author", ", ".join(names) or ("NTB" if wire else "")),
        "publisher": {"name": paper.name, "@type": "Organization", "logo": {"@type": "ImageObject", "url": "https://r.acdn.no/x.svg"}},
        "headline": story.title, "image": ["https://g.acdn.no/x.jpeg"], "datePublished": oslo_plain(story.published), "identifier": key,
        "https://www.adplogger.no/json-schema/meta-element#adpType": "story",
        "https://www.adplogger.no/json-schema/meta-element#contentModel": "premium" if story.paywalled else "free",
        "dateModified": utc_z(story.modified or story.published), "mainEntityOfPage": f"//{paper.host}/{key}", "description": story.lead,
        "isAccessibleForFree": not story.paywalled,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": not story.paywalled, "cssSelector": ".body-text"},
    }  # fmt: skip
    metas = "\n".join(
        f'<meta property="{name}" content="{e(content)}" />'
        for name, content in (
            ("og:site_name", paper.name), ("og:url", f"https://{paper.host}/{key}"), ("twitter:url", f"https://{paper.host}/{key}"),
            ("lp:paywall_user", "1"), *((("article:author", ", ".join(names)),) if names else ()), ("og:type", "article"),
            ("og:title", story.title), ("og:description", story.lead), ("og:image", "https://g.acdn.no/x.jpeg"),
            ("article:published_time", utc_z(story.published)), ("article:modified_time", utc_z(story.modified or story.published)),
            ("article:section", section),
        )
    )  # fmt: skip
    tags = "\n".join(f'<meta property="article:tag" content="{e(tag)}"/>' for tag in story.tags)
    label = x.get("label", _LABEL.get(story.form or "", "Meninger") if opinion else "")
    disclaimer = x.get("disclaimer", _DISCLAIMER.get(story.form or "", "") if opinion else "")
    lead = x.get("lead_html") or e(story.lead)
    updated = (
        f'<time title="Oppdatert" itemprop="dateModified" class="time-published time-updated" datetime="{utc_z(story.modified)}">'
        f"{story.modified:%d.%m.%y %H:%M}</time>"
        if story.modified
        else ""
    )
    bylines = "".join(
        '<div class="author" itemprop="author" itemscope itemtype="http://schema.org/Person"><p>'
        f'<span class="byline-author" itemprop="name">{e(author.name)}</span> '
        '<a href="mailto:desken@avis.example" itemprop="email">Tips meg</a></p></div>'
        for author in story.authors
    )
    image = base64.b64encode(json.dumps({"480": "https://g.acdn.no/x.jpeg"}).encode()).decode()
    reply = (
        f'<p><b>Les også: <a class="simple-relation" href="{e(story.reply_url)}" rel="Follow">Innlegget dette svarer på</a></b></p>'
        if story.reply_url
        else ""
    )
    paywall = (
        '<div class="incentive-block"><h2>Les hele saken</h2><p>Du må ha abonnement for å lese videre. Prøv en måned for 1 krone.</p></div>'
        if story.paywalled
        else ""
    )
    ad = (
        '<bazaar-ad data-component-layout="commercial" position="dynamic" class="am-bazaar-ad lp_dynamic" labeled="true">'
        "<bazaar-ad-config></bazaar-ad-config></bazaar-ad>"
    )
    correction = f"<p><i>{e(story.correction)}</i></p>" if story.correction and not story.paywalled else ""
    return f"""<!DOCTYPE html>
<html lang="{x.get("html_lang", "nn" if story.language == "nn" else "no")}" data-sitekey="{paper.source_id[:6]}" data-access="true" data-paywall="{paid}" data-pagemodel="{model}" data-isfrontpage="" data-adp-nolog="false">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<title>{e(", ".join(story.tags[:2]))} | {e(story.title)}</title>
{metas}
<meta name="description" content="{e(story.lead)}" />
<meta name="robots" content="noarchive" />
{tags}
<meta property="lp:type" content="article" />
<meta property="lp:section" content="{section}" />
<meta property="lp:premium" content="{x.get("lp_premium", paid)}" />
<meta property="lp.article:author" content="{e(", ".join(names))}" />
<meta name="robots" content="index" />
<link rel="canonical" href="https://{paper.host}{path(paper, story)}" />
{ld(article)}
</head>
<body class="maelstrom design-{paper.source_id} themeAlfa design2 {model}">
<page-data><script type="application/pagedata">{embedded(data)}</script></page-data>
<main id="main-content-begin">
<article class="article--c-hzAdbR amedia-article {paper.source_id}-design {paper.source_id}-story {section}" itemscope itemtype="http://schema.org/NewsArticle">
<meta itemprop="https://www.adplogger.no/json-schema/meta-element#adpType" content="story" />
<meta itemprop="https://www.adplogger.no/json-schema/meta-article#contentModel" content="{"premium" if story.paywalled else "free"}" />
<meta itemprop="https://www.adplogger.no/json-schema/meta-article#presentationMode" content="{"teaser" if story.paywalled else "full"}" />
<meta itemprop="identifier" content="{key}" />
<ul class="lp_stitches-top-tags article--c-BzrRl" itemprop="keywords">{"".join(f'<li><a class="lp_article-tag-top-1" href="/tag/{e(tag.lower())}">{e(tag)}</a></li>' for tag in story.tags[:1])}</ul>
{f'<div class="article--c-eOpin"><span class="article--c-eLabel">{e(label)}</span></div>' if label else "<!-- Empty if not Meninger-article -->"}
<h1 itemprop="headline" tabindex="-1" class="article--c-gaIEdX">
  {e(story.title)}
</h1>
<div class="inner-article article--c-PJLV">
<div class="media-top-relation"><amedia-image caption="{e(x.get("caption", "SYKKELTUR: Bildeteksten hører ikke til brødteksten."))}" photographer="Foto: Demo" alt="" src="{image}"></amedia-image></div>
<p data-content="lead-text" class="lead-text article--c-PJLV">{lead}</p>
<div class="body-text article--c-cmpvrW" data-content="body-text" itemprop="articleBody">
<footer class="byline-footer">
<amedia-share publication="{paper.host}" title="{e(story.title)}" acpid="{key}"></amedia-share>
<time title="Publiseringsdato" itemprop="datePublished" class="time-published" datetime="{oslo_plain(story.published)}">{story.published:%d.%m.%y %H:%M}</time>
{updated}
<div class="authors">{bylines}</div>
</footer>
{f'<div class="article--c-kDiscl"><em>{e(disclaimer)}</em></div>' if disclaimer else "<!-- For Opinion, otherwise empty -->"}
<div class="article--c-hkHMHp article-body">{ad}{running(story, lambda n: reply + ad if n == 0 else (ad if n % 3 == 2 else ""))}{correction}<p> </p></div>
{paywall}
</div></div>
{'<div class="opinion-cta--inner"><p class="opinion-cta--text">Vil du svare? Send oss ditt innlegg.</p></div>' if opinion else ""}
</article></main>
<footer class="maelstrom-article-footer">{mark()}<section id="am-comments"><div id="na-comments" data-na-comments-url="/comments"></div></section></footer>
</body></html>"""


def front(paper: Paper, stories: list[Story], title: str) -> str:
    """Return a front or tag page: part of it is filled in by JavaScript, article links are plain."""
    teasers = "\n".join(
        f'<optimus-element id="art-{content_id(paper, story)}" class="{"premium" if story.paywalled else ""}">'
        f'<a href="https://{paper.host}{path(paper, story)}"><h2>{e(story.title)}</h2>'
        f"{'<i class=premium-logo></i>' if story.paywalled else ''}</a></optimus-element>"
        for story in stories
    )
    return f"""<!DOCTYPE html><html lang="no" data-isfrontpage="true"><head><meta charset="utf-8"><title>{e(title)}</title>
<meta name="robots" content="noarchive"><meta property="og:type" content="website"></head>
<body class="maelstrom"><amedia-frontpage><div id="front0"><section class="optimus-complex-front"><header><h2>Siste</h2></header>
{teasers}
</section></div></amedia-frontpage>{mark()}</body></html>"""
