-- The papers and sections that we crawl, as `sources.toml` states them, and any other that articles came from.
-- Unit: one row per source.
-- @source_id readable id
-- @name the paper's name
-- @publisher_group the owner
-- @platform the CMS family
-- @kind what it prints: news, debate …
-- @region the region that it covers, in words
-- @fylker fylke names that the region names; empty means the whole country or unknown
-- @paywall what is known of its paywall
-- @active false where crawling is switched off or the source is no longer listed
with listed as (
    select * from source_list
),

seen as (
    select distinct
        source_id,
        publisher_group
    from article_versions
),

seen_once as (
    select
        source_id,
        min(publisher_group) as publisher_group
    from seen
    group by source_id
),

final as (
    select
        coalesce(l.source_id, s.source_id) as source_id,
        coalesce(l.name, s.source_id) as name,
        coalesce(l.publisher_group, s.publisher_group) as publisher_group,
        l.platform,
        l.kind,
        l.region,
        coalesce(l.fylker, []) as fylker,
        l.paywall,
        coalesce(l.active, false) as active
    from listed as l
    full outer join seen_once as s using (source_id)
)

select * from final order by source_id
