-- Every week and month with its healthy source-days and the stories printed on them.
with days as (
    select
        unnest(['week', 'month']) as grain,
        unnest([week, month]) as period,
        source_id,
        day,
        healthy,
        read_lately
    from source_days
),

health as (
    select
        grain,
        period,
        cast(min(day) as date) as first_day,
        count(*) filter (where read_lately) as possible_source_days,
        count(*) filter (where healthy) as healthy_source_days,
        list_sort(coalesce(list(distinct source_id) filter (where healthy), [])) as healthy_source_ids
    from days
    group by all
),

totals as (
    select
        'week' as grain,
        strftime(date '1900-01-01' + 7 * week_no, '%G-W%V') as period,
        count(distinct story_no) as all_stories
    from stg_prints
    where healthy
    group by week_no
    union all
    select
        'month',
        format('{:04d}-{:02d}', month_no // 12, month_no % 12 + 1),
        count(distinct story_no)
    from stg_prints
    where healthy
    group by month_no
),

final as (
    select
        h.grain,
        h.period,
        case when h.grain = 'week' then strptime(h.period || '-1', '%G-W%V-%u')::date
            else strptime(h.period || '-01', '%Y-%m-%d')::date
        end as period_start,
        h.possible_source_days,
        h.healthy_source_days,
        coalesce(h.healthy_source_days / nullif(h.possible_source_days, 0), 0) as coverage,
        h.healthy_source_ids,
        len(h.healthy_source_ids) as healthy_sources,
        coalesce(t.all_stories, 0) as all_stories
    from health as h
    left join totals as t using (grain, period)
)

select
    *,
    healthy_source_ids is distinct from lag(healthy_source_ids) over (partition by grain order by period)
    and row_number() over (partition by grain order by period) > 1 as sources_changed
from final
