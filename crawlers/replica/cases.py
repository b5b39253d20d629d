"""The odd pages that real papers have, each with the record expected from it; one parametrised test reads them all.

The list follows the project's reference on the sites (section 9). All names and texts are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from crawlers.article import Author
from crawlers.replica.paper import Paper
from crawlers.replica.site import RENDERERS, TEXT, Answer, Route, address, feed, redirect, text
from crawlers.replica.stories import Story

CEST, CET = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
DAY = datetime(2023, 6, 14, 9, 30, tzinfo=CEST)
DAY_UTC = datetime(2023, 6, 14, 7, 30, tzinfo=UTC)
BODY = (
    "Kommunen har i mange år hatt en avtale med byen Lillevik på den andre siden av fjorden.",
    "## Et gammelt vennskap",
    "Avtalen ble fornyet i fjor, og korpsene reiser fortsatt fram og tilbake hver sommer.",
    "Nå skal kommunestyret ta stilling til om den skal føres videre.",
)
TEXT_OF_BODY = "\n\n".join(part.removeprefix("## ") for part in BODY)

# Where the head's description only repeats the first paragraph, that paragraph is text and there is no lead.
WITH_LEAD = f"Avtalen med Lillevik er eldre enn de fleste av oss.\n\n{TEXT_OF_BODY}"
ENGLISH_LEAD = "The agreement with Lillevik is older than most of us."
ENGLISH = (
    "For many years the municipality has had an agreement with the town of Lillevik across the fjord.",
    "It was renewed last year, and the brass bands still travel back and forth every summer.",
    "Now the municipal council must decide whether to carry it on, and few expect it to be short.",
)

DEBATE = Paper(
    source_id="nordnorskdebatt",
    name="Nordnorsk Debatt",
    platform="amedia",
    host="www.nordnorskdebatt.no",
    publication=124,
)
NORDLYS = Paper(source_id="nordlys", name="Nordlys", platform="amedia", host="www.nordlys.no", publication=34)
NRK = Paper(source_id="nrk_nordland", name="NRK Nordland", platform="nrk", host="www.nrk.no", section="nordland")
ITROMSO = Paper(source_id="itromso", name="iTromsø", platform="polaris", host="www.itromso.no")
KOMMUNAL = Paper(
    source_id="kommunalrapport", name="Kommunal Rapport", platform="labrador", host="www.kommunal-rapport.no"
)
OSTHAVET = Paper(source_id="osthavet", name="Østhavet", platform="wordpress", host="osthavet.no")
OLD_DEBATE = Paper(
    source_id="nordnorskdebatt_drupal", name="Nordnorsk Debatt", platform="drupal", host="nordnorskdebatt.no"
)
HIGH_NORTH = Paper(source_id="hnn", name="High North News", platform="drupal", host="www.highnorthnews.com")
BARENTS = Paper(
    source_id="barentsobserver", name="The Barents Observer", platform="drupal", host="www.thebarentsobserver.com"
)
SAGAT = Paper(source_id="sagat", name="Ságat", platform="generic", host="www.sagat.no")
PLAIN = Paper(source_id="svalbardposten", name="Svalbardposten", platform="generic", host="www.svalbardposten.no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page and what is to be read from it; `expected` names the fields that the case is about."""

    name: str
    paper: Paper
    story: Story
    expected: dict[str, Any] = field(default_factory=dict)
    at: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The address that is fetched, the story's own where the case names none."""
        return self.at or address(self.paper, self.story)


def _case(
    name: str,
    paper: Paper,
    expected: dict[str, Any],
    *,
    at: str | None = None,
    headers: dict[str, str] | None = None,
    **story: Any,
) -> Case:
    number = 900_000 + sum(ord(sign) for sign in name)
    base: dict[str, Any] = {
        "id": name, "source": paper.source_id, "number": number, "published": DAY, "title": "Hva skal vi med vennskapsbyen?",
        "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.", "paragraphs": BODY, "section": "Nyheter",
        "tags": ("Lillevik", "vennskapsby"), "authors": (Author(name="Ragna Solbakk", role="journalist"),),
    }  # fmt: skip
    return Case(
        name=name, paper=paper, story=Story(**{**base, **story}), expected=expected, at=at, headers=headers or {}
    )


