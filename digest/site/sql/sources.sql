-- Sources: those that are read, with what they printed, and those that are only listed.
-- Unit: one row per source; `tie_stories` are unique stories on any tie, `lately` days of the last
-- eight weeks.
with days as (
    select
        source_id,
        min(day) as first_day,
        max(day) as last_day,
        count(*) as days,
        count(*) filter (where healthy) as healthy_days,
        count(*) filter (where day >= $today - 56) as lately,
        count(*) filter (where day >= $today - 56 and healthy) as healthy_lately,
        sum(articles) as articles,
        sum(paywalled) as paywalled
    from source_days
    where day < $today
    group by source_id
),

written as (
    select
        a.source_id,
        count(distinct a.story_id) as tie_stories
    from tie_mentions as m
    inner join articles as a using (article_id)
    where m.score >= 0.5 and a.published_day is not null
    group by a.source_id
)

select
    s.source_id,
    s.name,
    s.publisher_group,
    s.region,
    s.fylker,
    s.kind,
    s.active,
    d.first_day,
    d.last_day,
    coalesce(d.days, 0) as days,
    coalesce(d.healthy_days, 0) as healthy_days,
    coalesce(d.lately, 0) as lately,
    coalesce(d.healthy_lately, 0) as healthy_lately,
    coalesce(d.articles, 0) as articles,
    coalesce(d.paywalled, 0) as paywalled,
    coalesce(w.tie_stories, 0) as tie_stories
from sources as s
left join days as d on s.source_id = d.source_id
left join written as w on s.source_id = w.source_id
order by s.name collate no, s.source_id
