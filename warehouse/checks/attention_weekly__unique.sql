-- level, key, week is the key of attention_weekly.
select level, key, week
from attention_weekly
group by all
having count(*) > 1