_DEBATE: dict[str, Any] = {"kind": "opinion", "form": "debatt", "section": "Debatt"}
_OLD_2020 = "Dette er et debattinnlegg. Innlegget gir uttrykk for skribentens holdninger."

CASES: tuple[Case, ...] = (
    # Amedia: one plain page of every field, then what differs.
    _case(
        "amedia-news", NORDLYS,
        {"kind": "news", "title": "Hva skal vi med vennskapsbyen?", "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.",
         "text": TEXT_OF_BODY, "section": "nyheter", "tags": ("Lillevik", "vennskapsby"), "published_at": DAY_UTC,
         "published_from": "pagedata", "published_precision": "second", "modified_at": None, "paywalled": False, "wire": None,
         "language": "nb", "robots": ("index", "noarchive"), "authors": (Author(name="Ragna Solbakk", role="journalist"),)},
    ),
    _case(
        "amedia-debate-2020-glued", DEBATE,
        {"kind": "opinion", "opinion_form": "debatt", "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.",
         "text": TEXT_OF_BODY, "article_id": "amedia:5-124-206452"},
        kind="opinion", form="debatt",
        extra={"content_id": "5-124-206452", "label": "", "disclaimer": "",
               "lead_html": f"Meninger{_OLD_2020}Avtalen med Lillevik er eldre enn de fleste av oss."},
    ),
    _case(
        "amedia-reader-letter-2022", NORDLYS, {"kind": "opinion", "opinion_form": "leserbrev", "text": TEXT_OF_BODY},
        kind="opinion", form="leserbrev",
    ),
    _case(
        "amedia-kronikk-2022", NORDLYS, {"kind": "opinion", "opinion_form": "kronikk", "text": TEXT_OF_BODY},
        kind="opinion", form="kronikk", extra={"label": "Kronikk\u00a0"},
    ),
    _case(
        "amedia-vignette-before-2020", NORDLYS,
        {"kind": "opinion", "opinion_form": "kommentar", "lead": "Vi må snakke om Lillevik."},
        kind="opinion", extra={"label": "", "disclaimer": "", "lead_html": "AproposVi må snakke om Lillevik."},
    ),
    _case(
        "amedia-leader", NORDLYS, {"kind": "opinion", "opinion_form": "leder"}, kind="opinion", form="leder",
        extra={"disclaimer": ""},
    ),
    _case(
        "amedia-short-address", DEBATE,
        {"article_id": "amedia:5-124-206453", "kind": "opinion",
         "url": "https://www.nordnorskdebatt.no/hva-skal-vi-med-vennskapsbyen/o/5-124-206453"},
        at="https://www.nordnorskdebatt.no/5-124-206453", **_DEBATE, extra={"content_id": "5-124-206453"},
    ),
    _case(
        "amedia-changed-slug", DEBATE,
        {"article_id": "amedia:5-124-206454", "url": "https://www.nordnorskdebatt.no/ny-tittel/o/5-124-206454"},
        at="https://www.nordnorskdebatt.no/gammel-tittel/o/5-124-206454?key=2020-01-01T00:00:00/opoint/abc", **_DEBATE,
        extra={"content_id": "5-124-206454", "slug": "ny-tittel"},
    ),
    _case(
        "amedia-second-host", NORDLYS, {"article_id": "amedia:5-124-206452", "kind": "opinion"}, **_DEBATE,
        extra={"content_id": "5-124-206452"},
    ),
    _case(
        "amedia-old-tags-in-path", NORDLYS,
        {"article_id": "amedia:5-4-12345", "section": "debatt", "kind": "opinion"},
        at="https://www.nordlys.no/debatt/bodo/helse/hva-skal-vi-med-vennskapsbyen/o/5-4-12345", **_DEBATE,
        extra={"content_id": "5-4-12345"},
    ),
    _case(
        "amedia-pagedata-title-and-strings", NORDLYS,
        {"title": "Hva skal vi med vennskapsbyen?", "paywalled": True, "text": "", "word_count": len(TEXT_OF_BODY.split())},
        extra={"pagedata_title": "\n Hva skal vi med vennskapsbyen?", "is_premium": "true", "lp_premium": "false"},
    ),
    _case(
        "amedia-hidden-from-search", NORDLYS, {"robots": ("index", "noarchive", "noindex")}, extra={"hidden": True},
    ),
    _case(
        "amedia-paid", NORDLYS,
        {"paywalled": True, "text": "", "title": "Hva skal vi med vennskapsbyen?", "section": "nyheter", "links": (),
         "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.", "word_count": len(TEXT_OF_BODY.split()), "published_at": DAY_UTC},
        paywalled=True,
    ),
    _case(
        "amedia-wire", NORDLYS,
        {"wire": "NTB", "text": TEXT_OF_BODY, "authors": (Author(name="NTB"),)}, wire="NTB", authors=(Author(name="NTB"),),
    ),
    _case(
        "amedia-three-authors-and-parties", DEBATE,
        {"kind": "opinion", "authors": (Author(name="Kari Fjellbakk", role="Vadsø SV"), Author(name="Jon Strandli", role="Vadsø Ap"),
                                        Author(name="Mette Øverdal", role="Vadsø Rødt"))},
        **_DEBATE, authors=tuple(Author(name=name) for name in ("Kari Fjellbakk", "Jon Strandli", "Mette Øverdal")),
        paragraphs=(*BODY, "Kari Fjellbakk, Vadsø SV\nJon Strandli, Vadsø Ap\nMette Øverdal, Vadsø Rødt"),
    ),
    _case(
        "amedia-organisation", DEBATE, {"authors": (Author(name="Styret i Lillevik Venner"),)}, **_DEBATE,
        authors=(Author(name="Styret i Lillevik Venner"),),
    ),
    _case(
        "amedia-writer-in-caption", DEBATE, {"authors": (Author(name="Kari Fjellbakk", role="leder i Vadsø SV"),)}, **_DEBATE,
        authors=(), extra={"caption": "SKRIBENT: Kari Fjellbakk, leder i Vadsø SV. Foto: Privat"},
    ),
    _case(
        "amedia-updated", NORDLYS,
        {"modified_at": datetime(2023, 6, 15, 6, 0, tzinfo=UTC), "published_at": DAY_UTC},
        modified=datetime(2023, 6, 15, 8, 0, tzinfo=CEST),
    ),
    _case(
        "amedia-boilerplate", NORDLYS,
        {"text": TEXT_OF_BODY, "links": ("https://www.nordlys.no/en-eldre-sak/s/5-34-777",)},
        paragraphs=(
            BODY[0],
            '<p><b>Les også: <a href="https://www.nordlys.no/en-eldre-sak/s/5-34-777?x=1">En eldre sak</a></b></p>',
            '<p><a class="simple-relation related-teaser" href="/5-34-777">En eldre sak</a></p>', *BODY[1:],
            '<p class="video-description">En video om noe annet.</p>', "<p>Annonse</p>", "<p> </p>",
            '<amedia-factbox class="fact-box"><h3>Fakta</h3><p>En faktaboks.</p></amedia-factbox>',
            "<p>Saken fortsetter under bildet.</p>", "<p>Foto: Ragna Solbakk</p>",
        ),
    ),
    _case(
        "amedia-addresses-out", DEBATE,
        {"text": f"{BODY[0]}\n\nSend innspill til eller ring oss.\n\nVi svarer alle."}, **_DEBATE,
        paragraphs=(BODY[0], "<p>Send innspill til <a href='mailto:x@y.no'>innspill@lillevik.no</a> eller ring oss. Tlf. 12 34 56 78</p>",
                    "Vi svarer alle."),
    ),
    _case(
        "amedia-nynorsk", NORDLYS, {"language": "nn"}, language="nn",
        paragraphs=("Eg veit ikkje kva dei vil, men det vert berre verre frå år til år.",),
    ),
    _case(
        "amedia-correction", NORDLYS,
        {"correction": "Rettelse: I en tidligere versjon av saken sto det feil årstall.", "text": TEXT_OF_BODY},
        correction="Rettelse: I en tidligere versjon av saken sto det feil årstall.",
    ),
    _case("amedia-story-tagged-debatt", NORDLYS, {"kind": "news", "opinion_form": None}, tags=("debatt", "Lillevik")),
    # NRK
    _case(
        "nrk-news", NRK,
        {"kind": "news", "text": TEXT_OF_BODY, "section": "nordland", "published_at": DAY_UTC, "language": "nb", "published_from": "jsonld",
         "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.", "authors": (Author(name="Ragna Solbakk", role="Journalist"),),
         "robots": ("follow", "index")},
        authors=(Author(name="Ragna Solbakk", role="Journalist"),),
    ),
    _case(
        "nrk-slug-with-dash-and-dot", NRK, {"article_id": "nrk:1.16162227", "text": TEXT_OF_BODY},
        extra={"content_id": "1.16162227", "path": "/nordland/_-kommunen-sier-nei_-dr.-hansen-er-skuffet-1.16162227"},
    ),
    _case(
        "nrk-bare-address", NRK, {"article_id": "nrk:1.16356454", "url": "https://www.nrk.no/nordland/hva-skal-vi-1.16356454"},
        at="https://www.nrk.no/nordland/1.16356454",
        extra={"content_id": "1.16356454", "path": "/nordland/hva-skal-vi-1.16356454"},
    ),
    _case("nrk-nynorsk", NRK, {"language": "nn"}, language="nn"),
    _case(
        "nrk-corrects", NRK,
        {"correction": "NRK retter: I en tidligere versjon sto det at avtalen var fra 1982. Det riktige er 1972.", "text": TEXT_OF_BODY},
        correction="NRK retter: I en tidligere versjon sto det at avtalen var fra 1982. Det riktige er 1972.",
    ),
    _case(
        "nrk-opprettelse-is-no-correction", NRK, {"correction": None, "text": f"{BODY[0]}\n\nSaken gjelder opprettelse: et nytt råd."},
        paragraphs=(BODY[0], "Saken gjelder opprettelse: et nytt råd."),
    ),
    _case(
        "nrk-ytring", Paper(source_id="nrk_ytring", name="NRK Ytring", platform="nrk", host="www.nrk.no", section="ytring"),
        {"kind": "opinion", "section": "ytring"},
    ),
    # Polaris and Schibsted
    _case(
        "polaris-news", ITROMSO,
        {"kind": "news", "text": TEXT_OF_BODY, "published_at": DAY_UTC, "published_from": "jsonld", "section": "Nyheter", "language": "nb",
         "robots": ("max-image-preview:large", "noarchive"), "tags": ("Lillevik", "vennskapsby"),
         "authors": (Author(name="Ragna Solbakk", role="journalist"),)},
    ),
    _case(
        "polaris-upper-case-id", ITROMSO, {"article_id": "polaris:aB3dEf", "kind": "opinion", "opinion_form": "leserbrev", "text": TEXT_OF_BODY},
        kind="opinion", form="leserbrev", section="Meninger",
        extra={"content_id": "aB3dEf", "path": "/meninger/leserinnlegg/i/aB3dEf/hva-skal-vi"},
    ),
    _case(
        "polaris-lower-case-id", ITROMSO, {"article_id": "polaris:ab3dEf", "kind": "opinion"}, kind="opinion", form="leserbrev",
        section="Meninger", extra={"content_id": "ab3dEf", "path": "/meninger/leserinnlegg/i/ab3dEf/noe-annet"},
        title="Noe ganske annet",
    ),
    _case(
        "polaris-ece", ITROMSO, {"article_id": "polaris:www.itromso.no:20331277", "kind": "opinion", "text": TEXT_OF_BODY},
        kind="opinion", section="Meninger",
        extra={"path": "/meninger/2019/03/04/Hva-skal-vi-p%C3%A5-fjellet-20331277.ece", "content_id": "20331277"},
        published=datetime(2019, 3, 4, 8, 0, tzinfo=CET),
    ),
    _case(
        "polaris-modified-before-published", ITROMSO, {"modified_at": None, "published_at": DAY_UTC},
        extra={"stated_modified": DAY - timedelta(days=12)},
    ),
    _case("polaris-paid", ITROMSO, {"paywalled": True, "text": "", "links": ()}, paywalled=True),
    _case(
        "polaris-paper-thinks", ITROMSO, {"kind": "opinion", "opinion_form": "leder"}, kind="opinion", section="Meninger",
        extra={"kicker": "HT mener:", "path": "/meninger/i/Qx4LmA/hva-skal-vi"},
    ),
    _case(
        "polaris-organisation", ITROMSO, {"authors": (Author(name="Lillevik Idrettslag"),)}, authors=(Author(name="Lillevik Idrettslag"),),
        extra={"author_type": "Organization"},
    ),
    _case(
        "polaris-hyperion", ITROMSO,
        {"kind": "news", "text": TEXT_OF_BODY, "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.", "published_at": DAY_UTC,
         "authors": (Author(name="Ragna Solbakk"),), "paywalled": False},
        extra={"layout": "hyperion"},
        paragraphs=(BODY[0], '<h2 class="hyperion-css-jqu8ro" data-test-tag="paragraph-header">Et gammelt vennskap</h2>', *BODY[2:]),
    ),
    # Labrador
    _case(
        "labrador-news", KOMMUNAL,
        {"kind": "news", "text": TEXT_OF_BODY, "modified_at": None, "published_at": DAY_UTC, "language": "nb", "section": "nyheter",
         "lead": "Avtalen med Lillevik er eldre enn de fleste av oss.",
         "authors": (Author(name="Ragna Solbakk", role="journalist"), Author(name="Per Aune"))},
        authors=(Author(name="Ragna Solbakk", role="journalist"), Author(name="Per Aune")),
    ),
    _case(
        "labrador-kronikk-with-bang", KOMMUNAL,
        {"article_id": "labrador:www.kommunal-rapport.no:155498", "kind": "opinion", "opinion_form": "kronikk", "text": TEXT_OF_BODY,
         "url": "https://www.kommunal-rapport.no/kronikk/hva-skal-vi-med-vennskapsbyen/155498"},
        at="https://www.kommunal-rapport.no/kronikk/hva-skal-vi-med-vennskapsbyen/155498!/", kind="opinion", form="kronikk",
        extra={"content_id": "155498"},
    ),
    _case("labrador-paid", KOMMUNAL, {"paywalled": True, "text": ""}, paywalled=True),
    # Leftovers
    _case(
        "wordpress-news", OSTHAVET,
        {"kind": "news", "lead": "", "text": WITH_LEAD, "published_at": DAY_UTC, "published_from": "jsonld", "language": "nb",
         "authors": (Author(name="Ragna Solbakk"),)},
    ),
    _case(
        "drupal-debate-2014", OLD_DEBATE,
        {"kind": "opinion", "text": WITH_LEAD, "published_at": DAY_UTC, "published_from": "html", "published_precision": "minute"},
    ),
    _case(
        "drupal-high-north-news-says", HIGH_NORTH,
        {"kind": "opinion", "opinion_form": "kommentar", "language": "en", "text": "\n\n".join((ENGLISH_LEAD, *ENGLISH))},
        title="What should we do with our twin town?", lead=ENGLISH_LEAD, paragraphs=ENGLISH,
        extra={"path": "/en/what-should-we-do-our-twin-town", "html_lang": "en", "kicker": "Arne O. Holm says",
               "translation": "/nb/hva-skal-vi-med-vennskapsbyen",
               "disclaimer": "This is a commentary written by a member of the editorial staff. "
                             "All views expressed are the writer's opinions."},
    ),
    _case(
        "drupal-barents-observer", BARENTS, {"kind": "news", "language": "en", "text": "\n\n".join((ENGLISH_LEAD, *ENGLISH)), "published_at": DAY_UTC},
        title="Mayor calls off the visit", lead=ENGLISH_LEAD, paragraphs=ENGLISH,
        extra={"path": "/en/borders/2023/06/mayor-calls-visit", "html_lang": "en"},
    ),
    _case(
        "generic-sagat-debate-updated", SAGAT,
        {"kind": "opinion", "opinion_form": "debatt", "text": WITH_LEAD, "published_at": DAY_UTC, "published_precision": "minute",
         "modified_at": datetime(2023, 6, 15, 6, 5, tzinfo=UTC)},
        modified=datetime(2023, 6, 15, 8, 5, tzinfo=CEST), extra={"kicker": "Debatt:", "path": "/hva-skal-vi-med-vennskapsbyen/19.12345", "bare": True},
    ),
    _case("generic-news", PLAIN, {"kind": "news", "text": WITH_LEAD, "published_at": DAY_UTC}),
    # Rights: header beats file, meta beats header, what is neither 0 nor 1 is unset.
    _case(
        "tdm-header-reserves", NORDLYS, {"tdm_reserved": True, "tdm_policy": "https://www.nordlys.no/vilkar"},
        headers={"tdm-reservation": "1", "tdm-policy": "https://www.nordlys.no/vilkar"},
    ),
    _case(
        "robots-header", NORDLYS, {"robots": ("index", "noai", "noarchive", "noindex")},
        headers={"X-Robots-Tag": "noindex, noai"},
    ),
)  # fmt: skip


