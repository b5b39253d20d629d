from dataclasses import replace
from datetime import date

import pytest

from digest.subscribers import Wishes
from digest.week import WeekError, last_finished_week, narrow, read_week, week_days

BODO, BHAMAROY, VARDO = "bodo–ru-vyborg", "ovre-eiker–ua-balta", "vardo–ru-severomorsk"
HAMAROY, MOSS, SENJA, SVENDBORG = (
    "hamaroy–ru-kirisji", "moss–ru-velikij-novgorod", "senja–ru-pinega", "bodo–dk-svendborg",
)  # fmt: skip


def ties_of(items):
    return [tie.tie_id for item in items for step in item.steps for tie in step.ties]


def news_of(told):
    return (*told.decisions, *told.proposals, *told.unsure)


def test_a_decision_says_what_who_when_and_where_it_stands(told):
    signed = told.decisions[0]
    (step,) = signed.steps
    assert (step.action, step.state, step.decided_by, step.date_from) == (
        "signed", "decided", "ordfører", date(2024, 4, 5),
    )  # fmt: skip
    assert step.ties[0].kommune == "Øvre Eiker"
    assert step.ties[0].city == "Balta"
    assert step.sentence == "Øvre Eiker signerte fredag en avtale med Balta."
    assert (signed.cited.paper, signed.cited.url) == ("Nordlys", "https://www.nordlys.no/balta1")


def test_what_is_decided_stands_apart_from_what_one_weak_report_says(told):
    assert [item.steps[0].state for item in told.decisions] == ["decided"]
    assert [item.steps[0].state for item in told.unsure] == ["reported"]
    assert ties_of((*told.decisions, *told.unsure)) == [BHAMAROY, VARDO]


def test_nothing_of_a_paid_text_but_title_and_standfirst_is_shown(told):
    (vardo,) = told.unsure
    assert vardo.cited.paid
    # The span of the evidence lies within the title, so the title's own words are shown, whatever the reading stored.
    assert vardo.steps[0].sentence == "Vardø bryter med Severomorsk, sier kilde"


