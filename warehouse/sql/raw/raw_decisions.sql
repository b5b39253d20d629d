-- What analysts judged, one line a judgement, in the order in which it was written.
select
    *
from read_json(
    getvariable('decision_parts'),
    format = 'newline_delimited',
    ignore_errors = getvariable('lenient'),
    columns = {
        judged_at: 'timestamptz',
        judged_by: 'varchar',
        judgement: 'varchar',
        article_id: 'varchar',
        version: 'integer',
        tie_id: 'varchar',
        action: 'varchar',
        char_start: 'integer',
        char_end: 'integer',
        evidence: 'varchar',
        new_tie_id: 'varchar',
        new_action: 'varchar',
        new_factuality: 'varchar',
        new_date: 'date',
        new_date_precision: 'varchar',
        note: 'varchar'
    }
)
where article_id is not null
