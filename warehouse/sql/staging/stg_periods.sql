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

printed as (
    select
        unnest(['week', 'month']) as grain,
        unnest([week, month]) as period,
        story_no
    from stg_prints
    where healthy
),

totals as (
    select
        grain,
        period,
        count(distinct story_no) as all_stories
    from printed
    group by all
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
