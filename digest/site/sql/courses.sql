-- The status of every tie through time, as we know it now.
-- Unit: one row per tie and stretch, oldest first.
select
    tie_id,
    status,
    valid_from,
    valid_to,
    date_precision,
    known_from,
    basis,
    decision_id,
    source_urls,
    len(conflicts_with) > 0 as is_contradicted
from tie_status
where known_to = date '9999-12-31' and valid_from <= $today
order by tie_id, valid_from, status
