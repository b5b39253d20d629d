-- The prints of all stories are all articles, reach is never above prints, and a story is named after one of its prints.
select 'articles' as what, (select count(*) from articles) as one, (select sum(articles) from stories) as other
where one <> coalesce(other, 0)
union all
select s.story_id, s.papers, s.articles
from stories as s
left join articles as a on s.story_id = a.article_id
where s.papers > s.articles or a.article_id is null
