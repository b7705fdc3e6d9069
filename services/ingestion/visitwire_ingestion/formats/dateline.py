"""Datelines: "NEW DELHI, March 27 (TASS) -"."""

import re
from datetime import date

from visitwire_schemas import Dateline

from visitwire_ingestion.formats.days import MONTHS, day
from visitwire_ingestion.formats.label_patterns import CORRECTED, KILLED, REFILED, REPEATED

_AGENCY = r"(?:\((?P<agency>[^()]{2,60})\)|/(?P<slashed>[A-Za-zÀ-ž .-]{2,20})/)"
_MONTH = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_DATE = (
    rf"(?:(?:{_MONTH})\.?\s\d{{1,2}}(?:,?\s\d{{4}})?|\d{{1,2}}\.?\s(?:de\s)?(?:{_MONTH})\.?(?:,?\s(?:de\s)?\d{{4}})?)"
)
_PLACE = r"[^\W\d_][^\n()–—]{0,78}?"
_DASH = r"\s*\.?\s*(?:[–—―_]|--?|:|=)"
_LEAD = re.compile(
    rf"\s*(?P<text>(?:(?P<only>{_DATE})|(?P<place>{_PLACE})(?:,\s*(?P<date>{_DATE}))?)[.,]?\s*"
    rf"(?:{_AGENCY}{_DASH}|/[A-Za-z -]{{2,20}}/\.?|(?(date)[a-z-]{{2,15}}\s+[–—-](?=\s)|(?!))))",
    re.IGNORECASE,
)
_AGENCY_FIRST = re.compile(
    rf"\s*(?P<text>\([^()]{{2,30}}\)\s*[–—-]\s*(?P<place>{_PLACE}),\s*(?P<date>{_DATE})\.?\s*[–—-])(?=\s)",
    re.IGNORECASE,
)
"""(ANSA) - ROMA, 2 MAR -"""
_LABEL = re.compile(rf"{CORRECTED}|{REFILED}|{REPEATED}|{KILLED}")
"""What stands where a place would: "CORRECTED (OFFICIAL)-"."""
_TRAIL = re.compile(r"[\s–—―:=_-]+$")
_PARTS = re.compile(rf"^(?P<place>{_PLACE})(?:(?:,|\s)\s*(?P<date>{_DATE}))?[.,]?\s*(?:{_AGENCY})?$", re.IGNORECASE)
_ONLY = re.compile(rf"^(?P<date>{_DATE})[.,]?\s*(?:{_AGENCY})?$", re.IGNORECASE)


def dateline(words: str | None, near: date | None = None) -> Dateline | None:
    """The dateline that `words` are, read leniently; `near` is the day the story was published.

    A part that cannot be made out stays None; `text` is always the words themselves.
    """
    text = " ".join((words or "").split())
    if not text:
        return None
    bare = _TRAIL.sub("", text).rstrip(".")
    only = _ONLY.match(bare)
    if only:
        return Dateline(text=text, date=_iso(only["date"], near))
    found = _PARTS.match(bare)
    if not found:
        return Dateline(text=text)
    return Dateline(text=text, place=_place(found["place"]), date=_iso(found["date"], near))


def leading(body: str, near: date | None = None) -> Dateline | None:
    """The dateline that a story's text begins with, or None.

    It must name an agency in parentheses or slashes, or bare behind a date ("TOKYO, March 2 Kyodo -"), so that an
    ordinary sentence is never taken for one.
    """
    found = _LEAD.match(body[:240])
    first = None if found else _AGENCY_FIRST.match(body[:240])
    if first:
        return Dateline(
            text=" ".join(first["text"].split()), place=_place(first["place"]), date=_iso(first["date"], near)
        )
    if not found or (found["place"] or "").count(" ") > 5 or _LABEL.fullmatch(found["place"] or ""):
        return None
    text = " ".join(found["text"].split())
    return Dateline(text=text, place=_place(found["place"]), date=_iso(found["date"] or found["only"], near))


def _place(words: str | None) -> str | None:
    """The town alone: "Newport News" of "Newport News, VA"."""
    return (words or "").partition(",")[0].strip(" .-") or None


def _iso(words: str | None, near: date | None) -> str | None:
    if not words:
        return None
    made = day(" ".join(words.replace(".", "").split()), near)
    return made.isoformat() if made else words
