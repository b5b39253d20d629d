-- Who answers whom among opinion texts.
-- Unit: one row per reply and the text that it answers.
-- Rules: `link`: the reply links to it; `title`: «Svar til …» names an author of an opinion text of the 60 days before;
-- `name`: headline or standfirst names such an author's full name. The surest way counts.
-- Blind spots: replies that name nobody in headline or standfirst; replies in papers that we do not read.
-- @reply_article_id the reply
-- @target_article_id what it answers
-- @how link, title or name
-- @score 0.95, 0.8 or 0.6
-- @thread_id first text of the chain
-- @tie_ids ties that the reply names
-- @reply_day Oslo day of the reply
-- @days_after days between the two
-- @reply_source_id its paper
-- @target_source_id the other's paper
select
    r.reply_article_id,
    r.target_article_id,
    r.how,
    r.score,
    t.thread_id,
    coalesce(m.tie_ids, []) as tie_ids,
    r.reply_day,
    r.days_after,
    r.reply_source_id,
    r.target_source_id
from stg_replies as r
inner join debate_threads as t using (reply_article_id)
left join (
    select
        article_id,
        list_sort(list(distinct tie_id)) as tie_ids
    from tie_mentions
    group by article_id
) as m on r.reply_article_id = m.article_id
order by r.reply_day, r.reply_article_id, r.target_article_id
