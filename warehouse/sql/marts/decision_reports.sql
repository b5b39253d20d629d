-- Which event is a report of which decision.
-- Unit: one row per event that counts, in current versions.
-- @decision_id the decision
-- @event_id the report
select
    decision_id,
    event_id
from decision_labels
order by decision_id, event_id
