-- Every step cites articles or documents; every status is of the known sort.
select tie_id, status, basis
from tie_status
where (basis <> 'registry' and len(article_ids) = 0 and len(source_urls) = 0)
    or status not in ('active', 'frozen', 'ended', 'proposed', 'doubtful', 'disputed')
