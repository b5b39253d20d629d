import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from digest.pages_commands import register
from settings import Data, Settings


@pytest.fixture
def run(tmp_path: Path):
    app = typer.Typer()

    @app.callback()
    def _settings(ctx: typer.Context) -> None:
        ctx.obj = Settings(data=Data(folder=tmp_path))

    register(app)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call


def _said(result: Result) -> str:
    return re.sub(r"\s+", " ", result.output)


def test_pages_without_a_warehouse_say_what_to_do(run) -> None:
    result = run("pages")
    assert result.exit_code == 1
    assert "Kjør «bybaand build» først" in _said(result)


def test_a_day_that_is_none_is_wrong_use(run) -> None:
    result = run("pages", "--today", "8. april")
    assert result.exit_code == 2
    assert "Skriv den som 2024-04-08" in _said(result)


def test_pages_and_notebooks_lie_in_the_data_folder(run, warehouse_file: Path, tmp_path: Path) -> None:
    (tmp_path / "bybaand.duckdb").write_bytes(warehouse_file.read_bytes())
    result = run("pages", "--today", "2024-04-08")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "site/index.html").is_file()
    assert "index.html" in _said(result)
    result = run("notebook", "03", "--write-only")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "notebooks/03_silence_and_sources.ipynb").is_file()
    result = run("notebook", "09")
    assert result.exit_code == 2
    assert "01_attention" in _said(result)


def test_a_notebook_without_a_warehouse_says_what_to_do(run) -> None:
    result = run("notebook", "--write-only")
    assert result.exit_code == 1
    assert "bybaand build" in _said(result)
