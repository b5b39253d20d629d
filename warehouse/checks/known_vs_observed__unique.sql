-- known_id is the key of known_vs_observed.
select known_id
from known_vs_observed
group by all
having count(*) > 1
