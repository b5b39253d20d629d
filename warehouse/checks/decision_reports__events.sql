-- Every report is a current event, and its decision is shown.
select r.event_id, r.decision_id
from decision_reports as r
left join tie_events as e on r.event_id = e.event_id and e.is_current
left join decisions_observed as d using (decision_id)
where e.event_id is null or d.decision_id is null
