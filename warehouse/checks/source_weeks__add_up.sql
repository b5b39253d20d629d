-- No week has more than seven days, and no more healthy ones than days.
select source_id, week
from source_weeks
where possible_days > 7 or healthy_days > possible_days
