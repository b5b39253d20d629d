-- What analysts judged, every judgement ever made; the last one about an event counts.
-- Unit: one row per judgement, from the append-only `decisions.jsonl`.
-- @judged_at UTC
-- @judged_by who judged
-- @judgement accept, reject or change
-- @article_id article of the event
-- @version version that was shown
-- @tie_id tie as the machine read it
-- @action action as the machine read it
-- @char_start first character of the words that were shown
-- @char_end one past the last
-- @evidence the words that were shown
-- @new_tie_id corrected tie, NULL where it was right
-- @new_action corrected action
-- @new_factuality corrected factuality
-- @new_date corrected day
-- @new_date_precision how much of the day is known
-- @note the analyst's reason
select
    * replace (judged_at at time zone 'UTC' as judged_at)
from raw_decisions
order by judged_at, article_id
