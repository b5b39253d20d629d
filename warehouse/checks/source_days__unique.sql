-- source_id, day is the key of source_days.
select source_id, day
from source_days
group by all
having count(*) > 1
