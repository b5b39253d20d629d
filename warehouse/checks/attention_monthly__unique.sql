-- level, key, month is the key of attention_monthly.
select level, key, month
from attention_monthly
group by all
having count(*) > 1
