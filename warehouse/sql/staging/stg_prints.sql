-- Every dated print, and whether it counts: read, and from a healthy day of its source. Weeks are numbered from 1900,
-- months from the year 0. `alone`: nobody else printed the story.
with papers as (
    select
        source_id,
        cast(row_number() over (order by source_id) as smallint) as source_no
    from sources
)

select
    n.article_no,
    n.story_no,
    s.articles = 1 as alone,
    p.source_no,
    a.is_opinion,
    a.paywalled,
    cast((a.published_day - date '1900-01-01') // 7 as integer) as week_no,
    cast(year(a.published_day) * 12 + month(a.published_day) - 1 as integer) as month_no,
    -- What nobody has read yet tells of nothing: it may not swell the denominator.
    coalesce(d.healthy, false) and a.is_read as healthy
from articles as a
inner join stg_numbers as n using (article_id)
inner join stories as s using (story_id)
inner join papers as p using (source_id)
left join source_days as d on a.source_id = d.source_id and a.published_day = d.day
where a.published_day is not null and a.published_day <= getvariable('today')
