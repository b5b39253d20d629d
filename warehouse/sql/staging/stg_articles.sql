-- New and changed article files: renamed, cast to UTC without zone; `fault` says what a record lacks.
select
    article_id,
    version,
    source_id,
    publisher_group,
    url,
    kind,
    opinion_form,
    title,
    coalesce(lead, '') as lead,
    language,
    coalesce(list_transform(authors, lambda author: author.name), []) as authors,
    section,
    coalesce(tags, []) as tags,
    published_at at time zone 'UTC' as published_at,
    published_from,
    published_precision,
    modified_at at time zone 'UTC' as modified_at,
    fetched_at at time zone 'UTC' as fetched_at,
    coalesce(paywalled, false) as paywalled,
    wire,
    correction,
    coalesce(links, []) as links,
    withdrawn_at at time zone 'UTC' as withdrawn_at,
    content_hash,
    word_count,
    filename[length(getvariable('data')) + 2:] as part,
    case
        when version is null then 'no version'
        when source_id is null then 'no source_id'
        when url is null then 'no url'
        when title is null then 'no title'
        when published_at is null then 'no published_at'
        when fetched_at is null then 'no fetched_at'
        when kind is null or kind not in ('news', 'opinion', 'official', 'unknown') then 'kind ' || coalesce(kind, 'missing')
    end as fault
from raw_articles
