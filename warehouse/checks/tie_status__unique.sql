-- tie_id, valid_from, known_from, status is the key of tie_status.
select tie_id, valid_from, known_from, status
from tie_status
group by all
having count(*) > 1
