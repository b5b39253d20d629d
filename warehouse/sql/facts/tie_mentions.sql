-- Sentences of latest versions that name a tie.
-- Unit: one row per tie and sentence.
-- Blind spots: a tie told of over several sentences that never name both ends is seen only where `nlp` joins them.
-- @article_id article
-- @version its latest version
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @char_start first character of the sentence
-- @char_end one past its last character
-- @sentence the sentence, at most 300 characters
-- @score probability that the tie is meant
-- @rule how it was found
with current_readings as (
    select
        r.article_id,
        r.version,
        unnest(r.mentions) as mention
    from raw_readings as r
    semi join stg_latest as l using (article_id, version)
    where len(r.mentions) > 0
)

select
    article_id,
    version,
    mention.kommune_id || '–' || mention.city_id as tie_id,
    mention.kommune_id as kommune_id,
    mention.city_id as city_id,
    mention.start as char_start,
    mention."end" as char_end,
    mention.sentence as sentence,
    round(cast(mention.score as double), 6) as score,
    mention.rule as rule
from current_readings
where mention.kommune_id in (select place_id from stg_places where kind = 'kommune')
    and mention.city_id in (select place_id from stg_places where kind = 'city')
