"""Whether one visit is one record: B-cubed of the ledger's grouping over two months of invented travels.

    python -m bench.quality.grouping               # every set in bench/quality/travels
    python -m bench.quality.grouping NAME --wrong  # one of them, with the visits that were split and those mixed

Stories go through the language stages and the fold, in their order. An item is a report that the reader found in a
story and that is of a visit that the story tells of: the same visitor and the same country, as other counts match
them. Where a story tells of two visits of one visitor to one country, it is the one with the nearer days. Of an item,
precision is the share of the items in its record that are of its visit, recall the share of its visit's items that are
in its record; each is the mean over all items. What the reader missed or made up is told beside it and counts in
neither.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from visitwire_alerting.ledger.fold.sighting import Sighting, sightings
from visitwire_alerting.ledger.fold.visits import visits_of
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory
from visitwire_schemas.day_range import days, gap
from visitwire_suite.chain import Chain, Failed
from visitwire_suite.enrich import stories_of
from visitwire_suite.evaluation.match import same_destination, same_visitor

TRAVELS = Path(__file__).parent / "travels"


@dataclass(frozen=True)
class Travels:
    """Stories in their order, and the visits that they tell of."""

    name: str
    visits: Mapping[str, Mapping[str, Any]]
    """By name: who went where, and when."""
    stories: Sequence[Mapping[str, Any]]

    def told(self) -> int:
        """How often a story tells of a visit."""
        return sum(len(story["visits"]) for story in self.stories)


@dataclass(frozen=True)
class Item:
    """A report that the reader found, of a visit that its story tells of."""

    story: str
    visit: str
    record: int
    sentence: str


@dataclass(frozen=True)
class Grouping:
    """How the reports of a set were grouped."""

    told: int
    items: Sequence[Item]
    astray: int
    """Reports that the reader found and that are of no visit that the story tells of."""

    @property
    def found(self) -> int:
        """How many of the visits that stories tell of the reader found there."""
        return len({(item.story, item.visit) for item in self.items})

    @property
    def precision(self) -> float:
        return self._mean_share(Counter(item.record for item in self.items), lambda item: item.record)

    @property
    def recall(self) -> float:
        return self._mean_share(Counter(item.visit for item in self.items), lambda item: item.visit)

    @property
    def records_a_visit(self) -> float:
        records = {(item.visit, item.record) for item in self.items}
        return len(records) / len({visit for visit, _ in records})

    def split(self) -> dict[str, dict[int, list[Item]]]:
        """The visits that are more than one record, with their items by record."""
        found: dict[str, dict[int, list[Item]]] = defaultdict(lambda: defaultdict(list))
        for item in self.items:
            found[item.visit][item.record].append(item)
        return {visit: dict(records) for visit, records in found.items() if len(records) > 1}

    def mixed(self) -> dict[int, list[Item]]:
        """The records that are more than one visit, with their items."""
        found: dict[int, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.record].append(item)
        return {record: items for record, items in found.items() if len({item.visit for item in items}) > 1}

    def _mean_share(self, sizes: Mapping[Hashable, int], group: Callable[[Item], Hashable]) -> float:
        """Of each item's group, the share that is of its visit and in its record; the mean over all items."""
        together = Counter((item.visit, item.record) for item in self.items)
        shares = [together[item.visit, item.record] / sizes[group(item)] for item in self.items]
        return sum(shares) / len(shares) if shares else 0.0


def travels(name: str) -> Travels:
    """The set of that name. Raises OSError where there is none."""
    read = json.loads((TRAVELS / f"{name}.json").read_text("utf-8"))
    return Travels(name, read["visits"], read["stories"])


def names() -> list[str]:
    return sorted(path.stem for path in TRAVELS.glob("*.json"))


def read(given: Travels) -> list[EnrichedStory]:
    """The stories as the language stages read them. Raises ValueError where a stage refuses one."""
    with TemporaryDirectory(prefix="visitwire-") as folder, Chain(Settings()) as chain:
        path = Path(folder) / "stories.jsonl"
        path.write_text("".join(json.dumps(story) + "\n" for story in given.stories), "utf-8")
        outcomes = chain.enrich(list(stories_of([str(path)])))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Failed)]
    if refused:
        raise ValueError(f"{given.name}: {refused[0].stage}: {refused[0].reason}")
    return [EnrichedStory.model_validate_json(outcome) for outcome in outcomes if isinstance(outcome, bytes)]


def grouping(given: Travels, enriched: Sequence[EnrichedStory]) -> Grouping:
    """What the fold makes of the stories, against the visits that they tell of."""
    told = {story["id"]: story["visits"] for story in given.stories}
    trips = visits_of(sighting for story in enriched for sighting in sightings(story))
    items, astray = [], 0
    for number, trip in enumerate(trips):
        for sighting in trip.sightings:
            visit = _of(sighting, {name: given.visits[name] for name in told[sighting.report.uri]})
            if visit is None:
                astray += 1
            else:
                items.append(Item(sighting.report.uri, visit, number, sighting.report.sentence))
    return Grouping(given.told(), items, astray)


def _of(sighting: Sighting, told: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Which of the visits that its story tells of the report is of."""
    found = {"destination": sighting.destination.model_dump(), "visitor": sighting.visitor.model_dump()}
    fits = [name for name, gold in told.items() if _same(gold, found)]
    theirs = days(sighting.report.dates)
    today = sighting.report.published.date()

    def far(name: str) -> int:
        ours = date.fromisoformat(told[name]["start"]), date.fromisoformat(told[name]["end"])
        return gap(ours, theirs or (today, today))

    return min(fits, key=far, default=None)


def _same(gold: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    where = {"country": gold["to"], "place": gold["place"]}
    return same_destination(where, found["destination"]) and same_visitor(gold, found["visitor"])


def told_of(name: str, found: Grouping) -> str:
    """One line."""
    return (
        f"{name}: B-cubed P {found.precision:.3f} R {found.recall:.3f} over {len(found.items)} reports; "
        f"{found.records_a_visit:.2f} records a visit; read {found.found} of {found.told} told, {found.astray} astray"
    )


def _wrong(found: Grouping) -> None:
    for visit, records in found.split().items():
        print(f"\n  split: {visit}")
        for record, items in records.items():
            print(*(f"    {record}: {item.story} {item.sentence}" for item in items), sep="\n")
    for record, items in found.mixed().items():
        print(f"\n  mixed: record {record}")
        print(*(f"    {item.visit}: {item.story} {item.sentence}" for item in items), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="all, where none is named")
    parser.add_argument("--wrong", action="store_true", help="tells each visit that was split and each record mixed")
    asked = parser.parse_args()
    for name in asked.sets or names():
        given = travels(name)
        found = grouping(given, read(given))
        print(told_of(name, found))
        if asked.wrong:
            _wrong(found)


if __name__ == "__main__":
    main()
