-- Actions, factuality, precision and scores are of the known sort; possible days are in order; the tie exists.
select e.event_id, e.action, e.factuality, e.date_precision, e.date_from, e.date_to, e.score
from tie_events as e
left join ties as t using (tie_id)
where e.action not in (
        'signed', 'renewed', 'proposed_signing', 'frozen', 'terminated', 'proposed_termination', 'rejected_termination',
        'resumed', 'aid', 'visit'
    )
    or e.factuality not in ('happened', 'proposed', 'negated', 'hypothetical', 'historical')
    or e.date_precision not in ('day', 'week', 'month', 'season', 'year', 'published')
    or e.date_from > e.date_to
    or e.score not between 0 and 1
    or e.evidence is null
    or (e.is_current and t.tie_id is null)
