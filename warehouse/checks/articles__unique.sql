-- article_id is the key of articles.
select article_id
from articles
group by all
having count(*) > 1
