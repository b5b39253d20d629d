import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

import pipeline

ROOT = Path(__file__).parents[1]


def commands() -> Iterator[tuple[str, ...]]:
    """Every command with its groups, as typed."""

    def walk(command: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        below = getattr(command, "commands", None)
        if not below:
            yield path
            return
        for name, each in below.items():
            yield from walk(each, (*path, name))

    return walk(get_command(pipeline.app), ())


def bybaand(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_and_option_explains_itself(command: tuple[str, ...]) -> None:
    told = CliRunner().invoke(pipeline.app, [*command, "--help"])
    assert told.exit_code == 0
    node: object = get_command(pipeline.app)
    for name in command:
        node = node.commands[name]  # type: ignore[attr-defined]
    assert getattr(node, "help", None), f"{' '.join(command)} has no help"
    for parameter in node.params:  # type: ignore[attr-defined]
        assert getattr(parameter, "help", None), f"{' '.join(command)}: {parameter.name} has no help"


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_stands_in_the_docs(command: tuple[str, ...]) -> None:
    docs = "\n".join(file.read_text(encoding="utf-8") for file in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    assert f"bybaand {' '.join(command)}" in docs


def test_second_run_beside_a_running_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = bybaand("run", folder=tmp_path)
    assert told.returncode == 1
    assert "arbeider allerede" in told.stderr


def test_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    told = bybaand("run", folder=tmp_path)
    assert told.returncode == 1
    assert "Kan ikke skrive i datamappen" in told.stderr
    assert (tmp_path / "data").read_text() == "a file where the folder should be"


def test_status_of_a_new_folder_says_never_and_exits_with_1(tmp_path: Path) -> None:
    told = bybaand("status", "--json", folder=tmp_path)
    assert told.returncode == 1
    jobs = json.loads(told.stdout)["jobs"]
    assert [job["job"] for job in jobs] == ["crawl", "run", "digest", "pages"]
    assert all(job["succeeded"] is None and job["late"] for job in jobs)


def test_unknown_setting_stops_every_command_with_2(tmp_path: Path) -> None:
    (tmp_path / "bybaand.toml").write_text("[crawl]\ndelay = 1\n")
    told = bybaand("status", folder=tmp_path)
    assert told.returncode == 2
    assert "crawl.delay: ukjent nøkkel" in told.stderr


def test_steps_go_on_after_a_failed_crawl(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called = []

    def failing(_ctx: typer.Context, *, due: bool) -> None:
        assert due  # papers are visited by their own rhythm, not at every run
        called.append("crawl")
        raise typer.Exit(1)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline.crawlers.commands, "crawl", failing)
    monkeypatch.setattr(pipeline.nlp.commands, "read", lambda _ctx: called.append("read"))
    monkeypatch.setattr(pipeline.warehouse.commands, "build", lambda _ctx: called.append("build"))
    told = CliRunner().invoke(pipeline.app, ["run"])
    assert called == ["crawl", "read", "build"]
    assert told.exit_code == 1


@pytest.mark.parametrize("error", [RuntimeError("Query interrupted"), SystemExit(130)])
def test_ctrl_c_says_that_the_same_command_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    def stopped() -> None:
        raise error

    monkeypatch.setattr(pipeline, "app", stopped)
    with pytest.raises(SystemExit) as stop:
        pipeline.main()
    assert stop.value.code == 130
    assert "den fortsetter der den slapp" in capsys.readouterr().err


def test_a_fault_of_ours_is_not_taken_for_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(pipeline, "app", broken)
    with pytest.raises(RuntimeError, match="disk on fire"):
        pipeline.main()
