"""Which visits of the ledger each story reports: what joins the topics."""

import asyncio
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.ledger.enter_hand import HandRequest, lift, say
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.story_reports import every, reported
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.ledger_tables import report_updates
from visitwire_schemas import (
    REPORTS,
    Announcer,
    EnrichedStory,
    Entity,
    EntityKind,
    Evidence,
    HandKind,
    Mention,
    Record,
    ReportedVisit,
    Revision,
    StoryReports,
    Visit,
)

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import at, dates, story, visit
from tests.unit.alerting.office import open_office, settings_for, until

PUTIN = visit(when=dates("2025-04-10"))
ANNA = visit(who="Anna Berg", of="SE", to="BR", when=dates("2025-05-02"))


def enter(engine: Engine, *stories: EnrichedStory) -> None:
    record(engine, stories, lambda: at(9))


def joined(engine: Engine) -> dict[str, list[tuple[str, int]]]:
    with reading(engine) as connection:
        return {one.key: [(each.visit, each.index) for each in one.reports] for one in every(connection)}


def ids(engine: Engine) -> dict[str, str]:
    return {str(one.visitor.name): one.id for one in rebuild.standing(engine)}


def waiting(engine: Engine) -> list[str]:
    """The stories that are marked, which are then taken as sent."""
    with writing(engine) as connection:
        found = sorted(set(connection.scalars(select(report_updates.c.story))))
        connection.execute(report_updates.delete())
    return found


def said(one: Visit, *quotes: int) -> Visit:
    return one.model_copy(update={"evidence": tuple(Evidence(start=0, end=20, quote=quote) for quote in quotes)})


def test_each_visit_of_a_story_is_joined_with_that_of_the_ledger(engine: Engine) -> None:
    enter(engine, story("a", said(ANNA, 3, 1, 3), PUTIN, version=2), story("b", PUTIN, wire="south"), story("c"))
    named = ids(engine)
    with reading(engine) as connection:
        found = reported(connection, ["north|a", "north|c"])
    both = (
        ReportedVisit(visit=named["Anna Berg"], index=0, quotes=(1, 3)),
        ReportedVisit(visit=named["Vladimir Putin"], index=1),
    )
    assert found == {"north|a": StoryReports(provider="north", uri="a", version=2, reports=both)}
    assert joined(engine)["south|b"] == [(named["Vladimir Putin"], 0)]
    assert waiting(engine) == ["north|a", "south|b"]


def test_a_kill_a_dismissal_and_its_end_are_told(engine: Engine) -> None:
    enter(engine, story("a", PUTIN), story("b", ANNA))
    named = ids(engine)
    waiting(engine)
    enter(engine, story("b", day=1, revision=Revision.KILL))
    assert (waiting(engine), joined(engine)) == (["north|b"], {"north|a": [(named["Vladimir Putin"], 0)]})
    hand = say(engine, HandRequest(named["Vladimir Putin"], HandKind.DISMISS, "ada"), at(10))
    assert (waiting(engine), joined(engine)) == (["north|a"], {})
    lift(engine, hand.id, "ada", at(11))
    assert (waiting(engine), joined(engine)) == (["north|a"], {"north|a": [(named["Vladimir Putin"], 0)]})


def test_visits_made_one_are_told_for_every_story(engine: Engine) -> None:
    enter(engine, story("a", PUTIN), story("b", visit(when=dates("2025-09-01")), wire="south"))
    [first, second] = [one.id for one in rebuild.standing(engine)]
    waiting(engine)
    say(engine, HandRequest(first, HandKind.MERGE, "ada", other=second), at(10))
    [one] = rebuild.standing(engine)
    assert len(waiting(engine)) == 1, "that which got the other's id"
    assert joined(engine) == {"north|a": [(one.id, 0)], "south|b": [(one.id, 0)]}


def test_a_word_carries_who_it_is_away_from_its_story(engine: Engine) -> None:
    who = Entity(id="e7", kind=EntityKind.PERSON, name="Ada Lind", country="SE", wikidata="Q1", mentions=(_mention(),))
    word = Announcer(entity="e7", name="Ada Lind", label="Foreign Minister")
    told = story("a", PUTIN.model_copy(update={"announced_by": word}))
    enter(engine, told.model_copy(update={"entities": (who,)}))
    [one] = rebuild.standing(engine)
    known = {"story": "north|a", "kind": EntityKind.PERSON, "country": "SE", "wikidata": "Q1"}
    assert one.announced_by == one.reports[0].announced_by == word.model_copy(update=known)


def _mention() -> Mention:
    return Mention(start=0, end=2)


POOL = [
    story("a", PUTIN, ANNA),
    story("a", ANNA, PUTIN, version=2, day=1),
    story("a", ANNA, version=3, day=2),
    story("b", visit(who=None, when=dates("2025-04-11")), wire="south", day=1),
    story("b", revision=Revision.KILL, wire="south", day=3),
    story("c", visit(when=dates("2025-04-10")), wire="west", day=2),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.sampled_from(POOL), min_size=1, max_size=8))
def test_whatever_the_order_what_waits_covers_what_changed(engine: Engine, order: list[EnrichedStory]) -> None:
    """Who applies each record as it is published has what the ledger has."""
    empty(engine)
    theirs: dict[str, StoryReports] = {}
    for one in order:
        enter(engine, one)
        for key in waiting(engine):
            with reading(engine) as connection:
                now = reported(connection, [key])
            theirs.pop(key, None)
            theirs.update(now)
    with reading(engine) as connection:
        assert theirs == {one.key: one for one in every(connection)}
    assert {each.visit for one in theirs.values() for each in one.reports} == {
        one.id for one in rebuild.standing(engine)
    }


def test_the_topic_has_the_latest_of_each_story_and_tombstones(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_office(settings_for(database, tmp_path)) as office:
            office.enter([story("a", PUTIN)])
            await until(lambda: bool(_sent(office.published)))
            office.enter([story("a", day=1, revision=Revision.KILL)])
            await until(lambda: _sent(office.published)[-1:] == [None])
            [first, *_] = _sent(office.published)
            assert first is not None
            assert first.reports[0].index == 0

    def _sent(published: list[tuple[str, Record]]) -> list[StoryReports | None]:
        records = [record for topic, record in published if topic == REPORTS.name]
        return [REPORTS.decode(one) if one.value is not None else None for one in records]

    asyncio.run(scenario())


def test_a_rebuilt_ledger_joins_as_the_one_before(engine: Engine) -> None:
    enter(engine, *POOL)
    before = joined(engine)
    waiting(engine)
    rebuild.apply(engine, rebuild.rebuild(rebuild.stored(engine), rebuild.standing(engine)))
    assert (joined(engine), before) == (before, joined(engine))
    assert set(before) <= set(waiting(engine))
