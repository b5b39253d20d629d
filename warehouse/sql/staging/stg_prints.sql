-- Every dated print, with the health of its source on its day.
select
    a.article_id,
    a.story_id,
    a.source_id,
    a.is_opinion,
    a.paywalled,
    a.week,
    a.month,
    coalesce(d.healthy, false) as healthy
from articles as a
left join source_days as d on a.source_id = d.source_id and a.published_day = d.day
where a.published_day is not null and a.published_day <= getvariable('today')
