-- event_id is the key of tie_events.
select event_id
from tie_events
group by all
having count(*) > 1
