-- What opinion texts want for each tie, week by week.
-- Unit: one row per tie and week with an opinion text on it; unique stories, each under its first print's day.
-- Blind spots: only texts that take a stand in their own words; `none` are opinion texts that name the tie and want nothing.
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @week ISO week
-- @week_start Monday
-- @opinion_stories unique opinion texts
-- @keep of them for keeping the tie
-- @freeze for freezing it
-- @end for ending it
-- @establish for making it
-- @none without a stand
-- @net keep and establish less freeze and end, divided by all that take a stand; NULL where none does
with told as (
    select
        t.tie_id,
        s.story_id,
        strftime(s.first_day, '%G-W%V') as week,
        arg_max(t.stance, t.score) as stance
    from tie_stances as t
    inner join stories as s using (story_id)
    where s.first_day is not null and s.first_day <= getvariable('today')
    group by all
),

final as (
    select
        tie_id,
        split_part(tie_id, '–', 1) as kommune_id,
        split_part(tie_id, '–', 2) as city_id,
        week,
        strptime(week || '-1', '%G-W%V-%u')::date as week_start,
        count(*) as opinion_stories,
        count(*) filter (where stance = 'keep') as "keep",
        count(*) filter (where stance = 'freeze') as "freeze",
        count(*) filter (where stance = 'end') as "end",
        count(*) filter (where stance = 'establish') as establish,
        count(*) filter (where stance = 'none') as "none"
    from told
    group by all
)

select
    *,
    ("keep" + establish - "freeze" - "end") / nullif(opinion_stories - "none", 0) as net
from final
order by tie_id, week
