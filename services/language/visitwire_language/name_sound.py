"""How a name sounds, the same for the ways in which wires write it in Latin letters: "Araqchi" and "Araghchi",
"Hussain" and "Hussein", "Abdel Ati" and "Abdelatty". Nothing here knows any person.
"""

import re
from functools import lru_cache

LEAST = 5
"""Letters of a name below which every letter counts: "Chen" is not "Chin"."""
SERVANT = frozenset({"abd", "abdal", "abdel", "abdol", "abdul"})
""""Servant of", which is written as a word or as the beginning of one."""
_HEARD = (("gh", "k"), ("ck", "k"), ("q", "k"), ("g", "k"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("zh", "i"))
_VOWELS = {"a": "a", "e": "i", "i": "i", "o": "u", "u": "u"}
"""By the last vowel of a row, what is heard: "ai" and "ei" are one, and so are "ou" and "u"; "a" is like no other."""


@lru_cache(maxsize=16_384)
def sounds(names: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a name, in lower case and without accents, as they sound."""
    return tuple(_sound(part) for part in _joined(names))


def _joined(names: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for part in names:
        if found and found[-1] in SERVANT:
            found[-1] += part
        else:
            found.append(part)
    return found


def _sound(part: str) -> str:
    if len(part) < LEAST:
        return part
    part = re.sub(r"^abd(?:[aeou]l)?(?=..)", "abdl", part)
    for written, heard in _HEARD:
        part = part.replace(written, heard)
    part = re.sub(r"(?<=[aeiou])h$", "", part)
    part = re.sub(r"[aeiou]+", lambda row: _VOWELS[row[0][-1]], part)
    return re.sub(r"(.)\1+", r"\1", part)
