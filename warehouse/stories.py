"""Stories: one text, however many papers print it.

Candidates share a band of their MinHash signature (42 bands of 3), a headline, or, for translations, a tie within a
week. They are the same story when their signatures agree in at least `COPY` of their places; when they agree in `CUT`
and most of the shorter text stands in the longer one (`INSIDE`, from the likeness and the two lengths) or the headline
is the same; or when their embeddings (different languages, same tie) have a cosine of `TRANSLATION`. A reply that
quotes shares far fewer shingles with what it quotes, and stays a story of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import numpy.typing as npt

COPY = 0.4
"""Least estimated Jaccard likeness of two prints of one text."""
CUT = 0.22
"""The same where one may be a short cut of the other."""
INSIDE = 0.6
"""Least part of the shorter text's shingles that stand in the longer one too."""
TRANSLATION = 0.95
"""Least cosine of a text and its translation; different texts on one tie reach 0.92 (demo texts, e5-small)."""
PLACES = 128
"""Numbers of a signature."""
BANDS, ROWS = 42, 3
NEIGHBOURS = 4
"""With how many texts of one band each is compared: those printed next after it."""
DAYS = 60
"""Reprints come within two months."""

Pairs = npt.NDArray[np.int64]
Signatures = npt.NDArray[np.uint32]


def label(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str, float]]:
    """Yield (story_id, article_id, method, similarity) for every article that has a copy; others stand alone."""
    connection.execute(
        """
        create temp table signed as
        select
            row_number() over (order by l.published_at, l.article_id) - 1 as n,
            l.article_id,
            coalesce(l.published_day, cast(l.published_at as date)) as day,
            regexp_replace(lower(l.title), '[^\\pL\\pN]+', ' ', 'g') as title,
            l.is_opinion,
            greatest(l.word_count, 20) as words,
            r.signature
        from stg_latest as l
        inner join raw_readings as r using (article_id, version)
        where len(r.signature) = 128
        """
    )
    count = _one(connection, "select count(*) from signed")
    kinds: dict[tuple[int, int], tuple[str, float]] = {}
    if count > 1:
        days = _days(connection, count)
        _compare(connection, _band_pairs(connection, days), kinds, same_title=False)
        _compare(connection, _title_pairs(connection), kinds, same_title=True)
    for one, other, cosine in _translations(connection):
        kinds.setdefault((one, other), ("embedding", cosine))
    names = _names(connection, kinds)
    connection.execute("drop table signed")
    yield from _labels(kinds, names)


def agreement(one: Signatures, other: Signatures) -> npt.NDArray[np.float64]:
    """Return the part of places in which signatures (one a row) agree: an estimate of the Jaccard likeness."""
    return np.asarray((one == other).mean(axis=1), dtype=np.float64)


