from datetime import UTC, datetime

import pytest

from crawlers.extract import FeedItem
from crawlers.feeds import FeedError, item_from_json, item_to_json, read_feed, read_sitemap, read_time

BASE = "https://www.nordlys.no/service/rss"
RSS = b"""<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<item><title>Ordf\xc3\xb8rer: &lt;b&gt;Nei&lt;/b&gt; &amp;amp; ja</title><link>/sak/s/5-34-1</link>
<description>Ingress &amp;mdash; kort</description><pubDate>Mon, 05 Aug 2024 12:47:21 +0200</pubDate>
<dc:creator>Kari Nordmann</dc:creator><author>kari@avis.no</author><category>Nyheter</category></item>
<item><guid>https://www.nordlys.no/o/5-34-2</guid></item><item><title>uten adresse</title></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Samisk</title><link rel="edit" href="/x"/>
<link rel="alternate" href="https://www.sagat.no/sak/1"/><published>2024-08-04T10:21:45Z</published>
<updated>2024-08-05T10:21:45+02:00</updated><author><name>Ola</name><email>o@x.no</email></author></entry></feed>"""


def test_rss_is_read_with_relative_links_entities_and_offsets() -> None:
    first, second = read_feed(RSS, BASE)
    assert first == FeedItem(
        url="https://www.nordlys.no/sak/s/5-34-1",
        title="Ordfører: Nei & ja",
        lead="Ingress — kort",
        published_at=datetime(2024, 8, 5, 10, 47, 21, tzinfo=UTC),
        authors=("Kari Nordmann",),
        categories=("Nyheter",),
    )
    assert second.url == "https://www.nordlys.no/o/5-34-2"


def test_atom_is_read_by_its_alternate_link() -> None:
    (item,) = read_feed(ATOM, "https://www.sagat.no/atom.xml")
    assert (item.url, item.authors) == ("https://www.sagat.no/sak/1", ("Ola",))
    assert item.modified_at == datetime(2024, 8, 5, 8, 21, 45, tzinfo=UTC)


def test_stortingets_cases_are_read_with_net_dates() -> None:
    case = b'{"id": 95123, "tittel": "Sak om vennskap", "sist_oppdatert_dato": "/Date(1722853641000+0200)/"}'
    body = b'{"saker_liste": [%s]}' % case
    (item,) = read_feed(body, "https://data.stortinget.no/eksport/saker")
    assert (item.url, item.title) == ("https://data.stortinget.no/eksport/sak?sakid=95123", "Sak om vennskap")
    assert item.published_at == datetime(2024, 8, 5, 10, 27, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b'<?xml version="1.0"?><rss><channel></channel></rss>', "empty"),
        (b"<!DOCTYPE html><html><body>Forsiden</body></html>", "html"),
        (b"\xef\xbb\xbf\n<html lang=no>", "html"),
        (b"500 Internal Server Error", "xml"),
        (b'{"feil": true}', "json"),
        (b'<!DOCTYPE a [<!ENTITY b "bb">]><rss><channel><item><link>&b;</link></item></channel></rss>', "entities"),
    ],
)
def test_what_is_no_feed_is_refused_by_kind(body: bytes, kind: str) -> None:
    with pytest.raises(FeedError) as refused:
        read_feed(body, BASE)
    assert refused.value.kind == kind


def test_a_billion_laughs_and_a_file_entity_cost_nothing() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE lolz [<!ENTITY l0 "lol">{lol}]><rss><channel><item><title>&l9;</title></item></channel></rss>'
    with pytest.raises(FeedError, match="entities"):
        read_feed(bomb.encode(), BASE)
    with pytest.raises(FeedError, match="entities"):
        read_feed(b'<!DOCTYPE a SYSTEM "x" [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss>&f;</rss>', BASE)


def test_a_broken_feed_gives_what_is_readable() -> None:
    broken = RSS.replace(b"</channel></rss>", b"<item><link>/sak/s/5-34-3</link>")
    assert [item.url[-1] for item in read_feed(broken, BASE)] == ["1", "2", "3"]


def test_sitemaps_and_their_indexes_are_told_apart() -> None:
    index = read_sitemap(
        b"<sitemapindex><sitemap><loc> https://x.no/sitemap-2.xml </loc><lastmod>2024-01-02</lastmod></sitemap>"
        b"</sitemapindex>",
        "https://x.no/sitemap.xml",
    )
    assert (index.kind, index.entries[0].url) == ("index", "https://x.no/sitemap-2.xml")
    assert index.entries[0].modified == datetime(2024, 1, 1, 23, tzinfo=UTC)
    news = read_sitemap(
        b'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/a/1</loc><n:news>'
        b"<n:publication_date>2024-04-07T10:00:00+02:00</n:publication_date></n:news></url></urlset>",
        "https://x.no/sitemap.xml",
    )
    assert (news.kind, news.entries[0].url) == ("urlset", "https://x.no/a/1")
    assert news.entries[0].published == datetime(2024, 4, 7, 8, tzinfo=UTC)
    with pytest.raises(FeedError, match="is no sitemap"):
        read_sitemap(RSS, BASE)


@pytest.mark.parametrize("text", ["", "i går", "99999-01-01", "/Date(99999999999999999)/", "Mon, 99 Foo 2024"])
def test_an_unreadable_time_is_none(text: str) -> None:
    assert read_time(text) is None


def test_an_item_survives_the_frontier() -> None:
    item = read_feed(RSS, BASE)[0]
    assert item_from_json(item_to_json(item)) == item
