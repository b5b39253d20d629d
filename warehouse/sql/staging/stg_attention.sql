-- Attention per tie, kommune, city and country, by week and by month, over healthy source-days.
with hits as (
    select
        h.level,
        h.key,
        p.*
    from stg_hits as h
    inner join stg_prints as p using (article_id)
),

both_grains as (
    select
        level,
        key,
        unnest(['week', 'month']) as grain,
        unnest([week, month]) as period,
        article_id,
        story_id,
        source_id,
        is_opinion,
        paywalled,
        healthy
    from hits
),

-- A story printed in several papers counts once: first one row a story, then the sums.
told as (
    select
        level,
        key,
        grain,
        period,
        story_id,
        count(*) filter (where healthy) as articles,
        count(*) as articles_seen,
        count(*) filter (where healthy and paywalled) as paywalled_articles,
        bool_or(healthy) as healthy,
        bool_or(healthy and is_opinion) as is_opinion,
        list(distinct source_id) filter (where healthy) as source_ids
    from both_grains
    group by all
),

counted as (
    select
        level,
        key,
        grain,
        period,
        sum(articles)::bigint as articles,
        sum(articles_seen)::bigint as articles_seen,
        sum(paywalled_articles)::bigint as paywalled_articles,
        count(*) filter (where healthy) as stories,
        count(*) filter (where is_opinion) as opinion_stories,
        len(list_distinct(flatten(coalesce(list(source_ids) filter (where source_ids is not null), [])))) as reach
    from told
    group by all
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
