-- Attention to every tie, kommune, city and country, week by week: how much was written, and its share of all that was.
-- Unit: one row per level, key and week; ties, their ends and existing kommuner have a row for every week, others where named.
-- Figure: `share` = unique stories that name the key / all unique stories, both on the healthy source-days of the same week
-- (ratio of sums), with a 95 % Wilson interval. `articles` is raw, `stories` unique, `reach` distinct papers.
-- Rules: only healthy source-days count. Counts are NULL where no source was healthy, the share also where under half of
-- the source-days were, each with its `reason`: an outage is never a zero. `articles_seen` counts all prints whatever
-- the health. Links and mentions under a score of 0.5 and capitals that stand for a state do not count.
-- Blind spots: only the papers that we crawl; a paid article is read by its head data (`paywalled_articles`); articles
-- without a certain day are in no week; sources with few healthy days weigh less; `sources_changed` marks that the set
-- of healthy sources differs from the week before, so that levels may not be compared across it; under five stories
-- (`few`) the share says little.
-- @level tie, kommune, city or country
-- @key tie_id, place_id or ISO country code
-- @week ISO week, 2024-W14
-- @week_start its first day
-- @articles prints, raw
-- @stories unique texts
-- @reach distinct papers
-- @news_stories unique texts that are not opinion
-- @opinion_stories unique opinion texts
-- @opinion_share opinion_stories / stories, NULL without stories
-- @paywalled_articles prints of which only head data was read
-- @all_stories the denominator
-- @share stories / all_stories
-- @share_low lower end of the interval
-- @share_high upper end
-- @few true under five stories
-- @healthy_source_days source-days that count
-- @possible_source_days source-days of the sources that were read lately then (see `source_days`)
-- @coverage healthy / possible
-- @healthy_sources sources with a healthy day
-- @sources_changed true where the healthy sources are others than the week before
-- @articles_seen prints on all source-days, healthy or not
-- @reason why there is no figure, in Norwegian; NULL where there is one
select
    level,
    key,
    period as week,
    period_start as week_start,
    case when healthy_source_days > 0 then articles end as articles,
    case when healthy_source_days > 0 then stories end as stories,
    case when healthy_source_days > 0 then reach end as reach,
    case when healthy_source_days > 0 then stories - opinion_stories end as news_stories,
    case when healthy_source_days > 0 then opinion_stories end as opinion_stories,
    case when healthy_source_days > 0 and stories > 0 then opinion_stories / stories end as opinion_share,
    case when healthy_source_days > 0 then paywalled_articles end as paywalled_articles,
    all_stories,
    case when reason is null then stories / all_stories end as share,
    case when reason is null then wilson_low(stories, all_stories) end as share_low,
    case when reason is null then wilson_high(stories, all_stories) end as share_high,
    stories < 5 as few,
    healthy_source_days,
    possible_source_days,
    coverage,
    healthy_sources,
    sources_changed,
    articles_seen,
    reason
from stg_attention
where grain = 'week'
order by level, key, week
