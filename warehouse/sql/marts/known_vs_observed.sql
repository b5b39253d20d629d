-- Which documented events the papers told: how complete our reading is.
-- Unit: one row per documented event.
-- Rules: the decision that was gathered together with it; `days_off` compares the first possible days.
-- Blind spots: events older than the first crawled day can only be retold.
-- @known_id documented event
-- @tie_id kommune–city
-- @action as in `tie_events`
-- @date_from first possible day
-- @date_to last possible day
-- @decision_id the decision that papers told, NULL where none did
-- @state its state
-- @days_off days between the first possible days, NULL where not told
select
    k.known_id,
    k.tie_id,
    k.action,
    k.date_from,
    k.date_to,
    d.decision_id,
    d.state,
    d.date_from - k.date_from as days_off
from tie_events_known as k
left join decision_documents as l using (known_id)
left join decisions_observed as d on l.decision_id = d.decision_id
order by k.known_id
