-- Readings as `nlp` wrote them, one row per article version that was read.
-- The columns are those of the first file: to look into all files first would hold what each says of itself in memory.
select
    article_id,
    version,
    content_hash,
    source_id,
    model_version,
    gazetteer_version,
    language,
    opinion_form,
    entities,
    links,
    mentions,
    events,
    stances,
    signature,
    embedding
from read_parquet(getvariable('reading_parts'))
