-- Foreign cities that the gazetteer knows. Source: nlp/data/cities.csv (GeoNames, CC BY 4.0).
-- Unit: one row per city.
-- @place_id readable, stable id
-- @geonames_id GeoNames id
-- @name the Norwegian form that is shown
-- @name_en English name
-- @country ISO 3166 two-letter code
-- @admin1 first-order division
-- @lat latitude
-- @lon longitude
-- @population inhabitants
-- @names other names as `language:name`
-- @source where the row comes from
select
    place_id,
    try_cast(geonames_id as bigint) as geonames_id,
    name,
    name_en,
    country,
    admin1,
    try_cast(lat as double) as lat,
    try_cast(lon as double) as lon,
    try_cast(population as bigint) as population,
    names,
    source
from read_csv(getvariable('cities'), header = true, all_varchar = true)
