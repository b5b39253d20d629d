-- Every tie, kommune, city and country by a number: hundreds of millions of hits are counted, and numbers are small.
-- `in_grid`: zero is a finding only for what we look for: every tie, its two ends, and every kommune that exists.
with named as (
    select 'tie' as level, tie_id as key, true as in_grid from ties
    union all
    select 'kommune', kommune_id, true from ties
    union all
    select 'kommune', place_id, valid_to is null from kommuner
    union all
    select 'city', city_id, true from ties
    union all
    select 'city', place_id, false from cities
    union all
    select 'country', country, true from ties where country is not null
    union all
    select 'country', country, false from cities where country is not null
),

final as (
    select
        level,
        key,
        bool_or(in_grid) as in_grid
    from named
    group by all
)

select
    cast(row_number() over (order by level, key) as integer) as key_no,
    *
from final
