-- Every version of every article, head data only; the words are in the article file that `part` names.
-- Unit: one row per article and version; a line that was written twice counts once.
-- Blind spots: a version that came and went between two visits was never seen.
-- @article_id the platform's own id, or a hash of the canonical address
-- @version counts from 1, rises when the words change
-- @source_id the paper or section that was crawled
-- @publisher_group the owner
-- @url canonical address
-- @kind news, opinion, official or unknown, as the page says
-- @opinion_form debatt, kronikk, leserbrev, leder or kommentar, as the page says
-- @title headline
-- @lead standfirst, empty where there is none
-- @language as the page says or the crawler guessed
-- @authors names as printed
-- @section section as the paper names it
-- @tags the paper's own tags
-- @published_at UTC
-- @published_from where the date was found; `fetched` means that the visit stands in for an unknown date
-- @published_precision second, minute, day, month or year
-- @modified_at UTC, the paper's own word
-- @fetched_at UTC, when this version was first seen
-- @paywalled true where only head data may be kept
-- @wire the agency of a wire story (NTB …)
-- @correction the paper's own correction notice
-- @links addresses that the text links to
-- @withdrawn_at UTC, when the page was found gone
-- @content_hash changes when the words change
-- @word_count words of the text, or the paper's own count where it is paid
-- @part the article file under the data folder
-- @known_from UTC: printing of the first version, later the paper's own time of change or our visit
-- @known_to UTC: when the next version replaced it; 9999-12-31 for the latest
-- @is_latest true for the version that counts
with all_versions as not materialized (
    select * exclude (fault)
    from stg_articles
    where fault is null
    union all by name
    select * from kept_articles
),

-- Most articles never change: only the others need to be put in order.
several as (
    select article_id
    from all_versions
    group by article_id
    having count(*) > 1
),

once as (
    select *
    from all_versions
    semi join several using (article_id)
    qualify row_number() over (partition by article_id, version order by fetched_at, part) = 1
),

timed as (
    select
        *,
        case
            when row_number() over versions = 1 then published_at
            else coalesce(greatest(modified_at, published_at), fetched_at)
        end as known_from
    from once
    window versions as (partition by article_id order by version)
),

final as (
    select
        *,
        coalesce(lead(known_from) over versions, timestamp '9999-12-31') as known_to,
        lead(version) over versions is null as is_latest
    from timed
    window versions as (partition by article_id order by version)
    union all by name
    select
        *,
        published_at as known_from,
        timestamp '9999-12-31' as known_to,
        true as is_latest
    from all_versions
    anti join several using (article_id)
)

select * from final
