-- What documents say was decided about ties: kommune pages, press archives, collected by hand with their addresses.
-- Unit: one row per tie and documented event. Source: warehouse/reference/tie_events_known.csv.
-- Rules: rows dated after `today` are left out. `date_from` and `date_to` are the first and last possible day.
-- Blind spots: collected around the ties to Russia and Ukraine; not complete for any kommune.
-- @known_id stable id of the row
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @action as in `tie_events`
-- @date_from first possible day
-- @date_to last possible day, inclusive
-- @date_precision day, month, season, year or interval
-- @decided_by who decided
-- @source_url where it stands
-- @verification one_source or doubtful
-- @note remarks
select
    known_id,
    tie_id,
    split_part(tie_id, '–', 1) as kommune_id,
    split_part(tie_id, '–', 2) as city_id,
    action,
    cast(date_from as date) as date_from,
    cast(date_to as date) as date_to,
    date_precision,
    decided_by,
    source_url,
    verification,
    note
from read_csv(getvariable('tie_events_known'), header = true, all_varchar = true)
where cast(date_from as date) <= getvariable('today')
order by known_id
