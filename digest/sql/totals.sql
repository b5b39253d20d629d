-- How much was read in the week.
-- Unit: one row.
select
    (select count(distinct story_id) from articles where week = $week) as stories,
    (select count(distinct source_id) from source_days where week = $week) as papers,
    (
        select count(distinct a.story_id)
        from articles as a
        inner join tie_mentions as m using (article_id)
        where a.week = $week and m.score >= 0.5
    ) as tie_stories,
    (
        select count(*)
        from tie_status_as_of($last, $last) as x
        inner join ties as t using (tie_id)
        where t.country = 'UA' and x.status = 'active'
    ) as ukraine_ties
