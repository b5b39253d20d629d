-- Places that the latest version of an article names.
-- Unit: one row per mention; `place_id` NULL means: looked at, not linked, for the reason in `rule`.
-- Rules: a place that a reading by an older gazetteer names and this one lacks is unlinked; `bybaand read` again cures it.
-- Blind spots: a paid article is read by its head data only.
-- @article_id article
-- @version its latest version
-- @place_id readable place id
-- @kind kommune, city, fylke, region or country
-- @char_start first character in title, lead and text joined by blank lines
-- @char_end one past the last character
-- @text the words of the mention
-- @score probability that the link is right, 0 to 1
-- @rule how it was linked, or why not
-- @metonym true where a capital stands for a state's leadership
with current_readings as (
    select
        r.article_id,
        r.version,
        unnest(r.links) as link
    from raw_readings as r
    semi join stg_latest as l using (article_id, version)
)

select
    r.article_id,
    r.version,
    case when link.kind in ('kommune', 'city') then p.place_id else link.place_id end as place_id,
    link.kind as kind,
    link.start as char_start,
    link."end" as char_end,
    link.text as text,
    link.score as score,
    case
        when link.kind in ('kommune', 'city') and link.place_id is not null and p.place_id is null
            then 'not in this gazetteer: ' || link.place_id
        else link.rule
    end as rule,
    coalesce(link.metonym, false) as metonym
from current_readings as r
left join stg_places as p on link.kind = p.kind and link.place_id = p.place_id
