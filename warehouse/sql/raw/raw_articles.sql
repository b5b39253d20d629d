-- Article versions as the crawlers wrote them, without the text: it stays in the article files.
-- Only files that are new or changed since the last build are read; the others come from `kept_articles`.
select
    *
from read_json(
    getvariable('article_parts'),
    format = 'newline_delimited',
    ignore_errors = getvariable('lenient'),
    filename = true,
    columns = {
        article_id: 'varchar',
        version: 'integer',
        source_id: 'varchar',
        publisher_group: 'varchar',
        url: 'varchar',
        kind: 'varchar',
        opinion_form: 'varchar',
        title: 'varchar',
        lead: 'varchar',
        language: 'varchar',
        authors: 'struct(name varchar, role varchar)[]',
        section: 'varchar',
        tags: 'varchar[]',
        published_at: 'timestamptz',
        published_from: 'varchar',
        published_precision: 'varchar',
        modified_at: 'timestamptz',
        fetched_at: 'timestamptz',
        paywalled: 'boolean',
        wire: 'varchar',
        correction: 'varchar',
        links: 'varchar[]',
        rights: 'struct(robots varchar[], tdm_reserved boolean, tdm_policy varchar, ai_agents_blocked boolean)',
        withdrawn_at: 'timestamptz',
        content_hash: 'varchar',
        word_count: 'integer'
    }
)
where article_id is not null
