-- Kommuner that exist today, and abolished ones that held a tie.
-- Unit: one row per kommune; `successors` are those that took over.
select
    k.place_id,
    k.name,
    k.kommune_number,
    k.fylke,
    k.valid_to,
    k.lat,
    k.lon,
    k.population,
    k.centre,
    k.successors
from kommuner as k
where k.kommune_number is not null or k.place_id in (select kommune_id from ties)
order by k.name collate no, k.fylke, k.place_id
