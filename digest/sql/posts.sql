-- The week's opinion texts about ties: where each stands on which tie, what it answers, how many have answered it.
-- Unit: one row per story and tie, from its first print. Answers count until the week's end.
with texts as (
    select
        a.*,
        concat_ws(chr(10) || chr(10), nullif(a.title, ''), nullif(a.lead, '')) as head
    from articles as a
    where a.week = $week
        and a.is_opinion
        -- What the page itself calls news is no debate, whatever its words look like.
        and a.kind is distinct from 'news'
        and a.withdrawn_at is null
        and (
            a.article_id = a.story_id
            -- The first print is older or no opinion: then the first of this week speaks for the story.
            or a.article_id = (
                select min_by(b.article_id, (b.published_at, b.article_id))
                from articles as b
                where b.story_id = a.story_id and b.week = $week and b.is_opinion and b.kind is distinct from 'news'
                    and b.withdrawn_at is null
            )
        )
),

named as (
    select article_id, tie_id from tie_mentions where score >= 0.5
    union
    select article_id, tie_id from tie_stances
),

stances as (
    select
        *,
        count(*) over (partition by article_id) as n_ties
    from tie_stances
),

answers as (
    select
        d.target_article_id as article_id,
        count(distinct r.story_id) as replies
    from debates as d
    inner join articles as r on d.reply_article_id = r.article_id
    where d.reply_day <= $last
    group by d.target_article_id
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
        a.article_id,
        a.story_id,
        a.title,
        a.url,
        s.name as paper,
        a.published_day,
        a.opinion_form,
        a.paywalled,
        n.tie_id,
        t.kommune_id,
        t.kommune_name,
        k.fylke,
        t.city_id,
        t.city_name,
        c.name_en as city_en,
        t.country,
        -- Words that name neither end say nothing of this tie.
        case
            when contains(st.evidence, t.city_name) or contains(st.evidence, t.kommune_name) or st.n_ties = 1 then st.stance
            else 'none'
        end as stance,
        coalesce(st.score, 0) as stance_score,
        case
            when not a.paywalled then st.evidence
            when st.char_end <= length(a.head) then substr(a.head, st.char_start + 1, st.char_end - st.char_start)
        end as sentence,
        g.article_id as target_article_id,
        g.story_id as target_story_id,
        g.title as target_title,
        g.url as target_url,
        gs.name as target_paper,
        g.published_day as target_published_day,
        g.is_opinion and g.kind is distinct from 'news' as target_is_opinion,
        g.opinion_form as target_opinion_form,
        g.paywalled as target_paywalled,
        coalesce(w.replies, 0) as replies
    from texts as a
    inner join named as n using (article_id)
    inner join ties as t on n.tie_id = t.tie_id
    inner join kommuner as k on t.kommune_id = k.place_id
    left join cities as c on t.city_id = c.place_id
    left join stances as st on a.article_id = st.article_id and n.tie_id = st.tie_id
    left join sources as s on a.source_id = s.source_id
    left join targets as x on a.article_id = x.reply_article_id
    left join articles as g on x.target_article_id = g.article_id and g.withdrawn_at is null
    left join sources as gs on g.source_id = gs.source_id
    left join answers as w on a.article_id = w.article_id
    qualify row_number() over (partition by a.story_id, n.tie_id order by a.published_at, a.article_id) = 1
)

select * from final order by published_day, article_id, tie_id
