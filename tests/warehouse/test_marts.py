"""The figures: attention and its denominators, outages told from silence, stance, debates, evidence."""

import json
import random
from datetime import date, datetime
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

TIE, OTHER = "tromso–ru-murmansk", "sor-varanger–ru-petsjenga"
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture(scope="module")
def con(module_papers: Any) -> Any:
    """Two papers in spring 2024: one whole, one that is down for two weeks and falls silent for a day."""
    papers = module_papers
    first = date(2024, 1, 1)
    papers.crawl("2024-01-01", "2024-04-07", source="nordlys")
    papers.daily("nordlys", first, 98, 6)
    papers.crawl("2024-01-01", "2024-02-25", source="itromso")
    papers.crawl("2024-02-26", "2024-02-27", source="itromso", outcome="failed")
    papers.crawl("2024-03-11", "2024-04-07", source="itromso")
    papers.daily("itromso", first, 56, 6)
    papers.daily("itromso", date(2024, 3, 11), 14, 6)
    papers.daily("itromso", date(2024, 3, 26), 13, 6)  # nothing on 25 March
    papers.crawl("2024-02-01", "2024-02-04", source="vol", outcome="partial")
    same = [papers.random.getrandbits(32) for _ in range(128)]
    near = [n if at % 10 else n + 1 for at, n in enumerate(same)]
    papers.article("2024-01-30", article_id="first", ties=(TIE,), signature=same)
    papers.article("2024-01-31", article_id="reprint", source="itromso", ties=(TIE,), signature=near)
    papers.article("2024-02-01", ties=(TIE,), paywalled=True, text="")
    papers.article(
        "2024-02-02",
        article_id="post",
        kind="opinion",
        title="Behold avtalen",
        authors=[{"name": "Kari Nordmann", "role": None}],
        ties=(TIE,),
        stances=({"tie": TIE, "stance": "keep"},),
    )
    papers.article(
        "2024-02-06",
        article_id="answer",
        source="itromso",
        kind="opinion",
        title="Svar til Kari Nordmann: avslutt den",
        authors=[{"name": "Ola Hansen", "role": "leder"}],
        ties=(TIE,),
        stances=({"tie": TIE, "stance": "end"},),
    )
    papers.article(
        "2024-02-08",
        article_id="again",
        kind="opinion",
        title="Nei, behold den",
        authors=[{"name": "Kari Nordmann", "role": None}],
        links=["https://itromso.no/answer?utm=1"],
        ties=(TIE,),
        stances=({"tie": TIE, "stance": "keep"},),
    )
    papers.article("2024-02-29", source="itromso", ties=(OTHER,))  # printed while no crawl covers the day
    papers.article("2024-01-10", ties=(OTHER,))
    papers.article("2024-02-03", ties=(TIE,), published_from="fetched", article_id="undated")
    papers.article("2024-01-31T23:30:00Z", ties=(TIE,), article_id="past midnight in Oslo")
    papers.article("2024-03-31T22:30:00Z", article_id="summer time")
    # One link too unsure, and a capital that stands for its state: shown, not counted.
    papers.article("2024-02-09", article_id="unsure", places=(("kommune", "moss"), ("city", "ru-nadym")))
    papers.readings[-1]["links"][0]["score"] = 0.3
    papers.readings[-1]["links"][1]["metonym"] = True
    return papers.build()


def one(con: Any, query: str) -> Any:
    rows = con.execute(query).fetchall()
    assert len(rows) == 1, rows
    return rows[0]


def test_a_week_counts_raw_unique_and_reach_side_by_side(con: Any) -> None:
    row = one(
        con,
        f"select articles, stories, reach, opinion_stories, paywalled_articles from attention_weekly "
        f"where level = 'tie' and key = '{TIE}' and week = '2024-W05'",
    )
    assert row == (5, 4, 2, 1, 1)


def test_the_share_is_the_ratio_of_sums_with_its_wilson_interval(con: Any) -> None:
    stories, total, share, low, high = one(
        con,
        f"select stories, all_stories, share, share_low, share_high from attention_weekly "
        f"where level = 'tie' and key = '{TIE}' and week = '2024-W05'",
    )
    # Two papers, seven days, six ordinary texts a day; the partial crawl's days are not healthy.
    assert (stories, total) == (4, 2 * 7 * 6 + 4)
    p, z = stories / total, 1.96
    centre = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    assert (share, low, high) == pytest.approx((p, centre - half, centre + half))


