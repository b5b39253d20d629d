-- Judgements are of the known sort and say who and when.
select article_id, judgement, judged_by
from decisions
where judgement not in ('accept', 'reject', 'change') or judged_by is null or judged_at is null
