-- Stretches of days in a row on which a source did not count, and why.
-- Unit: one row per source, state and stretch, newest first.
with days as (
    select
        *,
        day - (row_number() over (partition by source_id, state order by day))::int as stretch
    from source_days
    where not healthy and day < $today
)

select
    source_id,
    state,
    min(day) as first_day,
    max(day) as last_day,
    count(*) as days
from days
group by source_id, state, stretch
order by source_id, first_day desc
