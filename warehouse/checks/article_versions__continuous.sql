-- Exactly one version is the latest, and each follows the one before without a gap.
select article_id
from article_versions
group by article_id
having count(*) filter (where is_latest) <> 1
union all
select article_id
from (
    select article_id, known_to, lead(known_from) over (partition by article_id order by version) as next_from
    from article_versions
)
where next_from is not null and next_from <> known_to
