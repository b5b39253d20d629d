-- known_id is the key of tie_events_known.
select known_id
from tie_events_known
group by all
having count(*) > 1
