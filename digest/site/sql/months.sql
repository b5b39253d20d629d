-- Attention month by month to the ties and kommuner that anything was written about.
-- Unit: one row per level, key and month; no figure where `reason` says why.
with written as (
    select level, key
    from attention_monthly
    where level in ('tie', 'kommune')
    group by level, key
    having sum(articles_seen) > 0
)

select
    m.level,
    m.key,
    m.month,
    m.month_start,
    m.articles,
    m.stories,
    m.reach,
    m.opinion_stories,
    m.all_stories,
    m.share,
    m.share_low,
    m.share_high,
    m.coverage,
    m.sources_changed,
    m.reason
from attention_monthly as m
inner join written as w on m.level = w.level and m.key = w.key
where m.month_start <= $today
order by m.level, m.key, m.month
