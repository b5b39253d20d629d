"""Where Norway lies on a sheet: the map's projection, the shipped outline, and areas from a GeoJSON of kommuner.

The projection is a transverse Mercator on a sphere around 15° E, on which Norway stands upright.
`python -m digest.site.outline countries-10m.json` makes `data/norway.json` from npm's world-atlas (Natural Earth).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Ring = Sequence[tuple[float, float]]
SHEET = (560, 700)
"""Width and height of the map, in its own units."""
_MERIDIAN = math.radians(15)
_FILE = Path(__file__).with_name("data") / "norway.json"
_COUNTRY = "578"
_TOLERANCE = 0.45
"""Sheet units that a simplified line may stray: about a kilometre on the ground."""
_SMALLEST = 1.2
"""Sheet units squared; smaller islands are left out."""


class AreasError(Exception):
    """The GeoJSON of kommuner can't be used; the message (Norwegian) says why and what is needed."""


def project(lon: float, lat: float) -> tuple[float, float]:
    """Return the point of the sheet for degrees east and north."""
    x, y = _mercator(lon, lat)
    left, top, scale = _frame()
    return (x - left) * scale, (top - y) * scale


def outline_path() -> str:
    """Return the shipped outline of Norway as the `d` of an SVG path."""
    rings: list[Ring] = json.loads(_FILE.read_text(encoding="utf-8"))["rings"]
    return "".join(_path([project(lon, lat) for lon, lat in ring]) for ring in rings)


def area_paths(geojson: Path) -> dict[str, str]:
    """Return the SVG path of each kommune, by kommunenummer; raises AreasError.

    Rings may turn either way round. The number is taken from the first of the properties that Norwegian data sets use.
    """
    try:
        features = json.loads(geojson.read_text(encoding="utf-8"))["features"]
        areas = {_number(feature["properties"]): _area(feature["geometry"]) for feature in features}
    except OSError as error:
        raise AreasError(
            f"Kan ikke lese {geojson}: {error.strerror}. Rett [pages] kommuner_geojson, eller ta den bort."
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise AreasError(
            f"{geojson} er ikke en GeoJSON av kommuner ({error}). Den trenger «features» med flater i lengde og bredde "
            "(WGS 84) og kommunenummer i «kommunenummer»."
        ) from None
    return areas


def _number(properties: dict[str, Any]) -> str:
    for key in ("kommunenummer", "kommune_number", "kommunenr", "id"):
        if key in properties:
            return str(properties[key]).zfill(4)
    raise ValueError("en flate uten kommunenummer")


def _area(geometry: dict[str, Any]) -> str:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [[project(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]
    if any(not -2 * SHEET[0] < x < 3 * SHEET[0] for ring in rings for x, _ in ring):
        raise ValueError("koordinatene er ikke lengde og bredde i grader")
    kept = [ring for ring in rings if _size(ring) > _SMALLEST / 4] or rings[:1]
    return "".join(_path(_simplify(ring)) for ring in kept)


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    phi, delta = math.radians(lat), math.radians(lon) - _MERIDIAN
    b = math.cos(phi) * math.sin(delta)
    return math.atanh(b), math.atan2(math.tan(phi), math.cos(delta))


@cache
def _frame() -> tuple[float, float, float]:
    """Return left, top and scale, so that the mainland fills the sheet."""
    corners = [_mercator(lon, lat) for lon, lat in ((4.4, 61), (31.3, 70.3), (25.8, 71.3), (7, 57.9))]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    return left, top, min(SHEET[0] / (right - left), SHEET[1] / (top - bottom))


def _path(points: Ring) -> str:
    steps = []
    before = (0, 0)
    for at, (x, y) in enumerate(points):
        here = (round(10 * x), round(10 * y))
        if at == 0:
            steps.append(f"M{_tenth(here[0])} {_tenth(here[1])}")
        elif here != before:
            steps.append(f"{'l' if at == 1 else ' '}{_tenth(here[0] - before[0])} {_tenth(here[1] - before[1])}")
        before = here
    return "".join(steps).replace(" -", "-") + "z"


def _tenth(number: int) -> str:
    return f"{number / 10:g}"


def _size(ring: Ring) -> float:
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def _simplify(ring: Ring, tolerance: float = _TOLERANCE) -> list[tuple[float, float]]:
    """Leave out the points that the line hardly needs (Douglas–Peucker, without recursion)."""
    keep = {0, len(ring) - 1}
    stack = [(0, len(ring) - 1)]
    # A closed ring has no length between its ends: it is halved at its farthest point first.
    while stack:
        first, last = stack.pop()
        far, at = 0.0, first
        for i in range(first + 1, last):
            distance = _distance(ring[i], ring[first], ring[last])
            if distance > far:
                far, at = distance, i
        if far > tolerance:
            keep.add(at)
            stack += [(first, at), (at, last)]
    return [ring[i] for i in sorted(keep)]


def _distance(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy)
    if length == 0:
        return math.hypot(point[0] - a[0], point[1] - a[1])
    along = max(0.0, min(1.0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length**2))
    return math.hypot(point[0] - a[0] - along * dx, point[1] - a[1] - along * dy)


def _convert(topology: Path) -> None:
    """Write the shipped outline from world-atlas' countries, simplified for the sheet."""
    atlas = json.loads(topology.read_text(encoding="utf-8"))
    (scale_x, scale_y), (left, low) = atlas["transform"]["scale"], atlas["transform"]["translate"]

    def arc(index: int) -> list[tuple[float, float]]:
        x = y = 0
        points = []
        for dx, dy in atlas["arcs"][index if index >= 0 else ~index]:
            x, y = x + dx, y + dy
            points.append((x * scale_x + left, y * scale_y + low))
        return points if index >= 0 else points[::-1]

    def ring(arcs: Iterable[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for index in arcs:
            points += arc(index)[1 if points else 0 :]
        return points

    country = next(g for g in atlas["objects"]["countries"]["geometries"] if g.get("id") == _COUNTRY)
    polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
    kept = []
    for polygon in polygons:
        degrees = ring(polygon[0])
        on_sheet = [project(lon, lat) for lon, lat in degrees]
        is_mainland = all(4 < lon < 32 and 57 < lat < 71.6 for lon, lat in degrees)
        if is_mainland and _size(on_sheet) > _SMALLEST:
            wanted = set(_simplify(on_sheet))
            kept.append(
                [
                    [round(lon, 3), round(lat, 3)]
                    for (lon, lat), at in zip(degrees, on_sheet, strict=True)
                    if at in wanted
                ]
            )
    kept.sort(key=len, reverse=True)
    made = {
        "source": "Natural Earth 1:10m admin 0 countries, by way of npm world-atlas 2.0.2; simplified",
        "licence": "public domain",
        "rings": kept,
    }
    _FILE.write_text(json.dumps(made, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _convert(Path(sys.argv[1]))