@pytest.fixture(scope="module")
def cases(module_papers):
    """One warehouse of many small weeks, each with its own case and ties."""
    tell = module_papers.article
    module_papers.crawl("2024-01-01", "2024-04-07")
    tell(
        "2024-01-10",
        title="Kort",
        paywalled=True,
        lead="",
        events=({"tie": VARDO, "action": "terminated", "evidence": "Hemmelig setning."},),
    )
    tell(
        "2024-01-17",
        title="Trukket",
        withdrawn_at="2024-01-18T10:00:00Z",
        events=({"tie": "vardo–ru-arkhangelsk", "action": "terminated"},),
    )
    cities = ("murmansk", "arkhangelsk", "nadym")
    ended = {
        "action": "terminated",
        "date": "2024-01-24",
        "evidence": "Tromsø brøt med Murmansk, Arkhangelsk og Nadym.",
    }
    tell("2024-01-25", events=tuple({"tie": f"tromso–ru-{city}", **ended} for city in cities))
    alone = {"action": "terminated", "date": "2024-01-24", "evidence": "Tromsø sa opp de russiske byene."}
    tell("2024-01-26", events=({"tie": "tromso–ua-lviv", **alone},))
    tell("2024-01-26", source="itromso", events=({"tie": "tromso–ru-nadym", "score": 0.99, **ended},))
    tell(
        "2024-02-01",
        events=(
            {"tie": "sor-varanger–ru-severomorsk", "action": "terminated", "date": "2024-01-31"},
            {"tie": "sor-varanger–ru-petsjenga", "action": "rejected_termination", "date": "2024-01-31"},
        ),
    )
    tell("2024-02-08", events=({"tie": "harstad–ru-kirovsk-murmansk", "action": "terminated", "date": "2022-10-26"},))
    proposed = {"action": "proposed_termination", "factuality": "proposed"}
    tell("2024-02-13", events=({"tie": BODO, **proposed},))
    tell(
        "2024-02-14",
        kind="opinion",
        opinion_form="kronikk",
        events=({"tie": "tromso–ua-lviv", "action": "proposed_signing", "factuality": "proposed"},),
        stances=({"tie": "tromso–ua-lviv", "stance": "establish"},),
    )
    tell("2024-02-20", events=({"tie": "rana–ru-petrozavodsk", **proposed},))
    tell("2024-02-23", events=({"tie": "rana–ru-petrozavodsk", "action": "terminated", "date": "2024-02-22"},))
    tell("2024-02-27", events=({"tie": "tromso–ru-murmansk", "action": "terminated", "score": 0.45},))
    tell("2024-03-05", events=({"tie": "moss–ru-velikij-novgorod", "action": "rejected_termination"},))
    tell("2024-03-06", events=({"tie": "moss–ru-velikij-novgorod", **proposed},))
    tell(
        "2024-03-19",
        events=(
            {"tie": "lyngdal–ua-kryvyj-rih", "action": "proposed_signing", "factuality": "proposed"},
            {"tie": "rana–ru-petrozavodsk", **proposed},
        ),
    )
    told = {"date": "2024-03-12", "evidence": "Avtalen er sagt opp 12. mars."}
    tell("2024-03-13", events=({"tie": HAMAROY, "action": "terminated", **told},))
    vague = {"tie": HAMAROY, "action": "terminated", "factuality": "negated"}
    tell("2024-03-13", source="itromso", events=({**vague, "score": 0.5}, {**vague, "score": 0.9}))
    tell(
        "2024-03-14",
        source="itromso",
        events=({"tie": HAMAROY, "action": "renewed", "date": "2024-03-12", "score": 0.3},),
    )
    tell("2024-03-14", events=({"tie": MOSS, "action": "terminated", **told},))
    tell("2024-03-15", source="itromso", events=({**vague, "tie": MOSS, "date": "2024-03-12", "score": 0.9},))
    tell("2024-03-14", events=({"tie": SENJA, "action": "terminated", **told},))
    tell("2024-03-15", source="itromso", events=({"tie": SENJA, "action": "renewed", **told},))
    for source in ("nordlys", "itromso"):
        tell("2024-03-28", source=source, events=({"tie": SVENDBORG, "action": "terminated", "date": "2024-03-27"},))
    kept = {"action": "rejected_termination", "date": "2024-03-27", "score": 0.75}
    tell("2024-03-28", source="nrk_nordland", events=({"tie": SVENDBORG, **kept},))
    # A page that calls itself news, whose text looks like opinion.
    tell("2024-03-14", opinion_form="debatt", events=({"tie": "tromso–ru-murmansk", "action": "signed", **told},))
    tell("2024-02-28", events=({"tie": "narvik–ru-tosno", "date": "2024-03-25", **proposed},))
    with module_papers.build() as con:
        yield con


def test_words_from_below_the_standfirst_of_a_paid_text_are_not_shown(cases):
    (item,) = news_of(read_week(cases, "2024-W02"))
    assert item.steps[0].sentence is None


def test_a_withdrawn_text_is_cited_without_its_words(cases):
    (item,) = news_of(read_week(cases, "2024-W03"))
    assert item.cited.withdrawn
    assert item.steps[0].sentence is None


def test_ties_that_one_sentence_tells_are_one_item_and_no_other_borrows_it(cases):
    russian, other = read_week(cases, "2024-W04").decisions
    (step,) = russian.steps
    assert sorted(tie.city for tie in step.ties) == ["Arkhangelsk", "Murmansk", "Nadym"]
    assert step.sentence == "Tromsø brøt med Murmansk, Arkhangelsk og Nadym."
    assert [tie.city for step in other.steps for tie in step.ties] == ["Lviv"]
    assert other.steps[0].sentence == "Tromsø sa opp de russiske byene."


def test_a_vote_without_a_date_beside_its_own_proposal_is_unsure(cases):
    told = read_week(cases, "2024-W10")
    assert "moss–ru-velikij-novgorod" in ties_of(told.proposals)
    assert [step.action for item in told.unsure for step in item.steps] == ["rejected_termination"]


def test_what_is_there_is_not_proposed_and_what_has_ended_not_ended(cases):
    # Only the vote that lies ahead is left of the week's proposals.
    assert ties_of(read_week(cases, "2024-W12").proposals) == ["narvik–ru-tosno"]


def test_a_story_that_ends_one_tie_and_keeps_another_tells_both_in_one_item(cases):
    (item,) = read_week(cases, "2024-W05").decisions
    assert {step.action for step in item.steps} == {"terminated", "rejected_termination"}


