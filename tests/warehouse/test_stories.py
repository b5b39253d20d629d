"""One text, however many papers print it."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from warehouse.stories import BANDS, band_hashes

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def copies() -> ModuleType:
    """The set of copies that the benchmark makes."""
    spec = importlib.util.spec_from_file_location("warehouse_stories", ROOT / "bench/warehouse_stories.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["warehouse_stories"] = module
    spec.loader.exec_module(module)
    return module


def test_edited_cut_retitled_and_quoted_copies_are_told_apart(copies: ModuleType) -> None:
    figures = copies.measure(half=1, seed=2)
    assert figures["ari"] >= 0.90
    assert figures["precision"] >= 0.95


def test_shortened_translations_are_told_from_other_reports_of_the_same_vote(copies: ModuleType) -> None:
    figures = copies.measure_translations(half=1, how="cut")
    assert figures["precision"] >= 0.95
    assert figures["recall"] >= 0.90


def test_the_adjusted_rand_index_is_that_of_the_textbook(copies: ModuleType) -> None:
    assert copies.adjusted_rand(list("aabb"), list("xxyy")) == 1.0
    assert copies.adjusted_rand(list("aabb"), list("xyxy")) == pytest.approx(-0.5)


def test_equal_signatures_share_every_band_and_unequal_ones_none() -> None:
    rng = np.random.default_rng(1)
    signatures = rng.integers(0, 2**32, (2, 128), dtype=np.uint32)
    hashes = band_hashes(np.vstack([signatures, signatures[:1]]))
    assert hashes.shape == (BANDS, 3)
    assert (hashes[:, 0] == hashes[:, 2]).all()
    assert not (hashes[:, 0] == hashes[:, 1]).any()


def test_a_story_is_named_after_its_first_print_whatever_the_order_of_the_files(papers: Any) -> None:
    same = [papers.random.getrandbits(32) for _ in range(128)]
    papers.article("2024-01-03", article_id="b", source="itromso", signature=same, wire="NTB")
    papers.article("2024-01-02", article_id="c", signature=same)
    papers.article("2024-01-04", article_id="a", source="vol", group="polaris", signature=same)
    papers.article("2024-01-04", article_id="other")
    papers.article("2024-06-01", article_id="half a year later", signature=same)
    con = papers.build()
    assert con.execute(
        "select story_id, articles, papers, publisher_groups, source_ids, wire from stories order by articles desc"
    ).fetchall()[0] == ("c", 3, 3, 2, ["itromso", "nordlys", "vol"], "NTB")
    assert con.execute("select count(*) from stories").fetchall() == [(3,)]


def test_a_translation_on_the_same_tie_is_the_same_story(papers: Any) -> None:
    tie = "tromso–ru-murmansk"
    one, near, far = [1.0, 0.0, 0.1], [0.99, 0.01, 0.11], [0.1, 1.0, 0.0]
    papers.article("2024-01-02", article_id="nb", ties=(tie,), embedding=one)
    papers.article("2024-01-03", article_id="nn", source="itromso", ties=(tie,), embedding=near, language="nn")
    papers.article("2024-01-03", article_id="other nn", source="itromso", ties=(tie,), embedding=far, language="nn")
    papers.article("2024-01-03", article_id="same language", source="itromso", ties=(tie,), embedding=[0.96, 0.2, 0.1])
    con = papers.build()
    assert con.execute(
        "select article_id, method from story_articles where story_id = 'nb' order by article_id"
    ).fetchall() == [("nb", "embedding"), ("nn", "embedding")]


def test_paid_and_short_articles_stand_alone(papers: Any) -> None:
    papers.article("2024-01-02", signature=[])
    papers.article("2024-01-02", signature=[])
    papers.article("2024-01-02", read=False)
    con = papers.build()
    assert con.execute("select method, count(*) from story_articles group by all").fetchall() == [("alone", 3)]
