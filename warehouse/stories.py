"""Stories: one text, however many papers print it.

Candidates share a band of their MinHash signature (42 bands of 3), a headline, or, for translations, a tie within a
week. They are the same story when their signatures agree in at least `COPY` of their places; when they agree in `CUT`
and most of the shorter text stands in the longer one (`INSIDE`, from the likeness and the two lengths) or the headline
is the same; or, in different languages and on the same tie, when the cosine of their embeddings and the agreement of
their signatures sum to `TRANSLATION`. A reply that quotes shares far fewer shingles with what it quotes, and stays a
story of its own.

Millions of articles fit: signatures and bands lie in files of `scratch` (850 bytes an article, gone afterwards), only
candidates are looked at again, and only numbers are held in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

COPY = 0.4
"""Least estimated Jaccard likeness of two prints of one text."""
CUT = 0.22
"""The same where one may be a short cut of the other."""
INSIDE = 0.6
"""Least part of the shorter text's shingles that stand in the longer one too."""
TRANSLATION = 0.957
"""Least cosine + agreement of a text and its translation: names and figures leave a few shingles alike in both."""
LIKE = 0.9
"""Least cosine of what may be a translation."""
PLACES = 128
"""Numbers of a signature."""
BANDS, ROWS = 42, 3
NEIGHBOURS = 4
"""With how many texts of one band each is compared: those printed next after it."""
DAYS = 60
"""Reprints come within two months."""
WEEK = 7
"""Translations come within a week."""
METHODS = ("signature", "title", "embedding")

Numbers = npt.NDArray[np.int64]
Signatures = npt.NDArray[np.uint32]
_SLICE = 50_000


