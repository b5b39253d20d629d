-- Lines of the article files that could not be used, with the reason. Nothing else of them is in the warehouse.
-- Unit: one row per line.
-- Blind spots: a line cut off by a crash has no article_id; the crawler writes the article again.
-- @part the file under the data folder
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
select part, line, article_id, reason from torn_lines
union all
select part, line, article_id, reason from kept_set_aside
order by part, line, article_id
