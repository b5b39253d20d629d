"""Every notebook runs on the demo's warehouse from top to bottom and shows a picture, without any network."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "notebooks").glob("0*.py"))


@pytest.fixture(scope="module")
def kernel(demo_folder: Path) -> Iterator[KernelManager]:
    """One kernel for all: starting one and importing Altair takes longer than most notebooks."""
    manager = KernelManager(kernel_name="python3", transport="ipc")
    manager.start_kernel(
        env={
            **os.environ,
            "BYBAAND_WAREHOUSE": str(demo_folder / "data/bybaand.duckdb"),
            "PYTHONPATH": str(ROOT),
            # A notebook that reaches out fails: nothing answers there.
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "HTTP_PROXY": "http://127.0.0.1:9",
        }
    )
    yield manager
    manager.shutdown_kernel(now=True)


def _run(source: Path, kernel: KernelManager) -> nbformat.NotebookNode:
    notebook = jupytext.read(source)
    # Names of one notebook must not carry over to the next.
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    NotebookClient(notebook, km=kernel, timeout=240).execute()
    return notebook


def _outputs(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_runs_without_error_and_shows_a_picture(source: Path, kernel: KernelManager) -> None:
    outputs = _outputs(_run(source, kernel))
    assert not [output for output in outputs if output["output_type"] == "error"]
    pictures = [output["data"]["image/svg+xml"] for output in outputs if "image/svg+xml" in output.get("data", {})]
    assert pictures
    for picture in pictures:
        # An axis alone is no picture: there are marks in it.
        assert re.search(r'class="mark-(rect|symbol|line|area) role-mark[^"]*"[^>]*>\s*<path', "".join(picture)), (
            picture[:400]
        )


def test_there_are_six_and_none_is_committed_as_ipynb() -> None:
    assert [source.stem[:2] for source in SOURCES] == ["01", "02", "03", "04", "05", "06"]
    assert not list((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_each_asks_a_question_and_says_what_the_number_does_not_say(source: Path) -> None:
    notebook = jupytext.read(source)
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert "?" in prose.splitlines()[0]
    assert "## Hva tallet ikke sier" in prose
    assert "select" in code
    assert not re.search(r"^\s*(def|class) |lambda", code, re.MULTILINE)
