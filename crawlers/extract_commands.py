"""The commands `extract` and `evaluate-extraction`: one saved page, or a folder of them, without network."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawlers.article import Article, to_json
from crawlers.evaluate import FIELDS, EvaluationError, Score, read_page, read_pairs, score
from crawlers.extract import ExtractError, SourceFacts
from crawlers.extract import extract as extract_article
from crawlers.platforms import PLATFORMS
from crawlers.sources import SourceError, Sources, load_sources
from settings import Settings

out, err = Console(), Console(stderr=True)
Json = Annotated[bool, typer.Option("--json", help="Skriv JSON for maskiner.")]
_CHOICE = f"Plattformen, ellers etter adressen: {', '.join(PLATFORMS)}."
_REFUSALS = {
    "the page is empty": "siden er tom. Hent den på nytt.",
    "the page is too large": "siden er for stor.",
    "no article address": "adressen er ikke en artikkels adresse. Se etter riktig --url eller --platform.",
    "no article:": "dette er en forside eller liste. Velg adressen til en artikkel.",
    "no title": "siden har ingen tittel. Er siden endret, eller er den ingen artikkel?",
    "no text": "siden har ingen brødtekst: bare bilder eller video, eller utgiveren har bygget om sidene.",
}
_FIELDS = {"title": "tittel", "lead": "ingress", "authors": "forfattere", "published": "tid", "tags": "emner"}


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(extract)
    app.command("evaluate-extraction")(evaluate_extraction)


def extract(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="En lagret side (.html eller .html.gz).")],
    url: Annotated[str, typer.Option("--url", help="Adressen som siden ble hentet fra.")],
    platform: Annotated[str | None, typer.Option(help=_CHOICE)] = None,
    as_json: Json = False,
) -> None:
    """Les en lagret side og vis artikkelen: tittel, ingress, forfattere, tider, rettigheter og brødtekst."""
    if platform is not None and platform not in PLATFORMS:
        err.print(f"Ukjent plattform «{platform}». Velg en av: {', '.join(PLATFORMS)}.", markup=False)
        raise typer.Exit(2)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        err.print(f"--url skal være hele adressen til siden (https://…), ikke «{url}».", markup=False)
        raise typer.Exit(2)
    try:
        facts = source_facts(url, _sources(ctx.obj), platform)
        article = extract_article(read_page(file), url, source=facts, fetched_at=datetime.now(UTC))
    except (EvaluationError, SourceError) as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    except ExtractError as error:
        why = next((text for reason, text in _REFUSALS.items() if error.reason.startswith(reason)), error.reason)
        err.print(f"{file}: ingen artikkel på {error.url}: {why}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(to_json(article))
    else:
        _show(article)


def evaluate_extraction(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Mappe med sider, meta.info og ventede felter.")],
    repeat: Annotated[int, typer.Option(min=1, help="Lesninger per side; den korteste tiden gjelder.")] = 5,
    as_json: Json = False,
) -> None:
    """Mål lesningen av lagrede sider: F1 for brødtekst og eksakte felter, ved siden av trafilatura."""
    try:
        sources = _sources(ctx.obj)
        scores = [score(pair, source_facts(pair.url, sources), repeat=repeat) for pair in read_pairs(folder)]
    except (EvaluationError, SourceError) as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in scores], ensure_ascii=False))
    else:
        _show_scores(scores)
    if any(one.error for one in scores):
        raise typer.Exit(1)


def source_facts(url: str, sources: Sources, platform: str | None = None) -> SourceFacts:
    """Return what is known of the paper behind an address; an unknown host is read by the form of its addresses."""
    host = (urlsplit(url).hostname or "").lower()
    at_home = [source for source in sources.by_id.values() if host in source.hosts]
    first = f"/{urlsplit(url).path.strip('/').split('/')[0]}"
    owner = next((source for source in at_home if source.section and first == f"/{source.section}"), None)
    owner = owner or next((source for source in at_home if not source.section), at_home[0] if at_home else None)
    guessed = next((name for name in ("amedia", "polaris", "nrk") if PLATFORMS[name].article_id(url)), "generic")
    if owner is None or (owner.section and first != f"/{owner.section}"):
        # Another section of a known host is read the same way, but is no source of ours.
        known = owner.platform if owner else guessed
        return SourceFacts(source_id=host, platform=platform or known, publisher_group=host, host=host)
    return SourceFacts(
        source_id=owner.source_id,
        platform=platform or owner.platform,
        publisher_group=owner.publisher_group,
        host=host,
        kind=owner.kind,
    )


def _sources(settings: Settings) -> Sources:
    return load_sources(settings.crawl.sources_file)


def _show(article: Article) -> None:
    oslo = ZoneInfo("Europe/Oslo")
    table = Table("Felt", "Verdi", title=escape(article.title), title_justify="left")
    rights = [*article.rights.robots]
    if article.rights.tdm_reserved is not None:
        rights.append(f"tdm-reservation={int(article.rights.tdm_reserved)}")
    published, changed = article.published_at.astimezone(oslo).isoformat(), article.modified_at
    authors = "; ".join(f"{one.name} ({one.role})" if one.role else one.name for one in article.authors)
    for name, value in (
        ("id", article.article_id),
        ("kilde", f"{article.source_id} ({article.publisher_group})"),
        ("adresse", article.url),
        ("slag", " / ".join(part for part in (article.kind, article.opinion_form) if part)),
        ("seksjon", article.section or "–"),
        ("publisert", f"{published} ({article.published_from}, {article.published_precision})"),
        ("endret", changed.astimezone(oslo).isoformat() if changed else "–"),
        ("forfattere", authors or "–"),
        ("emner", ", ".join(article.tags) or "–"),
        ("språk", article.language or "ukjent"),
        ("betalt", "ja, bare hodet lagres" if article.paywalled else "nei"),
        ("byrå", article.wire or "–"),
        ("rettelse", article.correction or "–"),
        ("rettigheter", ", ".join(rights) or "ingen oppgitt"),
        ("lenker", "\n".join(article.links) or "–"),
        ("ord", str(article.word_count)),
    ):
        table.add_row(name, escape(value))
    out.print(table)
    out.print(f"\n{article.lead}\n\n{article.text}", markup=False, highlight=False)


def _show_scores(scores: list[Score]) -> None:
    table = Table("Side", "Plattform", "F1 brødtekst", "Felter", "ms", title="I parentes: trafilatura")
    for one in scores:
        table.add_row(
            one.name.removesuffix(".gz").removesuffix(".html"),
            one.platform,
            f"{one.body_f1:.4f} ({one.rival_f1:.4f})",
            f"{_exact(one.fields)} ({_exact(one.rival_fields)})",
            f"{one.ms:.1f} ({one.rival_ms:.1f})",
        )
    out.print(table)
    for one in scores:
        if wrong := [_FIELDS[name] for name in FIELDS if one.fields.get(name) is False]:
            out.print(f"{one.name}: ikke som ventet: {', '.join(wrong)}", markup=False)
        if one.error:
            out.print(f"{one.name}: {one.error}", markup=False)
    if not scores:
        return
    mean = sum(one.body_f1 for one in scores) / len(scores)
    rival = sum(one.rival_f1 for one in scores) / len(scores)
    below = sum(one.body_f1 < one.rival_f1 for one in scores)
    ratios = [one.ms / one.rival_ms for one in scores if one.rival_ms]
    out.print(f"Snitt F1 {mean:.4f}, trafilatura {rival:.4f}. Sider under trafilatura: {below}.")
    if ratios:
        out.print(f"Tid mot trafilatura: {min(ratios):.2f} til {max(ratios):.2f}.")


def _exact(fields: dict[str, bool]) -> str:
    return f"{sum(fields.values())}/{len(fields)}"
