"""The fingerprint by which copies of a text are found: MinHash over word shingles."""

from __future__ import annotations

import re

from datasketch import MinHash

SHINGLE = 5  # words
PERMUTATIONS = 128
FEWEST = 20  # words
_WORD = re.compile(r"\w+")


def sign(text: str) -> tuple[int, ...]:
    """Return 128 numbers below 2^32; the share of equal ones estimates how many shingles two texts have in common.

    Case, punctuation and line breaks play no part. Texts under 20 words get no fingerprint: too many would be alike.
    """
    words = _WORD.findall(text.lower())
    if len(words) < FEWEST:
        return ()
    shingles = {" ".join(words[at : at + SHINGLE]).encode() for at in range(len(words) - SHINGLE + 1)}
    sketch = MinHash(num_perm=PERMUTATIONS, seed=1)
    sketch.update_batch(sorted(shingles))
    return tuple(int(value) for value in sketch.hashvalues)
