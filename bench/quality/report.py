"""What the visits stage makes of the stories that may be read, and what each frame and operator has a part in.

    python -m bench.quality.report              # every set that was opened
    python -m bench.quality.report E1 D1 --json # two of them, for a machine

The weights have seen these stories: what is at first sight stands in bench/first_sight.tsv. A frame's or an operator's
precision is the share of gold pairs among the readings that it supports and that are likelier than not; an operator is
counted by its effect, and `status` is how often a gold pair that it governs has the right status.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from visitwire_schemas import EnrichedStory
from visitwire_suite.evaluation.match import same_destination, same_visitor
from visitwire_suite.evaluation.score import Score
from visitwire_visits.candidate import Candidate
from visitwire_visits.candidate import Told as Manner
from visitwire_visits.reader import Reader
from visitwire_visits.resolve.expect import expected
from visitwire_visits.resolve.resolver import party_of
from visitwire_visits.stage import default, visits_of
from visitwire_visits.weights import probability

from bench.quality.stories import Told, sets, told

_LIKELY = 0.5
_FEW = 3
"""Stories below which a rule is not worth having."""


@dataclass
class Part:
    """What a frame or an operator has a part in."""

    firings: int = 0
    stories: set[str] = field(default_factory=set)
    likely: int = 0
    """Readings that are likelier than not."""
    gold: int = 0
    """Those of them that a person found too."""
    told: int = 0
    """Gold readings that by themselves let one expect a status."""
    right: int = 0
    """Those of them whose status is the one that a person found."""

    def row(self) -> dict[str, float | int | None]:
        return {
            "firings": self.firings,
            "stories": len(self.stories),
            "likely": self.likely,
            "precision": round(self.gold / self.likely, 3) if self.likely else None,
            "status": round(self.right / self.told, 3) if self.told else None,
        }


@dataclass(frozen=True)
class ScoredPair:
    """A candidate read as one pair."""

    visitor: str
    destination: str
    likelihood: float


def scored_pairs(candidate: Candidate) -> Iterator[ScoredPair]:
    """Every pair that the candidate links."""
    for (who, where), odds in candidate.odds_of.items():
        yield ScoredPair(who, where, probability(odds))


def names(candidate: Candidate) -> list[str]:
    """The frame of a candidate, and the effects of the operators that it is told with."""
    return [f"frame {candidate.rule}", *(f"operator {effect}" for effect in effects(candidate.told))]


def effects(manner: Manner) -> Iterator[str]:
    """What operators left on a candidate."""
    if manner.settled:
        yield manner.settled
    if manner.modality != "sure":
        yield manner.modality
    if manner.form in ("ahead", "ended", "during"):
        yield manner.form
    yield from (name for name in ("negated", "doubted", "earlier") if getattr(manner, name))


def parts(stories: Iterable[Told], reader: Reader) -> dict[str, Part]:
    """Every frame and operator that fired, by name."""
    found: dict[str, Part] = {}
    for each in stories:
        for candidate in reader.read(each.story):
            rows = [found.setdefault(name, Part()) for name in names(candidate)]
            for row in rows:
                row.firings += 1
                row.stories.add(each.story.key)
            _count(rows, candidate, each)
    return dict(sorted(found.items()))


def _count(rows: Sequence[Part], candidate: Candidate, each: Told) -> None:
    status = expected(candidate, here=False, recent=False)
    for reading in scored_pairs(candidate):
        if reading.likelihood <= _LIKELY:
            continue
        gold = gold_of(reading, each.story, each.gold)
        for row in rows:
            row.likely += 1
            row.gold += gold is not None
            row.told += gold is not None and status is not None
            row.right += gold is not None and status == gold["status"]


def gold_of(reading: ScoredPair, story: EnrichedStory, gold: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The visit that a person found of the pair."""
    entity = next(entity for entity in story.entities if entity.id == reading.visitor)
    visitor = party_of(entity).model_dump()
    place = {"country": reading.destination, "place": reading.destination}
    return next(
        (row for row in gold if same_visitor(row["visitor"], visitor) and same_destination(row["destination"], place)),
        None,
    )


def figures(stories: Iterable[Told], reader: Reader) -> dict[str, Score]:
    """The figures of each set, and of all together."""
    scores: dict[str, Score] = {}
    for each in stories:
        found = [visit.model_dump(mode="json") for visit in visits_of(each.story, reader)]
        for name in (each.source, "all"):
            scores.setdefault(name, Score()).add(each.gold, found)
    return {**{name: score for name, score in scores.items() if name != "all"}, "all": scores["all"]}


def table(rows: Mapping[str, Mapping[str, Any]], width: int) -> Iterator[str]:
    """Named rows of the same columns, for people."""
    for number, (name, row) in enumerate(rows.items()):
        if number == 0:
            yield " " * width + "".join(f"{column:>13}" for column in row)
        shown = ("–" if v is None else f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values())
        yield f"{name:{width}}" + "".join(f"{value:>13}" for value in shown)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("sets", nargs="*", help="sets to read; all that may be read if none is named")
    chosen = parser.parse_args(arguments)
    if unknown := sorted(set(chosen.sets) - set(sets())):
        parser.error(f"not opened: {', '.join(unknown)}; there are {', '.join(sets()) or 'none'}")
    stories = told(chosen.sets or None)
    if not stories:
        print("no stories may be read: ../shared is missing and no envelope was opened", file=sys.stderr)
        return 1
    reader = default()
    scores = {name: score.row() for name, score in figures(stories, reader).items()}
    found = {name: part.row() for name, part in parts(stories, reader).items()}
    if chosen.json:
        print(json.dumps({"sets": scores, "parts": found}))
        return 0
    print(*table(scores, 8), "", *table(found, 28), sep="\n")
    rare = [name for name, row in found.items() if int(row["stories"] or 0) < _FEW]
    print(f"\nin fewer than {_FEW} stories: {', '.join(rare) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
