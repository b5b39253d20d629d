-- Every place that the gazetteer knows, by kind; readings made with an older gazetteer may name others.
select 'kommune' as kind, place_id from kommuner
union all
select 'city' as kind, place_id from cities
