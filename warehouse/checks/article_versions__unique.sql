-- article_id, version is the key of article_versions.
select article_id, version
from article_versions
group by all
having count(*) > 1
