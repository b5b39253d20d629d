import csv
import re
from pathlib import Path

import pytest

from crawlers.platforms import PLATFORMS
from crawlers.sources import Source, SourceError, load_sources
from crawlers.spider import SPIDERS

SOURCES = load_sources()


def write(folder: Path, text: str) -> Path:
    file = folder / "sources.toml"
    file.write_text(text)
    return file


ONE = '[[source]]\nid = "avis"\nname = "Avis"\nhost = "www.avis.no"\nplatform = "amedia"\n'
ONE += 'publisher_group = "amedia"\nkind = "news"\n'


def test_all_papers_of_the_reference_list_are_declared(shared: Path) -> None:
    with (shared / "reference/sources.csv").open(encoding="utf-8") as rows:
        wanted = {row["source_id"]: row for row in csv.DictReader(rows)}
    assert list(SOURCES.by_id) == list(wanted)
    for source_id, row in wanted.items():
        source = SOURCES.by_id[source_id]
        assert f"{source.host}/{source.section}".rstrip("/") == row["domain"]
        if row["feed_url"]:
            assert row["feed_url"] in [door.path for door in source.doors()]
        if number := re.search(r"\(5-(\d+)\)", row["name"]):
            assert source.publication == int(number[1])


@pytest.mark.parametrize("source", SOURCES.by_id.values(), ids=list(SOURCES.by_id))
def test_every_source_has_a_way_in_and_a_spider(source: Source) -> None:
    assert source.platform in PLATFORMS
    assert source.platform in SPIDERS
    doors = source.doors(("feed", "front"))
    assert doors
    for door in doors:
        assert door.path.startswith("https://")
        assert "{" not in door.path


def test_all_amedia_hosts_are_one_publisher_group() -> None:
    groups = {source.publisher_group for source in SOURCES.by_id.values() if source.platform == "amedia"}
    assert groups == {"amedia"}
    assert SOURCES.by_id["nordnorskdebatt_drupal"].publisher_group == "amedia"


def test_the_feed_known_to_work_is_tried_before_the_platforms_doors() -> None:
    assert [door.name for door in SOURCES.by_id["mossavis"].doors()] == ["rss", "rich-rss", "front"]
    assert [door.name for door in SOURCES.by_id["nordlys"].doors()] == ["rich-rss", "rss", "front"]
    assert SOURCES.by_id["nrk_sapmi"].doors()[0].path == "https://www.nrk.no/sapmi/oddasat.rss"


def test_the_publication_number_names_the_owner_whatever_the_host() -> None:
    nordlys = SOURCES.by_id["nordlys"]
    url = "https://www.nordlys.no/et-innlegg/o/5-124-206452"
    owner = SOURCES.owner(url, nordlys, "amedia:5-124-206452")
    assert owner
    assert owner.source_id == "nordnorskdebatt"
    unlisted = SOURCES.owner("https://www.nordlys.no/sak/s/5-57-1", nordlys, "amedia:5-57-1")
    assert unlisted == nordlys


def test_a_section_of_nrk_owns_its_own_addresses() -> None:
    ytring = SOURCES.by_id["nrk_ytring"]
    owner = SOURCES.owner("https://www.nrk.no/nordland/sak-1.16162227", ytring)
    assert owner
    assert owner.source_id == "nrk_nordland"
    assert SOURCES.owner("https://www.nrk.no/sport/sak-1.16162228", ytring) == ytring


@pytest.mark.parametrize(
    "url",
    [
        "https://an.no.example.com/sak/s/5-4-1",
        "https://xwww.an.no/sak/s/5-4-1",
        "https://www.man.no/sak/s/5-4-1",
        "https://www.an.no@evil.example/sak/s/5-4-1",
        "https://[::1/sak",
    ],
)
def test_hosts_are_matched_exactly(url: str) -> None:
    assert SOURCES.owner(url, SOURCES.by_id["an"]) is None


def test_an_unknown_source_is_named_with_where_to_look() -> None:
    with pytest.raises(SourceError, match=r"Ukjent kilde: nordlyset\. «bybaand sources list»"):
        SOURCES.choose(["nordlys", "nordlyset"])
    assert len(SOURCES.choose([])) == len(SOURCES.by_id)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ONE + 'feeed = "/rss"\n', "ukjent nøkkel feeed"),
        (ONE.replace('name = "Avis"\n', ""), "mangler name"),
        (ONE + ONE, "står to ganger"),
        (ONE.replace('"amedia"\npub', '"amedea"\npub'), "ukjent plattform amedea"),
        (ONE.replace("www.avis.no", "https://www.avis.no"), "ikke et vertsnavn"),
        (ONE.replace('id = "avis"', 'id = "../avis"'), "id må være"),
        (ONE + 'feeds = ["https://www.annen.no/rss"]\n', "ligger ikke på www.avis.no"),
        (ONE.replace('"news"', '"blog"'), "tillatt: news, debate, official"),
        ("[[source", "ikke gyldig TOML"),
        ("[papers]\n", "ukjent nøkkel papers"),
        ("", "ingen"),
    ],
)
def test_a_fault_in_the_list_is_told_with_file_source_and_cure(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says) as told:
        load_sources(write(tmp_path, text))
    assert "sources.toml" in str(told.value)


def test_a_missing_list_is_told() -> None:
    with pytest.raises(SourceError, match="Fant ikke kildelisten"):
        load_sources(Path("finnes/ikke.toml"))
