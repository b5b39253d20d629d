-- How many days of each week each source was healthy.
-- Unit: one row per source and week.
-- Rules: a source-week is healthy when at least half of its days were.
-- Blind spots: those of `source_days`.
-- @source_id the source
-- @week ISO week
-- @week_start Monday
-- @possible_days days of the week that have passed since the source is known
-- @healthy_days of them healthy
-- @articles prints
-- @stories unique texts
-- @healthy true where half of the days were healthy
-- @why states of the days that were not, with their number
with states as (
    select
        source_id,
        week,
        state,
        count(*) as days
    from source_days
    where not healthy
    group by all
),

reasons as (
    select
        source_id,
        week,
        string_agg(state || ' ' || days, ', ' order by state) as why
    from states
    group by all
),

final as (
    select
        d.source_id,
        d.week,
        strptime(d.week || '-1', '%G-W%V-%u')::date as week_start,
        count(*) as possible_days,
        count(*) filter (where d.healthy) as healthy_days,
        sum(d.articles)::bigint as articles,
        sum(d.stories)::bigint as stories
    from source_days as d
    group by all
)

select
    f.*,
    f.healthy_days >= f.possible_days / 2 as healthy,
    r.why
from final as f
left join reasons as r using (source_id, week)
order by source_id, week
