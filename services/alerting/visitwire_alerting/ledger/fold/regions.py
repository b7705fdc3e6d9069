"""The countries that a destination told as a region may turn out to be: "the Middle East", "five African countries"."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from visitwire_language.gazetteer.groups import expand, groups

NOWHERE = ("BRICS", "G20", "G7", "NATO", "OPEC", "SCO")
"""Blocs that are a table to sit at, and no region to travel in."""
WORDS: dict[str, tuple[str, ...]] = {
    "western africa": ("West Africa",),
    "eastern africa": ("East Africa",),
    "northern africa": ("North Africa",),
    "southern asia": ("South Asia",),
    "eastern asia": ("East Asia",),
    "south-east asia": ("Southeast Asia",),
    "northeast asia": ("East Asia",),
    "eastern europe": ("Eastern Europe",),
    "central europe": ("AT", "CH", "CZ", "DE", "HU", "LI", "PL", "SI", "SK"),
    "nordic": ("DK", "FI", "IS", "NO", "SE"),
    "scandinavia": ("DK", "NO", "SE"),
    "baltic": ("EE", "LT", "LV"),
    "balkan": ("AL", "BA", "BG", "GR", "HR", "ME", "MK", "RO", "RS", "SI", "XK"),
    "caucasus": ("AM", "AZ", "GE"),
    "gulf": ("GCC", "IQ"),
    "maghreb": ("DZ", "LY", "MA", "MR", "TN"),
    "sahel": ("BF", "ML", "MR", "NE", "TD"),
    "horn of africa": ("DJ", "ER", "ET", "SO"),
    "arab": ("Arab League",),
    "mideast": ("Middle East",),
    "pacific": ("Oceania",),
    "asia-pacific": ("Asia", "Oceania"),
    "indo-pacific": ("Asia", "Oceania"),
    "african": ("Africa",),
    "asian": ("Asia",),
    "european": ("Europe",),
    "latin american": ("Latin America",),
    "south american": ("South America",),
    "central american": ("Central America",),
    "central asian": ("Central Asia",),
    "south asian": ("South Asia",),
    "southeast asian": ("Southeast Asia",),
    "east african": ("East Africa",),
    "west african": ("West Africa",),
    "north african": ("North Africa",),
    "southern african": ("Southern Africa",),
    "middle eastern": ("Middle East",),
    "mideastern": ("Middle East",),
}
"""The words by which wires name a region beside its own name, and its countries or the groups that hold them."""


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    own = {name.casefold(): (name,) for name in groups() if name not in NOWHERE}
    return own | WORDS


@cache
def _region() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _known()), key=len, reverse=True))
    # South Africa and the Central African Republic are countries.
    return re.compile(rf"\b(?<!south )(?:{names})(?=s?\b)(?! (?:republic|union)\b)", re.IGNORECASE)


@lru_cache(maxsize=4_096)
def countries_of(place: str) -> frozenset[str]:
    """The countries of the first region that the words name; none where they name none."""
    named = _region().search(place)
    return expand(_known()[named[0].casefold()]) if named else frozenset()
