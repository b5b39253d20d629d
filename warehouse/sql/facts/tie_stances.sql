-- What the latest version of an opinion text wants for a tie.
-- Unit: one row per article and tie.
-- @article_id article
-- @version its latest version
-- @story_id the story it tells
-- @tie_id kommune–city
-- @kommune_id the kommune
-- @city_id the city
-- @stance keep, freeze, end, establish or none
-- @char_start first character of the words that show it best
-- @char_end one past the last
-- @evidence those words, at most 300 characters
-- @score probability
with current_readings as (
    select
        r.article_id,
        r.version,
        a.story_id,
        unnest(r.stances) as stance
    from raw_readings as r
    inner join articles as a using (article_id, version)
    where len(r.stances) > 0
)

select
    article_id,
    version,
    story_id,
    stance.kommune_id || '–' || stance.city_id as tie_id,
    stance.kommune_id as kommune_id,
    stance.city_id as city_id,
    stance.stance as stance,
    stance.start as char_start,
    stance."end" as char_end,
    stance.evidence as evidence,
    round(cast(stance.score as double), 6) as score
from current_readings
where stance.kommune_id in (select place_id from stg_places where kind = 'kommune')
    and stance.city_id in (select place_id from stg_places where kind = 'city')
