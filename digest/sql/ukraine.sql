-- Ties with Ukraine that no text of ours had named before the week, or that a document tells from the week on.
-- Unit: one row per tie, with the first text that names it (none where only a document tells).
with named as (
    select
        m.tie_id,
        min_by(a.article_id, (a.published_at, a.article_id)) as article_id,
        min(a.published_day) as first_day
    from tie_mentions as m
    inner join articles as a using (article_id)
    where a.published_day is not null and m.score >= 0.5 and a.withdrawn_at is null
    group by m.tie_id
),

documented as (
    select distinct tie_id
    from tie_status
    where status = 'active' and basis in ('document', 'analyst') and valid_from between $first and $last
)

select
    t.tie_id,
    t.kommune_id,
    t.kommune_name,
    k.fylke,
    t.city_id,
    t.city_name,
    c.name_en as city_en,
    t.country,
    x.status,
    a.article_id,
    a.story_id,
    a.title,
    a.url,
    s.name as paper,
    a.published_day,
    a.is_opinion and a.kind is distinct from 'news' as is_opinion,
    a.opinion_form,
    a.paywalled
from ties as t
inner join kommuner as k on t.kommune_id = k.place_id
left join cities as c on t.city_id = c.place_id
left join named as n on t.tie_id = n.tie_id and n.first_day between $first and $last
left join articles as a on n.article_id = a.article_id
left join sources as s on a.source_id = s.source_id
left join tie_status_as_of($last, $last) as x on t.tie_id = x.tie_id
where t.country = 'UA'
    and (n.tie_id is not null or t.tie_id in (select tie_id from documented))
qualify row_number() over (partition by t.tie_id order by x.valid_from desc nulls last) = 1
order by a.published_day, t.tie_id