def label(connection: duckdb.DuckDBPyConnection, scratch: Path) -> pa.Table:
    """Return story_id, article_id, method, similarity of every article that has a copy; others stand alone."""
    connection.execute(
        """
        create temp table signed as
        select
            row_number() over (order by l.published_at, l.article_id) - 1 as n,
            l.article_id,
            l.version,
            cast(coalesce(l.published_day, cast(l.published_at as date)) - date '1970-01-01' as integer) as day,
            l.title_hash,
            l.is_opinion,
            cast(greatest(l.word_count, 20) as float) as words
        from stg_latest as l
        semi join (select article_id, version from raw_readings where len(signature) = 128) using (article_id, version)
        """
    )
    with TemporaryDirectory(dir=scratch) as folder:
        prints = _write(connection, Path(folder))
        found = [_compare(prints, _band_pairs(prints), same_title=False)]
        for part in (_compare(prints, _title_pairs(connection), same_title=True), _translations(connection, prints)):
            found.append(_without(part, found, len(prints.place)))
    table = _named(connection, found)
    connection.execute("drop table signed")
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """All texts with a signature, numbered in order of print; `place` is where its signature stands in the file."""

    folder: Path
    place: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    words: npt.NDArray[np.float32]
    opinion: npt.NDArray[np.bool_]

    def signatures(self, numbers: Numbers) -> Signatures:
        """Read the signatures of these texts, one a row; mapped for this call only, or it would count as memory."""
        stored = np.memmap(self.folder / "signatures", dtype=np.uint32, mode="r").reshape(-1, PLACES)
        return np.asarray(stored[self.place[numbers]])

    def band(self, band: int) -> npt.NDArray[np.uint64]:
        """Read one band's hashes, in order of print."""
        return np.fromfile(self.folder / f"band{band}", dtype=np.uint64)[self.place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """Pairs of prints of one text, `one` printed before `other`; `method` counts in METHODS."""

    one: Numbers
    other: Numbers
    method: npt.NDArray[np.int8]
    likeness: npt.NDArray[np.float64]


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


def _write(connection: duckdb.DuckDBPyConnection, folder: Path) -> Prints:
    """Stream the signatures and their bands into files, in the order in which they come."""
    arrived: list[npt.NDArray[np.int32]] = []
    bands = [(folder / f"band{band}").open("wb", buffering=1 << 16) for band in range(BANDS)]
    try:
        with (folder / "signatures").open("wb") as out:
            batches = connection.sql(
                """
                select s.n, r.signature
                from raw_readings as r
                inner join signed as s using (article_id, version)
                where len(r.signature) = 128
                """
            ).to_arrow_reader(20_000)
            for batch in batches:
                arrived.append(batch.column(0).to_numpy().astype(np.int32))
                flat = batch.column(1).flatten().to_numpy(zero_copy_only=False).astype(np.uint32, copy=False)
                signatures = flat.reshape(-1, PLACES)
                out.write(signatures.tobytes())
                for file, hashes in zip(bands, band_hashes(signatures), strict=True):
                    file.write(hashes.tobytes())
    finally:
        for file in bands:
            file.close()
    got = connection.execute("select day, words, is_opinion from signed order by n").fetchnumpy()
    order = np.concatenate(arrived) if arrived else np.empty(0, dtype=np.int32)
    place = np.empty(len(got["day"]), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Prints(
        folder=folder,
        place=place,
        days=np.asarray(got["day"], dtype=np.int32),
        words=np.asarray(got["words"], dtype=np.float32),
        opinion=np.asarray(got["is_opinion"], dtype=np.bool_),
    )


def _band_pairs(prints: Prints) -> Numbers:
    """Pair texts that share a band and follow each other in print; a pair is one number, `one` × texts + `other`."""
    count = len(prints.place)
    found = np.empty(0, dtype=np.int64)
    for band in range(BANDS if count > 1 else 0):
        hashes = prints.band(band)
        # Equal hashes stay in order of print, for texts are numbered in that order and the sort is stable.
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        pairs = [found]
        for step in range(1, NEIGHBOURS + 1):
            same = np.flatnonzero(ordered[:-step] == ordered[step:])
            if not len(same):
                break
            one, other = order[same], order[same + step]
            near = prints.days[other] - prints.days[one] <= DAYS
            pairs.append(one[near] * count + other[near])
        found = np.unique(np.concatenate(pairs))
    return found


def _title_pairs(connection: duckdb.DuckDBPyConnection) -> Numbers:
    got = connection.execute(
        """
        select lag(n) over same_title * (select count(*) from signed) + n as pair
        from signed
        where title_hash is not null
        window same_title as (partition by title_hash order by n)
        qualify day - lag(day) over same_title <= 14
        """
    ).fetchnumpy()
    return np.unique(np.asarray(got["pair"], dtype=np.int64))


def _compare(prints: Prints, pairs: Numbers, *, same_title: bool) -> Same:
    """Keep the pairs whose signatures agree."""
    kept: list[tuple[Numbers, Numbers, npt.NDArray[np.int8], npt.NDArray[np.float64]]] = []
    for start in range(0, len(pairs), _SLICE):
        a, b = np.divmod(pairs[start : start + _SLICE], len(prints.place))
        likeness = agreement(prints.signatures(a), prints.signatures(b))
        words_a, words_b = prints.words[a], prints.words[b]
        shared = likeness / (1 + likeness) * (words_a + words_b) / np.minimum(words_a, words_b)
        short = (likeness >= CUT) & (prints.opinion[a] == prints.opinion[b]) & (same_title | (shared >= INSIDE))
        same = (likeness >= COPY) | short
        method = np.where(same_title & (likeness < COPY), METHODS.index("title"), METHODS.index("signature"))
        kept.append((a[same], b[same], method[same].astype(np.int8), likeness[same]))
    return _same(kept)


def _same(parts: list[tuple[Numbers, Numbers, npt.NDArray[np.int8], npt.NDArray[np.float64]]]) -> Same:
    one, other, method, likeness = (
        (np.concatenate(column) for column in zip(*parts, strict=True))
        if parts
        else (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.float64))
    )
    return Same(one=one, other=other, method=method, likeness=likeness)


def _translations(connection: duckdb.DuckDBPyConnection, prints: Prints) -> Same:
    """Pair texts of different languages that name the same tie within a week and mean the same.

    Only texts with a tie are compared: of all others a translation would change no figure about ties. The two must be
    each other's likest, or two papers' own reports of one vote would be joined by a third in the other language.
    """
    size = _one(connection, "select coalesce(max(len(embedding)), 0) from raw_readings where len(mentions) > 0")
    if not size:
        return _same([])
    # Arrays of a fixed length: DuckDB 2.0's list functions trip over empty lists among the rows. A text stands in the
    # week of its day and in the next, so that equal weeks find all that are a week apart: joins stay small.
    got = connection.execute(
        f"""
        with meant as materialized (
            select
                s.n,
                s.day,
                s.words,
                s.is_opinion,
                r.language,
                r.embedding::float[{size}] as embedding,
                list_distinct(
                    list_transform(r.mentions, lambda mention: mention.kommune_id || '–' || mention.city_id)
                ) as ties
            from raw_readings as r
            inner join signed as s using (article_id, version)
            where len(r.mentions) > 0 and len(r.embedding) = {size}
        ),

        telling as (
            select
                n,
                day,
                words,
                is_opinion,
                language,
                unnest(ties) as tie
            from meant
        ),

        early as (
            select
                *,
                unnest([day // {WEEK}, day // {WEEK} + 1]) as week
            from telling
        ),

        pairs as (
            select distinct
                a.n as one,
                b.n as other
            from early as a
            inner join telling as b
                on a.tie = b.tie and a.week = b.day // {WEEK} and a.n < b.n and b.day - a.day <= {WEEK}
                and a.language <> b.language and a.is_opinion = b.is_opinion
                and a.words between b.words * 0.5 and b.words * 2
        ),

        likened as (
            select
                p.one,
                p.other,
                array_cosine_similarity(a.embedding, b.embedding) as cosine
            from pairs as p
            inner join meant as a on p.one = a.n
            inner join meant as b on p.other = b.n
        )

        select * from likened where cosine >= {LIKE} order by one, other
        """
    ).fetchnumpy()
    one, other = np.asarray(got["one"], dtype=np.int64), np.asarray(got["other"], dtype=np.int64)
    if not len(one):
        return _same([])
    cosine = np.asarray(got["cosine"], dtype=np.float64)
    likeness = cosine + agreement(prints.signatures(one), prints.signatures(other))
    nearest: dict[int, tuple[float, int]] = {}
    for a, b, like in zip(one.tolist(), other.tolist(), likeness.tolist(), strict=True):
        nearest[a] = max(nearest.get(a, (0.0, 0)), (like, -b))
        nearest[b] = max(nearest.get(b, (0.0, 0)), (like, -a))
    mutual = np.array(
        [nearest[a][1] == -b and nearest[b][1] == -a for a, b in zip(one.tolist(), other.tolist(), strict=True)],
        dtype=np.bool_,
    )
    same = mutual & (likeness >= TRANSLATION)
    method = np.full(int(same.sum()), METHODS.index("embedding"), dtype=np.int8)
    return Same(one=one[same], other=other[same], method=method, likeness=cosine[same])


def _without(part: Same, known: list[Same], count: int) -> Same:
    """Leave out pairs that are known already."""
    seen = np.concatenate([same.one * count + same.other for same in known])
    new = ~np.isin(part.one * count + part.other, seen)
    return Same(one=part.one[new], other=part.other[new], method=part.method[new], likeness=part.likeness[new])


def _named(connection: duckdb.DuckDBPyConnection, parts: list[Same]) -> pa.Table:
    """Join pairs to stories, and name each after its first print."""
    one, other = np.concatenate([part.one for part in parts]), np.concatenate([part.other for part in parts])
    method = np.concatenate([part.method for part in parts])
    likeness = np.concatenate([part.likeness for part in parts])
    members, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    first = _first_of_each(len(members), ends[: len(one)], ends[len(one) :])
    # A text's method is that of its strongest pair, of equal ones the earliest.
    pair = np.tile(one * (len(members) + other.max(initial=0)) + other, 2)
    order = np.lexsort((np.tile(method, 2), pair, -np.tile(likeness, 2), ends))
    best = order[np.unique(ends[order], return_index=True)[1]] % max(len(one), 1)
    found = pa.table(
        {
            "n": members,
            "first": members[first],
            "method": pa.array(METHODS).take(pa.array(method[best])),
            "similarity": likeness[best],
        }
    )
    connection.register("found", found)
    table = connection.sql(
        """
        select
            f.article_id as story_id,
            s.article_id,
            found.method,
            found.similarity
        from found
        inner join signed as s using (n)
        inner join signed as f on found.first = f.n
        """
    ).to_arrow_table()
    connection.unregister("found")
    return table


def _first_of_each(count: int, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return for each of `count` nodes the lowest one that edges lead to."""
    lowest = np.arange(count)
    while True:
        before = lowest
        reached = np.minimum(lowest[one], lowest[other])
        lowest = lowest.copy()
        np.minimum.at(lowest, one, reached)
        np.minimum.at(lowest, other, reached)
        lowest = lowest[lowest]
        if (lowest == before).all():
            return lowest


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])
