"""Stories of other kinds, made from hand-written templates with a seed: sport, markets, crime, weather and near misses.

Every name in them is invented. None tells of an official visit, so that any alert they raise is false.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

from visitwire_schemas import Dateline, Story

FOLDER = Path(__file__).parent
PAIRS = {
    "man": "men",
    "woman": "women",
    "company": "companies",
    "club": "clubs",
    "country": "countries",
    "city": "cities",
}
SINGLE = {"nation": "nations", "day": "days", "month": "months", "band": "bands", "ground": "grounds"}


@lru_cache(maxsize=1)
def names() -> dict[str, list[str]]:
    """The names that fill the slots, by kind."""
    read: dict[str, list[str]] = tomllib.loads((FOLDER / "names.toml").read_text("utf-8"))
    return read


def _fields(random: Random) -> dict[str, str]:
    """One value for every slot of the templates; pairs differ."""
    known = names()
    found = {"n": str(random.randint(11, 48)), "m": str(random.randint(2, 9)), "year": str(random.randint(1988, 2029))}
    found["money"] = f"{random.randint(2, 90)} mln dlrs"
    for slot, kind in PAIRS.items():
        found[slot], found[f"{slot}2"] = random.sample(known[kind], 2)
    for slot, kind in SINGLE.items():
        found[slot] = random.choice(known[kind])
    return found


def templates() -> dict[str, list[str]]:
    """The templates, by kind of news."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in sorted((FOLDER / "templates").glob("*.txt"))}


def stories(count: int, seed: int = 7) -> Iterator[Story]:
    """`count` stories of two to four paragraphs each, the same for the same seed."""
    random = Random(seed)
    kinds = templates()
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for number in range(count):
        kind = random.choice(list(kinds))
        fields = _fields(random)
        lines = random.sample(kinds[kind], random.randint(2, 4))
        place = random.choice(names()["cities"])
        at = start + timedelta(hours=7 * number)
        yield Story(
            provider="othernews",
            uri=f"{kind}-{number}",
            received=at,
            versioncreated=at,
            headline=lines[0].format(**fields).split(",")[0].upper()[:70],
            dateline=Dateline(text=f"{place.upper()}, {at:%B} {at.day}", place=place),
            text="\n".join(line.format(**fields) for line in lines),
        )
