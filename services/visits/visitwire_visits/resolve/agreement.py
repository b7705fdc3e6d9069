"""What several readers of one story make of it, each by itself and all together."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from visitwire_visits.candidate import Candidate
from visitwire_visits.resolve.pairs import Pair


class Opinion(NamedTuple):
    """How likely one reader, by itself, holds a pair to be a visit."""

    reader: str
    pair: Pair
    likelihood: float
    pairs: Sequence[Pair]
    """All pairs of that reader: what else it tells bears on how a visit stands."""


type Rate = Callable[[str, Sequence[Pair]], Sequence[float]]
"""A reader's name and all its pairs -> how likely each is a visit."""


def opinions_of(
    candidates: Sequence[Candidate],
    pairs: Sequence[Pair],
    pair_up: Callable[[Sequence[Candidate]], list[Pair]],
    rate: Rate,
) -> dict[tuple[str, str], list[Opinion]]:
    """What each reader makes of its own candidates, as if alone, by who goes where; `pairs` are those of all."""
    names = dict.fromkeys(candidate.reader for candidate in candidates)
    found: dict[tuple[str, str], list[Opinion]] = {}
    for name in names:
        own = pairs if len(names) == 1 else pair_up([one for one in candidates if one.reader == name])
        for pair, likely in zip(own, rate(name, own), strict=True):
            found.setdefault(pair.key, []).append(Opinion(name, pair, likely, own))
    return found


def about(pair: Pair, opinions: Sequence[Opinion]) -> list[Opinion]:
    """The opinions about a pair, at most one a reader: the likeliest; `opinions` are of the same two."""
    found: dict[str, Opinion] = {}
    for one in opinions:
        if one.pair is pair or one.pair.told_in(pair):
            known = found.setdefault(one.reader, one)
            found[one.reader] = max(known, one, key=lambda each: each.likelihood)
    return list(found.values())


def together(opinions: Sequence[Opinion]) -> float:
    """The likelihood by all readers: each that finds the pair takes from the doubt that the others leave."""
    if len(opinions) == 1:
        return opinions[0].likelihood
    return 1 - math.prod(1 - one.likelihood for one in opinions)


def differences(spoke: Sequence[str], told: Mapping[str, tuple[object, object]]) -> tuple[str, ...]:
    """What the readers who spoke do not agree about; `told`: status and dates by each reader that finds the visit."""
    differs = {
        "found": any(reader not in told for reader in spoke),
        "status": len({status for status, _ in told.values()}) > 1,
        "dates": len({dates for _, dates in told.values()}) > 1,
    }
    return tuple(name for name, holds in differs.items() if holds)
