-- tie_id is the key of ties.
select tie_id
from ties
group by all
having count(*) > 1
