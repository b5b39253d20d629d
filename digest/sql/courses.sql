-- Attention to every tie that was written about in the year before the week's end, week by week.
-- Unit: one row per tie and week, oldest first; no figure where the sources were down.
with span as (
    select
        key as tie_id,
        min(week_start) as first_start
    from attention_weekly
    where level = 'tie' and articles_seen > 0 and week_start <= $first
    group by key
    having max(week_start) > $first - 364
)

select
    w.key as tie_id,
    t.kommune_id,
    t.kommune_name,
    k.fylke,
    t.city_id,
    t.city_name,
    c.name_en as city_en,
    t.country,
    w.week,
    w.week_start,
    case when w.reason is null then w.stories end as stories,
    w.reach,
    w.share,
    w.share_low,
    w.share_high
from attention_weekly as w
inner join span as s on w.key = s.tie_id
inner join ties as t on w.key = t.tie_id
inner join kommuner as k on t.kommune_id = k.place_id
left join cities as c on t.city_id = c.place_id
where w.level = 'tie' and w.week_start <= $first
order by w.key, w.week_start
