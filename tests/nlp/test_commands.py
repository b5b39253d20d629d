"""`bybaand read` and `bybaand evaluate`, as a user runs them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import nlp.commands
from nlp.commands import BadLineError, parse_line
from nlp.read import load_reader
from nlp.settings import ReadSettings
from settings import Data, Read, Settings

GOOD = {
    "id": 1,
    "text": "Tromsø og Murmansk er vennskapsbyer. Avtalen ble sagt opp 26. oktober.",
    "published": "2022-10-27",
}


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    """The stage's commands with one loaded reader, without entity model and embedding (they have their own tests)."""
    reader = load_reader(ReadSettings(entities="none", embedding="none", pairs=None))
    app = typer.Typer()

    @app.callback()
    def _settings(ctx: typer.Context, folder: Path = Path("data")) -> None:
        ctx.obj = Settings(data=Data(folder=folder), read=Read())

    nlp.commands.register(app)
    nlp.commands._load = lambda _settings: reader  # type: ignore[assignment]
    return app


def run(app: typer.Typer, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_read_prints_the_agreed_json(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text(json.dumps(GOOD) + "\n", "utf8")
    code, _, _ = run(app, "read", "--input", str(tmp_path / "texts.jsonl"), "--output", str(tmp_path / "out.jsonl"))
    assert code == 0
    (record,) = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf8").splitlines()]
    assert record["id"] == "1"
    kommune = next(link for link in record["links"] if link["type"] == "kommune")
    assert (kommune["start"], kommune["text"], kommune["kommune_number"]) == (0, "Tromsø", "5501")
    city = next(link for link in record["links"] if link["type"] == "city")
    assert (city["name_en"], city["country"], city["geonames_id"]) == ("Murmansk", "RU", 524305)
    (tie,) = record["ties"]
    assert (tie["kommune_number"], tie["city_id"], tie["country"]) == ("5501", "ru-murmansk", "RU")
    (event,) = [event for event in tie["events"] if event["action"] == "terminated"]
    assert (event["date"], event["date_precision"], event["factuality"]) == ("2022-10-26", "day", "happened")
    assert event["evidence"] == GOOD["text"][event["evidence_start"] : event["evidence_end"]]


def test_offsets_count_from_the_title_where_there_is_one(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text(json.dumps({**GOOD, "title": "Slutt"}) + "\n", "utf8")
    run(app, "read", "--input", str(tmp_path / "t.jsonl"), "--output", str(tmp_path / "o.jsonl"))
    record = json.loads((tmp_path / "o.jsonl").read_text("utf8"))
    assert record["links"][0]["start"] == len("Slutt\n\n")


def test_bad_lines_are_set_aside_with_their_reason_and_the_others_read(app: typer.Typer, tmp_path: Path) -> None:
    lines = [
        json.dumps(GOOD),
        "{broken",
        json.dumps({"id": 2}),
        "[1]",
        "\xff",
        json.dumps({**GOOD, "published": "i går"}),
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(lines), "latin-1")
    code, _, err = run(app, "read", "--input", str(tmp_path / "t.jsonl"), "--output", str(tmp_path / "o.jsonl"))
    assert code == 1
    assert len((tmp_path / "o.jsonl").read_text("utf8").splitlines()) == 1
    for number in range(2, 7):
        assert f"t.jsonl:{number}: satt til side" in err.replace("\n", "")


def test_one_path_without_the_other_is_a_wrong_call(app: typer.Typer) -> None:
    assert run(app, "read", "--input", "x.jsonl")[0] == 2


def test_a_missing_file_and_an_unwritable_place_are_named(app: typer.Typer, tmp_path: Path) -> None:
    code, _, err = run(app, "read", "--input", str(tmp_path / "none.jsonl"), "--output", str(tmp_path / "o.jsonl"))
    assert code == 1
    assert "none.jsonl" in err.replace("\n", "")
    (tmp_path / "t.jsonl").write_text(json.dumps(GOOD) + "\n", "utf8")
    code, _, err = run(app, "read", "--input", str(tmp_path / "t.jsonl"), "--output", str(tmp_path / "no/where.jsonl"))
    assert code == 1
    assert "--output" in err


def test_an_empty_data_folder_says_what_to_do(app: typer.Typer, tmp_path: Path) -> None:
    code, _, err = run(app, "--folder", str(tmp_path), "read")
    assert code == 0
    assert "bybaand crawl" in err


def test_evaluate_prints_figures_as_json(app: typer.Typer, tmp_path: Path) -> None:
    gold = {
        "id": "g",
        "text": "Moss og Karlstad er vennskapsbyer.",
        "mentions": [{"start": 0, "end": 4, "kind": "kommune", "id": "3103"}],
        "ties": [{"kommune_number": "3103", "city_en": "Karlstad", "actions": ["mentioned"]}],
    }
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", "utf8")
    code, out, _ = run(app, "evaluate", str(tmp_path / "gold.jsonl"), "--json")
    assert code == 0
    figures = {(row["group"], row["class"]): row for row in json.loads(out)["scores"]}
    assert figures[("tie", "all")]["f1"] == 1.0
    code, out, _ = run(app, "evaluate", str(tmp_path / "gold.jsonl"))
    assert "kommune" in out


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSON"),
        ("[]", "objekt"),
        ('{"id": 1}', "text"),
        ('{"text": "x"}', "id"),
        ('{"id": 1, "text": "x", "title": 3}', "title"),
        ('{"id": 1, "text": "x", "published": "01.02.2024"}', "published"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line: str, reason: str) -> None:
    with pytest.raises(BadLineError, match=reason):
        parse_line(line)


def test_a_time_is_taken_as_its_day_in_oslo() -> None:
    assert str(parse_line('{"id": 1, "text": "x", "published": "2024-04-07T22:30:00Z"}').published) == "2024-04-08"
