-- A linked place is in the gazetteer, scores are probabilities, spans are not empty.
select l.article_id, l.place_id, l.kind, l.score
from links as l
left join kommuner as k on l.kind = 'kommune' and l.place_id = k.place_id
left join cities as c on l.kind = 'city' and l.place_id = c.place_id
where (l.kind = 'kommune' and l.place_id is not null and k.place_id is null)
    or (l.kind = 'city' and l.place_id is not null and c.place_id is null)
    or l.score not between 0 and 1
    or l.char_end <= l.char_start
