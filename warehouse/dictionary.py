"""The data dictionary, made from the header comments of the SQL files: `python -m warehouse.dictionary`."""

from __future__ import annotations

import sys
from pathlib import Path

from warehouse.sqlfiles import PUBLISHED, macros, models

TARGET = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
_LAYERS = {
    "reference": "Reference: what is known beforehand",
    "facts": "Facts: what the files say",
    "marts": "Marts: the figures",
}


def dictionary() -> str:
    """Return the dictionary as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the comments in `warehouse/sql/` by `python -m warehouse.dictionary`; do not edit. The published",
        "file carries the same words: `select comment from duckdb_tables()`, `duckdb_columns()`. Times are UTC, days",
        "and weeks are Europe/Oslo, weeks are ISO (`2024-W14`); `valid_to` and `known_to` are exclusive,",
        "`date_from` and `date_to` are the first and the last possible day. Open ends are 9999-12-31, unknown",
        "beginnings 1900-01-01.",
        "",
    ]
    for layer in PUBLISHED:
        lines += [f"## {_LAYERS[layer]}", ""]
        for model in models():
            if model.layer != layer:
                continue
            lines += [f"### {model.name}", "", *_prose(model.comment), "", "| column | meaning |", "|---|---|"]
            lines += [f"| `{column}` | {meaning.replace('|', '/')} |" for column, meaning in model.columns.items()]
            lines.append("")
    lines += [
        "## Written by the build itself",
        "",
        "- `build_info` (`key`, `value`): schema version, day of the build, versions, thresholds.",
        "- `parts` (`path`, `stage`, `bytes`, `mtime_ns`): the files that the warehouse was built from.",
        "",
        "## Macros",
        "",
    ]
    for folder in ("macros", "macros_on_tables"):
        for path in macros(folder):
            first = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("-- ")
            lines.append(f"- `{path.stem}`: {first}")
    return "\n".join(lines) + "\n"


def _prose(comment: str) -> list[str]:
    """Start a new paragraph where a line names its subject (Unit:, Rules:, Blind spots: …)."""
    lines: list[str] = []
    for line in comment.splitlines():
        head = line.split(":", 1)[0]
        if lines and ":" in line and head in ("Unit", "Rules", "Figure", "Blind spots", "How to use"):
            lines.append("")
        lines.append(line)
    return lines


def main() -> None:
    """Write the dictionary."""
    TARGET.write_text(dictionary(), encoding="utf-8")
    sys.stdout.write(f"{TARGET}\n")


if __name__ == "__main__":
    main()
