-- What opinion texts want for each tie, and what they answer.
-- Unit: one row per tie and story, newest first. Withdrawn texts are left out.
with writers as (
    select list(distinct name) as names
    from (select unnest(authors) as name from articles where is_opinion)
    where length(name) > 4 and contains(name, ' ')
),

targets as (
    select
        reply_article_id,
        arg_max(target_article_id, score) as target_article_id
    from debates
    group by reply_article_id
),

final as (
    select
        st.tie_id,
        a.story_id,
        a.article_id,
        a.title,
        a.url,
        s.name as paper,
        a.published_day,
        a.opinion_form,
        a.paywalled,
        st.stance,
        case
            when a.paywalled then null
            when len(list_filter((select names from writers), lambda name: contains(st.evidence, name))) = 0 then st.evidence
        end as sentence,
        g.title as target_title,
        g.url as target_url,
        gs.name as target_paper
    from tie_stances as st
    inner join articles as a using (article_id)
    left join sources as s on a.source_id = s.source_id
    left join targets as x on a.article_id = x.reply_article_id
    left join articles as g on x.target_article_id = g.article_id and g.withdrawn_at is null
    left join sources as gs on g.source_id = gs.source_id
    where a.withdrawn_at is null
        and a.is_opinion
        and a.kind is distinct from 'news'
        and a.published_day is not null
    qualify row_number() over (partition by st.tie_id, a.story_id order by a.published_at, a.article_id) = 1
)

select * from final order by tie_id, published_day desc, story_id
