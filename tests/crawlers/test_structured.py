import pytest

from crawlers.article import Author
from crawlers.page import Page
from crawlers.structured import authors, flag, free, once, tags, wire, word_count


def page(ld: str = "", metas: str = "") -> Page:
    return Page(f'{metas}<script type="application/ld+json">{ld}</script>', "https://www.x.no/")


def test_authors_of_json_ld_and_meta_are_one_list() -> None:
    found = authors(
        page(
            '{"@type": "NewsArticle", "author": [{"name": "Kari Nordli", "jobTitle": "lege"}, "Ola Strand"]}',
            '<meta property="article:author" content="Ola Strand / Journalist"><meta property="article:author" content="https://x.no/ola">',
        )
    )
    assert found == (Author(name="Kari Nordli", role="lege"), Author(name="Ola Strand", role="Journalist"))


def test_an_organisation_is_an_author_and_an_address_none() -> None:
    assert authors(
        page('{"@type": "Article", "author": {"@type": "Organization", "name": "Lillevik IL", "email": "x@y.no"}}')
    ) == (Author(name="Lillevik IL"),)
    assert authors(page('{"@type": "Article", "author": "x@y.no"}')) == ()


@pytest.mark.parametrize(
    ("name", "agency"),
    [("NTB", "NTB"), ("Kari Nordli / NTB", "NTB"), ("AFP", "AFP"), ("Kari Nordli", None), ("Ola – NTB", "NTB")],
)
def test_agencies_are_known_by_name(name: str, agency: str | None) -> None:
    assert wire([Author(name=name)]) == agency
    assert wire([Author(name="Kari Nordli", role="NTB")]) == "NTB"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("true", True),
        ("False", False),
        ("http://schema.org/False", False),
        (1, True),
        ("0", False),
        ("paid", None),
        (None, None),
        (7, None),
        ([], None),
    ],
)
def test_flags_are_read_as_papers_print_them(value: object, expected: bool | None) -> None:
    assert flag(value) is expected


def test_any_part_that_is_not_free_makes_a_page_paid() -> None:
    assert (
        free(page('{"@type": "Article", "isAccessibleForFree": true, "hasPart": [{"isAccessibleForFree": "False"}]}'))
        is False
    )
    assert free(page('{"@type": "Article"}', '<meta name="k5a:paid" content="1">')) is False
    assert free(page('{"@type": "Article"}', '<meta property="article:content_tier" content="metered">')) is False
    assert free(page('{"@type": "Article", "isAccessibleForFree": true}')) is True
    assert free(page('{"@type": "Article"}')) is None


def test_tags_come_from_meta_else_keywords() -> None:
    assert tags(page('{"@type": "Article", "keywords": "a, b, A"}')) == ("a", "b")
    assert tags(page('{"@type": "Article", "keywords": ["a"]}', '<meta property="article:tag" content="c">')) == ("c",)
    assert once(["x" * 100, " y ", ""]) == ("y",)


@pytest.mark.parametrize(
    ("count", "expected"),
    [('"221"', 221), ("221", 221), ("-1", None), ('"mange"', None), ("1e400", None), ("null", None)],
)
def test_a_count_of_words_is_a_sensible_number_or_none(count: str, expected: int | None) -> None:
    assert word_count(page(f'{{"@type": "Article", "wordCount": {count}}}')) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<script type="application/ld+json">[{"@type": "NewsArticle", "headline": "x"}, {"@type": "WebPage", '
        '"isAccessibleForFree": "False"}]</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": "Article"}, {"@type": "WebPage", "hasPart": '
        '{"@type": "WebPageElement", "isAccessibleForFree": false}}]}</script>',
        '<meta itemprop="isAccessibleForFree" content="false">',
    ],
)
def test_a_page_that_is_said_to_be_paid_beside_its_article_is_paid(head: str) -> None:
    assert free(Page(f"<html><head>{head}</head><body></body></html>", "https://www.x.no/")) is False
