-- source_id, week is the key of source_weeks.
select source_id, week
from source_weeks
group by all
having count(*) > 1
