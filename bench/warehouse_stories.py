"""How well copies of a text are found: edited, cut, retitled and quoted copies, and versions in bokmål and nynorsk.

`python bench/warehouse_stories.py` prints ARI, pair precision and recall, on the half of the demo texts that the
thresholds were chosen on and on the other. The copies are made by program; the texts are our own. So are those of
`tests/warehouse/translations.jsonl`: ten ties with three stories each (A a report of a vote, B another paper's on the
same vote from another side, C another matter) in both languages, and D, a third paper's plain report of the vote, in
nynorsk. Pairs are the two versions of one story; all others of one tie are near misses.
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import dataclass
from math import comb
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
TEXTS = ROOT / "crawlers/replica/texts"
TRANSLATIONS = ROOT / "tests/warehouse/translations.jsonl"
# Words that editors change without changing what is said.
SYNONYMS = {
    "sier": "forteller", "forteller": "opplyser", "fortsatt": "fremdeles", "mener": "synes", "også": "dessuten",
    "flere": "mange", "nå": "for tiden", "derfor": "av den grunn", "etter": "i etterkant av", "møtet": "samlingen",
    "saken": "spørsmålet", "kommunen": "rådhuset", "avtalen": "overenskomsten", "vedtok": "bestemte", "mot": "imot",
    "store": "betydelige", "god": "fin", "ble": "har blitt", "fra": "ifra", "mye": "en god del", "vil": "ønsker å",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One print: its words, and the story that it belongs to in truth."""

    key: str
    title: str
    lead: str
    text: str
    opinion: bool
    story: str
    how: str
    language: str = "nb"
    tie: str = ""


