-- The crawl log: what each crawl claims to have seen.
select
    crawl_id,
    source_id,
    cast(started_at as timestamptz) at time zone 'UTC' as started_at,
    cast(ended_at as timestamptz) at time zone 'UTC' as ended_at,
    mode,
    door,
    outcome,
    listed,
    fetched,
    new,
    changed,
    withdrawn,
    errors,
    covers_from,
    covers_to,
    note
from read_json(
    getvariable('crawl_parts'),
    format = 'newline_delimited',
    ignore_errors = getvariable('lenient'),
    columns = {
        crawl_id: 'varchar',
        source_id: 'varchar',
        started_at: 'timestamptz',
        ended_at: 'timestamptz',
        mode: 'varchar',
        door: 'varchar',
        outcome: 'varchar',
        listed: 'integer',
        fetched: 'integer',
        new: 'integer',
        changed: 'integer',
        withdrawn: 'integer',
        errors: 'map(varchar, integer)',
        covers_from: 'date',
        covers_to: 'date',
        note: 'varchar'
    }
)
where source_id is not null
