-- Which article tells of which tie, kommune, city and country, by their numbers; capitals that stand for a state are
-- left out.
with place_hits as (
    select distinct
        k.key_no,
        n.article_no
    from links as l
    inner join stg_keys as k on l.kind = k.level and l.place_id = k.key
    inner join stg_numbers as n using (article_id)
    where l.kind in ('kommune', 'city')
        and not l.metonym
        and l.score >= getvariable('link_score')
),

told as (
    select
        tie_id,
        article_id
    from tie_mentions
    where score >= getvariable('link_score')
    union
    select
        tie_id,
        article_id
    from tie_events
    where is_current and judgement is distinct from 'reject'
),

tie_hits as (
    select
        k.key_no,
        n.article_no
    from told as t
    inner join stg_keys as k on k.level = 'tie' and t.tie_id = k.key
    inner join stg_numbers as n using (article_id)
),

countries as (
    select
        k.key_no,
        l.key_no as country_no
    from cities as c
    inner join stg_keys as k on k.level = 'city' and c.place_id = k.key
    inner join stg_keys as l on l.level = 'country' and c.country = l.key
),

country_hits as (
    select distinct
        c.country_no as key_no,
        h.article_no
    from place_hits as h
    inner join countries as c using (key_no)
)

select * from place_hits
union all
select * from tie_hits
union all
select * from country_hits
