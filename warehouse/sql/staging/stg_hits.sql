-- Which article tells of which tie, kommune, city and country; capitals that stand for a state are left out.
with place_hits as (
    select distinct
        kind as level,
        place_id as key,
        article_id
    from links
    where place_id is not null
        and kind in ('kommune', 'city')
        and not metonym
        and score >= getvariable('link_score')
),

tie_hits as (
    select distinct
        'tie' as level,
        tie_id as key,
        article_id
    from tie_mentions
    where score >= getvariable('link_score')
    union
    select distinct
        'tie' as level,
        tie_id as key,
        article_id
    from tie_events
    where is_current and judgement is distinct from 'reject'
),

country_hits as (
    select distinct
        'country' as level,
        c.country as key,
        h.article_id
    from place_hits as h
    inner join cities as c on h.key = c.place_id
    where h.level = 'city' and c.country is not null
)

select * from place_hits
union all
select * from tie_hits
union all
select * from country_hits
