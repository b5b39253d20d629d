-- Every dated print, and whether it counts: read, and from a healthy day of its source. Stories and sources get numbers: they are counted apart
-- millions of times, and numbers are faster to tell apart than names.
select
    a.article_id,
    cast(dense_rank() over (order by a.story_id) as integer) as story_no,
    cast(dense_rank() over (order by a.source_id) as integer) as source_no,
    a.is_opinion,
    a.paywalled,
    a.week,
    a.month,
    -- What nobody has read yet tells of nothing: it may not swell the denominator.
    coalesce(d.healthy, false) and a.is_read as healthy
from articles as a
left join source_days as d on a.source_id = d.source_id and a.published_day = d.day
where a.published_day is not null and a.published_day <= getvariable('today')