def test_a_weak_report_of_what_held_already_is_a_retelling_and_no_news(cases):
    told = read_week(cases, "2024-W09")
    assert "tromso–ru-murmansk" not in ties_of(news_of(told))


def test_an_old_decision_that_is_first_read_now_is_not_news(cases):
    told = read_week(cases, "2024-W06")
    assert told.is_quiet
    assert ties_of(told.earlier) == ["harstad–ru-kirovsk-murmansk"]


def test_proposals_stand_apart_and_an_opinion_text_makes_none(cases):
    told = read_week(cases, "2024-W07")
    assert ties_of(told.proposals) == [BODO]
    assert [post.stands[0].stance for post in told.posts] == ["establish"]


def test_a_proposal_that_was_voted_on_in_the_same_week_is_a_decision_only(cases):
    told = read_week(cases, "2024-W08")
    assert not told.proposals
    assert ties_of(told.decisions) == ["rana–ru-petrozavodsk"]


def test_a_vote_that_lies_ahead_is_told_until_it_is_held(cases):
    (item,) = read_week(cases, "2024-W11").proposals
    assert item.steps[0].is_ahead
    assert not item.steps[0].is_new
    assert not read_week(cases, "2024-W13").proposals


def test_only_what_is_sure_and_of_the_same_time_gainsays_a_decision(cases):
    steps = {step.ties[0].tie_id: step for item in read_week(cases, "2024-W11").decisions for step in item.steps}
    assert (steps[HAMAROY].denials, steps[HAMAROY].contradicted) == (0, False)
    assert (steps[MOSS].denials, steps[MOSS].contradicted) == (1, False)
    assert steps[SENJA].contradicted


def test_a_lone_report_that_more_and_surer_ones_gainsay_is_unsure_and_gainsays_nothing(cases):
    told = read_week(cases, "2024-W13")
    (item,) = told.decisions
    (weak,) = told.unsure
    assert (item.steps[0].action, item.steps[0].contradicted) == ("terminated", False)
    assert (weak.steps[0].action, weak.steps[0].contradicted) == ("rejected_termination", True)


def test_what_the_page_calls_news_is_not_cited_as_opinion(cases):
    told = read_week(cases, "2024-W11")
    (item,) = [item for item in told.decisions if item.steps[0].ties[0].kommune == "Tromsø"]
    assert not item.cited.is_opinion
    assert not told.posts


def test_debate_posts_say_where_they_stand_what_they_answer_and_who_answered(told):
    reply, post = told.posts
    assert [(stand.stance, stand.ties[0].tie_id) for stand in reply.stands] == [("keep", BODO)]
    assert reply.answers is not None
    assert reply.answers.title == "Bodø må ut av avtalen"
    assert reply.cited.opinion_form == "leserbrev"
    assert (post.replies, reply.replies) == (1, 0)


def test_a_week_far_above_the_usual_stands_out_with_its_interval(told):
    shift = told.shifts[0]
    assert shift.course.tie.tie_id == BODO
    assert shift.surge
    assert shift.after == 6
    assert shift.before == 0
    assert shift.ratio is None
    assert shift.ratio_low > 1


def test_a_new_level_is_told_once_when_it_can_first_be_seen(papers):
    papers.daily("nordlys", date(2023, 8, 7), 245, 1)
    papers.crawl("2023-08-07", "2024-04-07")
    for week in range(24):
        papers.article(date.fromordinal(date(2023, 8, 8).toordinal() + 7 * week).isoformat(), ties=(BODO,))
    for week in range(24, 34):
        for _ in range(6):
            papers.article(date.fromordinal(date(2023, 8, 8).toordinal() + 7 * week).isoformat(), ties=(BODO,))
    with papers.build() as con:
        weeks = [f"2024-W{week:02}" for week in range(6, 11)]
        told = {week: [shift for shift in read_week(con, week).shifts if not shift.surge] for week in weeks}
    shifted = [week for week, shifts in told.items() if shifts]
    assert len(shifted) == 1
    (shift,) = told[shifted[0]]
    assert shift.after > 3 * shift.before
    assert shift.ratio_low > 1


