-- How much of what a source printed was about ties, month by month.
-- Unit: one row per source and month; shares are of the unique stories of its healthy days, with a 95 % interval.
with healthy as (
    select
        source_id,
        month,
        min(day) as first_day,
        count(*) filter (where healthy) / count(*) as coverage
    from source_days
    where day < $today
    group by source_id, month
),

printed as (
    select
        a.source_id,
        a.month,
        count(distinct a.story_id) as all_stories,
        count(distinct a.story_id) filter (where m.article_id is not null) as stories,
        count(distinct a.story_id) filter (where m.article_id is not null and a.is_opinion) as opinion_stories,
        count(distinct a.article_id) filter (where m.article_id is not null) as articles
    from articles as a
    inner join source_days as d on a.source_id = d.source_id and a.published_day = d.day and d.healthy
    left join (select distinct article_id from tie_mentions where score >= 0.5) as m on a.article_id = m.article_id
    where a.published_day < $today
    group by a.source_id, a.month
)

select
    h.source_id as key,
    h.month,
    date_trunc('month', h.first_day)::date as month_start,
    coalesce(p.articles, 0) as articles,
    case when h.coverage >= 0.5 then coalesce(p.stories, 0) end as stories,
    1 as reach,
    coalesce(p.opinion_stories, 0) as opinion_stories,
    p.all_stories,
    case when h.coverage >= 0.5 and p.all_stories > 0 then p.stories / p.all_stories end as share,
    case when h.coverage >= 0.5 and p.all_stories > 0 then wilson_low(p.stories, p.all_stories) end as share_low,
    case when h.coverage >= 0.5 and p.all_stories > 0 then wilson_high(p.stories, p.all_stories) end as share_high,
    h.coverage,
    false as sources_changed,
    case
        when h.coverage < 0.5 then 'under halvparten av dagene var friske'
        when coalesce(p.all_stories, 0) = 0 then 'ingenting trykt'
    end as reason
from healthy as h
left join printed as p on h.source_id = p.source_id and h.month = p.month
order by h.source_id, h.month
