-- Stretches run forward, and at no point of validity and knowledge do two of one tie hold.
select tie_id, valid_from, known_from
from tie_status
where valid_from >= valid_to or known_from >= known_to
union all
select a.tie_id, a.valid_from, a.known_from
from tie_status as a
inner join tie_status as b
    on a.tie_id = b.tie_id
    and (a.valid_from, a.known_from, a.status) <> (b.valid_from, b.known_from, b.status)
    and a.valid_from < b.valid_to
    and b.valid_from < a.valid_to
    and a.known_from < b.known_to
    and b.known_from < a.known_to
