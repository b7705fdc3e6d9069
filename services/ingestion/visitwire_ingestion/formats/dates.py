"""Points in time as the wires write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

_COMPACT = re.compile(
    r"^(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:[T ]?(?P<h>\d\d):?(?P<mi>\d\d)(?::?(?P<s>\d\d)(?:[.,](?P<f>\d+))?)?)?\s*(?P<z>Z|GMT|UTC|[+-]\d\d:?(?:\d\d)?)?$"
)
_DOTTED = re.compile(
    r"^(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})"
    r"(?:,?\s+(?P<h>\d{1,2})[:.](?P<mi>\d\d)(?:[:.](?P<s>\d\d))?)?$"
)
_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
)
MONTHS: dict[str, int] = {
    form: number
    for names in reversed(_MONTHS)
    for number, name in enumerate(names.split(), start=1)
    for form in (name, name[:3], name[:4])
}
"""Month names of the wires' languages, in full and cut to three or four letters; English wins a clash."""
_DAY_MONTH = re.compile(r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?\.?(?: de)? (?P<m>[^\W\d]+)\.?(?:,? (?:de )?(?P<y>\d{4}))?$")
_MONTH_DAY = re.compile(r"^(?P<m>[^\W\d]+)\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<y>\d{4}))?$")


def when(value: object, zone: tzinfo = UTC) -> datetime | None:
    """The instant that `value` says, or None when it says none.

    Reads ISO 8601 in its long and compact forms, "28.09.2026 11:15", RFC 2822, and Unix seconds or milliseconds.
    A time without an offset is in `zone`; a date without a time is its first second.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _unix(value)
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > 64:
        return None
    return _iso(text, zone) or _rfc2822(text, zone)


def day(words: str, near: date | None = None) -> date | None:
    """The day that words such as "March 27", "27 mars" or "2 Jan. 2014" name.

    Where they give no year it is the one that brings the day closest to `near`; without `near` the answer is None.
    """
    found = _MONTH_DAY.match(words.strip()) or _DAY_MONTH.match(words.strip())
    month = MONTHS.get(found["m"].lower()) if found else None
    if not found or not month:
        return None
    years = [int(found["y"])] if found["y"] else [near.year + step for step in (-1, 0, 1)] if near else []
    days = [made for year in years if (made := _date(year, month, int(found["d"])))]
    return min(days, key=lambda each: abs(each - near) if near else timedelta(0), default=None)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _unix(value: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str, zone: tzinfo) -> datetime | None:
    found = _COMPACT.match(text) or _DOTTED.match(text)
    if not found:
        return None
    year, month, number, hour, minute, second = (int(found[name] or 0) for name in ("y", "m", "d", "h", "mi", "s"))
    more = found.groupdict()
    micro = int((more.get("f") or "0")[:6].ljust(6, "0"))
    try:
        made = datetime(year, month, number, hour, minute, second, micro, _offset(more.get("z")) or zone)
        made.astimezone(UTC)  # years 1 and 9999 may leave the calendar here, rather than in whoever reads it
    except (ValueError, OverflowError):
        return None
    return made


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "GMT", "UTC"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift)


def _rfc2822(text: str, zone: tzinfo) -> datetime | None:
    try:
        made = parsedate_to_datetime(text)
        made = made if made.tzinfo else made.replace(tzinfo=zone)
        made.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return made
