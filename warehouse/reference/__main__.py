"""Make `ties.csv` and `tie_events_known.csv` from the collected lists: `python -m warehouse.reference LISTS GAZETTEER`.

LISTS holds `ties.csv`, `tie_events.csv` and `twin_towns_wikipedia_2026.csv` as they were collected; GAZETTEER holds
`kommuner.csv`, `cities.csv` and `tie_pairs.csv`. Rows that can't be placed go to `left_out.csv` with the reason.
"""

from __future__ import annotations

import calendar
import csv
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WIKIPEDIA = "https://github.com/Hekman/twincities"
SNAPSHOT = "github.com/L3viathan/sister-cities"
TIE_COLUMNS = [
    "tie_id",
    "kommune_id",
    "kommune_name",
    "city_id",
    "city_name",
    "country",
    "kind",
    "signed_year",
    "verification",
    "source_urls",
    "inherited_from",
    "valid_from",
    "valid_to",
    "note",
]
EVENT_COLUMNS = [
    "known_id",
    "tie_id",
    "action",
    "date_from",
    "date_to",
    "date_precision",
    "decided_by",
    "source_url",
    "verification",
    "note",
]
ACTIONS = {
    "signed": "signed",
    "renewed": "renewed",
    "frozen": "frozen",
    "terminated": "terminated",
    "rejected termination": "rejected_termination",
    "proposed termination": "proposed_termination",
    "proposed tie": "proposed_signing",
    "aid given": "aid",
    "delegation visit": "visit",
}
COUNTRIES = {
    "Australia": "AU", "Austria": "AT", "Azerbaijan": "AZ", "Bangladesh": "BD", "Belarus": "BY",
    "Bosnia and Herzegovina": "BA", "Brazil": "BR", "Bulgaria": "BG", "Cambodia": "KH", "Canada": "CA", "Chile": "CL",
    "China": "CN", "Croatia": "HR", "Cuba": "CU", "Czech Republic": "CZ", "Denmark": "DK", "Eritrea": "ER",
    "Estonia": "EE", "Ethiopia": "ET", "Faroe Islands": "FO", "Finland": "FI", "France": "FR", "Gambia": "GM",
    "Germany": "DE", "Ghana": "GH", "Greece": "GR", "Greenland": "GL", "Guatemala": "GT", "Hungary": "HU",
    "Iceland": "IS", "India": "IN", "Ireland": "IE", "Israel": "IL", "Italy": "IT", "Japan": "JP", "Kenya": "KE",
    "Kosovo": "XK", "Latvia": "LV", "Lithuania": "LT", "Madagascar": "MG", "Malawi": "MW", "Morocco": "MA",
    "Namibia": "NA", "Nepal": "NP", "Netherlands": "NL", "Nicaragua": "NI", "Palestine": "PS", "Poland": "PL",
    "Portugal": "PT", "Romania": "RO", "Russia": "RU", "Serbia": "RS", "Slovakia": "SK", "Slovenia": "SI",
    "South Africa": "ZA", "South Korea": "KR", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "Tanzania": "TZ",
    "Turkey": "TR", "Uganda": "UG", "Ukraine": "UA", "United Kingdom": "GB", "United States": "US",
    "Vietnam": "VN", "Zambia": "ZM", "Zimbabwe": "ZW", "Palestinian Territories": "PS", "Moldova": "MD",
    "England": "GB", "Scotland": "GB", "Northern Ireland": "GB", "Wales": "GB", "Island": "IS", "El Salvador": "SV",
    "Georgia": "GE", "Belgium": "BE", "Åland": "AX", "Mozambique": "MZ", "Sri Lanka": "LK",
}  # fmt: skip
# Steps that a note tells and the list has no row for.
HAND_EVENTS = (
    {
        "kommune": "Narvik",
        "kommune_number_2024": "1806",
        "foreign_city": "Kikinda",
        "event_class": "resumed",
        "date": "1995",
        "decided_by": "kommunen",
        "source_url": "https://www.fremover.no/kan-vare-slutt-for-vennskapsby-man-skal-tenke-seg-om-for-man-brenner-bruer/s/5-17-1031995",
        "note": "frozen during the Bosnian war, till 1995",
    },
)
INVASION = "2022-02-24"
"""Contact with Russian towns was frozen because of it: an interval that spans it begins there, not before its cause."""
# Ties that abolished kommuner held, from the notes of the list: (kommune, heir, city as listed).
HEIRS = (("tysfjord", "hamaroy", "Kirisji"), ("ballangen", "narvik", "Tosno"), ("lenvik", "senja", "Pinega"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Names and numbers to place_ids."""

    kommuner: Mapping[str, Mapping[str, str]]
    by_number: Mapping[str, str]
    kommune_by_name: Mapping[str, str]
    cities: Mapping[str, Mapping[str, str]]
    city_by_name: Mapping[tuple[str, str], list[str]]
    pairs: Mapping[str, set[str]]

    def city(self, kommune_id: str, country: str, *names: str) -> str | None:
        """Return the city that a list names; among several of that name the one that is paired with the kommune."""
        for name in names:
            for form in (name, re.sub(r"\s*\(.*?\)", "", name), *re.findall(r"\(([^)]*)\)", name)):
                found = list(dict.fromkeys(self.city_by_name.get((country, _fold(form)), [])))
                paired = [city for city in found if city in self.pairs.get(kommune_id, ())]
                if paired or found:
                    return max(paired or found, key=lambda city: int(self.cities[city]["population"] or 0))
        return None


def _fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^\w]+", " ", plain).strip()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def read_gazetteer(folder: Path) -> Gazetteer:
    """Read the gazetteer's tables."""
    kommuner = {row["place_id"]: row for row in _rows(folder / "kommuner.csv")}
    cities = {row["place_id"]: row for row in _rows(folder / "cities.csv")}
    by_name: dict[tuple[str, str], list[str]] = {}
    for row in cities.values():
        spelt = [row["name"], row["name_en"], *(name.partition(":")[2] for name in row["names"].split(";"))]
        for name in spelt:
            if name:
                by_name.setdefault((row["country"], _fold(name)), []).append(row["place_id"])
    pairs: dict[str, set[str]] = {}
    for row in _rows(folder / "tie_pairs.csv"):
        pairs.setdefault(row["kommune_id"], set()).add(row["city_id"])
        key = (cities[row["city_id"]]["country"], _fold(row["city"])) if row["city_id"] in cities else None
        if key and row["city_id"] not in by_name.setdefault(key, []):
            by_name[key].append(row["city_id"])
    present = [row for row in kommuner.values() if row["kommune_number"]]
    numbered: dict[str, str] = {}
    for row in kommuner.values():
        for period in filter(None, row["numbers"].split(";")):
            numbered.setdefault(period.rpartition(":")[2], row["place_id"])
    return Gazetteer(
        kommuner=kommuner,
        by_number=numbered | {row["kommune_number"]: row["place_id"] for row in present},
        # A present kommune comes last and so takes the name of an abolished one.
        kommune_by_name={_fold(row["name"]): row["place_id"] for row in [*kommuner.values(), *present]},
        cities=cities,
        city_by_name=by_name,
        pairs=pairs,
    )


def make_ties(
    listed: Iterable[Mapping[str, str]], wikipedia: Iterable[Mapping[str, str]], places: Gazetteer
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the registry, and the rows that can't be placed with the reason."""
    ties: dict[str, dict[str, str]] = {}
    left: list[dict[str, str]] = []
    for row in listed:
        kommune_id = places.by_number.get(row["kommune_number_2024"]) if row["kommune_number_2024"] else None
        if "(fylkeskommune)" in row["kommune_name"] or kommune_id is None:
            left.append(_left(row["kommune_name"], row["foreign_city"], "a fylke's tie, not a kommune's", "ties.csv"))
            continue
        city_id = places.city(
            kommune_id, row["country_iso2"], row["foreign_city"], row["foreign_city_native_or_english"]
        )
        if city_id is None:
            left.append(_left(row["kommune_name"], row["foreign_city"], "no such city in the gazetteer", "ties.csv"))
            continue
        tie = _tie(kommune_id, city_id, places)
        note = row["note"]
        tie |= {
            "kind": row["kind"],
            "signed_year": "" if "VERIFY" in note else row["signed_year"],
            "source_urls": row["source_url"],
            "verification": _verification(row),
            "note": note,
        }
        ties.setdefault(tie["tie_id"], tie)
        held_by = places.kommune_by_name.get(_fold(match[1])) if (match := re.search(r"\bas (\w+)$", note)) else None
        if held_by and kommune_id in places.kommuner[held_by]["successors"].split(";"):
            _inherit(ties, tie, held_by, places)
    for old, heir, city in HEIRS:
        city_id = places.city(heir, "RU", city)
        heir_tie = ties.get(f"{heir}–{city_id}")
        if heir_tie is None:
            raise ValueError(f"{heir}–{city_id}: no such tie for {old} to hand on; is {city} still in the gazetteer?")
        _inherit(ties, heir_tie, old, places)
    for row in wikipedia:
        kommune_id = places.by_number.get(row["kommune_number_2024"]) or places.kommune_by_name.get(
            _fold(re.sub(r".*\((.*) Municipality\)", r"\1", row["kommune_name"]))
        )
        country = COUNTRIES.get(row["country"].split(", ")[-1])
        if kommune_id is None or country is None:
            why = "no kommune" if kommune_id is None else f"country {row['country']}"
            left.append(_left(row["kommune_name"], row["foreign_city_english"], why, "twin_towns_wikipedia_2026.csv"))
            continue
        city_id = places.city(kommune_id, country, row["foreign_city_english"])
        if city_id is None:
            left.append(
                _left(
                    row["kommune_name"],
                    row["foreign_city_english"],
                    "no such city in the gazetteer",
                    "twin_towns_wikipedia_2026.csv",
                )
            )
            continue
        tie_id = f"{kommune_id}–{city_id}"
        if tie_id not in ties:
            words = {
                "kind": "vennskapsby",
                "verification": "unverified",
                "source_urls": WIKIPEDIA,
                "note": "English Wikipedia's list of February 2026 only",
            }
            ties[tie_id] = _tie(kommune_id, city_id, places) | words
            heirs = [heir for heir in places.kommuner[kommune_id]["successors"].split(";") if heir]
            if len(heirs) == 1:
                inherited = _tie(heirs[0], city_id, places) | words | {"inherited_from": tie_id}
                inherited["note"] = (
                    f"listed under {places.kommuner[kommune_id]['name']}, "
                    f"which became part of {inherited['kommune_name']}"
                )
                ties.setdefault(inherited["tie_id"], inherited)
            continue
        tie = ties[tie_id]
        if WIKIPEDIA not in tie["source_urls"]:
            tie["source_urls"] += f" {WIKIPEDIA}"
            # A second list makes one source two; of the snapshot it may be a copy, so those count as one.
            better = {"unverified": "one_source", "one_source": "verified", "doubtful": "doubtful"}
            if "VERIFY" in tie["note"]:
                tie["verification"] = "one_source"
            else:
                tie["verification"] = better.get(tie["verification"], tie["verification"])
    return sorted(ties.values(), key=lambda tie: tie["tie_id"]), left


def _verification(row: Mapping[str, str]) -> str:
    note, url = row["note"], row["source_url"]
    if "VERIFY" in note or "not confirmed" in note or "not on the kommune's own list" in note:
        return "doubtful"
    if SNAPSHOT in url or "noregur.is" in url:
        return "unverified"
    return "verified" if re.search(r"\.kommune\.no/", url) else "one_source"


def _tie(kommune_id: str, city_id: str, places: Gazetteer) -> dict[str, str]:
    kommune, city = places.kommuner[kommune_id], places.cities[city_id]
    return dict.fromkeys(TIE_COLUMNS, "") | {
        "tie_id": f"{kommune_id}–{city_id}",
        "kommune_id": kommune_id,
        "kommune_name": kommune["name"],
        "city_id": city_id,
        "city_name": city["name"],
        "country": city["country"],
        "valid_from": kommune["valid_from"],
        "valid_to": kommune["valid_to"],
    }


def _inherit(ties: dict[str, dict[str, str]], tie: dict[str, str], held_by: str, places: Gazetteer) -> None:
    old = _tie(held_by, tie["city_id"], places) | {
        key: tie[key] for key in ("kind", "signed_year", "source_urls", "verification")
    }
    old["note"] = f"held by {old['kommune_name']} until the reform; see {tie['tie_id']}"
    ties.setdefault(old["tie_id"], old)
    ties[tie["tie_id"]]["inherited_from"] = old["tie_id"]


def _left(kommune: str, city: str, why: str, file: str) -> dict[str, str]:
    return {"file": file, "kommune": kommune, "city": city, "reason": why}


def make_events(
    listed: Iterable[Mapping[str, str]], ties: Iterable[Mapping[str, str]], places: Gazetteer
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the documented events of ties in the registry, and the rows that can't be placed."""
    by_kommune: dict[str, list[Mapping[str, str]]] = {}
    for tie in ties:
        by_kommune.setdefault(tie["kommune_id"], []).append(tie)
    events: list[dict[str, str]] = []
    left: list[dict[str, str]] = []
    for row in [*listed, *HAND_EVENTS]:
        action = "resumed" if row["event_class"] == "resumed" else ACTIONS.get(row["event_class"])
        kommune_id = places.by_number.get(row["kommune_number_2024"]) if row["kommune_number_2024"] else None
        dates = _dates(row["date"])
        if action is None or kommune_id is None or dates is None:
            why = "no action of ours" if action is None else "no kommune" if kommune_id is None else "no date"
            left.append(_left(row["kommune"], row["foreign_city"], f"{why}: {row['event_class']}", "tie_events.csv"))
            continue
        for name in re.split(r", | og ", row["foreign_city"]):
            countries = {tie["country"] for tie in by_kommune.get(kommune_id, ())}
            found = {city for country in countries if (city := places.city(kommune_id, country, name))}
            held = [tie for tie in by_kommune.get(kommune_id, ()) if tie["city_id"] in found]
            if len(held) != 1:
                left.append(_left(row["kommune"], name, "no such tie in the registry", "tie_events.csv"))
                continue
            listed_first, last, precision = dates
            caused = action == "frozen" and held[0]["country"] == "RU" and listed_first < INVASION <= last
            first = INVASION if caused else listed_first
            tie_id = held[0]["tie_id"]
            events.append(
                {
                    "known_id": f"{tie_id}:{action}:{listed_first}",
                    "tie_id": tie_id,
                    "action": action,
                    "date_from": first,
                    "date_to": last,
                    "date_precision": precision,
                    "decided_by": row["decided_by"],
                    "source_url": row["source_url"],
                    "verification": "doubtful" if "VERIFY" in row["note"] else "one_source",
                    "note": row["note"],
                }
            )
    once = {event["known_id"]: event for event in events}
    return sorted(once.values(), key=lambda event: event["known_id"]), left


def _dates(text: str) -> tuple[str, str, str] | None:
    """Return first day, last day and precision of a date as the list writes it; None for undated ones."""
    text = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        return text, text, "day"
    if match := re.fullmatch(r"(\d{4}-\d\d)-(\d\d)/(\d\d)", text):
        return f"{match[1]}-{match[2]}", f"{match[1]}-{match[3]}", "interval"
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return f"{text}-01", f"{text}-{_last(match[1], match[2])}", "month"
    if match := re.fullmatch(r"(\d{4})-(\d\d)/(\d\d)", text):
        return f"{match[1]}-{match[2]}-01", f"{match[1]}-{match[3]}-{_last(match[1], match[3])}", "interval"
    if match := re.fullmatch(r"(\d{4})-(\d\d)/(\d{4})-(\d\d)", text):
        return f"{match[1]}-{match[2]}-01", f"{match[3]}-{match[4]}-{_last(match[3], match[4])}", "interval"
    if match := re.fullmatch(r"(\d{4})", text):
        return f"{text}-01-01", f"{text}-12-31", "year"
    if match := re.fullmatch(r"(\d{4}) \(høst\)", text):
        return f"{match[1]}-09-01", f"{match[1]}-11-30", "season"
    if match := re.fullmatch(r"(\d{4}) \(januar/februar\)", text):
        return f"{match[1]}-01-01", f"{match[1]}-02-{_last(match[1], '02')}", "interval"
    return None


def _last(year: str, month: str) -> str:
    return f"{calendar.monthrange(int(year), int(month))[1]:02}"


def _write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(lists: Path, gazetteer: Path, out: Path = HERE) -> None:
    """Write the three files and print how many rows they have."""
    places = read_gazetteer(gazetteer)
    ties, left = make_ties(_rows(lists / "ties.csv"), _rows(lists / "twin_towns_wikipedia_2026.csv"), places)
    events, left_events = make_events(_rows(lists / "tie_events.csv"), ties, places)
    _write(out / "ties.csv", TIE_COLUMNS, ties)
    _write(out / "tie_events_known.csv", EVENT_COLUMNS, events)
    _write(out / "left_out.csv", ("file", "kommune", "city", "reason"), [*left, *left_events])
    sys.stdout.write(f"{len(ties)} ties, {len(events)} events, {len(left) + len(left_events)} rows left out\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
