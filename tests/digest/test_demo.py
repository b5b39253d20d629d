"""The demo's digest: told by the real reading of the replica papers, and true to their texts."""

import json

import warehouse
from digest.week import read_week

WEEK = "2024-W14"


def texts_of(folder):
    """The demo's articles as they were crawled, the latest version of each."""
    found = {}
    for file in sorted((folder / "data/articles").glob("*/*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            found[article["article_id"]] = article
    return found


def test_every_quote_stands_in_the_cited_text_and_of_paid_ones_in_their_head(demo_folder):
    texts = texts_of(demo_folder)
    quoted = 0
    with warehouse.connect(demo_folder / "data/bybaand.duckdb") as con:
        for week in (WEEK, "2024-W12", "2023-W17", "2022-W43", "2022-W10"):
            told = read_week(con, week)
            news = (*told.decisions, *told.proposals, *told.unsure, *told.earlier)
            quotes = [(item.cited, step.sentence) for item in news for step in item.steps if step.sentence]
            quotes += [(post.cited, post.sentence) for post in told.posts if post.sentence]
            for cited, sentence in quotes:
                article = texts[cited.article_id]
                parts = (article["title"], article["lead"], "" if cited.paid else article["text"])
                assert sentence.rstrip("…") in " ".join(" ".join(parts).split())
                assert len(sentence) <= 200
                quoted += 1
    assert quoted > 10


def test_the_last_week_tells_the_signing_and_no_vote_that_has_not_been_held(demo_folder):
    with warehouse.connect(demo_folder / "data/bybaand.duckdb") as con:
        told = read_week(con, WEEK)
    decided = {(step.action, tie.tie_id) for item in told.decisions for step in item.steps for tie in step.ties}
    assert ("signed", "ovre-eiker–ua-balta") in decided
    assert ("terminated", "bodo–ru-vyborg") not in decided
    assert ("proposed_termination", "bodo–ru-vyborg") in {
        (step.action, tie.tie_id) for item in told.proposals for step in item.steps for tie in step.ties
    }


def test_the_demos_files_are_there_and_marked(demo_folder):
    folder = demo_folder / "data/digests"
    for ending in ("eml", "html", "txt", "png"):
        assert (folder / f"{WEEK}.{ending}").stat().st_size > 1000
    assert "[demo med oppdiktede tekster]" in (folder / f"{WEEK}.txt").read_text(encoding="utf-8")
