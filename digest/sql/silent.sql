-- Ties in force or frozen that nobody has written about for $weeks healthy weeks or more, as of the warehouse's day.
-- Unit: one row per tie. Those that have just become silent come first, then frozen ones before others, in an order
-- that changes from week to week, so that a reader who sees five of them meets all in time.
select
    s.tie_id,
    s.kommune_id,
    s.kommune_name,
    k.fylke,
    s.city_id,
    s.city_name,
    c.name_en as city_en,
    t.country,
    s.status,
    s.last_day,
    s.stories_before,
    s.weeks_silent,
    s.healthy_weeks,
    s.sees_local_paper,
    t.verification in ('verified', 'one_source') as is_verified
from silence as s
inner join ties as t on s.tie_id = t.tie_id
inner join kommuner as k on s.kommune_id = k.place_id
left join cities as c on s.city_id = c.place_id
where s.healthy_weeks >= $weeks
order by
    s.healthy_weeks = $weeks and s.stories_before > 0 desc,
    s.status = 'frozen' desc,
    s.stories_before > 0 desc,
    md5(s.tie_id || $week)
