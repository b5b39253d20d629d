-- The sentences behind a tie's figures: for each story the one that says most.
-- Unit: one row per tie and story, newest first, at most 60 a tie; `told` counts them all.
-- `sentence` is what may be shown: of a paid article only words of title or standfirst, of a withdrawn one nothing, of
-- an opinion text nothing that names a writer of opinion texts.
with writers as (
    select list(distinct name) as names
    from (select unnest(authors) as name from articles where is_opinion)
    where length(name) > 4 and contains(name, ' ')
),

heads as (
    select
        -- What the page itself calls news is none, whatever its words look like.
        * replace (is_opinion and kind is distinct from 'news' as is_opinion),
        length(title) as title_end,
        concat_ws(chr(10) || chr(10), nullif(title, ''), nullif(lead, '')) as head
    from articles
),

sentences as (
    select
        e.key as tie_id,
        a.story_id,
        a.article_id,
        a.title,
        a.url,
        s.name as paper,
        a.published_day,
        a.published_at,
        a.is_opinion,
        a.opinion_form,
        a.paywalled,
        a.withdrawn_at is not null as is_withdrawn,
        e.kind,
        case when e.kind = 'event' and e.factuality in ('happened', 'proposed') then e.action end as action,
        e.score,
        e.char_end <= a.title_end as is_title,
        case
            when a.withdrawn_at is not null then null
            when a.paywalled and e.char_end > length(a.head) then null
            when a.paywalled then substr(a.head, e.char_start + 1, e.char_end - e.char_start)
            else e.sentence
        end as sentence
    from evidence as e
    inner join heads as a using (article_id)
    left join sources as s on a.source_id = s.source_id
    where e.level = 'tie'
        and e.kind in ('mention', 'event')
        and e.score >= 0.5
        and e.judgement is distinct from 'reject'
        and a.published_day is not null
),

allowed as (
    select
        *
        replace (
            case
                when not is_opinion then sentence
                when len(list_filter((select names from writers), lambda name: contains(sentence, name))) = 0 then sentence
            end as sentence
        )
    from sentences
),

final as (
    select
        *,
        count(distinct article_id) over (partition by tie_id, story_id) as prints,
        count(distinct story_id) over (partition by tie_id) as told
    from allowed
    qualify row_number() over (
        partition by tie_id, story_id
        order by is_withdrawn, sentence is null, is_title, kind = 'event' desc, score desc, published_at, article_id
    ) = 1
)

select *
from final
qualify row_number() over (partition by tie_id order by published_day desc, story_id) <= 60
order by tie_id, published_day desc, story_id
