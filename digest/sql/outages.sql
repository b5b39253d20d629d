-- Sources that were not wholly fetched in the week, and why.
-- Unit: one row per source with a day that does not count.
select
    d.source_id,
    s.name,
    count(*) as days,
    count(*) filter (where not d.healthy) as missing,
    list_sort(list(distinct d.state) filter (where not d.healthy)) as states
from source_days as d
inner join sources as s using (source_id)
where d.day between $first and least($last, $built_for - 1)
group by d.source_id, s.name
having count(*) filter (where not d.healthy) > 0
order by missing desc, s.name
