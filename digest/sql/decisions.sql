-- The decisions and proposals that a week's digest may tell, with every report of each, the best first.
-- Unit: one row per decision and report. Scope: first reported in the week; proposals also when mentioned again in the
-- week, or when their day lies after it. Left out: proposals that a decision has answered, and retellings.
-- `quotable`: the words may be shown: of a paid article only title and standfirst, of a withdrawn one nothing.
with answered as (
    select p.decision_id
    from decisions_observed as p
    inner join decisions_observed as d
        on p.tie_id = d.tie_id
        and d.state = 'decided'
        and d.first_report_day <= $last
        and d.date_to >= p.date_from
        -- An undated report in the same day's papers may as well retell an older vote.
        and (d.date_precision = 'day' or d.first_report_day > p.first_report_day)
        and (
            (p.action = 'proposed_signing' and d.action = 'signed')
            or (p.action = 'proposed_termination' and d.action in ('terminated', 'rejected_termination'))
        )
    where p.kind = 'proposal'
),

-- An undated report that a proposal fell, while the week's papers tell of the proposal, may be of an older vote.
doubted as (
    select distinct d.decision_id
    from decisions_observed as d
    inner join decisions_observed as p on d.tie_id = p.tie_id
    where d.action = 'rejected_termination'
        and coalesce(d.date_precision, 'published') = 'published'
        and d.stories = 1
        and p.action = 'proposed_termination'
        and p.first_report_day between d.first_report_day and $last
),

mentioned as (
    select distinct e.decision_id
    from (select decision_id, unnest(article_ids) as article_id from decisions_observed where kind = 'proposal') as e
    inner join articles as a using (article_id)
    where a.week = $week
),

-- A report that says what held before the week already (ended, frozen, in force) retells it: that is no news.
retold as (
    select d.decision_id
    from decisions_observed as d
    inner join tie_status_as_of($first - 1, $first - 1) as s on d.tie_id = s.tie_id
    where (d.state = 'reported' or coalesce(d.date_precision, 'published') = 'published')
        and (
            (d.action = 'terminated' and s.status = 'ended')
            or (d.action = 'frozen' and s.status in ('frozen', 'ended'))
            or (d.action in ('signed', 'renewed', 'resumed') and s.status = 'active')
        )
    union
    -- Nor can a tie be proposed that is there, or the end of one that has ended.
    select d.decision_id
    from decisions_observed as d
    inner join tie_status_as_of($first - 1, $first - 1) as s on d.tie_id = s.tie_id
    where (d.action = 'proposed_signing' and s.status in ('active', 'frozen'))
        or (d.action = 'proposed_termination' and s.status = 'ended')
),

-- include gainsaid.sql

told as (
    select d.*
    from decisions_observed as d
    where d.state in ('decided', 'reported', 'proposed')
        and d.kind in ('step', 'stand', 'proposal')
        and d.first_report_day <= $last
        and (
            d.week = $week
            or (
                d.kind = 'proposal'
                and (
                    d.decision_id in (select decision_id from mentioned)
                    or (d.date_precision = 'day' and d.date_from > $last)
                )
            )
        )
        and d.decision_id not in (select decision_id from answered)
        and d.decision_id not in (select decision_id from retold)
),

heads as (
    select
        -- What the page itself calls news is none, whatever its words look like.
        * replace (is_opinion and kind is distinct from 'news' as is_opinion),
        length(title) as title_end,
        concat_ws(chr(10) || chr(10), nullif(title, ''), nullif(lead, '')) as head
    from articles
),

final as (
    select
        d.decision_id,
        d.tie_id,
        d.kommune_id,
        d.kommune_name,
        k.fylke,
        d.city_id,
        d.city_name,
        c.name_en as city_en,
        d.country,
        d.action,
        d.kind,
        case
            when f.decision_id is not null or o.is_outweighed then if(d.state = 'decided', 'reported', d.state)
            else d.state
        end as state,
        d.date_from,
        d.date_to,
        d.date_precision,
        d.decided_by,
        d.first_report_day,
        d.week,
        d.stories,
        d.papers,
        coalesce(n.denials, 0) as denials,
        t.in_registry,
        o.decision_id is not null as is_contradicted,
        d.score as decision_score,
        -- The words of a paid article are taken from its head, so that nothing else can slip through.
        case when a.paywalled then substr(a.head, e.char_start + 1, e.char_end - e.char_start) else e.evidence end as evidence,
        a.article_id,
        a.story_id,
        a.title,
        a.url,
        s.name as paper,
        a.published_day,
        a.is_opinion,
        a.opinion_form,
        a.paywalled,
        a.week is not distinct from $week as is_of_week,
        a.withdrawn_at is not null as is_withdrawn,
        a.withdrawn_at is null and (not a.paywalled or e.char_end <= length(a.head)) as quotable,
        row_number() over (
            partition by d.decision_id
            order by
                a.withdrawn_at is not null,
                a.is_opinion,
                -- What is mentioned again this week is told by this week's story.
                a.week is distinct from $week,
                not (a.withdrawn_at is null and (not a.paywalled or e.char_end <= length(a.head))),
                e.judgement is distinct from 'accept',
                -- A sentence that names both ends can be understood alone.
                contains(e.evidence, d.kommune_name)::int + contains(e.evidence, d.city_name)::int desc,
                e.score desc,
                -- The headline is cited already; words from below it say more.
                e.char_end <= a.title_end,
                a.article_id,
                e.char_start
        ) as rank
    from told as d
    inner join tie_events as e on list_contains(d.event_ids, e.event_id)
    inner join heads as a on e.article_id = a.article_id
    inner join ties as t on d.tie_id = t.tie_id
    inner join kommuner as k on d.kommune_id = k.place_id
    left join doubted as f on d.decision_id = f.decision_id
    left join opposed as o on d.decision_id = o.decision_id
    left join denied as n on d.decision_id = n.decision_id
    left join cities as c on d.city_id = c.place_id
    left join sources as s on a.source_id = s.source_id
    where e.judgement is distinct from 'reject'
)

select * from final order by decision_id, rank
