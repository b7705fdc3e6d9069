"""Countries, blocs and regions that a filter may name: ISO 3166-1 alpha-2 codes, historic states, organisations.

Regions follow the United Nations' M49 subregions; memberships as of 2025.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

SUBREGIONS = {
    "North Africa": "DZ EG LY MA SD TN EH",
    "West Africa": "BJ BF CV CI GM GH GN GW LR ML MR NE NG SH SN SL TG",
    "Central Africa": "AO CM CF TD CG CD GQ GA ST",
    "East Africa": "BI KM DJ ER ET KE MG MW MU YT MZ RE RW SC SO SS TZ UG ZM ZW IO TF",
    "Southern Africa": "BW SZ LS NA ZA",
    "North America": "US CA BM GL PM",
    "Central America": "BZ CR SV GT HN MX NI PA",
    "Caribbean": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "South America": "AR BO BR CL CO EC FK GF GY PE PY SR UY VE BV GS",
    "Central Asia": "KZ KG TJ TM UZ",
    "East Asia": "CN HK JP KP KR MN MO TW",
    "Southeast Asia": "BN KH ID LA MY MM PH SG TH TL VN",
    "South Asia": "AF BD BT IN IR LK MV NP PK",
    "West Asia": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "Eastern Europe": "BY BG CZ HU MD PL RO RU SK UA SU CS",
    "Northern Europe": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
    "Southern Europe": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK YU",
    "Western Europe": "AT BE CH DE FR LI LU MC NL DD",
    "Oceania": "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}

REGIONS = {
    "Africa": ("North Africa", "West Africa", "Central Africa", "East Africa", "Southern Africa"),
    "Americas": ("North America", "Central America", "Caribbean", "South America"),
    "Latin America": ("Central America", "Caribbean", "South America"),
    "Asia": ("Central Asia", "East Asia", "Southeast Asia", "South Asia", "West Asia"),
    "Europe": ("Eastern Europe", "Northern Europe", "Southern Europe", "Western Europe"),
}

BLOCS = {
    "EU": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "NATO": "AL BE BG CA CZ DE DK EE ES FI FR GB GR HR HU IS IT LT LU LV ME MK NL NO PL PT RO SE SI SK TR US",
    "G7": "CA DE FR GB IT JP US",
    "G20": "AR AU BR CA CN DE FR GB ID IN IT JP KR MX RU SA TR US ZA",
    "BRICS": "BR RU IN CN ZA EG ET IR AE ID",
    "ASEAN": "BN KH ID LA MY MM PH SG TH TL VN",
    "SCO": "BY CN IN IR KG KZ PK RU TJ UZ",
    "CIS": "AM AZ BY KG KZ RU TJ UZ",
    "GCC": "AE BH KW OM QA SA",
    "OPEC": "AE CG DZ GA GQ IQ IR KW LY NG SA VE",
    "Mercosur": "AR BO BR PY UY",
    "Arab League": "AE BH DJ DZ EG IQ JO KM KW LB LY MA MR OM PS QA SA SD SO SY TN YE",
    "Middle East": "AE BH CY EG IL IQ IR JO KW LB OM PS QA SA SY TR YE",
}

ORGANISATIONS = tuple("ASEAN EU GCC IAEA ICC IMF NATO OAS OECD OPEC OSCE SCO UN UNESCO WB WHO WTO".split())  # noqa: SIM905
"""Acronyms that a visitor's country may be: the people of an international organisation represent it."""

COUNTRIES = tuple(sorted(code for codes in SUBREGIONS.values() for code in codes.split()))
GROUPS = tuple(sorted({*SUBREGIONS, *REGIONS, *BLOCS}))
NAMES = tuple(sorted({*COUNTRIES, *GROUPS, *ORGANISATIONS}))
"""Everything that a filter may say where it asks for a country."""


@cache
def country_name(code: str) -> str:
    """A country's name as a wire writes it; the code itself where there is none ("UN")."""
    return _names().get(code, code)


def code_of(name: str) -> str:
    """The code of a country by its name, or ""."""
    return next(
        (code for code, known in _names().items() if known.removeprefix("the ").casefold() == name.casefold()), ""
    )


@cache
def _names() -> dict[str, str]:
    lines = files("visitwire_alerting").joinpath("country_names.txt").read_text("utf-8").splitlines()
    return {line[:2]: line[3:] for line in lines}


@cache
def members(name: str) -> frozenset[str]:
    """The countries that `name` stands for: itself, and the members of a bloc or region of that name."""
    if name in SUBREGIONS:
        return frozenset(SUBREGIONS[name].split())
    if name in REGIONS:
        return frozenset(code for part in REGIONS[name] for code in SUBREGIONS[part].split())
    return frozenset({name, *BLOCS.get(name, "").split()})


def expand(names: Iterable[str]) -> frozenset[str]:
    return frozenset(code for name in names for code in members(name))
