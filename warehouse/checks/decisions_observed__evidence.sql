-- Every decision has reports, an evidence sentence and a first report; only decided ones have a day of belief.
select decision_id
from decisions_observed
where reports < 1
    or stories < 1
    or evidence is null
    or first_report_day is null
    or score not between 0 and 1
    or state not in ('decided', 'reported', 'proposed', 'rejected')
    or (state in ('reported', 'rejected') and known_from is not null)
