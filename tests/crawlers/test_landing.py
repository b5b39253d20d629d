from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawlers.article import Article, Author, Rights, content_hash
from crawlers.landing import offered

OPEN = Article(
    article_id="amedia:5-34-1", version=1, source_id="nordlys", publisher_group="amedia",
    url="https://www.nordlys.no/s/5-34-1", kind="news", title="Tittel", lead="Ingress", text="Hele teksten.",
    language="nb", published_at=datetime(2024, 3, 4, tzinfo=UTC), published_from="meta", published_precision="day",
    fetched_at=datetime(2024, 3, 4, tzinfo=UTC), content_hash=content_hash("Tittel", "Ingress", "Hele teksten."),
    word_count=2,
)  # fmt: skip


def test_what_is_offered_is_kept_as_it_is() -> None:
    article = replace(OPEN, rights=Rights(robots=("index", "noarchive"), tdm_reserved=False, ai_agents_blocked=True))
    assert offered(article, head_only=False) == article


@pytest.mark.parametrize(
    "rights",
    [
        Rights(tdm_reserved=True),
        Rights(robots=("noindex",)),
        Rights(robots=("noai", "noarchive")),
        Rights(robots=("none",)),
    ],
)
def test_where_use_is_reserved_only_head_data_are_kept(rights: Rights) -> None:
    kept = offered(replace(OPEN, rights=rights), head_only=False)
    assert (kept.title, kept.lead, kept.text, kept.word_count) == ("Tittel", "Ingress", "", 2)
    assert kept.content_hash == content_hash("Tittel", "Ingress", "")


def test_a_source_can_be_switched_to_head_data() -> None:
    assert offered(OPEN, head_only=True).text == ""


def test_mail_addresses_go_wherever_they_stand() -> None:
    article = replace(
        OPEN, text="Skriv til kari.n@avis.no i dag.", authors=(Author(name="a@b.no"), Author(name="Kari"))
    )
    kept = offered(article, head_only=False)
    assert "@" not in kept.text
    assert kept.authors == (Author(name="Kari"),)
    assert kept.content_hash == content_hash("Tittel", "Ingress", kept.text)


def test_noindex_printed_without_commas_closes_the_text() -> None:
    assert offered(replace(OPEN, rights=Rights(robots=("noindex nofollow",))), head_only=False).text == ""


def test_addresses_leave_roles_tags_and_corrections_too() -> None:
    article = replace(
        OPEN,
        authors=(Author(name="Kari Nordmann", role="journalist, kari@avis.no"),),
        tags=("by", "tips@avis.no"),
        correction="Rettelse: skriv til retting@avis.no om feil.",
    )
    kept = offered(article, head_only=False)
    assert "@" not in f"{kept.authors}{kept.tags}{kept.correction}"
    assert kept.authors[0].name == "Kari Nordmann"
    assert offered(article, head_only=True).correction is None