def originals(half: int) -> list[Copy]:
    """Return the demo texts of one half (by a number in their id), prints of one text under one story."""
    records = [
        json.loads(line) for path in sorted(TEXTS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    found = []
    for record in records:
        story = record["copy_of"] or record["id"]
        if int(re.sub(r"\D", "", story)) % 2 == half:
            found.append(
                Copy(
                    key=record["id"],
                    title=record["title"],
                    lead=record["lead"] or "",
                    text="\n\n".join(record["paragraphs"]),
                    opinion=record["kind"] == "opinion",
                    story=story,
                    how="print",
                )
            )
    return found


def edited(copy: Copy, rng: random.Random) -> Copy:
    """Change words here and there, swap two paragraphs, correct a number."""
    words = copy.text.split(" ")
    rewritten = rng.uniform(0.0, 0.06)
    for n, word in enumerate(words):
        plain = word.strip(".,:;!?–\n").lower()
        if rng.random() < rewritten and "\n" not in word:
            words[n] = rng.choice(words).replace("\n", " ")
        elif plain in SYNONYMS and rng.random() < 0.5:
            words[n] = word.replace(plain, SYNONYMS[plain])
        elif re.fullmatch(r"\d+", plain) and rng.random() < 0.3:
            words[n] = word.replace(plain, str(int(plain) + 1))
    paragraphs = " ".join(words).split("\n\n")
    if len(paragraphs) > 3:
        at = rng.randrange(1, len(paragraphs) - 1)
        paragraphs[at], paragraphs[at + 1] = paragraphs[at + 1], paragraphs[at]
    return _copy(copy, "edited", text="\n\n".join(paragraphs))


def cut(copy: Copy, rng: random.Random) -> Copy:
    """Keep the first third to three quarters, as a paper short of space does."""
    sentences = re.split(r"(?<=[.!?])\s+", copy.text)
    keep = max(3, round(len(sentences) * rng.uniform(0.35, 0.75)))
    return _copy(copy, "cut", text=" ".join(sentences[:keep]))


def retitled(copy: Copy, rng: random.Random, others: list[Copy]) -> Copy:
    """Give it another headline and standfirst."""
    other = rng.choice(others)
    return _copy(
        copy, "retitled", title=f"{copy.title.split(' ')[0]}: {other.title.split(' ')[-1]}", lead="Les hele saken her."
    )


def quoted(copy: Copy, rng: random.Random, own_words: list[Copy]) -> Copy:
    """Let somebody answer: words of their own (another text's), with one to four sentences of this one between them."""
    # Nobody else may use these words: two answers in the same words would be one text.
    other = own_words.pop()
    if other.story == copy.story:
        other = own_words.pop()
    mine = re.split(r"(?<=[.!?])\s+", copy.text)
    long = rng.randint(1, 4)
    at = rng.randrange(max(1, len(mine) - long))
    own = other.text.split("\n\n")
    own.insert(1, "«" + " ".join(mine[at : at + long]) + "»")
    # Words of its own in truth: reversing sentences keeps them from being a copy of the text they were taken from.
    text = "\n\n".join(own[:2] + [" ".join(reversed(part.split(" "))) for part in own[2:]])
    text = text.replace(own[0], " ".join(reversed(own[0].split(" "))))
    return Copy(
        key=f"{copy.key}-quoted",
        title=f"Svar til {copy.title}",
        lead="",
        text=text,
        opinion=True,
        story=f"{copy.key}-reply",
        how="quoted",
    )


def _copy(copy: Copy, how: str, **changes: str) -> Copy:
    parts = {"title": copy.title, "lead": copy.lead, "text": copy.text} | changes
    return Copy(key=f"{copy.key}-{how}", opinion=copy.opinion, story=copy.story, how=how, **parts)


def make_set(half: int, seed: int) -> list[Copy]:
    """Return originals and their copies: each text gets one to three, in turn of all kinds."""
    rng = random.Random(seed)
    texts = originals(half)
    made = list(texts)
    own_words = list({text.story: text for text in texts}.values())
    rng.shuffle(own_words)
    for n, text in enumerate(texts):
        if n % 4 != 3:
            made.append(edited(text, rng))
        if n % 3 == 0:
            made.append(cut(text, rng))
        if n % 3 == 1:
            made.append(retitled(text, rng, texts))
        if n % 4 == 1:
            made.append(quoted(text, rng, own_words))
        if n % 5 == 2:
            made.append(_copy(cut(edited(text, rng), rng), "both", title=text.title))
    return made


def adjusted_rand(truth: list[str], found: list[str]) -> float:
    """Return the adjusted Rand index of two partitions (Hubert and Arabie 1985)."""
    cells: dict[tuple[str, str], int] = {}
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for one, other in zip(truth, found, strict=True):
        cells[one, other] = cells.get((one, other), 0) + 1
        rows[one] = rows.get(one, 0) + 1
        columns[other] = columns.get(other, 0) + 1
    both = sum(comb(n, 2) for n in cells.values())
    by_row, by_column = sum(comb(n, 2) for n in rows.values()), sum(comb(n, 2) for n in columns.values())
    expected = by_row * by_column / comb(len(truth), 2)
    return (both - expected) / ((by_row + by_column) / 2 - expected)


def pairs(truth: list[str], found: list[str]) -> tuple[float, float]:
    """Return precision and recall over pairs of prints."""
    right = wrong = missed = 0
    for one in range(len(truth)):
        for other in range(one + 1, len(truth)):
            same, seen = truth[one] == truth[other], found[one] == found[other]
            right += same and seen
            wrong += seen and not same
            missed += same and not seen
    return right / (right + wrong), right / (right + missed)


def stories_of(copies: list[Copy]) -> dict[str, str]:
    """Return the story that the warehouse gives each print."""
    import duckdb
    import pyarrow as pa

    from crawlers.article import document
    from nlp.signature import sign
    from warehouse.stories import label

    con = duckdb.connect()
    vectors = _vectors([document(copy.title, copy.lead, copy.text) for copy in copies if copy.tie])
    rows = [
        {
            "article_id": copy.key,
            "version": 1,
            "title": copy.title,
            "word_count": len(copy.text.split()),
            "is_opinion": copy.opinion,
            "minute": n,
            "language": copy.language,
            "ties": [dict(zip(("kommune_id", "city_id"), copy.tie.split("–"), strict=True))] if copy.tie else [],
            "embedding": vectors.pop(0) if copy.tie else [],
            "signature": list(sign(document(copy.title, copy.lead, copy.text))),
        }
        for n, copy in enumerate(copies)
    ]
    schema = pa.Table.from_pylist(rows).schema
    for name, kind in (
        ("ties", pa.list_(pa.struct([("kommune_id", pa.string()), ("city_id", pa.string())]))),
        ("embedding", pa.list_(pa.float32())),
    ):
        schema = schema.set(schema.get_field_index(name), pa.field(name, kind))
    con.register("prints", pa.Table.from_pylist(rows, schema=schema))
    con.execute(
        """
        create temp table stg_latest as
        select article_id, version, word_count, is_opinion,
            case when length(title) >= 20
                then hash(regexp_replace(lower(title), '[^\\pL\\pN]+', ' ', 'g'))
            end as title_hash,
            timestamp '2024-01-01' + to_minutes(minute) as published_at, date '2024-01-01' as published_day
        from prints
        """
    )
    con.execute(
        """
        create temp table raw_readings as
        select article_id, version, language, signature::uinteger[] as signature, embedding, ties as mentions
        from prints
        """
    )
    found = {copy.key: copy.key for copy in copies}
    with TemporaryDirectory() as scratch:
        labels = label(con, Path(scratch))
    return found | dict(zip(labels["article_id"].to_pylist(), labels["story_id"].to_pylist(), strict=True))


def measure(half: int, seed: int) -> dict[str, float]:
    """Return ARI, precision and recall on one half."""
    copies = make_set(half, seed)
    found = stories_of(copies)
    truth, seen = [copy.story for copy in copies], [found[copy.key] for copy in copies]
    precision, recall = pairs(truth, seen)
    return {"prints": len(copies), "ari": adjusted_rand(truth, seen), "precision": precision, "recall": recall}


def _vectors(texts: list[str]) -> list[list[float]]:
    from nlp.embed import load_embedder

    return load_embedder().embed(texts).tolist() if texts else []


def translated(half: int, how: str) -> list[Copy]:
    """Return the stories of one half of the ties in both languages; the nynorsk whole, cut by a quarter or retitled."""
    records = [json.loads(line) for line in TRANSLATIONS.read_text("utf-8").splitlines()]
    found = []
    for record in records:
        if int(record["story"][:-1]) % 2 != half:
            continue
        text, title = record["text"], record["title"]
        if record["language"] == "nn" and how == "cut":
            sentences = re.split(r"(?<=[.!?])\s+", text)
            text = " ".join(sentences[: round(len(sentences) * 0.75)])
        if record["language"] == "nn" and how == "retitled":
            title = "Les meir om saka her"
        found.append(
            Copy(
                key=f"{record['story']}-{record['language']}",
                title=title,
                lead="",
                text=text,
                opinion=False,
                story=record["story"],
                how=how,
                language=record["language"],
                tie=record["tie"],
            )
        )
    return found


def gap(half: int, how: str) -> tuple[float, float]:
    """Return the highest likeness (cosine + agreement) of a near miss and the lowest of a pair: a threshold's room."""
    import numpy as np

    from crawlers.article import document
    from nlp.signature import sign

    copies = translated(half, how)
    texts = [document(copy.title, copy.lead, copy.text) for copy in copies]
    vectors, signatures = np.array(_vectors(texts)), np.array([sign(text) for text in texts])
    misses, hits = [], []
    for n, one in enumerate(copies):
        for m, other in enumerate(copies[:n]):
            if one.tie == other.tie and one.language != other.language:
                likeness = float(vectors[n] @ vectors[m] + (signatures[n] == signatures[m]).mean())
                (hits if one.story == other.story else misses).append(likeness)
    return max(misses), min(hits)


def measure_translations(half: int, how: str) -> dict[str, float]:
    """Return precision and recall on the translations of one half."""
    copies = translated(half, how)
    found = stories_of(copies)
    precision, recall = pairs([copy.story for copy in copies], [found[copy.key] for copy in copies])
    return {"prints": len(copies), "precision": precision, "recall": recall}


if __name__ == "__main__":
    halves = (("chosen on", 0, 1), ("held out", 1, 2))
    for name, half, seed in halves:
        figures = measure(half, seed)
        print(f"{name}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()))
    for name, half, _ in halves:
        for how in ("whole", "cut", "retitled"):
            miss, hit = gap(half, how)
            figures = measure_translations(half, how)
            print(
                f"translations {how}, {name}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()),
                f"(near misses up to {miss:.3f}, pairs from {hit:.3f})",
            )
