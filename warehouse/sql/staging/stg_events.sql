-- Events of every version as the machine read them.
with unnested as (
    select
        r.article_id,
        r.version,
        r.model_version,
        r.gazetteer_version,
        unnest(r.events) as event
    from raw_readings as r
    where len(r.events) > 0
),

final as (
    select
        article_id,
        version,
        model_version,
        gazetteer_version,
        event.kommune_id || '–' || event.city_id as tie_id,
        event.action as action,
        event.factuality as factuality,
        event.date as event_date,
        event.date_precision as date_precision,
        event.decided_by as decided_by,
        event.start as char_start,
        event."end" as char_end,
        event.evidence as evidence,
        round(cast(event.score as double), 6) as score,
        event.rule as rule
    from unnested
    where event.kommune_id in (select place_id from stg_places where kind = 'kommune')
        and event.city_id in (select place_id from stg_places where kind = 'city')
)

-- Two rules may find one event in one sentence; the surer one counts.
select * from final
qualify row_number() over (
    partition by article_id, version, tie_id, action, factuality, char_start order by score desc, rule
) = 1
