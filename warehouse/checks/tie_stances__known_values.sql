-- Stances are of the known sort.
select article_id, tie_id, stance, score
from tie_stances
where stance not in ('keep', 'freeze', 'end', 'establish', 'none') or score not between 0 and 1
