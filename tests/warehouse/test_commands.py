"""The command line: what it says, what it writes, and its exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from settings import Data, Settings
from warehouse import commands

TIE = "tromso–ru-murmansk"


@pytest.fixture
def run(papers: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command on the data folder of `papers`."""
    app = typer.Typer()
    settings = Settings(data=Data(folder=papers.data))

    @app.callback()
    def read_settings(ctx: typer.Context) -> None:
        ctx.obj = settings

    commands.register(app)
    monkeypatch.setattr(commands, "KOMMUNER", papers.tables / "kommuner.csv")
    monkeypatch.setattr(commands, "CITIES", papers.tables / "cities.csv")
    papers.crawl("2024-01-01", "2024-04-07")
    papers.article(
        "2024-01-05",
        title="Bygger bro",
        text="Kommunestyret har sagt opp avtalen.",
        events=({"tie": TIE, "action": "terminated", "date": "2024-01-04", "score": 0.5},),
    )
    papers.write()
    # The shipped registry names places that the cut tables lack.
    monkeypatch.setattr(commands, "build_warehouse", _with_ties(papers.tables / "ties.csv"))
    return lambda *words, **options: CliRunner().invoke(app, list(words), **options)


def _with_ties(ties: Path) -> Any:
    from warehouse.build import build

    return lambda **values: build(**values, ties=ties, tie_events_known=None)


def test_build_search_and_show_one_after_the_other(run: Any) -> None:
    built = run("build", "--today", "2024-04-08", "--json")
    assert built.exit_code == 0, built.output
    said = json.loads(built.output)
    assert (said["rows"]["articles"], said["indexed"], said["set_aside"]) == (1, 1, 0)
    found = run("search", "avtale", "--json")
    assert [hit["title"] for hit in json.loads(found.output)] == ["Bygger bro"]
    shown = run("ties", "show", "tromso-ru-murmansk", "--json")
    assert json.loads(shown.output)["decisions"][0]["state"] == "reported"
    assert "fryst" not in run("ties", "show", TIE).output
    listed = json.loads(run("ties", "list", "--kommune", "tromso", "--json").output)
    assert {tie["city"] for tie in listed} == {"Murmansk", "Arkhangelsk", "Nadym"}
    assert json.loads(run("ties", "list", "--kommune", "Tromsø", "--json").output) == listed
    assert "Ingen kommune heter" in run("ties", "list", "--kommune", "Trømsø").output
    assert run("ties", "list", "--country", "ru").exit_code == 0


def test_before_the_first_build_every_command_says_to_build(run: Any) -> None:
    for words in (("search", "bro"), ("ties", "list"), ("review",), ("export", "x")):
        answer = run(*words)
        assert answer.exit_code == 1
        assert "bybaand build" in answer.stderr


def test_a_reviewed_event_moves_the_status_at_the_next_build(run: Any, papers: Any) -> None:
    run("build", "--today", "2024-04-08", "--no-index")
    answer = run("review", "--who", "Kari", input="h\n")
    assert "0 vurderinger" in answer.output
    answer = run(
        "review",
        "--who",
        "Kari",
        input="e\ntromso-ru-murmanskk\n\nfryst\nskjedd\n2024-13-01\n2024-01-03\nsett protokollen\n",
    )
    assert "«2024-13-01» er ikke en dag" in answer.output
    assert "Mente du tromso–ru-murmansk" in answer.output
    assert "1 vurderinger lagret" in answer.output
    judgement = json.loads((papers.data / "decisions.jsonl").read_text(encoding="utf-8"))
    assert (judgement["judged_by"], judgement["judgement"], judgement["new_action"]) == ("Kari", "change", "frozen")
    run("build", "--today", "2024-04-08", "--no-index")
    (tie,) = [tie for tie in json.loads(run("ties", "list", "--json").output) if tie["tie_id"] == TIE]
    assert tie["status"] == "frozen"
    assert "Ingenting å vurdere" in run("review").output


def test_a_tie_of_a_kommune_that_was_split_names_both_heirs(run: Any) -> None:
    run("build", "--today", "2024-04-08", "--no-index")
    shown = run("ties", "show", "tysfjord-ru-kirisji").output
    assert "Hamarøy (hamaroy–ru-kirisji), Narvik (ingen kilde sier at den førte avtalen videre)" in shown


def test_ties_are_added_and_wrong_ones_refused(run: Any) -> None:
    added = run("ties", "add", "--kommune", "oslo", "--city", "ua-lviv", "--source", "https://example.no")
    assert added.exit_code == 0, added.output
    assert "1 nye" in added.output
    wrong = run("ties", "add", "--kommune", "Oslo", "--city", "ua-lviv", "--source", "https://example.no")
    assert wrong.exit_code == 1
    assert "ukjent kommune «Oslo»" in wrong.stderr


def test_ties_are_imported_from_a_file(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text(
        "kommune_id,city_id,kind,verification,source_urls\noslo,ua-lviv,vennskapsby,verified,https://example.no\n",
        encoding="utf-8",
    )
    assert "1 nye" in run("ties", "import", str(file)).output
    assert run("ties", "import", str(tmp_path / "none.csv")).exit_code == 1


def test_export_and_backup_and_restore(run: Any, papers: Any, tmp_path: Path) -> None:
    run("build", "--today", "2024-04-08", "--no-index")
    assert run("export", str(tmp_path / "out"), "--format", "csv", "--table", "ties").exit_code == 0
    assert (tmp_path / "out/ties.csv").exists()
    assert run("export", str(tmp_path / "out"), "--format", "docx").exit_code == 2
    assert run("backup", str(tmp_path / "b.tar.gz")).exit_code == 0
    answer = run("restore", str(tmp_path / "b.tar.gz"))
    assert answer.exit_code == 1
    assert "ikke tom" in answer.stderr


def test_a_day_that_is_none_is_a_usage_error(run: Any) -> None:
    answer = run("build", "--today", "i dag")
    assert answer.exit_code == 2
    assert "er ikke en dag" in answer.stderr
