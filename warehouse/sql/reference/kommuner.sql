-- Kommuner, present and abolished since 2013: one row per identity that outlives reforms. Source: nlp/data/kommuner.csv.
-- Unit: one row per kommune identity.
-- @place_id readable, stable id
-- @name Norwegian name
-- @kommune_number number valid since 2024, NULL for abolished
-- @fylke fylke
-- @fylke_number its number
-- @valid_from first day, NULL where it is older than the table
-- @valid_to last day, NULL while it lasts
-- @lat latitude
-- @lon longitude
-- @population inhabitants
-- @centre administrative centre
-- @names other names as `language:name`
-- @successors place_ids of the kommuner that took over
-- @numbers numbers by years
select
    place_id,
    name,
    kommune_number,
    fylke,
    fylke_number,
    try_cast(valid_from as date) as valid_from,
    try_cast(valid_to as date) as valid_to,
    try_cast(lat as double) as lat,
    try_cast(lon as double) as lon,
    try_cast(population as bigint) as population,
    centre,
    names,
    list_filter(string_split(coalesce(successors, ''), ';'), lambda successor: successor <> '') as successors,
    numbers
from read_csv(getvariable('kommuner'), header = true, all_varchar = true)
