-- The status of every tie through time, as we know it now.
-- Unit: one row per tie and stretch, oldest first; `is_contradicted` where another decision, not clearly outweighed, says
-- the opposite.
with opposed as (
    select distinct s.decision_id
    from (select *, unnest(conflicts_with) as other_id from tie_status where known_to = date '9999-12-31') as s
    inner join decisions_observed as o on s.other_id = o.decision_id
    where o.state = 'decided' and (o.basis = 'analyst' or (s.basis <> 'analyst' and o.score >= s.score - 0.1))
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
    o.decision_id is not null as is_contradicted
from tie_status as s
left join opposed as o on s.decision_id = o.decision_id
where s.known_to = date '9999-12-31' and s.valid_from <= $today
order by s.tie_id, s.valid_from, s.status
