-- article_id is the key of story_articles.
select article_id
from story_articles
group by all
having count(*) > 1
