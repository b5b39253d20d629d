-- Latest versions with what is known of them beside the page: narrow, for it is held in memory.
-- A date that is only the day of the visit, or a month, is no day. `title_hash` is that of the headline's words.
with final as (
    select
        v.article_id,
        v.version,
        v.published_at,
        v.word_count,
        regexp_replace(lower(v.title), '[^\pL\pN]+', ' ', 'g') as title_words,
        coalesce(v.opinion_form, r.text_opinion_form) as opinion_form,
        coalesce(v.kind = 'opinion' or v.opinion_form is not null or r.text_opinion_form is not null, false) as is_opinion,
        case
            when v.published_from <> 'fetched' and v.published_precision in ('second', 'minute', 'day')
                then cast(v.published_at at time zone 'UTC' at time zone 'Europe/Oslo' as date)
        end as published_day,
        r.article_id is not null as is_read,
        r.model_version,
        r.gazetteer_version,
        r.text_language
    from article_versions as v
    left join stg_readings as r using (article_id, version)
    where v.is_latest
)

select
    * exclude (title_words),
    case when length(title_words) >= 20 then hash(title_words) end as title_hash
from final
