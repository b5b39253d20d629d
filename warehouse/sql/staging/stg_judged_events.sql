-- Machine events with the analysts' last word, and events that only an analyst saw.
with matched as (
    select
        e.*,
        j.judgement,
        j.judged_by,
        j.judged_at,
        j.new_tie_id,
        j.new_action,
        j.new_factuality,
        j.new_date,
        j.new_date_precision
    from stg_events as e
    left join stg_judgements as j
        on e.article_id = j.article_id
        and e.tie_id = j.tie_id
        and e.action = j.action
        and (e.evidence = j.evidence or (e.char_start < j.char_end and j.char_start < e.char_end))
    qualify row_number() over (
        partition by e.article_id, e.version, e.tie_id, e.action, e.factuality, e.char_start order by j.judged_at desc nulls last
    ) = 1
),

unmatched as (
    select j.*
    from stg_judgements as j
    where j.judgement <> 'reject'
        and not exists (
            from matched as m
            where m.article_id = j.article_id
                and m.tie_id = j.tie_id
                and m.action = j.action
                and m.judged_at = j.judged_at
        )
)

select
    article_id,
    version,
    model_version,
    gazetteer_version,
    coalesce(new_tie_id, tie_id) as tie_id,
    coalesce(new_action, action) as action,
    case when judgement in ('accept', 'change') then coalesce(new_factuality, factuality) else factuality end as factuality,
    coalesce(new_date, event_date) as event_date,
    coalesce(new_date_precision, case when new_date is not null then 'day' end, date_precision) as date_precision,
    decided_by,
    char_start,
    char_end,
    evidence,
    score,
    rule,
    action as machine_action,
    factuality as machine_factuality,
    judgement,
    judged_by,
    judged_at
from matched
union all by name
select
    article_id,
    version,
    cast(null as varchar) as model_version,
    cast(null as varchar) as gazetteer_version,
    coalesce(new_tie_id, tie_id) as tie_id,
    coalesce(new_action, action) as action,
    coalesce(new_factuality, 'happened') as factuality,
    new_date as event_date,
    coalesce(new_date_precision, case when new_date is not null then 'day' end) as date_precision,
    cast(null as varchar) as decided_by,
    char_start,
    char_end,
    evidence,
    1.0 as score,
    'analyst' as rule,
    cast(null as varchar) as machine_action,
    cast(null as varchar) as machine_factuality,
    judgement,
    judged_by,
    judged_at
from unmatched
