"""Whatever the order, the repetitions, the versions and the kills: one set of reports gives one ledger."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.fold.components import components
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.fold.visits import fold, visits_of
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import alerts, visit_updates, visits
from visitwire_schemas import EnrichedStory, LedgerVisit

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import by_id
from tests.unit.alerting.reports import orders, sets

ON_A_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

pytestmark = pytest.mark.usefixtures("few_reports_are_folded")


def content(engine: Engine) -> list[dict[str, Any]]:
    """The visits that stand, without id and revision: those tell in which order the reports came."""
    with reading(engine) as connection:
        bodies = connection.execute(select(visits.c.body).where(visits.c.standing)).scalars().all()
    found = [LedgerVisit.model_validate_json(body).model_dump(exclude={"id", "revision"}) for body in bodies]
    return sorted(found, key=repr)


def told(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(alerts.c.id).order_by(alerts.c.number)).scalars())


def enter(engine: Engine, stories: Sequence[EnrichedStory], batch: int = 100) -> None:
    for start in range(0, len(stories), batch):
        record(engine, stories[start : start + batch])


@given(sets.flatmap(lambda one: st.tuples(st.just(one), st.permutations(one))))
def test_the_fold_does_not_depend_on_the_order(pair: tuple[list[EnrichedStory], list[EnrichedStory]]) -> None:
    folded = [
        [fold(trip.sightings) for trip in visits_of(said for one in order for said in sightings(one))]
        for order in ({one.story.key: one for one in each}.values() for each in pair)
        if len({one.story.key for one in pair[0]}) == len(pair[0])
    ]
    assert all(one == folded[0] for one in folded)


@given(sets)
def test_what_is_folded_apart_comes_to_what_is_folded_together(one: list[EnrichedStory]) -> None:
    said = [sighting for story in {one.story.key: one for one in one}.values() for sighting in sightings(story)]
    together = [fold(trip.sightings) for trip in visits_of(said)]
    apart = [fold(trip.sightings) for part in components(said) for trip in visits_of(part)]
    assert sorted(map(repr, apart)) == sorted(map(repr, together))


@ON_A_DATABASE
@given(orders(), st.integers(1, 5))
def test_any_order_gives_the_same_ledger(
    engine: Engine, pair: tuple[list[EnrichedStory], list[EnrichedStory]], batch: int
) -> None:
    one, other = pair
    empty(engine)
    enter(engine, one)
    want = content(engine)
    empty(engine)
    enter(engine, other, batch)
    assert content(engine) == want


@ON_A_DATABASE
@given(orders())
def test_what_came_already_is_never_told_again(
    engine: Engine, pair: tuple[list[EnrichedStory], list[EnrichedStory]]
) -> None:
    one, again = pair
    empty(engine)
    enter(engine, one, 3)
    ledger, alerts_ = content(engine), told(engine)
    enter(engine, again, 2)
    assert (content(engine), told(engine)) == (ledger, alerts_)
    assert len(set(alerts_)) == len(alerts_)


@ON_A_DATABASE
@given(sets)
def test_the_compacted_topic_ends_at_what_stands(engine: Engine, one: list[EnrichedStory]) -> None:
    empty(engine)
    enter(engine, one)
    with reading(engine) as connection:
        rows = connection.execute(select(visit_updates).order_by(visit_updates.c.number)).all()
        standing = connection.execute(select(visits.c.id, visits.c.body).where(visits.c.standing)).all()
    compacted = {row.visit: row.body for row in rows}
    assert {id: body for id, body in compacted.items() if body is not None} == dict(tuple(row) for row in standing)


@ON_A_DATABASE
@given(orders())
def test_rebuild_comes_to_what_stands(engine: Engine, pair: tuple[list[EnrichedStory], list[EnrichedStory]]) -> None:
    one, again = pair
    empty(engine)
    enter(engine, one, 4)
    known = rebuild.standing(engine)
    for told_ in (rebuild.read(again), rebuild.stored(engine)):
        assert by_id(rebuild.rebuild(told_, known)) == {visit.id: visit for visit in known}


@ON_A_DATABASE
@given(orders())
def test_a_lost_ledger_is_rebuilt_from_the_topics(
    engine: Engine, pair: tuple[list[EnrichedStory], list[EnrichedStory]]
) -> None:
    one, again = pair
    empty(engine)
    enter(engine, one, 4)
    known = rebuild.standing(engine)
    empty(engine)
    rebuild.apply(engine, rebuild.rebuild(rebuild.read(again), known))
    assert sorted(rebuild.standing(engine), key=repr) == sorted(known, key=repr)
    enter(engine, again)
    assert (sorted(rebuild.standing(engine), key=repr), told(engine)) == (sorted(known, key=repr), [])
