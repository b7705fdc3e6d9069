"""Countries on the map: name, capital, and where the capital lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from visitwire_language.gazetteer.display import capital, country_name

from visitwire_gateway.equal_earth import spot


@dataclass(frozen=True)
class Capital:
    code: str
    name: str
    capital: str
    at: tuple[float, float]
    """On the map's sheet."""


@cache
def places() -> Mapping[str, Capital]:
    """By ISO 3166 alpha-2 code, historic states and the seats of some organisations included."""
    found = {}
    for line in files("visitwire_gateway").joinpath("capitals.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, lat, lon = line.split("\t")
            found[code] = Capital(code, country_name(code), capital(code), spot(float(lon), float(lat)))
    return found


@cache
def flags() -> frozenset[str]:
    """The codes that have a picture."""
    folder = files("visitwire_gateway").joinpath("static/flags")
    return frozenset(
        entry.name.removesuffix(".svg").upper() for entry in folder.iterdir() if entry.name.endswith(".svg")
    )
