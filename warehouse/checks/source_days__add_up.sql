-- Every dated article from 2013 to today lies on a day of its source, and only crawled days are healthy.
select source_id, day
from source_days
where healthy <> (state = 'healthy') or (healthy and not crawled) or stories > articles or why is null
union all
select a.source_id, a.published_day
from articles as a
left join source_days as d on a.source_id = d.source_id and a.published_day = d.day
where a.published_day between date '2013-01-01' and getvariable('today') and d.day is null
