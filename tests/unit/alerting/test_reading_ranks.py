"""One version of a story read by several readers: the newer reading stands, whatever the order in which they come."""

import json
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from visitwire_alerting.ledger import rebuild, scratch_copy
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.fold.versions import dump, load, rank_of, reader_of
from visitwire_alerting.ledger.reprocessing import Fate, Kind, difference, fates
from visitwire_alerting.storage.all_tables import metadata
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.ledger_tables import alerts, stories, visit_updates
from visitwire_schemas import EnrichedStory, Reprocessed, Revision, Trace

from tests.unit.alerting.makers import at, dates, story, visit

OLD, NEW, OTHER = "0.1.0+aa", "0.2.0+bb", "0.2.0+cc"


def read(version: str, status: str, run: float | None = None, told: bool = False) -> EnrichedStory:
    """The story "a" as a reader of that version has it, in the run of that day or as it came."""
    again = None if run is None else Reprocessed(at=at(run), told=told)
    trace = (Trace(stage="visits", version=version, milliseconds=1),)
    return story("a", visit(status)).model_copy(update={"trace": trace, "reprocessed": again})


def standing(engine: Engine) -> list[str]:
    return [one.status.value for one in rebuild.standing(engine)]


def told(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        bodies = connection.execute(select(alerts.c.body).order_by(alerts.c.number)).scalars()
        return [json.loads(body)["data"]["change"]["kind"] for body in bodies]


@pytest.mark.parametrize(
    ("readings", "stands"),
    [
        ([read(OLD, "planned"), read(NEW, "accepted")], "accepted"),
        ([read("0.9.0", "planned"), read("0.10.0", "accepted"), read("", "invited")], "accepted"),
        ([read(NEW, "planned"), read(OLD, "accepted", run=1)], "accepted"),
        ([read(NEW, "planned", run=2), read(OTHER, "accepted", run=1), read(OTHER, "invited")], "planned"),
    ],
)
def test_the_newer_reading_stands_in_any_order(engine: Engine, readings: list[EnrichedStory], stands: str) -> None:
    for order in permutations(readings):
        with writing(engine) as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
        for one in order:
            record(engine, [one], lambda: at(3))
        assert standing(engine) == [stands]
        assert not list(rebuild.rebuild(rebuild.read(order), rebuild.standing(engine)).differing())


def test_reading_again_is_told_to_nobody_unless_asked(engine: Engine) -> None:
    record(engine, [read(OLD, "planned")], lambda: at(1))
    heard = record(engine, [read(NEW, "cancelled", run=2)], lambda: at(2))
    assert (standing(engine), told(engine)) == (["cancelled"], ["announced"])
    assert [alert.data.change.kind.value for alert in heard.held] == ["corrected"]
    assert [visit and visit.status.value for visit in heard.changed.values()] == ["cancelled"]
    again = record(engine, [read(NEW, "cancelled", run=3)], lambda: at(3))
    assert (again.held, again.alerts, again.changed) == ([], [], {})
    record(engine, [read(NEW, "planned", run=4, told=True)], lambda: at(4))
    assert told(engine) == ["announced", "corrected"]


def test_what_a_reader_no_longer_finds_is_not_said_to_be_taken_back_by_the_wire(engine: Engine) -> None:
    record(engine, [read(OLD, "planned")], lambda: at(1))
    gone = read(NEW, "planned", run=2).model_copy(update={"visits": ()})
    [held] = record(engine, [gone], lambda: at(2)).held
    assert (held.data.change.kind.value, held.data.change.taken_back) == ("retracted", None)
    assert standing(engine) == []


def test_a_later_version_stands_before_any_reading_of_an_earlier_one(engine: Engine) -> None:
    later = story("a", visit("invited"), version=2)
    for one in (later, read(NEW, "planned", run=9)):
        record(engine, [one], lambda: at(3))
    assert standing(engine) == ["invited"]


def test_which_stories_are_worth_reading_again(engine: Engine) -> None:
    by_new = reader_of([("visits", NEW)])
    killed = story("k", visit())
    kill = story("k", day=1, version=2, revision=Revision.KILL)
    record(engine, [read(OLD, "planned"), killed, kill, story("v", visit(), version=2)])
    asked = [read(OLD, "planned"), killed, kill, story("v", visit()), story("unknown")]
    with reading(engine) as connection:
        found = fates(connection, [(one.story, by_new) for one in asked], run=0.5)
    assert found == [Fate.READ, Fate.KILLED, Fate.KILLED, Fate.OUTDATED, Fate.READ]
    record(engine, [read(NEW, "planned", run=2)])
    with reading(engine) as connection:
        mine = [(asked[0].story, by_new)]
        assert fates(connection, mine, run=at(3).timestamp()) == [Fate.ALREADY]
        assert fates(connection, mine, run=at(2).timestamp()) == [Fate.READ]


def test_how_two_readings_differ(engine: Engine) -> None:
    record(engine, [read(OLD, "planned")])
    sure = read(NEW, "planned").visits[0].model_copy(update={"confidence": 0.25})
    dated = read(NEW, "planned").model_copy(update={"visits": (visit("planned", when=dates("2025-05-01")),)})
    with reading(engine) as connection:
        kinds = [
            difference(connection, one).kind
            for one in (read(NEW, "planned"), read(NEW, "planned").model_copy(update={"visits": (sure,)}), dated)
        ]
    assert kinds == [Kind.SAME, Kind.DETAILS, Kind.VISITS]


def test_a_rank_of_an_earlier_release_is_older_than_any_reading(engine: Engine) -> None:
    rank = rank_of(read(OLD, "planned"), "content")
    assert load(dump(rank)) == rank
    before = json.dumps([rank.version, rank.created, rank.correction, rank.received, rank.published, "f" * 64])
    kept = load(before)
    assert kept is not None
    assert kept < rank
    record(engine, [read(OLD, "planned")])
    with writing(engine) as connection:
        connection.execute(update(stories).values(rank=before))
    record(engine, [read(NEW, "accepted")])
    assert standing(engine) == ["accepted"]


def test_a_copy_of_the_ledger_goes_its_own_way(engine: Engine, tmp_path: Path) -> None:
    record(engine, [read(OLD, "planned"), story("b", visit(to="FR"), day=1)])
    copy = scratch_copy.copied(engine, tmp_path / "copy.sqlite")
    for table in metadata.sorted_tables:
        with engine.connect() as one, copy.connect() as other:
            assert sorted(one.execute(select(table)).all()) == sorted(other.execute(select(table)).all())
    record(copy, [read(NEW, "cancelled", run=2)])
    assert (sorted(standing(copy)), sorted(standing(engine))) == (["cancelled", "planned"], ["planned", "planned"])
    with engine.connect() as connection:
        assert len(connection.execute(select(visit_updates)).all()) == 2
    copy.dispose()
    scratch_copy.remove(tmp_path / "copy.sqlite")
    assert list(tmp_path.glob("copy*")) == []
