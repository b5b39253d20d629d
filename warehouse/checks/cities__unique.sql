-- place_id is the key of cities.
select place_id
from cities
group by all
having count(*) > 1
