-- How healthy each source was, week by week.
-- Unit: one row per source and week with a day before $today.
select
    source_id,
    week,
    min(day) as start,
    count(*) as days,
    count(*) filter (where healthy) as healthy_days,
    sum(articles) as articles
from source_days
where day < $today
group by source_id, week
order by source_id, week
