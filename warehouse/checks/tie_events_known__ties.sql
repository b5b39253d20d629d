-- Every documented event is of a tie of the registry, with its possible days in order.
select k.known_id, k.tie_id
from tie_events_known as k
left join ties as t using (tie_id)
where t.tie_id is null or k.date_from > k.date_to
