"""Which country a place, a people or a seat belongs to, as the stories of its day would have it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from visitwire_visits.lexicon import DATA

# Names begin with a capital, but for "demilitarised" and "mainland". The letter comes first: it is quick to look for.
_WORD = re.compile(r"[A-ZÉdm](?<![\w'-].)(?:(?<=[A-ZÉ])|(?=emilitari[sz]ed|ainland))\w*")


@dataclass(frozen=True)
class Gazetteer:
    """Lower-cased names to country codes, and the names by their first word, the longest first."""

    countries: Mapping[str, str]
    people: Mapping[str, str]
    cities: Mapping[str, str]
    seats: Mapping[str, tuple[str, str]]
    regions: frozenset[str]
    before: tuple[tuple[date, str, frozenset[str]], ...]
    starts: Mapping[str, tuple[str, ...]]
    display: Mapping[str, str]
    territories: Mapping[str, tuple[str, date, str]]
    homes: Mapping[str, str]
    """International body -> the country it sits in."""

    def names_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the names stand in a text, none inside another: (start, end)."""
        after = 0
        for word in _WORD.finditer(text):
            names = self.starts.get(word.group())
            if names is None or word.start() < after:
                continue
            for name in names:
                end = word.start() + len(name)
                if text.startswith(name, word.start()) and not text[end : end + 1].isalnum():
                    yield word.start(), end
                    after = end
                    break

    def without_names(self, text: str) -> str:
        """The text with a space for every name."""
        parts, here = [], 0
        for start, end in self.names_in(text):
            parts.append(text[here:start])
            here = end
        return " ".join([*parts, text[here:]])

    def on(self, code: str, today: date | None) -> str:
        """The state that held `code`'s territory on the day: Moscow lay in SU until 1991."""
        if today is not None:
            for until, country, codes in self.before:
                if today < until and code in codes:
                    return country
        return code

    def country_of(self, name: str, today: date | None) -> str | None:
        """The country that a country's, people's or city's name stands for."""
        key = name.lower().removeprefix("the ").strip()
        code = (
            self.countries.get(key) or self.cities.get(key) or self.people.get(key) or self.people.get(key.rstrip("s"))
        )
        if code is None and key in self.seats:
            code = self.seats[key][0]
        return self.on(code, today) if code else None

    def abroad(self, traveller: str | None, destination: str, today: date | None) -> bool:
        """Whether `destination` lies outside the traveller's own state and its territories."""
        if traveller is None:
            return True
        return self._state(traveller, today) != self._state(destination, today)

    def _state(self, code: str, today: date | None) -> str:
        if code in self.territories:
            first, day, second = self.territories[code]
            return second if today is None or today >= day else first
        return code

    def is_country(self, name: str) -> bool:
        """Whether the name is a country's, not a city's."""
        return name.lower().removeprefix("the ") in self.countries


def _lowered(rows: Mapping[str, Mapping[str, list[str]]], kind: str) -> dict[str, str]:
    return {name.lower().removeprefix("the "): code for code, row in rows.items() for name in row[kind]}


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of data/geography.toml, read once."""
    data = tomllib.loads((DATA / "geography.toml").read_text("utf-8"))
    rows = data["country"]
    names = [name for row in rows.values() for kind in ("names", "people", "cities") for name in row[kind]]
    names += [*data["seat"], *data["region"]["names"]]
    names = sorted({name.removeprefix("the ") for name in names}, key=len, reverse=True)
    starts: dict[str, tuple[str, ...]] = {}
    for name in names:
        first = _WORD.match(name)
        if first is not None:
            starts[first.group()] = (*starts.get(first.group(), ()), name)
    before = tuple((date.fromisoformat(r["until"]), r["country"], frozenset(r["codes"])) for r in data["before"])
    return Gazetteer(
        countries=_lowered(rows, "names"),
        people=_lowered(rows, "people"),
        cities=_lowered(rows, "cities"),
        seats={name.lower(): (code, place) for name, (code, place) in data["seat"].items()},
        regions=frozenset(name.lower() for name in data["region"]["names"]),
        before=before,
        starts=starts,
        display={name.lower(): name for name in names},
        territories={code: (a, date.fromisoformat(day), b) for code, (a, day, b) in data["territory"].items()},
        homes=data["home"],
    )
