-- How much each source printed on each Oslo day, and whether that can be trusted. An outage is not silence.
-- Unit: one row per source and day, from the first day that a crawl or an article covers to `today`.
-- Rules: a day is *crawled* when a crawl that went through (ok or partial) claims to have seen it completely
-- (`covers_from` … `covers_to`). `expected` is the median of the same weekday in the four weeks before, over crawled days,
-- once there are three of them; else the mean of the crawled days of the 28 days before, once there are seven.
-- `unknown`: no crawl covers the day. `down`: no crawl covers it, and one failed on it.
-- `silent`: crawled, nothing printed, three or more expected: the list may be broken.
-- `degraded`: crawled, but below half of what was expected and by more than chance (three standard deviations of a count),
-- five or more expected; or covered by partial crawls only; or more than a tenth of its articles are not read yet.
-- `healthy`: everything else that was crawled; a small paper that prints nothing on a Sunday is healthy.
-- `read_lately`: healthy on the day or in the 28 days before. Days of a source that is not read lately (new and not yet
-- working, or gone for a month) are not missed in `coverage`; that a source came or went shows in `sources_changed`.
-- Blind spots: what a paper prints outside its feeds and lists is never seen; before three weeks have been learnt a fall
-- can't be noticed; a crawl's claim is believed. Articles without a certain day stand under the day of the visit in `undated`.
-- @source_id the source
-- @day Oslo day
-- @week ISO week
-- @month month
-- @crawled true where a crawl claims to have seen the day completely
-- @crawls crawls that claim it
-- @articles articles printed that day, raw
-- @stories unique texts among them
-- @undated articles first seen that day whose own date is not certain; in no other count
-- @paywalled paid articles among `articles`
-- @unread articles among them whose latest version is not read yet; they are in no share
-- @expected articles expected, NULL while learning
-- @state healthy, degraded, silent, down or unknown
-- @healthy true for healthy
-- @read_lately true where the source was healthy on the day or in the 28 days before
-- @why the reason, in words
with claims as (
    select
        source_id,
        outcome,
        unnest(generate_series(
            cast(covers_from as timestamp),
            cast(least(covers_to, getvariable('today')) as timestamp),
            interval 1 day
        )) as moment
    from raw_crawls
    where outcome in ('ok', 'partial')
        and covers_from is not null
        and covers_to is not null
        and covers_to >= covers_from
),

covered as (
    select
        source_id,
        cast(moment as date) as day,
        count(*) as crawls,
        bool_or(outcome = 'ok') as complete
    from claims
    group by all
),

failed as (
    select
        source_id,
        cast(started_at at time zone 'UTC' at time zone 'Europe/Oslo' as date) as day,
        string_agg(distinct coalesce(nullif(array_to_string(map_keys(errors), ', '), ''), note, 'failed'), '; ') as failure
    from raw_crawls
    where outcome = 'failed'
    group by all
),

printed as (
    select
        source_id,
        published_day as day,
        count(*) as articles,
        count(distinct story_id) as stories,
        count(*) filter (where paywalled) as paywalled,
        count(*) filter (where not is_read and withdrawn_at is null) as unread
    from articles
    where published_day is not null
    group by all
),

undated as (
    select
        source_id,
        cast(first_fetched_at at time zone 'UTC' at time zone 'Europe/Oslo' as date) as day,
        count(*) as undated
    from articles
    where published_day is null
    group by all
),

spans as (
    select
        source_id,
        min(day) as first_day
    from (
        select source_id, day from covered
        union all
        select source_id, day from failed
        union all
        select source_id, day from printed where day >= date '2013-01-01'
    )
    group by source_id
),

days as (
    select
        source_id,
        cast(unnest(generate_series(
            cast(first_day as timestamp), cast(getvariable('today') as timestamp), interval 1 day
        )) as date) as day
    from spans
    where first_day <= getvariable('today')
),

counted as (
    select
        d.source_id,
        d.day,
        coalesce(c.crawls, 0) as crawls,
        coalesce(c.complete, false) as complete,
        c.crawls is not null as crawled,
        coalesce(p.articles, 0) as articles,
        coalesce(p.stories, 0) as stories,
        coalesce(u.undated, 0) as undated,
        coalesce(p.paywalled, 0) as paywalled,
        coalesce(p.unread, 0) as unread,
        f.failure
    from days as d
    left join covered as c using (source_id, day)
    left join failed as f using (source_id, day)
    left join printed as p using (source_id, day)
    left join undated as u using (source_id, day)
),

learnt as (
    select
        *,
        count(*) filter (where crawled) over same_weekday as weekdays_seen,
        median(articles) filter (where crawled) over same_weekday as weekday_median,
        count(*) filter (where crawled) over four_weeks as days_seen,
        avg(articles) filter (where crawled) over four_weeks as day_mean
    from counted
    window
        same_weekday as (
            partition by source_id, isodow(day) order by day rows between 4 preceding and 1 preceding
        ),
        four_weeks as (partition by source_id order by day rows between 28 preceding and 1 preceding)
),

expected as (
    select
        *,
        case
            when weekdays_seen >= 3 then weekday_median
            when days_seen >= 7 then day_mean
        end as expected
    from learnt
),

judged as (
    select
        *,
        case
            when not crawled and failure is not null then 'down'
            when not crawled then 'unknown'
            when articles = 0 and expected >= 3 then 'silent'
            when expected >= 5 and articles < expected / 2 and articles < expected - 3 * sqrt(expected) then 'degraded'
            when not complete or unread > articles / 10 then 'degraded'
            else 'healthy'
        end as state
    from expected
)

select
    source_id,
    day,
    strftime(day, '%G-W%V') as week,
    strftime(day, '%Y-%m') as month,
    crawled,
    crawls,
    articles,
    stories,
    undated,
    paywalled,
    unread,
    expected,
    state,
    state = 'healthy' as healthy,
    bool_or(state = 'healthy') over (
        partition by source_id order by day rows between 28 preceding and current row
    ) as read_lately,
    case
        when state = 'down' then 'crawl failed: ' || failure
        when state = 'unknown' then 'no crawl covers the day'
        when state = 'silent' then 'nothing printed, ' || round(expected, 1) || ' expected'
        when state = 'degraded' and unread > articles / 10 then unread || ' of ' || articles || ' not read yet'
        when state = 'degraded' and complete then articles || ' printed, ' || round(expected, 1) || ' expected'
        when state = 'degraded' then 'covered by partial crawls only'
        when expected is null then 'crawled; still learning what to expect'
        else 'crawled'
    end as why
from judged
order by source_id, day
