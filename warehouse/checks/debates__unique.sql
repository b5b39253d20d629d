-- reply_article_id, target_article_id is the key of debates.
select reply_article_id, target_article_id
from debates
group by all
having count(*) > 1