def by_name(name: str) -> Case:
    """Return a case; raises KeyError."""
    return {case.name: case for case in CASES}[name]


def page(case: Case) -> str:
    """Return the page that the case is about."""
    return str(RENDERERS[case.paper.platform].page(case.paper, case.story))


def case_answers() -> dict[str, dict[str, Route]]:
    """Return every case page and every answer of the life cycle by host and path, for `serve(answers=…)`."""
    found: dict[str, dict[str, Route]] = {}
    for case in CASES:
        path = case.url.split(case.paper.host, 1)[1].partition("?")[0]
        made = text(page(case), headers=case.headers)
        found.setdefault(case.paper.host, {})[path] = Answer(
            body=made.body, headers=made.headers, modified=case.story.published
        )
    for host, path, answer in _life():
        found.setdefault(host, {})[path] = answer
    return found


def mixed_feed() -> Answer:
    """Return a feed as Amedia's: 15 items of all letters, a sister paper's and Nettavisen's among them, ids out of order."""
    kinds = "sovgfrssosvsfss"
    stories = [
        Story(id=f"m{n}", source="mossavis", number=n, published=DAY - timedelta(hours=n), title=f"Sak nummer {n} fra kommunen",
              extra={"letter": letter, "content_id": f"5-{95 if n == 4 else 59 if n == 7 else 67}-{2_144_710 + (n * 37) % 100}"})
        for n, letter in enumerate(kinds)
    ]  # fmt: skip
    return feed(MOSS, stories)


