import json
from pathlib import Path

import pytest

from digest.notebooks import NotebookError, write_notebooks

SOURCES = Path(__file__).parents[2] / "notebooks"


def _edit(file: Path, text: str) -> None:
    made = json.loads(file.read_text(encoding="utf-8"))
    made["cells"][1]["source"] = text
    file.write_text(json.dumps(made), encoding="utf-8")


def _sources(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "01_a.py").write_text(f"# %% [markdown]\n# # Hva?\n\n# %%\n{text}\n", encoding="utf-8")
    return folder


def test_all_six_are_written_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    first = write_notebooks(SOURCES, tmp_path)
    before = {file: file.read_bytes() for file in first.files}
    assert len(before) == 6
    write_notebooks(SOURCES, tmp_path)
    assert {file: file.read_bytes() for file in first.files} == before


def test_a_newer_source_replaces_an_untouched_notebook(tmp_path: Path) -> None:
    write_notebooks(_sources(tmp_path / "s", "x = 1"), tmp_path)
    write_notebooks(_sources(tmp_path / "s", "x = 2"), tmp_path)
    assert "x = 2" in (tmp_path / "01_a.ipynb").read_text(encoding="utf-8")


def test_what_the_analyst_changed_is_kept_and_named(tmp_path: Path) -> None:
    write_notebooks(_sources(tmp_path / "s", "x = 1"), tmp_path)
    _edit(tmp_path / "01_a.ipynb", "mine = 1")
    assert not write_notebooks(tmp_path / "s", tmp_path).kept
    written = write_notebooks(_sources(tmp_path / "s", "x = 2"), tmp_path)
    assert [file.name for file in written.kept] == ["01_a.ipynb"]
    assert "mine = 1" in (tmp_path / "01_a.ipynb").read_text(encoding="utf-8")


def test_fresh_puts_the_analysts_one_aside(tmp_path: Path) -> None:
    write_notebooks(_sources(tmp_path / "s", "x = 1"), tmp_path)
    _edit(tmp_path / "01_a.ipynb", "mine = 1")
    write_notebooks(tmp_path / "s", tmp_path, fresh=True)
    assert "x = 1" in (tmp_path / "01_a.ipynb").read_text(encoding="utf-8")
    assert "mine = 1" in (tmp_path / "01_a.ipynb.bak").read_text(encoding="utf-8")


def test_an_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotebookError, match="Kan ikke skrive i"):
        write_notebooks(SOURCES, tmp_path / "file")
