-- tie_id, week is the key of stance_weekly.
select tie_id, week
from stance_weekly
group by all
having count(*) > 1
