"""Points in time in the notation of machines: ISO 8601, long or compact, and Unix seconds."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from visitwire_ingestion.formats.zones import zone_named

_COMPACT = re.compile(
    r"^(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:[T ]?\s?(?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d)(?:[.,](?P<f>\d+))?)?)?"
    r"\s*(?P<z>[A-Z]{1,5}|[+-]\d\d:?(?:\d\d)?)?$"
)
UNIX = re.compile(r"^(?:1\d{9}|\d{9})(?:\.\d{1,9})?$|^1\d{12}$")
YEARS = range(1900, 2200)
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""What software writes that has no time at hand."""


def unix(value: float | str) -> datetime | None:
    """The instant of Unix seconds or milliseconds; None where it is in no year that news is of."""
    try:
        value = float(value)
        made = datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return made if made.year in YEARS and made != NO_TIME else None


def iso(text: str, zone: tzinfo, country: str | None = None) -> datetime | None:
    """The instant in ISO 8601; None for other notations, and for a zone that nobody can be sure of."""
    found = _COMPACT.match(text)
    if not found or int(found["y"]) not in YEARS:
        return None
    year, number, day_, hour, minute, second = (int(found[name] or 0) for name in ("y", "m", "d", "h", "mi", "s"))
    named = _offset(found["z"]) or zone_named(found["z"] or "", country)
    if found["z"] and named is None:
        return None
    if hour == 24 and (minute or second):
        return None
    micro = int((found["f"] or "0")[:6].ljust(6, "0"))
    try:
        made = datetime(year, number, day_, hour % 24, minute, second, micro, named or zone)
        made += timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta(0)
        made.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return made


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "GMT", "UTC"):
        return UTC
    if text.isalpha():
        return None
    digits = text[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if shift >= timedelta(hours=24):
        return None
    return timezone(-shift if text[0] == "-" else shift)
