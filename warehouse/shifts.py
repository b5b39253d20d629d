"""Change points in the weekly attention to ties and kommuner."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from math import inf, sqrt

import duckdb
import numpy as np

MIN_STORIES = 10
MIN_WEEKS = 20
SEGMENT = 4
"""Fewest weeks of a level: a busy fortnight is an event, not a shift."""
_PENALTY = 3.0
"""Times the variance times log(weeks): the usual BIC penalty for a change of mean, raised against false alarms."""


def find(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[object, ...]]:
    """Yield the rows of `shift_points`, by key and week."""
    rows = connection.execute(
        """
        with enough as (
            select level, key
            from attention_weekly
            where level in ('tie', 'kommune') and reason is null
            group by all
            having sum(stories) >= ? and count(*) >= ?
        )
        select level, key, week, stories
        from attention_weekly semi join enough using (level, key)
        where reason is null
        order by level, key, week
        """,
        [MIN_STORIES, MIN_WEEKS],
    ).fetchall()
    for (level, key), of_key in groupby(rows, key=lambda row: (row[0], row[1])):
        weeks = list(of_key)
        yield from (
            (level, key, *shift) for shift in change_points([row[2] for row in weeks], [row[3] for row in weeks])
        )


def change_points(weeks: list[str], counts: list[int]) -> list[tuple[object, ...]]:
    """Return (week, means, ratio with interval, direction, sizes) of each change whose interval leaves out 1."""
    # The square root makes the variance of a count about 1/4 whatever its mean.
    signal = np.sqrt(np.asarray(counts, dtype=float) + 0.375)
    penalty = _PENALTY * 0.25 * np.log(len(signal))
    import ruptures  # takes seconds to import, with all that it brings: only builds pay for it

    ends = ruptures.KernelCPD(kernel="linear", min_size=SEGMENT).fit(signal.reshape(-1, 1)).predict(pen=penalty)
    starts = [0, *ends[:-1]]
    found: list[tuple[object, ...]] = []
    for n in range(1, len(starts)):
        before = counts[starts[n - 1] : ends[n - 1]]
        after = counts[starts[n] : ends[n]]
        low, high = rate_ratio(sum(before), len(before), sum(after), len(after))
        if low <= 1.0 <= high:
            continue
        before_mean, after_mean = sum(before) / len(before), sum(after) / len(after)
        found.append(
            (
                weeks[starts[n]],
                before_mean,
                after_mean,
                after_mean / before_mean if before_mean else None,
                low,
                high if high < inf else None,
                "up" if after_mean > before_mean else "down",
                len(before),
                len(after),
                sum(before),
                sum(after),
            )
        )
    return found


def rate_ratio(k_before: int, n_before: int, k_after: int, n_after: int) -> tuple[float, float]:
    """Return the 95 % interval of the ratio of two rates, from the Wilson interval of one count's part of both."""
    total = k_before + k_after
    if not total:
        return 0.0, inf
    part, z = k_after / total, 1.96
    centre = part + z * z / (2 * total)
    half = z * sqrt(part * (1 - part) / total + z * z / (4 * total * total))
    low = max((centre - half) / (1 + z * z / total), 0.0)
    high = min((centre + half) / (1 + z * z / total), 1.0)
    weight = n_before / n_after
    return low / (1 - low) * weight, high / (1 - high) * weight if high < 1 else inf
