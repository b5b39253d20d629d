import pytest

from crawlers.platforms import PLATFORMS


@pytest.mark.parametrize(
    ("platform", "url", "article_id"),
    [
        ("amedia", "https://www.nordlys.no/en-sak/s/5-34-123?key=2020-01-01/opoint/ab", "amedia:5-34-123"),
        ("amedia", "https://www.an.no/debatt/bodo/helse/x/o/5-4-77", "amedia:5-4-77"),
        ("amedia", "https://www.nordlys.no/5-34-123", "amedia:5-34-123"),
        ("amedia", "https://www.nordlys.no/x/s/80-34-123", "amedia:80-34-123"),
        ("amedia", "https://www.nordlys.no/film/v/5-34-123", None),
        ("amedia", "https://www.nordlys.no/tag/debatt", None),
        ("nrk", "https://www.nrk.no/nordland/_-vi-er_-sa-dr.-hansen-1.16162227", "nrk:1.16162227"),
        ("nrk", "https://www.nrk.no/etikk/1.2843522", "nrk:1.2843522"),
        ("nrk", "https://www.nrk.no/nordland/", None),
        ("polaris", "https://www.itromso.no/meninger/i/aB3dEf/x", "polaris:aB3dEf"),
        ("polaris", "https://www.itromso.no/i/ab3dEf", "polaris:ab3dEf"),
        ("polaris", "https://www.ht.no/Debatt/2019/03/04/M%C3%B8te-12345678.ece", "polaris:www.ht.no:12345678"),
        ("polaris", "https://www.ht.no/nyheter/article12345678.ece", "polaris:www.ht.no:12345678"),
        ("polaris", "https://www.ht.no/meninger/", None),
        ("labrador", "https://www.kommunal-rapport.no/kronikk/x/155498!/", "labrador:www.kommunal-rapport.no:155498"),
        ("labrador", "https://www.dagbladet.no/nyheter/x/81348547", "labrador:www.dagbladet.no:81348547"),
        ("labrador", "https://www.dagbladet.no/studio", None),
        ("generic", "https://www.x.no/kontakt", None),
        ("generic", "https://www.x.no/tag/bodo-og-vyborg-i-dag", None),
        ("generic", "https://www.x.no/bilder/en-lang-slug-her.jpg", None),
        ("generic", "https://www.x.no/", None),
    ],
)
def test_addresses_give_the_platforms_own_id(platform: str, url: str, article_id: str | None) -> None:
    assert PLATFORMS[platform].article_id(url) == article_id


def test_an_address_without_id_is_keyed_on_its_canonical_form() -> None:
    generic = PLATFORMS["generic"]
    keys = {
        generic.article_id(url)
        for url in (
            "http://x.no/nyheter/2022/03/04/en-sak/",
            "https://x.no/nyheter/2022/03/04/en-sak?utm_source=f#top",
            "https://X.no/nyheter/2022/03/04/en-sak",
        )
    }  # fmt: skip
    assert len(keys) == 1
    assert keys.pop().startswith("url:")  # type: ignore[union-attr]


@pytest.mark.parametrize("name", PLATFORMS)
def test_canonical_addresses_lose_query_and_stay_as_they_are(name: str) -> None:
    platform = PLATFORMS[name]
    once = platform.canonical("HTTPS://user:pw@WWW.X.no:443/a/B-c_d/i/Ab3dEf/x?key=secret#y")
    assert once == "https://www.x.no/a/B-c_d/i/Ab3dEf/x"
    assert platform.canonical(once) == once


@pytest.mark.parametrize("name", PLATFORMS)
def test_no_address_whatever_raises(name: str) -> None:
    platform = PLATFORMS[name]
    for url in ("", "http://[", "//", "http://x:99999999/a-b-c-d", "javascript:1", "\x00", "http://\ud800.no/a-b-c-d"):
        platform.article_id(url)
        platform.opinion_url(url)
        platform.canonical(url)
        platform.links_from_front(f"<a href='{url}'>x</a>", "https://www.x.no/")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.sor-varanger.kommune.no/vedtak-om-petsjenga.5998741-23456.html",
        "https://www.vestvagoy.kommune.no/aktuelt/nytt-om-skolen.12345.aspx/",
        "https://www.sagat.no/en-sak/19.12345",
        "https://www.highnorthnews.com/en/op-ed",
        "https://thebarentsobserver.com/en/borders/2023/06/visit",
        "https://osthavet.no/nyheter/2023/06/14/sak",
        "https://nordnorskdebatt.no/article/nord-0",
        "https://www.ruijan-kaiku.no/kven-uutiset-tana-paivana",
    ],
)
def test_the_forms_of_small_systems_look_like_articles(url: str) -> None:
    key = PLATFORMS["generic"].article_id(url)
    assert key is not None
    assert key.startswith("url:")


@pytest.mark.parametrize(
    "path",
    [
        "/debatt/29.4",
        "/debatt/fra/20/29.1.4",
        "/category/meninger/page/3/",
        "/sok",
        "/tag/en-to-tre",
        "/studio/1-en-to-tre",
    ],
)
def test_lists_and_studios_do_not(path: str) -> None:
    assert PLATFORMS["generic"].article_id(f"https://www.x.no{path}") is None


def test_opinion_shows_in_the_address_or_not_at_all() -> None:
    assert PLATFORMS["amedia"].opinion_url("https://www.nordlys.no/x/o/5-34-1") is True
    assert PLATFORMS["amedia"].opinion_url("https://www.nordlys.no/x/s/5-34-1") is False
    assert PLATFORMS["amedia"].opinion_url("https://www.nordlys.no/5-34-1") is None
    assert PLATFORMS["polaris"].opinion_url("https://www.vg.no/nyheter/meninger/i/aB3dEf/x") is True
    assert PLATFORMS["polaris"].opinion_url("https://www.vg.no/nyheter/i/aB3dEf/meninger-om-alt") is None
    assert PLATFORMS["nrk"].opinion_url("https://www.nrk.no/ytring/x-1.123456") is True
    assert PLATFORMS["labrador"].opinion_url("https://www.kommunal-rapport.no/debatt/x/155498") is True


def test_front_links_stay_on_their_host_and_come_once_each() -> None:
    html = """<a href="/x/s/5-34-1">a</a><a href='https://www.nordlys.no/y/s/5-34-1?x=1&amp;y'>b</a>
    <a href="https://www.nettavisen.no/z/s/5-95-2">c</a><a href=/w/o/5-34-3>d</a><a name="x">e</a>"""
    assert PLATFORMS["amedia"].links_from_front(html, "https://www.nordlys.no/") == (
        "https://www.nordlys.no/x/s/5-34-1",
        "https://www.nordlys.no/w/o/5-34-3",
    )
