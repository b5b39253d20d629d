-- Ties that nobody writes about, counted only while the papers were healthy.
-- Unit: one row per tie that is active or frozen as of `today`.
-- Figure: `healthy_weeks` = whole weeks since the last story (or since the first crawled week) in which at least half of the
-- source-days were healthy; `weeks_silent` counts all weeks. Silence is `healthy_weeks`, never `weeks_silent`.
-- Rules: a local paper is one whose region names the kommune or its fylke, and that was healthy in the last eight weeks.
-- Blind spots: where no local paper is seen, silence may be ours (`caveat`); paid articles are read by their head data.
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @kommune_name its Norwegian name
-- @city_name its Norwegian name
-- @status as of today
-- @last_day Oslo day of the last story, NULL where there was none
-- @last_week its ISO week
-- @last_article_id its last print
-- @stories_before unique stories ever
-- @weeks_silent whole weeks since
-- @healthy_weeks of them healthy
-- @sees_local_paper true where a local paper was healthy lately
-- @local_sources local papers
-- @caveat what to keep in mind, in Norwegian; NULL where nothing
with held as (
    select tie_id, status
    from tie_status
    where valid_from <= getvariable('today') and getvariable('today') < valid_to
        and known_from <= getvariable('today') and getvariable('today') < known_to
        and status in ('active', 'frozen', 'disputed')
),

told as (
    select
        k.key as tie_id,
        max(a.published_day) as last_day,
        arg_max(a.article_id, (a.published_day, a.article_id)) as last_article_id,
        count(distinct a.story_id) as stories_before
    from stg_hits as h
    inner join stg_keys as k using (key_no)
    inner join stg_numbers as n using (article_no)
    inner join articles as a using (article_id)
    where k.level = 'tie' and a.published_day <= getvariable('today')
    group by k.key
),

weeks as (
    select
        period as week,
        period_start as week_start,
        coverage >= getvariable('min_coverage') as healthy
    from stg_periods
    -- The running week is not over.
    where grain = 'week' and period_start + 6 < getvariable('today')
),

lately as (
    select
        source_id,
        bool_or(healthy) as healthy
    from source_days
    where day > getvariable('today') - 56
    group by source_id
),

local_papers as (
    select
        k.place_id as kommune_id,
        list_sort(list(s.source_id)) as local_sources,
        bool_or(coalesce(l.healthy, false)) as sees_local_paper
    from kommuner as k
    inner join sources as s on list_contains(s.fylker, k.fylke) or contains(coalesce(s.region, ''), k.name)
    inner join lately as l on s.source_id = l.source_id
    group by k.place_id
),

counted as (
    select
        h.tie_id,
        count(w.week) as weeks_silent,
        count(w.week) filter (where w.healthy) as healthy_weeks
    from held as h
    left join told as t using (tie_id)
    left join weeks as w on w.week_start > coalesce(t.last_day, date '1900-01-01')
    group by h.tie_id
)

select
    h.tie_id,
    t.kommune_id,
    t.city_id,
    t.kommune_name,
    t.city_name,
    h.status,
    s.last_day,
    strftime(s.last_day, '%G-W%V') as last_week,
    s.last_article_id,
    coalesce(s.stories_before, 0) as stories_before,
    c.weeks_silent,
    c.healthy_weeks,
    coalesce(p.sees_local_paper, false) as sees_local_paper,
    coalesce(p.local_sources, []) as local_sources,
    nullif(concat_ws(' ',
        case when not coalesce(p.sees_local_paper, false) then 'Vi leser ingen lokalavis for kommunen.' end,
        case when c.healthy_weeks < c.weeks_silent
            then (c.weeks_silent - c.healthy_weeks) || ' av ' || c.weeks_silent || ' uker manglet friske kilder.'
        end,
        case when t.verification in ('unverified', 'doubtful') then 'Avtalen er ikke bekreftet.' end
    ), '') as caveat
from held as h
inner join ties as t using (tie_id)
inner join counted as c using (tie_id)
left join told as s using (tie_id)
left join local_papers as p on t.kommune_id = p.kommune_id
order by healthy_weeks desc, tie_id
