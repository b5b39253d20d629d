-- event_id is the key of decision_reports.
select event_id
from decision_reports
group by all
having count(*) > 1
