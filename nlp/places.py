"""The places Bybånd knows: kommuner since 2013 and foreign cities, loaded once from the tables in `nlp/data/`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

NameKind = Literal[
    "no", "nn", "se", "smj", "sma", "fkv", "town", "old", "en", "alt", "gn", "tr", "ru", "uk", "mis"
]  # what a spelling is: a language, a town that stands for its kommune, our transliteration, a misspelling …


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One spelling of a place and what kind of spelling it is."""

    text: str
    kind: NameKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A kommunenummer and the years it was valid, both inclusive; `last` None means still valid."""

    number: str
    first: int
    last: int | None

    def covers(self, day: date) -> bool:
        """Say whether the number was valid on `day`."""
        return self.first <= day.year and (self.last is None or day.year <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A kommune (one identity through all reforms since 2013) or a foreign city.

    `kommune_number` is the number valid since 2024 and None for cities and abolished kommuner, which name their
    `successors` (several where the kommune was split). `valid_from` and `valid_to` are None where the kommune is older
    than 2013 or lives on. `admin1` is GeoNames' code of the region. Coordinates are WGS 84 degrees.
    """

    place_id: str
    kind: Literal["kommune", "city"]
    name: str
    name_en: str
    country: str
    lat: float
    lon: float
    population: int | None
    names: tuple[Name, ...]
    kommune_number: str | None = None
    numbers: tuple[Number, ...] = ()
    fylke: str | None = None
    fylke_number: str | None = None
    centre: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    geonames_id: int | None = None
    admin1: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All places, found by id, kommunenummer or GeoNames id. `version` is a hash of all tables in `nlp/data/`."""

    version: str
    places: Mapping[str, Place]
    tie_pairs: frozenset[tuple[str, str]]
    _by_number: Mapping[str, tuple[tuple[Number, Place], ...]] = field(repr=False)
    _by_geonames: Mapping[int, Place] = field(repr=False)

    def __getitem__(self, place_id: str) -> Place:
        """Return the place; raises KeyError that names the unknown id."""
        return self.places[place_id]

    def get(self, place_id: str) -> Place | None:
        """Return the place, or None where no place has that id."""
        return self.places.get(place_id)

    def kommune(self, number: str, on: date | None = None) -> Place | None:
        """Return the kommune that had `number` on that day (any day since 2013 where none is given).

        The place may be abolished since; see `today`.
        """
        found = self._by_number.get(number.zfill(4), ())
        if on is not None:
            found = tuple((span, place) for span, place in found if span.covers(on))
        return found[-1][1] if found else None

    def city(self, geonames_id: int) -> Place | None:
        """Return the city with that GeoNames id."""
        return self._by_geonames.get(geonames_id)

    def today(self, place: Place) -> tuple[Place, ...]:
        """Return the kommuner that `place` is today: itself, its successor, or several where it was split."""
        return tuple(self.places[successor] for successor in place.successors) or (place,)

    def kommuner(self) -> Iterator[Place]:
        """Yield every kommune, abolished ones too."""
        return (place for place in self.places.values() if place.kind == "kommune")

    def cities(self) -> Iterator[Place]:
        """Yield every foreign city."""
        return (place for place in self.places.values() if place.kind == "city")


@cache
def load_gazetteer() -> Gazetteer:
    """Read the tables shipped in `nlp/data/`; a few tenths of a second, once per process."""
    folder = files("nlp") / "data"
    tables = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".csv"))
    texts = {name: (folder / name).read_text("utf-8") for name in tables}
    version = sha256("\0".join(texts.values()).encode()).hexdigest()[:12]
    places = [
        *map(_read_kommune, csv.DictReader(texts["kommuner.csv"].splitlines())),
        *map(_read_city, csv.DictReader(texts["cities.csv"].splitlines())),
    ]
    pairs = csv.DictReader(texts["tie_pairs.csv"].splitlines())
    return make_gazetteer(places, ((row["kommune_id"], row["city_id"]) for row in pairs), version)


def make_gazetteer(places: Iterable[Place], tie_pairs: Iterable[tuple[str, str]], version: str) -> Gazetteer:
    """Index `places`; raises ValueError where two share an id."""
    by_id: dict[str, Place] = {}
    by_number: dict[str, list[tuple[Number, Place]]] = {}
    by_geonames: dict[int, Place] = {}
    for place in places:
        if by_id.setdefault(place.place_id, place) is not place:
            raise ValueError(f"two places have the id {place.place_id}")
        for number in place.numbers:
            by_number.setdefault(number.number, []).append((number, place))
        if place.geonames_id is not None:
            by_geonames[place.geonames_id] = place
    return Gazetteer(
        version=version,
        places=by_id,
        tie_pairs=frozenset(tie_pairs),
        _by_number={
            number: tuple(sorted(spans, key=lambda span: span[0].first)) for number, spans in by_number.items()
        },
        _by_geonames=by_geonames,
    )


def _read_kommune(row: dict[str, str]) -> Place:
    return Place(
        place_id=row["place_id"],
        kind="kommune",
        name=row["name"],
        name_en=row["name"],
        country="NO",
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"]) if row["population"] else None,
        names=_read_names(row["names"]),
        kommune_number=row["kommune_number"] or None,
        numbers=tuple(map(_read_number, filter(None, row["numbers"].split(";")))),
        fylke=row["fylke"],
        fylke_number=row["fylke_number"],
        centre=row["centre"] or None,
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        successors=tuple(filter(None, row["successors"].split(";"))),
    )


def _read_city(row: dict[str, str]) -> Place:
    return Place(
        place_id=row["place_id"],
        kind="city",
        name=row["name"],
        name_en=row["name_en"],
        country=row["country"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        population=int(row["population"]) if row["population"] else None,
        names=(Name(text=row["name"], kind="no"), *_read_names(row["names"])),
        geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
        admin1=row["admin1"] or None,
        source=row["source"],
    )


def _read_names(joined: str) -> tuple[Name, ...]:
    pairs = (entry.split(":", 1) for entry in joined.split(";") if entry)
    return tuple(Name(text=text, kind=kind) for kind, text in pairs)  # type: ignore[arg-type]


def _read_number(entry: str) -> Number:
    years, number = entry.split(":")
    first, last = years.split("-")
    return Number(number=number, first=int(first), last=int(last) if last else None)
