-- The status of every tie through time, as we know it now.
-- Unit: one row per tie and stretch, oldest first; `is_contradicted` where another decision says the opposite.
with decided as (
    select list(decision_id) as ids from decisions_observed where state = 'decided'
)

select
    s.tie_id,
    s.status,
    s.valid_from,
    s.valid_from_latest,
    s.valid_to,
    s.valid_to_latest,
    s.date_precision,
    s.known_from,
    s.basis,
    s.decision_id,
    s.source_urls,
    list_has_any(s.conflicts_with, d.ids) as is_contradicted
from tie_status as s
cross join decided as d
where s.known_to = date '9999-12-31' and s.valid_from <= $today
order by s.tie_id, s.valid_from, s.status
