-- No figure without a healthy source, no reason beside a share, shares inside their interval, sums in order.
select level, key, month
from attention_monthly
where (healthy_source_days = 0) <> (articles is null)
    or (healthy_source_days = 0) <> (stories is null)
    or (reason is null) <> (share is not null)
    or not coalesce(share between share_low and share_high, true)
    or not coalesce(share between 0 and 1, true)
    or stories > articles
    or reach > articles
    or stories > all_stories
    or articles > articles_seen
    or opinion_stories > stories
    or healthy_source_days > possible_source_days
