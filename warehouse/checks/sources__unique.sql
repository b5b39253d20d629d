-- source_id is the key of sources.
select source_id
from sources
group by all
having count(*) > 1