def band_hashes(signatures: Signatures) -> npt.NDArray[np.uint64]:
    """Return one number per band and signature (bands × signatures)."""
    cut = signatures[:, : BANDS * ROWS].reshape(len(signatures), BANDS, ROWS).astype(np.uint64)
    mixed = np.zeros(cut.shape[:2], dtype=np.uint64)
    for row in range(ROWS):
        mixed = (mixed ^ cut[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return np.ascontiguousarray(mixed.T)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


def _days(connection: duckdb.DuckDBPyConnection, count: int) -> npt.NDArray[np.int32]:
    got = connection.execute("select n, cast(day - date '1970-01-01' as integer) as day from signed").fetchnumpy()
    days = np.empty(count, dtype=np.int32)
    days[got["n"].astype(np.int64)] = got["day"]
    return days


def _band_pairs(connection: duckdb.DuckDBPyConnection, days: npt.NDArray[np.int32]) -> Pairs:
    """Pair texts that share a band and follow each other in print; memory: 8 bytes × bands × texts."""
    hashes = np.empty((BANDS, len(days)), dtype=np.uint64)
    for batch in connection.sql("select n, signature from signed").to_arrow_reader(20_000):
        numbers = batch.column(0).to_numpy()
        flat = batch.column(1).flatten().to_numpy(zero_copy_only=False).astype(np.uint32, copy=False)
        hashes[:, numbers] = band_hashes(flat.reshape(len(numbers), PLACES))
    found: list[Pairs] = []
    for band in hashes:
        # Equal hashes stay in order of print, for `n` counts in that order and the sort is stable.
        order = np.argsort(band, kind="stable")
        ordered = band[order]
        for step in range(1, NEIGHBOURS + 1):
            same = ordered[:-step] == ordered[step:]
            if not same.any():
                break
            one, other = order[:-step][same], order[step:][same]
            near = days[other] - days[one] <= DAYS
            found.append(np.stack([one[near], other[near]], axis=1))
    return np.unique(np.concatenate(found), axis=0) if found else np.empty((0, 2), dtype=np.int64)


def _title_pairs(connection: duckdb.DuckDBPyConnection) -> Pairs:
    rows = connection.execute(
        """
        select
            lag(n) over same_title as one,
            n as other
        from signed
        where length(title) >= 20
        window same_title as (partition by title order by n)
        qualify one is not null and day - lag(day) over same_title <= 14
        """
    ).fetchall()
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _compare(
    connection: duckdb.DuckDBPyConnection,
    pairs: Pairs,
    kinds: dict[tuple[int, int], tuple[str, float]],
    *,
    same_title: bool,
) -> None:
    """Keep the pairs whose signatures agree; signatures are fetched for candidates only, in slices."""
    for start in range(0, len(pairs), 200_000):
        some = pairs[start : start + 200_000]
        wanted = np.unique(some)
        connection.register("wanted", {"n": wanted})
        got = connection.sql(
            "select n, signature, words, is_opinion from signed semi join wanted using (n) order by n"
        ).to_arrow_table()
        connection.unregister("wanted")
        flat = got.column("signature").combine_chunks().flatten().to_numpy(zero_copy_only=False)
        signatures = flat.astype(np.uint32, copy=False).reshape(len(wanted), PLACES)
        words = got.column("words").to_numpy().astype(np.float64)
        opinion = got.column("is_opinion").to_numpy().astype(bool)
        one = np.searchsorted(wanted, some[:, 0])
        other = np.searchsorted(wanted, some[:, 1])
        for at in range(0, len(some), 50_000):
            a, b = one[at : at + 50_000], other[at : at + 50_000]
            likeness = agreement(signatures[a], signatures[b])
            shared = likeness / (1 + likeness) * (words[a] + words[b]) / np.minimum(words[a], words[b])
            short = (likeness >= CUT) & (opinion[a] == opinion[b]) & (same_title | (shared >= INSIDE))
            for n in np.flatnonzero((likeness >= COPY) | short):
                pair = (int(some[at + n, 0]), int(some[at + n, 1]))
                method = "title" if same_title and likeness[n] < COPY else "signature"
                kinds.setdefault(pair, (method, float(likeness[n])))


def _translations(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, float]]:
    """Pair texts of different languages that name the same tie within a week and mean the same.

    Only texts with a tie are compared: of all others a translation would change no figure about ties. The two must be
    each other's nearest, or two papers' own reports of one vote would be joined by a third in the other language.
    """
    size = _one(connection, "select coalesce(max(len(embedding)), 0) from raw_readings where len(mentions) > 0")
    if not size:
        return []
    # Arrays of a fixed length: DuckDB 2.0's list functions trip over empty lists among the rows.
    rows: list[tuple[int, int, float]] = connection.execute(
        f"""
        with telling as (
            select distinct
                s.n,
                s.day,
                r.language,
                l.word_count,
                l.is_opinion,
                mention.kommune_id || mention.city_id as tie,
                r.embedding
            from (
                select
                    article_id,
                    version,
                    language,
                    case when len(embedding) = {size} then embedding::float[{size}] end as embedding,
                    unnest(mentions) as mention
                from raw_readings
                where len(mentions) > 0 and len(embedding) = {size}
            ) as r
            inner join stg_latest as l using (article_id, version)
            inner join signed as s using (article_id)
        ),

        near as (
            select
                a.n as one,
                b.n as other,
                max(array_cosine_similarity(a.embedding, b.embedding)) as cosine
            from telling as a
            inner join telling as b
                on a.tie = b.tie and a.n < b.n and a.language <> b.language and b.day - a.day <= 7
                and a.is_opinion = b.is_opinion
                and a.word_count between b.word_count * 0.7 and b.word_count * 1.4
            where array_cosine_similarity(a.embedding, b.embedding) >= ?
            group by all
        ),

        ends as (
            select one as n, other as twin, cosine from near
            union all
            select other, one, cosine from near
        ),

        nearest as (
            select n, arg_max(twin, (cosine, -twin)) as twin
            from ends
            group by n
        )

        select
            p.one,
            p.other,
            p.cosine
        from near as p
        inner join nearest as x on p.one = x.n and p.other = x.twin
        inner join nearest as y on p.other = y.n and p.one = y.twin
        order by all
        """,
        [TRANSLATION],
    ).fetchall()
    return rows


def _names(connection: duckdb.DuckDBPyConnection, kinds: dict[tuple[int, int], tuple[str, float]]) -> dict[int, str]:
    members = np.array(sorted({n for pair in kinds for n in pair}), dtype=np.int64)
    if not len(members):
        return {}
    connection.register("wanted", {"n": members})
    rows = connection.execute("select n, article_id from signed semi join wanted using (n)").fetchall()
    connection.unregister("wanted")
    return dict(rows)


def _labels(
    kinds: dict[tuple[int, int], tuple[str, float]], names: dict[int, str]
) -> Iterator[tuple[str, str, str, float]]:
    root: dict[int, int] = {}

    def find(n: int) -> int:
        while root.setdefault(n, n) != n:
            root[n] = root[root[n]]
            n = root[n]
        return n

    best: dict[int, tuple[str, float]] = {}
    for (one, other), (method, likeness) in sorted(kinds.items()):
        first, second = sorted((find(one), find(other)))
        root[second] = first  # the first print gives the story its name
        for n in (one, other):
            if n not in best or likeness > best[n][1]:
                best[n] = (method, likeness)
    for n in sorted(best):
        yield names[find(n)], names[n], *best[n]
