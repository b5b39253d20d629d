-- The registry: every friendship tie that we know, with its source and how sure it is.
-- Unit: one row per kommune and city. Sources and licences: warehouse/reference/README.md.
-- Rules: `verified` two independent sources or the kommune's own page; `one_source` one source; `unverified` rests on an
-- open list only; `doubtful` is gainsaid or marked for checking. A tie of a kommune that was merged or split stays
-- under its old kommune until `valid_to`; its heirs name it in `inherited_from`.
-- Ties that texts name and the registry lacks are rows with `in_registry` false.
-- Blind spots: most ties to Ukraine made since 2022 are missing; 160 rows rest on a snapshot of 2016.
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @kommune_name its Norwegian name
-- @city_id the city
-- @city_name its Norwegian name
-- @country of the city, ISO 3166
-- @kind vennskapsby, samarbeid, barents or proposed; NULL where only texts name it
-- @signed_year year of the signing, where the source gives it
-- @verification verified, one_source, unverified or doubtful
-- @source_urls where it stands
-- @inherited_from tie_id of the abolished kommune's tie
-- @valid_from first day of the kommune that holds it, where it is known
-- @valid_to last day of the kommune that held it, NULL while it lasts
-- @note remarks
-- @in_registry false where only texts name it
with listed as (
    select
        tie_id,
        kommune_id,
        kommune_name,
        city_id,
        city_name,
        country,
        kind,
        try_cast(signed_year as integer) as signed_year,
        verification,
        list_filter(string_split(coalesce(source_urls, ''), ' '), lambda url: url <> '') as source_urls,
        inherited_from,
        try_cast(valid_from as date) as valid_from,
        try_cast(valid_to as date) as valid_to,
        note
    from read_csv(getvariable('ties'), header = true, all_varchar = true, union_by_name = true, filename = true)
    -- The user's own file wins over the shipped one.
    qualify row_number() over (partition by tie_id order by filename = getvariable('own_ties') desc) = 1
),

told as (
    select
        tie_id,
        any_value(kommune_id) as kommune_id,
        any_value(city_id) as city_id
    from (
        select tie_id, kommune_id, city_id from tie_mentions
        union all
        select tie_id, kommune_id, city_id from tie_events where is_current
    )
    where tie_id not in (select tie_id from listed)
    group by tie_id
),

final as (
    select
        l.*,
        true as in_registry
    from listed as l
    union all by name
    select
        t.tie_id,
        t.kommune_id,
        coalesce(k.name, t.kommune_id) as kommune_name,
        t.city_id,
        coalesce(c.name, t.city_id) as city_name,
        c.country,
        cast(null as varchar) as kind,
        cast(null as integer) as signed_year,
        'unverified' as verification,
        cast([] as varchar[]) as source_urls,
        cast(null as varchar) as inherited_from,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to,
        cast(null as varchar) as note,
        false as in_registry
    from told as t
    left join kommuner as k on t.kommune_id = k.place_id
    left join cities as c on t.city_id = c.place_id
)

select * from final order by tie_id
