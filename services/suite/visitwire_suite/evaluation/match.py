"""When a visit that was found is the one that a person found: the guidelines' rules, as the yardstick counts them."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

_EMPTY = frozenset({"the", "a", "an", "of", "for", "and", "to", "his", "her", "mr", "mrs", "ms", "dr", "in", "s", "by"})

type Row = Mapping[str, Any]


def words(text: str | None) -> list[str]:
    """The words that count, in plain lower case."""
    plain = unicodedata.normalize("NFKD", text or "").encode("ascii", "ignore").decode().lower()
    return [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _EMPTY]


def stems(text: str | None) -> set[str]:
    """The first six letters of each word."""
    return {word[:6] for word in words(text)}


def same_visitor(gold: Row, found: Row) -> bool:
    """The same surname where both have a name, else the same country and a shared word of office or delegation."""
    if gold.get("name") and found.get("name"):
        one, other = words(gold["name"]), words(found["name"])
        return bool(one and other) and (one[-1] == other[-1] or one[-1] in other or other[-1] in one)
    countries = gold.get("country"), found.get("country")
    same = not all(countries) or str(countries[0]).upper() == str(countries[1]).upper()
    mine, its = (f"{row.get('label') or ''} {row.get('name') or ''}" for row in (gold, found))
    if stems(mine) & stems(its):
        return same
    if not mine.strip() or not its.strip():
        return bool(gold.get("country")) and same
    return False


def same_destination(gold: Row, found: Row) -> bool:
    """The same country; a shared word of the place where either country is unknown."""
    one, other = (gold.get("country") or "?").upper(), (found.get("country") or "?").upper()
    if one != "?" and other != "?":
        return one == other
    return one == "?" or bool(set(words(gold.get("place"))) & set(words(found.get("place"))))


def pair_up(gold: Sequence[Row], found: Sequence[Row]) -> list[tuple[int, int]]:
    """Indices of gold and found visits that are the same, one to one; those that agree in status first."""
    pairs: list[tuple[int, int]] = []
    for strict in (True, False):
        for at, row in enumerate(gold):
            if any(at == one for one, _ in pairs):
                continue
            for number, visit in enumerate(found):
                if (
                    all(number != other for _, other in pairs)
                    and same_destination(row["destination"], visit["destination"])
                    and same_visitor(row["visitor"], visit["visitor"])
                    and (not strict or row["status"] == visit["status"])
                ):
                    pairs.append((at, number))
                    break
    return pairs
