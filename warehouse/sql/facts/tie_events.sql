-- What is said to have been done, proposed or refused about a tie, with the words that say so.
-- Unit: one row per version, tie, action and sentence; `is_current` keeps the latest versions only.
-- Rules: an analyst's last judgement replaces what the machine read; `judgement = 'reject'` rows stay, but count nowhere.
-- `date_from` and `date_to` are the first and the last possible day: of a week, month, season (three months) or year;
-- where the text gives no date, the seven days up to the printing (`published`), else any day up to the printing.
-- A withdrawn article takes its reports back, and its words are not repeated.
-- Blind spots: a report counts, not an event; see `decisions_observed` for the decisions.
-- @event_id stable id of the row
-- @article_id article
-- @version version in which it stands
-- @is_current true in the latest version
-- @story_id the story it is told in
-- @source_id the paper
-- @published_day Oslo day of the article
-- @week ISO week of that day
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @action signed, renewed, proposed_signing, frozen, terminated, proposed_termination, rejected_termination, resumed, aid, visit
-- @factuality happened, proposed, negated, hypothetical, historical
-- @event_date first possible day as read from the text
-- @date_precision day, week, month, season, year, published; NULL where the text gives none
-- @date_from first possible day
-- @date_to last possible day, inclusive
-- @decided_by who decided, as read
-- @char_start first character of the evidence
-- @char_end one past the last
-- @evidence the words that say so, at most 300 characters
-- @score probability that the machine read it right
-- @rule how it was found
-- @machine_action what the machine read, where an analyst changed it
-- @machine_factuality what the machine read
-- @judgement accept, reject, change or NULL
-- @judged_by analyst
-- @judged_at UTC
-- @known_from UTC, when this version was printed
-- @known_to UTC, when a later version replaced it
-- @model_version models of the reading
-- @gazetteer_version gazetteer of the reading
with dated as (
    select
        e.*,
        v.source_id,
        v.is_latest as is_current,
        v.known_from,
        v.known_to,
        cast(v.published_at at time zone 'UTC' at time zone 'Europe/Oslo' as date) as printed
    from stg_judged_events as e
    inner join article_versions as v using (article_id, version)
)

select
    md5(concat_ws('|', d.article_id, d.version, d.tie_id, d.action, d.factuality, d.char_start))[:12] as event_id,
    d.article_id,
    d.version,
    d.is_current,
    a.story_id,
    d.source_id,
    a.published_day,
    a.week,
    d.tie_id,
    split_part(d.tie_id, '–', 1) as kommune_id,
    split_part(d.tie_id, '–', 2) as city_id,
    d.action,
    d.factuality,
    d.event_date,
    d.date_precision,
    case
        when d.date_precision = 'published' then d.printed - 7
        else d.event_date
    end as date_from,
    case d.date_precision
        when 'day' then d.event_date
        when 'week' then d.event_date + 6
        when 'month' then last_day(d.event_date)
        when 'season' then cast(d.event_date + interval 3 months - interval 1 day as date)
        when 'year' then make_date(year(d.event_date), 12, 31)
        else d.printed
    end as date_to,
    d.decided_by,
    d.char_start,
    d.char_end,
    case when a.withdrawn_at is null then d.evidence else '(artikkelen er trukket tilbake)' end as evidence,
    d.score,
    d.rule,
    d.machine_action,
    d.machine_factuality,
    d.judgement,
    d.judged_by,
    d.judged_at,
    d.known_from,
    d.known_to,
    d.model_version,
    d.gazetteer_version
from dated as d
inner join articles as a using (article_id)
