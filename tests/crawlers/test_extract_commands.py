import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from crawlers.extract_commands import register, source_facts
from crawlers.replica.cases import by_name, page
from crawlers.sources import load_sources
from settings import load_settings

CASE = by_name("amedia-news")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "side.html.gz"
    path.write_bytes(gzip.compress(page(CASE).encode()))
    return path


app = typer.Typer()
register(app)


@app.callback()
def _settings(ctx: typer.Context) -> None:
    ctx.obj = load_settings(None)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments])
    return result.exit_code, result.stdout, result.stderr


def test_extract_prints_the_article_as_json(saved: Path) -> None:
    code, out, _ = run("extract", str(saved), "--url", CASE.url, "--json")
    record = json.loads(out)
    assert code == 0
    assert (record["source_id"], record["title"], record["kind"]) == ("nordlys", CASE.story.title, "news")


def test_extract_shows_the_article_to_people(saved: Path) -> None:
    code, out, _ = run("extract", str(saved), "--url", CASE.url)
    assert code == 0
    assert "publisert" in out
    assert "Avtalen ble fornyet i fjor" in out


def test_extract_says_what_is_wrong(tmp_path: Path, saved: Path) -> None:
    empty = tmp_path / "tom.html"
    empty.write_text("<html></html>")
    assert run("extract", str(empty), "--url", CASE.url)[0] == 1
    assert "ingen artikkel" in run("extract", str(empty), "--url", CASE.url)[2]
    assert "Kan ikke lese" in run("extract", str(tmp_path / "borte.html"), "--url", CASE.url)[2]
    assert run("extract", str(saved), "--url", "nordlys.no/x")[0] == 2
    assert run("extract", str(saved), "--url", CASE.url, "--platform", "escenic")[0] == 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = CASE.story.body.split("\n\n")
    expected = {
        "V1": {
            "title": CASE.story.title, "authors": ["Ragna Solbakk"], "publishing_date": "2023-06-14 09:30:00+02:00",
            "topics": ["Lillevik", "vennskapsby"],
            "body": {"summary": [CASE.story.lead], "sections": [{"headline": [], "paragraphs": text}]},
        }
    }  # fmt: skip
    (tmp_path / "Nordlys_2023_06_14.html").write_text(page(CASE), encoding="utf-8")
    (tmp_path / "Nordlys.json").write_text(json.dumps(expected), encoding="utf-8")
    (tmp_path / "meta.info").write_text(json.dumps({"Nordlys_2023_06_14.html": {"url": CASE.url}}), encoding="utf-8")
    return tmp_path


def test_evaluate_extraction_scores_a_folder_beside_trafilatura(folder: Path) -> None:
    code, out, _ = run("evaluate-extraction", str(folder), "--repeat", "1", "--json")
    (scored,) = json.loads(out)
    assert code == 0
    assert scored["body_f1"] == 1.0
    assert scored["rival_f1"] <= 1.0
    assert scored["fields"] == dict.fromkeys(("title", "lead", "authors", "published", "tags"), True)


def test_evaluate_extraction_shows_a_table_and_what_is_not_as_expected(folder: Path) -> None:
    expected = json.loads((folder / "Nordlys.json").read_text())
    expected["V1"]["title"] = "En annen tittel"
    (folder / "Nordlys.json").write_text(json.dumps(expected))
    code, out, _ = run("evaluate-extraction", str(folder), "--repeat", "1")
    assert code == 0
    assert "ikke som ventet: tittel" in out
    assert "trafilatura" in out


def test_evaluate_extraction_says_what_a_folder_lacks(tmp_path: Path, folder: Path) -> None:
    assert "meta.info" in run("evaluate-extraction", str(tmp_path / "ingen"))[2]
    (folder / "Nordlys.json").write_text('{"V1": {"title": "x"}}')
    code, _, err = run("evaluate-extraction", str(folder))
    assert code == 1
    assert "mangler" in err


def test_an_address_is_read_as_its_papers_platform_even_outside_our_sections() -> None:
    sources = load_sources()
    assert source_facts("https://www.nrk.no/nordland/x-1.12345678", sources).source_id == "nrk_nordland"
    elsewhere = source_facts("https://www.nrk.no/sport/x-1.12345678", sources)
    assert (elsewhere.source_id, elsewhere.platform) == ("www.nrk.no", "nrk")
    assert source_facts("https://www.budstikka.no/x/s/5-55-12", sources).platform == "amedia"
    assert source_facts("https://example.org/x", sources).platform == "generic"
