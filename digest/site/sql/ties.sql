-- Every tie with its status as of $today, what was written about it, and how long nobody has.
-- Unit: one row per tie; `stories` and `papers` count mentions of score 0.5 or more, `lately` those of the last 52 weeks.
with written as (
    select
        m.tie_id,
        count(distinct a.story_id) as stories,
        count(distinct a.story_id) filter (where a.published_day > $today - 364) as lately,
        count(distinct a.source_id) as papers,
        max(a.published_day) as last_day
    from tie_mentions as m
    inner join articles as a using (article_id)
    where m.score >= 0.5 and a.published_day is not null
    group by m.tie_id
),

standing as (
    select *
    from tie_status_as_of($today, $today)
    qualify row_number() over (partition by tie_id order by valid_from desc) = 1
),

final as (
    select
        t.tie_id,
        t.kommune_id,
        t.kommune_name,
        k.fylke,
        t.city_id,
        t.city_name,
        t.country,
        t.kind,
        t.signed_year,
        t.verification,
        t.source_urls,
        t.inherited_from,
        t.valid_to,
        t.in_registry,
        coalesce(s.status, 'unknown') as status,
        s.valid_from as status_from,
        s.valid_from_latest as status_from_latest,
        s.date_precision as status_precision,
        s.basis,
        z.healthy_weeks,
        z.weeks_silent,
        z.sees_local_paper,
        coalesce(w.stories, 0) as stories,
        coalesce(w.lately, 0) as lately,
        coalesce(w.papers, 0) as papers,
        w.last_day
    from ties as t
    inner join kommuner as k on t.kommune_id = k.place_id
    left join standing as s on t.tie_id = s.tie_id
    left join silence as z on t.tie_id = z.tie_id
    left join written as w on t.tie_id = w.tie_id
)

select * from final order by kommune_name collate no, city_name collate no, tie_id
