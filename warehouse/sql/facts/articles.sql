-- The latest version of every article: what was printed, when, by whom, and which story it tells.
-- Unit: one row per article.
-- Blind spots: an article whose date is not certain to the day has no `published_day`, and is in no mart that counts by
-- day, week or month; it is counted in `source_days.undated` instead. A withdrawn article keeps its head data.
-- @article_id the platform's own id, or a hash of the canonical address
-- @version the latest version
-- @versions how many versions were seen
-- @source_id the paper or section that was crawled
-- @publisher_group the owner
-- @url canonical address
-- @kind news, opinion, official or unknown, as the page says
-- @opinion_form debatt, kronikk, leserbrev, leder or kommentar: as the page says, else as the text shows
-- @is_opinion true where page or text says opinion
-- @title headline
-- @lead standfirst
-- @language as the page says
-- @text_language as read from the text
-- @authors names as printed
-- @section section as the paper names it
-- @tags the paper's own tags
-- @published_at UTC
-- @published_from where the date was found
-- @published_precision second, minute, day, month or year
-- @published_day Oslo day, NULL where it is not certain
-- @week ISO week of the Oslo day, 2024-W14
-- @month month of the Oslo day, 2024-04
-- @undated_reason why there is no day
-- @modified_at UTC, the paper's own word
-- @first_fetched_at UTC, when the first version was seen
-- @fetched_at UTC, when the latest version was first seen
-- @paywalled true where only head data was read
-- @wire the agency of a wire story
-- @correction the paper's own correction notice
-- @links addresses that the text links to
-- @withdrawn_at UTC, when the page was found gone
-- @content_hash changes when the words change
-- @word_count words
-- @part the article file under the data folder
-- @is_read true where a reading of this version exists
-- @model_version models of the reading
-- @gazetteer_version gazetteer of the reading
-- @story_id the story it tells
with changed as (
    select
        article_id,
        count(*) as versions,
        min(fetched_at) as first_fetched_at
    from article_versions
    group by article_id
    having count(*) > 1
),

final as (
    select
        v.article_id,
        v.version,
        coalesce(c.versions, 1) as versions,
        v.source_id,
        v.publisher_group,
        v.url,
        v.kind,
        l.opinion_form,
        l.is_opinion,
        v.title,
        v.lead,
        v.language,
        l.text_language,
        v.authors,
        v.section,
        v.tags,
        v.published_at,
        v.published_from,
        v.published_precision,
        l.published_day,
        strftime(l.published_day, '%G-W%V') as week,
        strftime(l.published_day, '%Y-%m') as month,
        case
            when l.published_day is not null then null
            when v.published_from = 'fetched' then 'no date on the page'
            else 'date only to the ' || v.published_precision
        end as undated_reason,
        v.modified_at,
        coalesce(c.first_fetched_at, v.fetched_at) as first_fetched_at,
        v.fetched_at,
        v.paywalled,
        v.wire,
        v.correction,
        v.links,
        v.withdrawn_at,
        v.content_hash,
        v.word_count,
        v.part,
        l.is_read,
        l.model_version,
        l.gazetteer_version,
        coalesce(s.story_id, v.article_id) as story_id
    from article_versions as v
    inner join stg_latest as l using (article_id, version)
    left join changed as c using (article_id)
    left join story_labels as s using (article_id)
    where v.is_latest
)

select * from final order by published_day, article_id
