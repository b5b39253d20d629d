-- Decisions and proposals with the reports that tell them, the first sure one first.
-- Unit: one row per decision and report. What may be shown of a sentence is as in evidence.sql.
with writers as (
    select list(distinct name) as names
    from (select unnest(authors) as name from articles where is_opinion)
    where length(name) > 4 and contains(name, ' ')
),

heads as (
    select
        -- What the page itself calls news is none, whatever its words look like.
        * replace (is_opinion and kind is distinct from 'news' as is_opinion),
        length(title) as title_end,
        concat_ws(chr(10) || chr(10), nullif(title, ''), nullif(lead, '')) as head
    from articles
),

-- include gainsaid.sql

-- An undated report that a proposal fell, when the papers are about to tell of that proposal, may be of an older vote:
-- as in digest/sql/decisions.sql it stands with the unsure ones. It moves no status in any case.
doubted as (
    select distinct d.decision_id
    from decisions_observed as d
    inner join decisions_observed as p on d.tie_id = p.tie_id
    where d.action = 'rejected_termination'
        and coalesce(d.date_precision, 'published') = 'published'
        and d.stories = 1
        and p.action = 'proposed_termination'
        and p.first_report_day between d.first_report_day and d.first_report_day + 6
),

reports as (
    select
        d.decision_id,
        d.tie_id,
        d.kommune_name,
        d.city_name,
        d.action,
        d.kind,
        case
            when f.decision_id is not null or o.is_outweighed then if(d.state = 'decided', 'reported', d.state)
            else d.state
        end as state,
        d.basis,
        d.date_from,
        d.date_to,
        d.date_precision,
        d.decided_by,
        d.first_report_day,
        d.stories,
        d.papers,
        coalesce(n.denials, 0) as denials,
        o.decision_id is not null as is_contradicted,
        a.article_id,
        a.title,
        a.url,
        s.name as paper,
        a.published_day,
        a.published_at,
        a.is_opinion,
        a.opinion_form,
        a.paywalled,
        a.withdrawn_at is not null as is_withdrawn,
        e.score,
        e.judgement,
        e.char_end <= a.title_end as is_title,
        case
            when a.withdrawn_at is not null then null
            when a.paywalled and e.char_end > length(a.head) then null
            when a.paywalled then substr(a.head, e.char_start + 1, e.char_end - e.char_start)
            else e.evidence
        end as sentence
    from decisions_observed as d
    inner join tie_events as e on list_contains(d.event_ids, e.event_id)
    inner join heads as a on e.article_id = a.article_id
    left join doubted as f on d.decision_id = f.decision_id
    left join opposed as o on d.decision_id = o.decision_id
    left join denied as n on d.decision_id = n.decision_id
    left join sources as s on a.source_id = s.source_id
    where d.kind in ('step', 'stand', 'proposal')
        and d.state <> 'rejected'
        and e.judgement is distinct from 'reject'
        and d.first_report_day <= $today
),

final as (
    select
        *
        replace (
            case
                when not is_opinion then sentence
                when len(list_filter((select names from writers), lambda name: contains(sentence, name))) = 0 then sentence
            end as sentence
        )
    from reports
)

select *
from final
order by
    tie_id,
    date_from desc nulls last,
    decision_id,
    is_withdrawn,
    is_opinion,
    sentence is null,
    judgement is distinct from 'accept',
    -- The first that is sure enough: later ones retell.
    score < 0.6,
    published_day,
    is_title,
    score desc,
    published_at,
    article_id
