-- level, key, week is the key of shifts.
select level, key, week
from shifts
group by all
having count(*) > 1
