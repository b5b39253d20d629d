-- Heads of the readings.
select
    article_id,
    version,
    content_hash,
    model_version,
    gazetteer_version,
    language as text_language,
    opinion_form as text_opinion_form
from raw_readings
