"""Whatever the order of reports, versions, kills and corrections by hand: they give one ledger, and so does rebuild."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import Engine
from visitwire_alerting.ledger import hand_log, live_reports, rebuild
from visitwire_alerting.ledger.enter_hand import HandRequest, lift, say
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.refold import refold
from visitwire_alerting.ledger.write_visit import Cause
from visitwire_alerting.storage.database import reading, writing
from visitwire_schemas import (
    ByHand,
    Destination,
    EnrichedStory,
    Hand,
    HandKind,
    LedgerVisit,
    Party,
    Right,
    VisitDates,
    VisitStatus,
)

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import at, by_id
from tests.unit.alerting.reports import sets
from tests.unit.alerting.test_ledger_properties import ON_A_DATABASE, content, enter

pytestmark = pytest.mark.usefixtures("few_reports_are_folded")

RIGHTS = (
    Right(status=VisitStatus.POSTPONED),
    Right(dates=VisitDates(start="2025-05-01", end="2025-05-03")),
    Right(visitor=Party(name="Someone Else"), destination=Destination(country="JP", place="Kyoto")),
    Right(none=("dates", "host")),
)


def spoken(draw: st.DrawFn, standing: Sequence[LedgerVisit]) -> HandRequest:
    """Something that may be said of what stands."""
    visit = draw(st.sampled_from(list(standing)))
    stories = sorted({report.story for report in visit.reports})
    others = [one.id for one in standing if one.id != visit.id]
    kinds = [HandKind.CORRECT, HandKind.DISMISS]
    kinds += [HandKind.MERGE] if others else []
    kinds += [HandKind.SPLIT] if len(stories) > 1 else []
    kind = draw(st.sampled_from(kinds))
    right = draw(st.sampled_from(RIGHTS)) if kind is HandKind.CORRECT else None
    other = draw(st.sampled_from(others)) if kind is HandKind.MERGE else None
    apart = (draw(st.sampled_from(stories)),) if kind is HandKind.SPLIT else ()
    return HandRequest(visit.id, kind, "ada", right=right, other=other, apart=apart)


def speak(engine: Engine, data: st.DataObject, most: int = 3) -> list[Hand]:
    """Says up to so many things of what stands, one after the other."""
    said = []
    for number in range(data.draw(st.integers(1, most))):
        standing = rebuild.standing(engine)
        if standing:
            word = data.draw(st.composite(spoken)(standing))
            said.append(say(engine, word, at(50 + number)))
    return said


def put(engine: Engine, hand: Hand) -> None:
    """Enters what was said somewhere else."""
    with writing(engine) as connection:
        hand_log.write(connection, hand, "elsewhere", None)
        stories = sorted(hand.stories)
        held = [one for story in stories for one in live_reports.of_story(connection, story)]
        word = ByHand(by=hand.by, at=hand.at, did=hand.kind.value)
        cause = Cause(f"desk|{hand.id}", True, hand.at, desk=word)
        refold(connection, cause, [one.sighting for one in held], {one.visit for one in held if one.visit})


@ON_A_DATABASE
@given(sets, st.data())
def test_any_order_of_stories_and_hands_gives_one_ledger(
    engine: Engine, stories: list[EnrichedStory], data: st.DataObject
) -> None:
    empty(engine)
    half = data.draw(st.integers(0, len(stories)))
    enter(engine, stories[:half], 2)
    said = speak(engine, data)
    enter(engine, stories[half:], 2)
    want = content(engine)
    empty(engine)
    for one in data.draw(st.permutations([*stories, *said])):
        put(engine, one) if isinstance(one, Hand) else record(engine, [one])
    assert content(engine) == want


@ON_A_DATABASE
@given(sets, st.data())
def test_rebuild_comes_to_what_stands_with_hands_over_it(
    engine: Engine, stories: list[EnrichedStory], data: st.DataObject
) -> None:
    empty(engine)
    enter(engine, stories, 3)
    speak(engine, data)
    enter(engine, data.draw(st.lists(st.sampled_from(stories), max_size=3)))
    known = rebuild.standing(engine)
    for told in (rebuild.read(stories), rebuild.stored(engine)):
        rebuilt = rebuild.rebuild(told, known, rebuild.said(engine, known))
        assert by_id(rebuilt) == {one.id: one for one in known}


@ON_A_DATABASE
@given(sets, st.data())
def test_what_is_lifted_leaves_nothing_behind(
    engine: Engine, stories: list[EnrichedStory], data: st.DataObject
) -> None:
    empty(engine)
    enter(engine, stories)
    want = content(engine)
    said = speak(engine, data)
    for hand in data.draw(st.permutations(said)):
        lift(engine, hand.id, "ada", at(60))
    assert content(engine) == want
    with reading(engine) as connection:
        assert hand_log.standing(connection) == []


@ON_A_DATABASE
@given(sets, st.data())
def test_what_is_lifted_gives_back_the_ids_and_the_state_before(
    engine: Engine, stories: list[EnrichedStory], data: st.DataObject
) -> None:
    empty(engine)
    enter(engine, stories)
    before = states(engine)
    told = [report.story for one in before.values() for report in one.reports]
    assume(len(told) == len(set(told)))  # visits of one story that were merged may come back with their ids swapped
    said = speak(engine, data, 2)
    for hand in data.draw(st.permutations(said)):
        lift(engine, hand.id, "ada", at(60))
    assert states(engine) == before


def states(engine: Engine) -> dict[str, LedgerVisit]:
    """What stands, by id, but for how it came to be so."""
    gone = {"revision": 1, "history": (), "updated": at(0)}
    return {one.id: one.model_copy(update=gone) for one in rebuild.standing(engine)}
