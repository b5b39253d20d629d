-- tie_id is the key of silence.
select tie_id
from silence
group by all
having count(*) > 1
