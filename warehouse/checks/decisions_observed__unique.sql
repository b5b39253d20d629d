-- decision_id is the key of decisions_observed.
select decision_id
from decisions_observed
group by all
having count(*) > 1
