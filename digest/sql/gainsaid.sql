-- Who gainsays a decision: another that was decided of the same days, or a sure and dated report, not an opinion, that it
-- was not made. A vague denial says nothing.
-- What is clearly outweighed (as in the mart `tie_status`) does not gainsay, and is itself unsure.
rivals as (
    select
        d.decision_id,
        case
            when (d.basis = 'analyst') <> (o.basis = 'analyst') then if(o.basis = 'analyst', 1, -1)
            when abs(o.score - d.score) > 0.1 then sign(o.score - d.score)
            else 0
        end as weighs
    from (select *, unnest(conflicts_with) as other_id from decisions_observed) as d
    inner join decisions_observed as o on d.other_id = o.decision_id
    where o.state = 'decided'
),

opposed as (
    select
        decision_id,
        bool_or(weighs > 0) as is_outweighed
    from rivals
    where weighs >= 0
    group by decision_id
),

denied as (
    select
        d.decision_id,
        count(distinct e.story_id) as denials
    from decisions_observed as d
    inner join tie_events as e on d.tie_id = e.tie_id and d.action = e.action
    inner join articles as a on e.article_id = a.article_id
    where e.is_current
        and e.factuality = 'negated'
        and e.judgement is distinct from 'reject'
        and e.date_from <= d.date_to + 3
        and e.date_to >= d.date_from - 3
        and (
            e.judgement in ('accept', 'change')
            or (
                not a.is_opinion
                and coalesce(e.date_precision, 'published') <> 'published'
                and e.score >= (select value::double from build_info where key = 'decide_score')
            )
        )
    group by d.decision_id
),
