-- What could not be used, with the reason: lines of the article files, and ties in readings by an older gazetteer.
-- Unit: one row per line, or per article and place.
-- Blind spots: a line cut off by a crash has no article_id; the crawler writes the article again.
-- @part the file under the data folder, NULL for readings
-- @line line number, NULL where the line is JSON but lacks a field
-- @article_id where it could be read
-- @reason what is wrong
select
    part,
    cast(null as integer) as line,
    article_id,
    fault as reason
from stg_articles
where fault is not null
union all
select distinct
    cast(null as varchar) as part,
    cast(null as integer) as line,
    article_id,
    'not in this gazetteer, read again: ' || place_id as reason
from (
    select
        article_id,
        unnest([mention.kommune_id, mention.city_id]) as place_id
    from (select article_id, unnest(mentions) as mention from raw_readings where len(mentions) > 0)
)
where place_id not in (select place_id from stg_places)
union all
select part, line, article_id, reason from torn_lines
union all
select part, line, article_id, reason from kept_set_aside
order by part, line, article_id
