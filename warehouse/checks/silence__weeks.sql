-- Healthy weeks are among the silent ones.
select tie_id
from silence
where healthy_weeks > weeks_silent
