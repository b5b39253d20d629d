-- Replies and what they may answer, each pair once, by the surest way.
with opinion as (
    select
        article_id,
        story_id,
        source_id,
        title,
        lead,
        url,
        authors,
        links,
        published_day
    from articles
    where is_opinion and published_day is not null
),

addresses as (
    select
        regexp_replace(url, '^https?://(www\.)?|[?#].*$|/$', '', 'g') as address,
        article_id
    from opinion
),

linked as (
    select
        o.article_id as reply,
        a.article_id as target,
        'link' as how,
        0.95 as score
    from (select article_id, unnest(links) as link from opinion) as o
    inner join addresses as a on regexp_replace(o.link, '^https?://(www\.)?|[?#].*$|/$', '', 'g') = a.address
),

authors as (
    select
        article_id,
        story_id,
        published_day,
        unnest(authors) as author
    from opinion
),

-- An author is answered within sixty days: each text stands in the sixty days of its day and in the next, so that
-- equal stretches find all that are near. Joined on names and stretches, this stays linear in the years.
surnames as (
    select
        *,
        regexp_extract(author, '([\pL-]+)$', 1) as surname,
        unnest([
            (published_day - date '1900-01-01') // 60,
            (published_day - date '1900-01-01') // 60 + 1
        ]) as stretch
    from authors
    where author like '% %'
),

titled as (
    select
        article_id,
        story_id,
        published_day,
        regexp_extract(title, '(?i)\b(?:til)?svar til:? (.{2,80})', 1) as named
    from opinion
    where regexp_matches(title, '(?i)\b(?:til)?svar til')
),

named as (
    select distinct
        article_id,
        story_id,
        published_day,
        (published_day - date '1900-01-01') // 60 as stretch,
        unnest(regexp_extract_all(named, '[\pL-]+') || regexp_extract_all(named, '([\pL-]+)s\b', 1)) as surname
    from titled
),

by_title as (
    select
        t.article_id as reply,
        s.article_id as target,
        'title' as how,
        0.8 as score
    from named as t
    inner join surnames as s
        on t.surname = s.surname
        and t.stretch = s.stretch
        and s.published_day between t.published_day - 60 and t.published_day
        and length(s.surname) > 2
        and s.story_id <> t.story_id
    -- The nearest text of that author is the one that is answered.
    qualify row_number() over (partition by t.article_id order by s.published_day desc, s.article_id) = 1
),

words as (
    select distinct
        article_id,
        story_id,
        published_day,
        (published_day - date '1900-01-01') // 60 as stretch,
        title || ' ' || lead as head,
        unnest(regexp_extract_all(title || ' ' || lead, '\p{Lu}[\pL-]+')) as surname
    from opinion
),

by_name as (
    select
        w.article_id as reply,
        s.article_id as target,
        'name' as how,
        0.6 as score
    from words as w
    inner join surnames as s
        on w.surname = s.surname
        and w.stretch = s.stretch
        and s.published_day between w.published_day - 60 and w.published_day
        and s.story_id <> w.story_id
        and contains(w.head, s.author)
    qualify row_number() over (partition by w.article_id order by s.published_day desc, s.article_id) = 1
),

candidates as (
    select * from linked
    union all
    select * from by_title
    union all
    select * from by_name
),

final as (
    select
        c.reply as reply_article_id,
        c.target as target_article_id,
        c.how,
        c.score,
        r.published_day as reply_day,
        r.published_day - t.published_day as days_after,
        r.source_id as reply_source_id,
        t.source_id as target_source_id
    from candidates as c
    inner join opinion as r on c.reply = r.article_id
    inner join opinion as t on c.target = t.article_id
    where c.reply <> c.target
        and r.story_id <> t.story_id
        and (t.published_day, t.article_id) < (r.published_day, r.article_id)
)

select * from final
qualify row_number() over (partition by reply_article_id, target_article_id order by score desc) = 1
