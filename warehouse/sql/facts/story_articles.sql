-- Which article tells which story, and how that was found.
-- Unit: one row per article.
-- Blind spots: articles without a signature (under 20 words, paid, not read) stand alone.
-- @story_id the article_id of the story's first print
-- @article_id a print of it
-- @method alone, signature (shared word shingles), title (a cut under the same headline) or embedding (a translation)
-- @similarity the strongest likeness to another print of the story: shared shingles, or cosine for embedding
select
    a.story_id,
    a.article_id,
    coalesce(s.method, 'alone') as method,
    s.similarity
from articles as a
left join story_labels as s using (article_id)
