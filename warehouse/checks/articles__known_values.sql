-- Kinds and dates are of the known sort, and an article tells one story that exists.
select a.article_id, a.kind, a.published_from, a.story_id
from articles as a
left join stories as s using (story_id)
where a.kind not in ('news', 'opinion', 'official', 'unknown')
    or s.story_id is null
    or (a.published_day is null) <> (a.undated_reason is not null)
