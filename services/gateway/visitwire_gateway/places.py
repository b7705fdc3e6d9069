"""Countries by their code: name, capital, and where the capital lies on the map."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from visitwire_gateway.earth import spot


@dataclass(frozen=True)
class Place:
    code: str
    name: str
    capital: str
    at: tuple[float, float]
    """On the map's sheet."""


@cache
def places() -> Mapping[str, Place]:
    """By ISO 3166 alpha-2 code, historic states and the seats of some organisations included."""
    found = {}
    for line in files("visitwire_gateway").joinpath("places.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            code, name, capital, lat, lon = line.split("\t")
            found[code] = Place(code, name, capital, spot(float(lon), float(lat)))
    return found


@cache
def flags() -> frozenset[str]:
    """The codes that have a picture."""
    folder = files("visitwire_gateway").joinpath("static/flags")
    return frozenset(
        entry.name.removesuffix(".svg").upper() for entry in folder.iterdir() if entry.name.endswith(".svg")
    )


def country_name(code: str | None) -> str:
    """ "India" for "IN"; the code itself for one that is not listed; "" for none."""
    if code is None:
        return ""
    return places()[code].name if code in places() else code
