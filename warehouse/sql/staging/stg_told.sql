-- Every print that tells of a tie, kommune, city or country, once by its week and once by its month.
select
    h.level,
    h.key,
    'week' as grain,
    p.week as period,
    p.* exclude (article_id, week, month)
from stg_hits as h
inner join stg_prints as p using (article_id)
union all
select
    h.level,
    h.key,
    'month' as grain,
    p.month as period,
    p.* exclude (article_id, week, month)
from stg_hits as h
inner join stg_prints as p using (article_id)
