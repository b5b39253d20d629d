-- Readings as `nlp` wrote them, one row per article version that was read.
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
from read_parquet(getvariable('reading_parts'), union_by_name = true)
