-- Decisions as the papers tell them: many reports, one row; contradicting reports stay side by side.
-- Unit: one row per tie, action and date. The rules of gathering and of belief: warehouse/decisions.py.
-- Rules: only current versions, only what is told as happened or, for the two proposals, as proposed; an analyst's
-- rejection removes a report, an acceptance decides. `state`: `decided` (an analyst, one independent story of score 0.7 or
-- more, 0.75 where its text gives no date, 0.6 for a freeze, or two of 0.4 or more; undated claims of opinion texts, below
-- headline, standfirst and 80 characters, or in texts that say both yes and no, are not heard), `reported` (less: shown, moves no status), `proposed`, `rejected` (an analyst refused all).
-- `score` = 1 - product of (1 - score) over independent stories: reprints of one text count once.
-- Blind spots: what no paper that we read told; a decision told with a wrong date in all papers.
-- @decision_id stable while its first possible day does not change
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @kommune_name its Norwegian name
-- @city_name its Norwegian name
-- @country of the city
-- @action as in `tie_events`
-- @kind step (moves a status), stand (a termination voted down), proposal, contact (visit, aid)
-- @date_from first possible day, from the most precise report
-- @date_to last possible day, inclusive
-- @date_precision day, week, month, season, year, published; NULL where no report gives a date
-- @decided_by who decided, from the surest report that says so
-- @state decided, reported, proposed or rejected
-- @basis press or analyst
-- @first_report_day Oslo day of the first report
-- @week ISO week of the first report
-- @known_from Oslo day on which it could be believed; NULL for reported and rejected
-- @first_article_id the first report
-- @first_url its address
-- @first_source_id its paper
-- @reports reports, raw
-- @stories independent texts
-- @papers distinct papers
-- @score combined over independent stories
-- @evidence words of the surest report among those printed within a fortnight, else of all
-- @best_article_id that report
-- @article_ids all reports' articles
-- @event_ids all reports
-- @conflicts_with decision_ids that say the opposite of the same days
-- @denials reports that deny it
-- @in_documents true where a document tells the same
with reports as (
    select
        l.decision_id,
        e.*,
        a.url,
        -- Told in its own time a decision is told best; an accepted sentence is better still.
        (
            coalesce(e.judgement, '') in ('accept', 'change'),
            cast(e.known_from as date) <= v.date_to + 14,
            e.score,
            e.article_id
        ) as worth,
        cast(e.known_from at time zone 'UTC' at time zone 'Europe/Oslo' as date) as report_day
    from decision_labels as l
    inner join decision_views as v using (decision_id)
    inner join tie_events as e using (event_id)
    inner join articles as a using (article_id)
),

counted as (
    select
        decision_id,
        min(report_day) as first_report_day,
        arg_min(article_id, (known_from, article_id)) as first_article_id,
        arg_min(url, (known_from, article_id)) as first_url,
        arg_min(source_id, (known_from, article_id)) as first_source_id,
        arg_max(decided_by, (score, article_id)) filter (where decided_by is not null) as decided_by,
        arg_max(evidence, worth) as evidence,
        arg_max(article_id, worth) as best_article_id,
        count(distinct article_id) as reports,
        count(distinct story_id) as stories,
        count(distinct source_id) as papers,
        list_sort(list(distinct article_id)) as article_ids,
        list_sort(list(distinct event_id)) as event_ids
    from reports
    group by decision_id
),

denied as (
    select
        tie_id,
        action,
        date_from,
        date_to,
        article_id
    from tie_events
    where is_current and factuality = 'negated' and judgement is distinct from 'reject'
),

denials as (
    select
        v.decision_id,
        count(distinct d.article_id) as denials
    from decision_views as v
    inner join denied as d
        on v.tie_id = d.tie_id
        and v.action = d.action
        and d.date_to >= v.date_from - 3
        and coalesce(d.date_from, d.date_to) <= v.date_to + 45
    group by v.decision_id
)

select
    v.decision_id,
    v.tie_id,
    t.kommune_id,
    t.city_id,
    t.kommune_name,
    t.city_name,
    t.country,
    v.action,
    case
        when v.action in ('signed', 'renewed', 'frozen', 'terminated', 'resumed') then 'step'
        when v.action = 'rejected_termination' then 'stand'
        when v.action in ('proposed_signing', 'proposed_termination') then 'proposal'
        else 'contact'
    end as kind,
    v.date_from,
    v.date_to,
    v.date_precision,
    c.decided_by,
    v.state,
    v.basis,
    c.first_report_day,
    strftime(c.first_report_day, '%G-W%V') as week,
    v.believed_from as known_from,
    c.first_article_id,
    c.first_url,
    c.first_source_id,
    c.reports,
    c.stories,
    c.papers,
    v.score,
    c.evidence,
    c.best_article_id,
    c.article_ids,
    c.event_ids,
    v.conflicts_with,
    coalesce(d.denials, 0) as denials,
    v.in_documents
from decision_views as v
inner join counted as c using (decision_id)
inner join ties as t using (tie_id)
left join denials as d using (decision_id)
order by c.first_report_day, v.decision_id