MOSS = Paper(source_id="mossavis", name="Moss Avis", platform="amedia", host="www.moss-avis.no", publication=67)


def _life() -> Iterator[tuple[str, str, Route]]:
    """Yield what the networks of papers answer besides pages: feeds gone odd, robots.txt, TDM files, moves, withdrawals."""
    yield "www.moss-avis.no", "/service/rss", mixed_feed()
    yield (
        "www.f-b.no",
        "/service/rss",
        text(
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Tom</title></channel></rss>', "application/rss+xml"
        ),
    )
    yield (
        "www.sa.no",
        "/service/rss",
        text("<!DOCTYPE html><html lang=no><head><title>Siste nytt</title></head><body></body></html>"),
    )
    yield "www.an.no", "/robots.txt", text(
        "User-agent: GPTBot\nDisallow: /\n\nUser-agent: CCBot\nDisallow: /\n\n"
        "User-agent: *\nDisallow: /nyhetsstudio/\nCrawl-delay: 5\n\nSitemap: https://www.an.no/sitemap.xml\n", TEXT,
    )  # fmt: skip
    yield "www.fremover.no", "/robots.txt", text("finnes ikke", TEXT, status=404)
    yield "www.blv.no", "/robots.txt", text("nei", TEXT, status=403)
    yield "www.lofotposten.no", "/robots.txt", text("feil", TEXT, status=500)
    yield (
        "www.ranablad.no",
        "/.well-known/tdmrep.json",
        text(
            '[{"location": "/apent/", "tdm-reservation": 0}, {"location": "/*", "tdm-reservation": 1, "tdm-policy": "https://www.ranablad.no/tdm.json"}]',
            "application/json",
        ),
    )
    yield (
        "nordnorskdebatt.no",
        "/article/hva-skal-vi-med-vennskapsbyen",
        redirect("https://www.nordnorskdebatt.no/article/hva-skal-vi-med-vennskapsbyen"),
    )
    yield (
        "www.nordnorskdebatt.no",
        "/article/hva-skal-vi-med-vennskapsbyen",
        redirect("https://www.nordnorskdebatt.no/ny-tittel/o/5-124-206454"),
    )
    yield (
        "www.nordnorskdebatt.no",
        "/trukket/o/5-124-206999",
        text("<!DOCTYPE html><html><body>Trukket</body></html>", status=410),
    )
    yield (
        "www.nordlys.no",
        "/for-mange/s/5-34-999999",
        text("for mange", TEXT, status=429, headers={"Retry-After": "2"}),
    )
