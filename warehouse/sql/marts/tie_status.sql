-- The status of every tie, bitemporal: what was true when, and from when to when we had to believe it.
-- Unit: one row per tie, stretch of validity and stretch of knowledge. `from tie_status_as_of(day, known)` cuts through.
-- Rules: the registry's word first (from 1 January of the year of signing, from 31 December while that year is not over,
-- without a year from 1900-01-01); then only *decided* steps
-- move it (see `decisions_observed`; documents count as reports of score 1): signed, renewed, resumed → active; frozen →
-- frozen; terminated → ended. An ended tie can't be frozen. Proposals never move it. Decisions that say the opposite of the
-- same days: the stronger basis (analyst) or clearly higher score wins, else `disputed`; both are cited. A termination
-- told only in retrospect falls before a later decision, printed in its own time, that shows the tie still stood; nothing
-- is frozen or ended before it was signed.
-- *Known* is the Oslo day on which a paper printed it, or a document's own day; an analyst's judgement corrects our
-- reading, so it holds from the printing on. `valid_to` and `known_to` are exclusive, open ends 9999-12-31.
-- An imprecise change counts from its first possible day on, but is never told as that day: it came between `valid_from` and
-- `valid_from_latest` (`date_precision`).
-- Blind spots: a tie that sleeps is `active`.
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @status active, frozen, ended, proposed, doubtful or disputed
-- @valid_from first day on which it held; where the day is not known, the first possible one
-- @valid_from_latest last possible first day; equal to valid_from where the day is known
-- @valid_to first day on which it no longer held, or the first possible one
-- @valid_to_latest last possible day of that
-- @date_precision of valid_from: day, week, month, season, year, interval, published (about the printing); NULL: told undated, by then
-- @known_from first day on which this was known
-- @known_to first day on which it was known better
-- @basis registry, document, press or analyst
-- @decision_id the decision that made it so, NULL for the registry
-- @action its action
-- @article_ids articles that tell it
-- @event_ids their events
-- @source_urls documents and registry sources
-- @evidence words of the surest report, before others one printed within a fortnight
-- @score combined over independent stories
-- @conflicts_with decisions that say the opposite
-- @verification of the tie in the registry
with cited as (
    select
        s.step,
        list_sort(list(distinct e.article_id)) as article_ids,
        arg_max(
            e.evidence, (cast(e.known_from as date) <= s.valid_from + 14, e.score, e.article_id)
        ) as evidence
    from (select step, valid_from, unnest(event_ids) as event_id from status_steps) as s
    inner join tie_events as e using (event_id)
    group by s.step
),

documented as (
    select
        s.step,
        list_sort(list(distinct k.source_url)) as source_urls
    from (select step, unnest(event_ids) as known_id from status_steps) as s
    inner join tie_events_known as k using (known_id)
    group by s.step
),

final as (
    select
        s.tie_id,
        t.kommune_id,
        t.city_id,
        s.status,
        s.valid_from,
        s.valid_from_latest,
        s.valid_to,
        s.valid_to_latest,
        s.date_precision,
        s.known_from,
        s.known_to,
        s.basis,
        s.decision_id,
        s.action,
        coalesce(c.article_ids, []) as article_ids,
        s.event_ids,
        case when s.basis = 'registry' then t.source_urls else coalesce(d.source_urls, []) end as source_urls,
        c.evidence,
        s.score,
        s.conflicts_with,
        t.verification
    from status_steps as s
    inner join ties as t using (tie_id)
    left join cited as c using (step)
    left join documented as d using (step)
)

select * from final order by tie_id, known_from, valid_from
