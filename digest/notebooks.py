"""Notebooks for an analyst: made of the reviewed `py:percent` sources, and never written over an analyst's changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotebookError(Exception):
    """The notebooks can't be written; the message (Norwegian) says where and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The notebooks that lie ready; `kept` are those of them with changes of the analyst's and a newer source."""

    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_notebooks(sources: Path, folder: Path, *, fresh: bool = False) -> Written:
    """Write each source as `.ipynb` in `folder`, unless the analyst changed the one there; raises NotebookError.

    With `fresh` a changed one is put aside as `.ipynb.bak` first.
    """
    files, kept = [], []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted(sources.glob("[0-9]*.py")):
            file = folder / f"{source.stem}.ipynb"
            files.append(file)
            made = _converted(source)
            there = _read(file)
            mark = there.get("metadata", {}).get("bybaand", {}) if there else {}
            is_changed = file.exists() and mark.get("cells") != _cells_hash(there)
            if is_changed and not fresh:
                if mark.get("cells") != made["metadata"]["bybaand"]["cells"]:
                    kept.append(file)
                continue
            if is_changed:
                file.replace(file.with_suffix(".ipynb.bak"))
            elif there and mark == made["metadata"]["bybaand"]:
                continue  # results of the last run stay
            part = file.with_suffix(".part")
            part.write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(file)
    except OSError as error:
        raise NotebookError(f"Kan ikke skrive i {folder}: {error.strerror}. Rett rettighetene.") from None
    return Written(files=tuple(files), kept=tuple(kept))


def _converted(source: Path) -> dict[str, Any]:
    import jupytext

    text: str = jupytext.writes(jupytext.read(source), fmt="ipynb")
    made: dict[str, Any] = json.loads(text)
    # jupytext draws the ids of cells at random; the same source makes the same file.
    for at, cell in enumerate(made["cells"]):
        cell["id"] = f"cell-{at:02}"
    made["metadata"].pop("jupytext", None)
    made["metadata"]["bybaand"] = {"cells": _cells_hash(made)}
    return made


def _read(file: Path) -> dict[str, Any] | None:
    if not file.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return found


def _cells_hash(made: dict[str, Any] | None) -> str:
    """Return a hash of what the cells say, whatever they printed."""
    said = [(cell["cell_type"], "".join(cell["source"])) for cell in (made or {}).get("cells", [])]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:16]
