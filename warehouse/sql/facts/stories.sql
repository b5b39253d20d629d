-- One text, however many papers print it.
-- Unit: one row per story; `articles` is the raw count, one row here is one unique text, `papers` is the reach.
-- Blind spots: see `story_articles`; a text rewritten beyond recognition is another story; a reply that quotes is another story.
-- @story_id the article_id of the first print
-- @first_article_id the same, to join on
-- @title headline of the first print
-- @first_day Oslo day of the first print
-- @first_published_at UTC
-- @articles prints
-- @papers distinct sources
-- @publisher_groups distinct owners
-- @source_ids the sources
-- @languages languages of the texts
-- @is_opinion true where the first print is opinion
-- @wire agency, where any print names one
with final as (
    select
        story_id,
        any_value(story_id) as first_article_id,
        any_value(title) filter (where article_id = story_id) as title,
        min(published_day) as first_day,
        min(published_at) as first_published_at,
        count(*) as articles,
        count(distinct source_id) as papers,
        count(distinct publisher_group) as publisher_groups,
        list_sort(list(distinct source_id)) as source_ids,
        list_sort(coalesce(list(distinct text_language) filter (where text_language is not null), [])) as languages,
        bool_or(is_opinion) filter (where article_id = story_id) as is_opinion,
        min(wire) as wire
    from articles
    group by story_id
)

select * from final order by first_published_at, story_id