def test_days_are_those_of_oslo(con: Any) -> None:
    assert con.execute(
        "select article_id, published_day, week from articles "
        "where article_id in ('summer time', 'past midnight in Oslo') order by article_id"
    ).fetchall() == [
        ("past midnight in Oslo", date(2024, 2, 1), "2024-W05"),
        ("summer time", date(2024, 4, 1), "2024-W14"),
    ]


def test_an_article_of_unknown_date_is_in_no_week(con: Any) -> None:
    assert one(con, "select published_day, week, undated_reason from articles where article_id = 'undated'") == (
        None,
        None,
        "no date on the page",
    )
    assert one(con, "select sum(undated) from source_days where source_id = 'nordlys'") == (1,)


def test_an_outage_is_not_a_zero(con: Any) -> None:
    row = one(
        con,
        f"select articles, share, healthy_sources, sources_changed, articles_seen from attention_weekly "
        f"where level = 'tie' and key = '{OTHER}' and week = '2024-W09'",
    )
    assert row == (0, 0.0, 1, True, 1)  # seen, but on a day that nobody vouches for
    states = con.execute(
        "select distinct state, why from source_days where source_id = 'itromso' and week = '2024-W09' order by state"
    ).fetchall()
    assert states == [("down", "crawl failed: timeout"), ("unknown", "no crawl covers the day")]


def test_without_a_healthy_source_there_is_null_and_a_reason(module_papers: Any, tmp_path: Any) -> None:
    papers = type(module_papers)(data=tmp_path, out=tmp_path / "b.duckdb", tables=module_papers.tables)
    papers.crawl("2024-03-04", "2024-03-10")
    papers.crawl("2024-03-12", "2024-03-12", outcome="failed")
    papers.article("2024-03-05", ties=(TIE,))
    con = papers.build()
    rows = con.execute(
        "select week, articles, stories, share, reason from attention_weekly where level = 'tie' and key = $tie "
        "order by week",
        {"tie": TIE},
    ).fetchall()
    con.close()
    assert rows[0] == ("2024-W10", 1, 1, 1.0, None)
    assert {row[1:] for row in rows[1:]} == {(None, None, None, "ingen kilde var frisk")}


def test_nothing_printed_where_much_was_expected_is_silent_and_a_partial_crawl_degraded(con: Any) -> None:
    assert one(con, "select state, expected from source_days where source_id = 'itromso' and day = '2024-03-25'") == (
        "silent",
        6.0,
    )
    assert one(con, "select distinct state, why from source_days where source_id = 'vol' and crawled") == (
        "degraded",
        "covered by partial crawls only",
    )


def test_a_fall_below_half_of_what_was_expected_is_degraded(module_papers: Any, tmp_path: Any) -> None:
    papers = type(module_papers)(data=tmp_path, out=tmp_path / "b.duckdb", tables=module_papers.tables)
    papers.crawl("2024-01-01", "2024-02-11")
    papers.daily("nordlys", date(2024, 1, 1), 35, 20)
    papers.daily("nordlys", date(2024, 2, 5), 1, 3)
    con = papers.build(today=date(2024, 2, 6))
    assert one(con, "select state, why from source_days where day = '2024-02-05'") == (
        "degraded",
        "3 printed, 20.0 expected",
    )
    con.close()


def test_articles_that_are_not_read_yet_are_in_no_share(module_papers: Any, tmp_path: Any) -> None:
    papers = type(module_papers)(data=tmp_path, out=tmp_path / "b.duckdb", tables=module_papers.tables)
    papers.crawl("2024-01-01", "2024-01-07")
    papers.daily("nordlys", date(2024, 1, 1), 5, 10)
    papers.daily("nordlys", date(2024, 1, 6), 1, 10, read=False)
    papers.article("2024-01-02", ties=(TIE,))
    papers.article("2024-01-03", read=False)
    con = papers.build(today=date(2024, 1, 8))
    assert one(con, "select state, why from source_days where day = '2024-01-06'") == (
        "degraded",
        "10 of 10 not read yet",
    )
    assert one(con, f"select stories, all_stories from attention_weekly where key = '{TIE}' and week = '2024-W01'") == (
        1,
        51,
    )
    con.close()


