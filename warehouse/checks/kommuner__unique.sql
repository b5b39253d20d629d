-- place_id is the key of kommuner.
select place_id
from kommuner
group by all
having count(*) > 1
