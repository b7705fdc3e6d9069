"""A ledger that stays fast: a story is folded with the latest reports alone, and comes to what all would come to."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from visitwire_alerting import bag, rebuild, snapshots
from visitwire_alerting.database import open_database, reading, writing
from visitwire_alerting.ledger import record
from visitwire_alerting.migrate import migrate
from visitwire_alerting.sighting import sightings
from visitwire_alerting.tables import accounts
from visitwire_alerting.tables import snapshots as kept
from visitwire_schemas import EnrichedStory, LedgerVisit, Revision

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import at, dates, story, visit

MONTHS = 14


def course(month: int) -> list[EnrichedStory]:
    """A visit from its announcement to its end, by eight stories of three wires."""
    first, last = (at(month * 30 + day).date().isoformat() for day in (6, 8))
    return [
        story(
            f"m{month}-{number}",
            visit(status, when=dates(first, last), who=("Vladimir Putin", "Putin", None)[number % 3]),
            day=month * 30 + number * 1.2,
            wire=("north", "south", "west")[number % 3],
        )
        for number, status in enumerate(("planned",) * 5 + ("under_way",) * 2 + ("concluded",))
    ]


STORIES = [one for month in range(MONTHS) for one in course(month)]


def standing(engine: Engine) -> list[LedgerVisit]:
    return sorted(rebuild.standing(engine), key=lambda visit: visit.updated)


def from_scratch(engine: Engine, stories: Sequence[EnrichedStory]) -> list[LedgerVisit]:
    rebuilt = rebuild.rebuild(rebuild.read(stories), rebuild.standing(engine))
    return sorted(rebuilt.visits.values(), key=lambda visit: visit.updated)


def test_only_the_latest_reports_are_folded_with_a_story(engine: Engine) -> None:
    most = 0
    for one in STORIES:
        record(engine, [one])
        with writing(engine) as connection:
            most = max(most, len(bag.related(connection, sightings(one)).held))
    assert most == snapshots.MOST
    with reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(kept)).scalar_one()
        visits = connection.execute(select(func.count()).select_from(accounts)).scalar_one()
    assert (count <= 3, visits <= MONTHS + 4) == (True, True)
    assert standing(engine) == from_scratch(engine, STORIES)
    assert len(standing(engine)) == MONTHS


@pytest.mark.parametrize("month", [0, 7])
@pytest.mark.parametrize("kind", ["kill", "correction", "late"])
def test_a_visit_that_is_long_settled_is_opened_again(engine: Engine, month: int, kind: str) -> None:
    target = STORIES[month * 8 + 5]
    first = [one for one in STORIES if kind != "late" or one is not target]
    record(engine, first)
    before = standing(engine)
    more = {
        "kill": story(target.story.uri, day=MONTHS * 30, version=2, revision=Revision.KILL, wire=target.story.provider),
        "correction": story(
            target.story.uri,
            visit("cancelled"),
            day=month * 30 + 6.1,
            version=2,
            revision=Revision.CORRECTION,
            wire=target.story.provider,
        ),
        "late": target,
    }[kind]
    record(engine, [more])
    after = standing(engine)
    assert after == from_scratch(engine, [*first, more])
    assert [one.id for one in after] == [one.id for one in before]
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_stories_in_any_order_come_to_the_same(engine: Engine) -> None:
    shuffled = list(STORIES[:64])
    random.Random(7).shuffle(shuffled)
    for start in range(0, len(shuffled), 7):
        record(engine, shuffled[start : start + 7])
    assert standing(engine) == from_scratch(engine, shuffled)


def test_four_workers_on_one_visitor_come_to_the_same(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST", 12)
    monkeypatch.setattr(snapshots, "KEPT", 6)
    engine = open_database(postgres_url)
    migrate(engine)
    empty(engine)
    stories = STORIES[:64]
    with ThreadPoolExecutor(4) as workers:
        for done in [workers.submit(record, engine, stories[number::4]) for number in range(4)]:
            done.result(timeout=60)
    assert standing(engine) == from_scratch(engine, stories)
    engine.dispose()
