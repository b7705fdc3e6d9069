"""Near-duplicates across wires: MinHash signatures by rensa, cut into bands that a table can look up.

datasketch does the same, and brings SciPy along: 55 MB in every worker.
"""

import re
from array import array
from collections.abc import Iterable
from hashlib import sha256
from itertools import starmap
from operator import eq

from rensa import RMinHash  # type: ignore[import-untyped]

PERMUTATIONS = 64
BANDS = 16
ALIKE = 0.7
"""The share of five-word shingles from which two texts are copies of one another."""
SHORTEST = 30
"""Words below which a text says too little to be compared."""
_WORD = re.compile(r"\w+")


def signature(text: str) -> bytes | None:
    """64 numbers of 32 bits that stand for the text's five-word shingles; None when it is too short.

    The same text gives the same signature on every machine: the permutations come from a fixed seed.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < SHORTEST:
        return None
    made = RMinHash(num_perm=PERMUTATIONS, seed=1)
    made.update(sorted({" ".join(words[place : place + 5]) for place in range(len(words) - 4)}))
    return array("I", made.digest()).tobytes()


def bands(signed: bytes) -> list[str]:
    """Keys that two alike texts probably share at least one of."""
    width = len(signed) // BANDS
    pieces = (signed[place * width : (place + 1) * width] for place in range(BANDS))
    return [f"{place}:{sha256(piece).hexdigest()[:16]}" for place, piece in enumerate(pieces)]


def likeness(one: bytes, other: bytes) -> float:
    """The estimated share of shingles that two texts have in common, 0 to 1."""
    pairs = zip(array("I", one), array("I", other), strict=True)
    alike: int = sum(starmap(eq, pairs))
    return alike / PERMUTATIONS


def nearest(signed: bytes, others: Iterable[tuple[str, bytes]]) -> str | None:
    """The group of the text most alike, if alike enough; of several equally alike, the first by name."""
    found = sorted((-likeness(signed, other), group) for group, other in others)
    return found[0][1] if found and -found[0][0] >= ALIKE else None
