-- Both ends of a tie are in the gazetteer, the sentence is there, and the tie is in the registry or added to it.
select m.article_id, m.tie_id, m.score
from tie_mentions as m
left join ties as t using (tie_id)
where t.tie_id is null
    or m.kommune_id not in (select place_id from kommuner)
    or m.city_id not in (select place_id from cities)
    or m.score not between 0 and 1
    or m.sentence is null
