-- The last judgement of each event: whoever judged later wins.
select
    judged_at at time zone 'UTC' as judged_at,
    judged_by,
    judgement,
    article_id,
    version,
    tie_id,
    action,
    char_start,
    char_end,
    evidence,
    new_tie_id,
    new_action,
    new_factuality,
    new_date,
    new_date_precision
from raw_decisions
qualify row_number() over (partition by article_id, tie_id, action, char_start order by judged_at desc, judged_by) = 1
