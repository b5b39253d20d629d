-- What is set aside has a reason.
select part, line
from set_aside
where reason is null
