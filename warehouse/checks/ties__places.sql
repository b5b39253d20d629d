-- Both ends of a tie of the registry are in the gazetteer, and its state is of the known sort.
select t.tie_id, t.verification
from ties as t
where t.kommune_id not in (select place_id from kommuner)
    or t.city_id not in (select place_id from cities)
    or t.tie_id <> t.kommune_id || '–' || t.city_id
    or t.verification not in ('verified', 'one_source', 'unverified', 'doubtful')
    or t.kind not in ('vennskapsby', 'samarbeid', 'barents', 'proposed')
