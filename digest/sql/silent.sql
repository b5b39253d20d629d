-- Ties in force or frozen that nobody had written about for $weeks healthy weeks or more when the week was over.
-- Unit: one row per tie, as of $until: the week's Sunday, or the last whole day where the week still runs.
-- Rules: as in the mart `silence`, which tells the same for the day that the warehouse was built for.
-- Those that have just become silent come first, then frozen ones before others, in an order that changes from week to
-- week, so that a reader who sees five of them meets all in time.
with told as (
    select
        n.tie_id,
        max(a.published_day) as last_day,
        count(distinct a.story_id) as stories_before
    from (
        select tie_id, article_id from tie_mentions where score >= 0.5
        union
        select tie_id, article_id from tie_events where is_current and judgement is distinct from 'reject'
    ) as n
    inner join articles as a using (article_id)
    where a.published_day <= $until
    group by n.tie_id
),

weeks as (
    select distinct
        week_start,
        coverage >= coalesce((select value::double from build_info where key = 'min_coverage'), 0.5) as healthy
    from attention_weekly
    where level = 'tie' and week_start + 6 <= $until
),

lately as (
    select
        source_id,
        bool_or(healthy) as healthy
    from source_days
    where day between $until - 55 and $until
    group by source_id
),

local_papers as (
    select
        k.place_id as kommune_id,
        bool_or(l.healthy) as sees_local_paper
    from kommuner as k
    inner join sources as s on list_contains(s.fylker, k.fylke) or contains(coalesce(s.region, ''), k.name)
    inner join lately as l on s.source_id = l.source_id
    group by k.place_id
),

held as (
    select
        tie_id,
        arg_max(status, valid_from) as status
    from tie_status_as_of($until, $until)
    where status in ('active', 'frozen', 'disputed')
    group by tie_id
),

counted as (
    select
        h.tie_id,
        any_value(h.status) as status,
        any_value(t.last_day) as last_day,
        coalesce(any_value(t.stories_before), 0) as stories_before,
        count(w.week_start) as weeks_silent,
        count(w.week_start) filter (where w.healthy) as healthy_weeks
    from held as h
    left join told as t using (tie_id)
    left join weeks as w on w.week_start > coalesce(t.last_day, date '1900-01-01')
    group by h.tie_id
)

select
    s.tie_id,
    t.kommune_id,
    t.kommune_name,
    k.fylke,
    t.city_id,
    t.city_name,
    c.name_en as city_en,
    t.country,
    s.status,
    s.last_day,
    s.stories_before,
    s.weeks_silent,
    s.healthy_weeks,
    coalesce(p.sees_local_paper, false) as sees_local_paper,
    t.verification in ('verified', 'one_source') as is_verified
from counted as s
inner join ties as t on s.tie_id = t.tie_id
inner join kommuner as k on t.kommune_id = k.place_id
left join cities as c on t.city_id = c.place_id
left join local_papers as p on t.kommune_id = p.kommune_id
where s.healthy_weeks >= $weeks
order by
    s.healthy_weeks = $weeks and s.stories_before > 0 desc,
    s.status = 'frozen' desc,
    s.stories_before > 0 desc,
    md5(s.tie_id || $week)
