"""Time zones by the names that wires and feeds write behind a time."""

from collections.abc import Mapping
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_HOURS: Mapping[str, float] = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1,
    "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "MEWT": 1, "MEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "TRT": 3, "SAMT": 4,
    "SAST": 2, "CAT": 2, "WAT": 1, "EAT": 3, "IRST": 3.5, "AFT": 4.5, "PKT": 5, "UZT": 5, "NPT": 5.75, "MMT": 6.5,
    "ICT": 7, "WIB": 7, "WITA": 8, "WIT": 9, "HKT": 8, "SGT": 8, "PHT": 8, "MYT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "ACDT": 10.5, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
    "ADT": -3, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3, "CLT": -4, "CLST": -3, "UYT": -3, "VET": -4,
}  # fmt: skip
_BY_COUNTRY: Mapping[str, Mapping[str, float]] = {
    "IST": {"IN": 5.5, "LK": 5.5, "IE": 1, "IL": 2},
    "CST": {"CN": 8, "TW": 8, "CU": -5, "US": -6, "CA": -6, "MX": -6, "": -6},
    "AST": {"SA": 3, "KW": 3, "BH": 3, "QA": 3, "IQ": 3, "CA": -4, "PR": -4, "BM": -4},
    "GST": {"AE": 4, "OM": 4, "GS": -2},
    "BST": {"BD": 6},
    "ECT": {"EC": -5},
    "AMT": {"AM": 4, "BR": -4},
}
"""Names that several countries have. "" is who is meant where nobody says so: RFC 822 gives CST to North America."""


def zone_named(name: str, country: str | None = None) -> tzinfo | None:
    """The zone; None for a name that is unknown, or that several countries have and `country` (ISO 3166) is none of."""
    said = name.upper()
    shared = _BY_COUNTRY.get(said, {})
    hours = shared.get((country or "").upper(), shared.get("", _HOURS.get(said)))
    return None if hours is None else timezone(timedelta(hours=hours))


def place_zone(name: str) -> tzinfo | None:
    """The zone of a place ("Europe/Berlin"); None for one that the zone database does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
