import pytest

from crawlers.page import Drop, Page, blocks, clean, decode, load_json, text_of


def texts(html: str, drop: Drop | None = None) -> list[str]:
    page = Page(f"<html><body><div id=b>{html}</div></body></html>", "https://www.x.no/")
    return [block.text for block in blocks(next(page.having("id", "b", "div")), drop or Drop())]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>En</p><h2>To</h2><ul><li>Tre</li><li>Fire</li></ul>", ["En", "To", "Tre", "Fire"]),
        ("Løs tekst <b>med</b> <a href=x>lenke</a><p>Avsnitt</p>hale", ["Løs tekst med lenke", "Avsnitt", "hale"]),
        ("<p>En<br>linje</p><p>To<br><br>avsnitt</p>", ["En\nlinje", "To", "avsnitt"]),
        ("<p>kilde\n  over\tflere\nlinjer</p>", ["kilde over flere linjer"]),
        ("<blockquote><p>Sitat</p><p>mer</p></blockquote>", ["Sitat", "mer"]),
        ("<section><div><p>Dypt <em>inne</em></p></div></section>", ["Dypt inne"]),
        ("<p>En</p><figure><figcaption>Bilde</figcaption></figure><aside><p>Boks</p></aside><p>To</p>", ["En", "To"]),
        ("<p>En</p><bazaar-ad><p>Kjøp</p></bazaar-ad><article><p>Teaser</p></article>", ["En"]),
        ("<p hidden>Skjult</p><script>x</script><!-- nei --><p> </p><p>&nbsp;</p>", []),
        ("<span>En</span><span><p>To</p></span>", ["En", "To"]),
    ],
)
def test_running_text_comes_in_order_without_what_surrounds_it(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_a_platform_drops_its_own_classes() -> None:
    drop = Drop(classes=frozenset(["factbox"]), starts=("ad-",))
    assert texts(
        "<div class='x factbox y'><p>A</p></div><div class='ad-12'><p>B</p></div><p class=factboxes>C</p>", drop
    ) == ["C"]


def test_blocks_know_their_links() -> None:
    page = Page("<body><p>Se <a href='/x'>saken</a> og <a href='/y'>svaret</a></p></body>", "https://www.x.no/")
    (block,) = blocks(page.root, Drop())
    assert (block.links, block.linked) == (("/x", "/y"), "saken svaret")


def test_invisible_signs_and_odd_blanks_are_cleaned() -> None:
    assert clean(" Venn\u00adskaps\u200bby\u00a0\u202f i\n nord\ufeff ") == "Vennskapsby i nord"


def test_meta_tags_are_read_by_name_property_and_itemprop_in_either_order() -> None:
    metas = "<meta content='a' property='OG:title'><meta name=robots content='x'><meta name=robots content='y'>"
    page = Page(f"{metas}<meta name=e content=''>", "")
    assert page.metas == {"og:title": ["a"], "robots": ["x", "y"]}
    assert page.meta("missing", "og:title") == "a"


def test_the_article_is_found_among_json_ld_objects() -> None:
    ld = '[{"@type":"WebSite"},{"@graph":[{"@type":["NewsArticle"],"headline":"x"}]}]'
    page = Page(f'<script type="application/ld+json">{ld}</script>', "")
    assert page.article_ld["headline"] == "x"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "nope", '{"a": }'])
def test_broken_json_is_none(text: str) -> None:
    assert load_json(text) is None


def test_a_wrong_charset_falls_back_to_utf_8() -> None:
    assert decode("blå".encode(), {"content-type": "text/html; charset=nonsense"}) == "blå"
    assert decode("blå".encode("latin-1")) == "bl\ufffd"


def test_the_text_of_nothing_is_empty() -> None:
    assert text_of(None) == ""
