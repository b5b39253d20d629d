-- Attention per tie, kommune, city and country, by week and by month, over healthy source-days.
-- A story printed in several papers counts once: those are brought to one row a story first; all others are just counted.
with told as (
    select
        h.key_no,
        p.* exclude (article_no)
    from stg_hits as h
    inner join stg_prints as p using (article_no)
),

of_source as (
    select
        'week' as grain,
        key_no,
        week_no as period_no,
        source_no,
        count(*) as articles_seen,
        count(*) filter (where healthy) as articles,
        count(*) filter (where healthy and paywalled) as paywalled_articles,
        count(*) filter (where healthy and alone) as stories,
        count(*) filter (where healthy and alone and is_opinion) as opinion_stories
    from told
    group by all
    union all
    select
        'month',
        key_no,
        month_no,
        source_no,
        count(*),
        count(*) filter (where healthy),
        count(*) filter (where healthy and paywalled),
        count(*) filter (where healthy and alone),
        count(*) filter (where healthy and alone and is_opinion)
    from told
    group by all
),

summed as (
    select
        grain,
        key_no,
        period_no,
        sum(articles)::bigint as articles,
        sum(articles_seen)::bigint as articles_seen,
        sum(paywalled_articles)::bigint as paywalled_articles,
        sum(stories)::bigint as stories,
        sum(opinion_stories)::bigint as opinion_stories,
        count(*) filter (where articles > 0) as reach
    from of_source
    group by all
),

of_story as (
    select
        'week' as grain,
        key_no,
        week_no as period_no,
        story_no,
        bool_or(is_opinion) as is_opinion
    from told
    where healthy and not alone
    group by all
    union all
    select
        'month',
        key_no,
        month_no,
        story_no,
        bool_or(is_opinion)
    from told
    where healthy and not alone
    group by all
),

reprinted as (
    select
        grain,
        key_no,
        period_no,
        count(*) as stories,
        count(*) filter (where is_opinion) as opinion_stories
    from of_story
    group by all
),

counted as (
    select
        k.level,
        k.key,
        s.grain,
        case s.grain
            when 'week' then strftime(date '1900-01-01' + 7 * s.period_no, '%G-W%V')
            else format('{:04d}-{:02d}', s.period_no // 12, s.period_no % 12 + 1)
        end as period,
        s.articles,
        s.articles_seen,
        s.paywalled_articles,
        s.stories + coalesce(r.stories, 0) as stories,
        s.opinion_stories + coalesce(r.opinion_stories, 0) as opinion_stories,
        s.reach
    from summed as s
    inner join stg_keys as k using (key_no)
    left join reprinted as r using (grain, key_no, period_no)
),

grid as (
    select
        k.level,
        k.key,
        p.grain,
        p.period
    from stg_keys as k
    cross join stg_periods as p
    where k.in_grid
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
