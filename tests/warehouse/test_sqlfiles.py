"""Every table is defined in words, checked, and in the dictionary; the published file says the same."""

import re
from typing import Any

import pytest

from warehouse import dictionary
from warehouse.derived import NEEDS
from warehouse.sqlfiles import PUBLISHED, Model, checks, models, needs, ordered

PUBLIC = [model for model in models() if model.layer in PUBLISHED]


@pytest.mark.parametrize("model", PUBLIC, ids=lambda model: model.name)
def test_a_table_says_what_its_unit_is_and_has_a_check(model: Model) -> None:
    assert "Unit:" in model.comment
    checked = {path.stem.partition("__")[0] for path in checks()}
    assert model.name in checked or model.kind == "view"


def test_every_check_is_of_a_table_and_says_what_must_hold() -> None:
    names = {model.name for model in PUBLIC}
    for path in checks():
        assert path.stem.partition("__")[0] in names, path
        assert path.read_text(encoding="utf-8").startswith("-- "), path


def test_marts_say_their_blind_spots() -> None:
    plain = {"decision_reports", "stance_weekly", "debates", "evidence", "source_weeks", "known_vs_observed"}
    for model in PUBLIC:
        if model.layer == "marts" and model.name not in plain:
            assert "Blind spots:" in model.comment, model.name
            assert re.search(r"Rules|Figure", model.comment), model.name


def test_the_published_file_carries_a_comment_on_every_column(papers: Any) -> None:
    con = papers.build()
    bare = con.execute(
        """
        select table_name, column_name
        from duckdb_columns()
        where database_name = current_database() and comment is null and table_name not in ('build_info', 'parts')
        """
    ).fetchall()
    assert bare == []
    for model in PUBLIC:
        columns = [row[0] for row in con.execute(f"describe {model.name}").fetchall()]
        assert sorted(columns) == sorted(model.columns), model.name


def test_the_dictionary_in_docs_is_up_to_date() -> None:
    assert dictionary.TARGET.read_text(encoding="utf-8") == dictionary.dictionary(), (
        "run python -m warehouse.dictionary"
    )


def test_tables_come_after_what_they_are_made_of() -> None:
    order = ordered(needs(NEEDS))
    assert order.index("article_versions") < order.index("articles") < order.index("tie_events")
    assert order.index("decision_views") < order.index("decisions_observed")
    assert order.index("source_days") < order.index("attention_weekly")