def test_silence_counts_healthy_weeks_only_and_says_what_we_do_not_see(con: Any) -> None:
    row = one(
        con,
        f"select last_week, weeks_silent, healthy_weeks, sees_local_paper, caveat from silence where tie_id = '{TIE}'",
    )
    assert row == ("2024-W06", 8, 8, True, None)
    caveat = one(con, "select caveat from silence where tie_id = 'moss–ru-velikij-novgorod'")[0]
    assert "ingen lokalavis" in caveat


def test_stances_are_counted_by_week_and_story(con: Any) -> None:
    assert con.execute(
        'select week, keep, "end", net from stance_weekly where tie_id = $tie order by week', {"tie": TIE}
    ).fetchall() == [("2024-W05", 1, 0, 1.0), ("2024-W06", 1, 1, 0.0)]


def test_replies_are_found_by_title_and_by_link_and_form_one_thread(con: Any) -> None:
    assert con.execute(
        "select reply_article_id, target_article_id, how, thread_id, tie_ids from debates order by reply_day"
    ).fetchall() == [
        ("answer", "post", "title", "post", [TIE]),
        ("again", "answer", "link", "post", [TIE]),
    ]


def test_a_shift_is_found_with_its_size_and_interval() -> None:
    from warehouse.shifts import change_points

    quiet, busy = [1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0], [6, 5, 7, 4, 6, 5, 8, 6]
    ((week, before, after, ratio, low, high, direction, *_),) = change_points(
        [f"w{n:02}" for n in range(20)], quiet + busy
    )
    assert (week, direction) == ("w12", "up")
    assert before == pytest.approx(5 / 12)
    assert after == pytest.approx(47 / 8)
    assert low < ratio < high  # type: ignore[operator]
    assert low > 3


def test_a_steady_level_has_no_shift() -> None:
    from warehouse.shifts import change_points

    rng = random.Random(3)
    assert change_points([f"w{n:02}" for n in range(60)], [rng.choice((1, 2, 3, 4)) for _ in range(60)]) == []


def test_every_count_leads_to_as_many_articles_in_evidence(con: Any) -> None:
    wrong = con.execute(
        """
        select a.level, a.key, a.week, a.articles_seen, count(distinct e.article_id)
        from attention_weekly as a
        left join evidence as e
            on a.level = e.level and a.key = e.key and a.week = e.week and e.counts
        group by all
        having a.articles_seen <> count(distinct e.article_id)
        """
    ).fetchall()
    assert wrong == []
    shown = con.execute("select key, counts from evidence where article_id = 'unsure' order by key").fetchall()
    assert shown == [("RU", False), ("moss", False), ("ru-nadym", False)]


def test_random_figures_are_recounted_from_the_files_by_another_way(con: Any, module_papers: Any) -> None:
    """Read article and reading files with json and pyarrow, count in Python, compare with the mart."""
    data = module_papers.data
    articles = {}
    for path in sorted((data / "articles").glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            articles[record["article_id"]] = record
    told: dict[str, set[str]] = {}
    for path in sorted((data / "readings").glob("*/*.parquet")):
        for row in pq.read_table(path).to_pylist():
            for mention in row["mentions"]:
                told.setdefault(f"{mention['kommune_id']}–{mention['city_id']}", set()).add(row["article_id"])
    covered = {
        "nordlys": [("2024-01-01", "2024-04-07")],
        "itromso": [("2024-01-01", "2024-02-25"), ("2024-03-11", "2024-04-07")],
    }
    chosen = con.execute(
        "select key, week, articles, articles_seen from attention_weekly where level = 'tie' and articles_seen > 0 "
        "order by hash(key || week) limit 12"
    ).fetchall()
    assert chosen
    for key, week, counted, seen in chosen:
        in_week = []
        for article_id in told[key]:
            record = articles[article_id]
            if record["published_from"] == "fetched":
                continue
            day = datetime.fromisoformat(record["published_at"]).astimezone(OSLO).date()
            year, number, _ = day.isocalendar()
            if f"{year}-W{number:02}" == week:
                in_week.append((record["source_id"], day.isoformat()))
        healthy = [
            (source, day)
            for source, day in in_week
            if any(first <= day <= last for first, last in covered[source])
            and (source, day) != ("itromso", "2024-03-25")
        ]
        assert (len(healthy), len(in_week)) == (counted, seen), (key, week)
