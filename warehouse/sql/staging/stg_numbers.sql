-- Articles by number, with the number of the story that they tell: its first print's.
with numbered as (
    select
        article_id,
        story_id,
        cast(row_number() over () as integer) as article_no
    from articles
)

select
    a.article_id,
    a.article_no,
    s.article_no as story_no
from numbered as a
inner join numbered as s on a.story_id = s.article_id
