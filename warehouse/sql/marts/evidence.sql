-- From any figure to its sentences: every mention, event, stance and place link, with article, sentence and versions.
-- materialized: view
-- Unit: one row per sentence (tie) or mention (kommune, city, country) that tells of a key.
-- How to use: a row of a mart has (level, key) and a week or month, or lists of article_ids or event_ids:
--   from evidence where counts and level = 'tie' and key = 'tromso–ru-murmansk' and week = '2022-W43'
--   from evidence where list_contains((select event_ids from decisions_observed where decision_id = …), event_id)
-- Blind spots: links carry the words of the mention, not its sentence; `part` names the file that holds the whole text.
-- @level tie, kommune, city or country
-- @key tie_id, place_id or ISO country code
-- @week ISO week of the article
-- @month month of the article
-- @published_day Oslo day
-- @article_id article
-- @version version that was read
-- @story_id the story
-- @source_id the paper
-- @source_name its name
-- @url address
-- @title headline
-- @is_opinion opinion or not
-- @paywalled read by head data only
-- @kind mention, event, stance or link
-- @counts true where the row makes its article count in attention: not too unsure, refused, or a capital for a state
-- @action of an event; of a stance the stance
-- @factuality of an event
-- @event_id of an event
-- @decision_id the decision that the event is a report of
-- @char_start first character in title, lead and text joined by blank lines
-- @char_end one past the last
-- @sentence the words, at most 300 characters
-- @score probability
-- @rule how it was found
-- @judgement of an analyst
-- @model_version models of the reading
-- @gazetteer_version gazetteer of the reading
-- @part the article file under the data folder
with least as (
    select cast(value as double) as score
    from build_info
    where key = 'link_score'
),

found as (
    select
        'tie' as level,
        tie_id as key,
        article_id,
        'mention' as kind,
        true as is_named,
        cast(null as varchar) as action,
        cast(null as varchar) as factuality,
        cast(null as varchar) as event_id,
        cast(null as varchar) as decision_id,
        char_start,
        char_end,
        sentence,
        score,
        rule,
        cast(null as varchar) as judgement
    from tie_mentions
    union all
    select
        'tie',
        e.tie_id,
        e.article_id,
        'event',
        e.judgement is distinct from 'reject',
        e.action,
        e.factuality,
        e.event_id,
        r.decision_id,
        e.char_start,
        e.char_end,
        e.evidence,
        e.score,
        e.rule,
        e.judgement
    from tie_events as e
    left join decision_reports as r using (event_id)
    where e.is_current
    union all
    select
        'tie',
        tie_id,
        article_id,
        'stance',
        false,
        stance,
        null,
        null,
        null,
        char_start,
        char_end,
        evidence,
        score,
        null,
        null
    from tie_stances
    union all
    select
        kind,
        place_id,
        article_id,
        'link',
        not metonym,
        null,
        null,
        null,
        null,
        char_start,
        char_end,
        text,
        score,
        rule,
        null
    from links
    where place_id is not null
    union all
    select
        'country',
        c.country,
        l.article_id,
        'link',
        not l.metonym,
        null,
        null,
        null,
        null,
        l.char_start,
        l.char_end,
        l.text,
        l.score,
        l.rule,
        null
    from links as l
    inner join cities as c on l.place_id = c.place_id
    where l.kind = 'city'
)

select
    f.level,
    f.key,
    a.week,
    a.month,
    a.published_day,
    f.article_id,
    a.version,
    a.story_id,
    a.source_id,
    s.name as source_name,
    a.url,
    a.title,
    a.is_opinion,
    a.paywalled,
    f.kind,
    -- An event counts however unsure it is: its own sentence names the tie.
    f.is_named and (f.kind = 'event' or f.score >= (select score from least)) as counts,
    f.action,
    f.factuality,
    f.event_id,
    f.decision_id,
    f.char_start,
    f.char_end,
    f.sentence,
    f.score,
    f.rule,
    f.judgement,
    a.model_version,
    a.gazetteer_version,
    a.part
from found as f
inner join articles as a using (article_id)
left join sources as s using (source_id)