def test_silence_needs_healthy_weeks_and_says_whether_we_see_the_local_paper(told):
    silent = {item.tie.tie_id: item for item in told.silent}
    assert silent["moss–ru-velikij-novgorod"].sees_local_paper is False
    assert silent["tromso–ru-murmansk"].sees_local_paper is True
    assert silent["tromso–ru-murmansk"].last_day == date(2023, 9, 5)
    assert all(item.healthy_weeks >= 12 for item in told.silent)
    assert BODO not in silent


def test_silence_of_the_last_week_is_that_of_the_warehouse(con, told):
    rows = con.execute(
        "select tie_id, status, last_day, healthy_weeks, weeks_silent, sees_local_paper from silence "
        "where healthy_weeks >= 12"
    ).fetchall()
    assert rows
    found = [
        (one.tie.tie_id, one.status, one.last_day, one.healthy_weeks, one.weeks, one.sees_local_paper)
        for one in told.silent
    ]
    assert sorted(found) == sorted(rows)


def test_silence_of_an_earlier_week_knows_nothing_of_what_came_after(con, quiet):
    silent = {one.tie.tie_id: one for one in quiet.silent}
    assert silent[BODO].last_day is None
    assert silent[BODO].healthy_weeks == silent[BODO].weeks
    # It was written about on 3 January 2024: nine weeks before, and not at all in the weeks before that.
    assert "moss–ru-velikij-novgorod" not in silent
    assert silent["tromso–ru-murmansk"].healthy_weeks == 26


def test_new_ties_with_ukraine_are_those_no_story_above_has_told(told):
    assert [new.tie.tie_id for new in told.ukraine] == ["tromso–ua-lviv"]


def test_sources_that_were_down_are_named_with_their_days(told):
    assert [(outage.name, outage.missing, outage.days, outage.states) for outage in told.outages] == [
        ("iTromsø", 1, 7, ("down",))
    ]


def test_no_story_is_told_twice(told):
    stories = [item.cited.story_id for item in (*news_of(told), *told.earlier)]
    stories += [post.cited.story_id for post in told.posts]
    stories += [new.cited.story_id for new in told.ukraine if new.cited]
    assert len(stories) == len(set(stories))


def test_a_week_without_decisions_and_proposals_is_quiet(quiet):
    assert quiet.is_quiet
    assert not quiet.posts
    assert quiet.stories > 0


def test_wishes_narrow_to_any_of_kommuner_fylker_and_cities(told):
    narrowed = narrow(told, Wishes(kommuner=("vardo",), cities=("ua-balta",)))
    assert ties_of(news_of(narrowed)) == [BHAMAROY, VARDO]
    assert not narrowed.posts
    assert narrowed.followed == ("Vardø", "Balta")
    assert ties_of(narrow(told, Wishes(fylker=("Nordland",))).proposals) == [BODO]
    assert narrow(told, Wishes()) == told


def test_only_decisions_keeps_decisions_and_what_may_hide_them(told):
    narrowed = narrow(told, Wishes(only_decisions=True))
    assert narrowed.decisions == told.decisions
    assert narrowed.outages == told.outages
    assert not (narrowed.proposals)
    assert not (narrowed.posts)
    assert not (narrowed.shifts)
    assert not (narrowed.silent)
    assert not (narrowed.ukraine)


@pytest.mark.parametrize("week", ["2024-14", "uke 14", "2024-W54", "2023-W53", "2024-W00", "2024-W1", ""])
def test_a_malformed_week_is_refused(week):
    with pytest.raises(WeekError, match="Skriv den som 2024-W14"):
        week_days(week)


@pytest.mark.parametrize("week", ["2031-W01", "2019-W01"])
def test_a_week_outside_the_warehouse_is_refused_with_the_weeks_there_are(con, week):
    with pytest.raises(WeekError, match=r"dekker ikke uke .*2023-W31 til 2024-W15"):
        read_week(con, week)


def test_an_empty_warehouse_says_what_to_run(papers):
    with papers.build() as con, pytest.raises(WeekError, match="bybaand run"):
        read_week(con, "2024-W14")


@pytest.mark.parametrize(
    ("today", "week"), [(date(2024, 4, 8), "2024-W14"), (date(2024, 4, 7), "2024-W13"), (date(2025, 1, 1), "2024-W52")]
)
def test_the_last_finished_week_is_the_one_before_todays(today, week):
    assert last_finished_week(today) == week


def test_the_same_warehouse_gives_the_same_digest(con, told):
    assert read_week(con, told.week) == told
    assert replace(told) == told
