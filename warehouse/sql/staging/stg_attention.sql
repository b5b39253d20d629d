-- Attention per tie, kommune, city and country, by week and by month, over healthy source-days.
-- A story printed in several papers counts once: first one row a story, then the sums.
with of_story as (
    select
        level,
        key,
        grain,
        period,
        story_no,
        count(*) as articles_seen,
        count(*) filter (where healthy) as articles,
        count(*) filter (where healthy and paywalled) as paywalled_articles,
        bool_or(healthy) as healthy,
        bool_or(healthy and is_opinion) as is_opinion
    from stg_told
    group by all
),

of_source as (
    select distinct
        level,
        key,
        grain,
        period,
        source_no
    from stg_told
    where healthy
),

reached as (
    select
        level,
        key,
        grain,
        period,
        count(*) as reach
    from of_source
    group by all
),

summed as (
    select
        level,
        key,
        grain,
        period,
        sum(articles)::bigint as articles,
        sum(articles_seen)::bigint as articles_seen,
        sum(paywalled_articles)::bigint as paywalled_articles,
        count(*) filter (where healthy) as stories,
        count(*) filter (where is_opinion) as opinion_stories
    from of_story
    group by all
),

counted as (
    select
        s.*,
        coalesce(r.reach, 0) as reach
    from summed as s
    left join reached as r using (level, key, grain, period)
),

-- Zero is a finding only for what we look for: every tie, its two ends, and every kommune that exists.
keys as (
    select 'tie' as level, tie_id as key from ties
    union
    select 'kommune', kommune_id from ties
    union
    select 'kommune', place_id from kommuner where valid_to is null
    union
    select 'city', city_id from ties
    union
    select 'country', country from ties where country is not null
),

grid as (
    select
        k.level,
        k.key,
        p.grain,
        p.period
    from keys as k
    cross join stg_periods as p
    union
    select level, key, grain, period from counted
),

final as (
    select
        g.level,
        g.key,
        g.grain,
        g.period,
        p.period_start,
        coalesce(c.articles, 0) as articles,
        coalesce(c.stories, 0) as stories,
        coalesce(c.reach, 0) as reach,
        coalesce(c.opinion_stories, 0) as opinion_stories,
        coalesce(c.paywalled_articles, 0) as paywalled_articles,
        coalesce(c.articles_seen, 0) as articles_seen,
        coalesce(p.all_stories, 0) as all_stories,
        coalesce(p.healthy_source_days, 0) as healthy_source_days,
        coalesce(p.possible_source_days, 0) as possible_source_days,
        coalesce(p.coverage, 0) as coverage,
        coalesce(p.healthy_sources, 0) as healthy_sources,
        coalesce(p.sources_changed, false) as sources_changed,
        case
            when coalesce(p.healthy_source_days, 0) = 0 then 'ingen kilde var frisk'
            when p.coverage < getvariable('min_coverage') then 'for få friske kildedager'
            when p.all_stories = 0 then 'ingenting trykt'
        end as reason
    from grid as g
    left join counted as c using (level, key, grain, period)
    left join stg_periods as p using (grain, period)
)

select * from final
