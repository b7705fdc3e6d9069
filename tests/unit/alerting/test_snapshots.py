"""A ledger that stays fast: a story is folded with the latest reports alone, and comes to what all would come to."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, func, select
from visitwire_alerting.ledger import rebuild, snapshot_writer
from visitwire_alerting.ledger.enter_hand import HandRequest, lift, say
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.related_reports import reports_related
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading, writing
from visitwire_alerting.storage.ledger_tables import accounts
from visitwire_alerting.storage.ledger_tables import sightings as reports
from visitwire_alerting.storage.ledger_tables import snapshots as kept
from visitwire_schemas import EnrichedStory, Hand, HandKind, LedgerVisit, Revision, Right, VisitStatus

from tests.unit.alerting.conftest import empty
from tests.unit.alerting.makers import at, by_id, dates, story, visit

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
    return sorted(rebuilt.visits(), key=lambda visit: visit.updated)


def test_only_the_latest_reports_are_folded_with_a_story(engine: Engine) -> None:
    most = 0
    for one in STORIES:
        record(engine, [one])
        with writing(engine) as connection:
            most = max(most, len(reports_related(connection, sightings(one)).held))
    assert most == snapshot_writer.MOST
    with reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(kept)).scalar_one()
        visits = connection.execute(select(func.count()).select_from(accounts)).scalar_one()
    assert (count <= 3, visits <= MONTHS + 4) == (True, True)
    assert standing(engine) == from_scratch(engine, STORIES)
    assert len(standing(engine)) == MONTHS


def test_an_earlier_report_of_another_visitor_opens_no_snapshot(engine: Engine) -> None:
    """Of a summit's guests one is in the news every week, and the other was once, before that."""
    seldom = story("seldom", visit(who="Emmanuel Macron", of="FR"), day=0)
    summit = story("summit", visit(), visit(who="Emmanuel Macron", of="FR"), day=MONTHS * 30)
    record(engine, [seldom, *STORIES])
    before = put_away(engine)
    with writing(engine) as connection:
        found = reports_related(connection, sightings(summit))
    assert before == put_away(engine)
    assert before + len(found.held) == len(STORIES) + 1
    record(engine, [summit])
    assert before == put_away(engine)
    assert standing(engine) == from_scratch(engine, [seldom, *STORIES, summit])


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


def put_away(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).where(reports.c.snapshot.is_not(None))).scalar_one()


SAID = {
    "corrected": {"kind": HandKind.CORRECT, "right": Right(status=VisitStatus.POSTPONED)},
    "dismissed": {"kind": HandKind.DISMISS},
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("month", [0, 7])
def test_what_somebody_said_of_a_visit_of_long_ago_keeps_nothing_from_being_put_away(
    engine: Engine, said: str, month: int
) -> None:
    record(engine, STORIES[:64])
    before = standing(engine)
    hand = say(engine, HandRequest(before[month].id, by="ada", **SAID[said]), at(300))  # type: ignore[arg-type]
    for one in STORIES[64:]:
        record(engine, [one])
        with writing(engine) as connection:
            assert len(reports_related(connection, sightings(one)).held) <= snapshot_writer.MOST
    assert as_rebuilt(engine, STORIES, hand)
    assert len(standing(engine)) == MONTHS - (said == "dismissed")
    lift(engine, hand.id, "ada", at(700))
    assert standing(engine) == from_scratch(engine, STORIES)
    assert [visit.id for visit in standing(engine)][:8] == [visit.id for visit in before]


def test_what_somebody_joined_is_kept_out_of_snapshots(engine: Engine) -> None:
    record(engine, STORIES[:100])
    before = standing(engine)
    assert put_away(engine) == 66
    postponed = HandRequest(before[7].id, HandKind.CORRECT, "ada", right=Right(status=VisitStatus.POSTPONED))
    joined = HandRequest(before[4].id, HandKind.MERGE, "ada", other=before[5].id)
    hands = [say(engine, word, at(600 + number)) for number, word in enumerate((postponed, joined))]
    record(engine, STORIES[100:])
    assert put_away(engine) == 32  # the visits of four months, which came before the first that was spoken of
    after = standing(engine)
    rebuilt = rebuild.rebuild(rebuild.read(STORIES), after, hands)
    assert by_id(rebuilt) == {visit.id: visit for visit in after}
    assert [(one.status, one.reports[0].uri) for one in after if one.hands] == [
        (VisitStatus.POSTPONED, "m7-0"),
        (VisitStatus.CONCLUDED, "m4-0"),
    ]
    for hand in hands:
        lift(engine, hand.id, "ada", at(700))
    assert standing(engine) == from_scratch(engine, STORIES)
    assert [visit.id for visit in standing(engine)][:13] == [visit.id for visit in before]
    assert put_away(engine) == len(STORIES) - snapshot_writer.KEPT


@pytest.fixture
def few_are_folded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_writer, "MOST", 3)
    monkeypatch.setattr(snapshot_writer, "KEPT", 1)


def as_rebuilt(engine: Engine, stories: Sequence[EnrichedStory], hand: Hand) -> bool:
    after = rebuild.standing(engine)
    rebuilt = rebuild.rebuild(rebuild.read(stories), after, [hand])
    return by_id(rebuilt) == {visit.id: visit for visit in after}


@pytest.mark.usefixtures("few_are_folded")
def test_reports_from_before_a_merge_that_come_late_are_merged_too(engine: Engine) -> None:
    early = [one for month in (4, 5) for one in course(month)[:5]]
    *known, last = [one for month in (4, 5) for one in course(month)[5:]]
    record(engine, known)
    one, other = standing(engine)
    hand = say(engine, HandRequest(one.id, HandKind.MERGE, "ada", other=other.id), at(600))
    record(engine, [*early, last])
    assert as_rebuilt(engine, [*known, *early, last], hand)
    assert [len(visit.reports) for visit in standing(engine)] == [16]


@pytest.mark.usefixtures("few_are_folded")
def test_a_report_that_ties_what_was_split_to_a_snapshot_opens_it(engine: Engine) -> None:
    """The dates of the two visits are too far apart, until a report of a date between moves the first."""
    first = [story(f"a{number}", visit("planned", when=dates("2025-05-01")), day=number * 0.5) for number in range(4)]
    second = [story(f"b{number}", visit("planned", when=dates("2025-06-10")), day=10 + number) for number in range(2)]
    record(engine, [*first, *second])
    assert len(standing(engine)) == 2
    word = HandRequest(standing(engine)[1].id, HandKind.SPLIT, "ada", apart=(second[0].story.key,))
    hand = say(engine, word, at(20))
    assert put_away(engine) == 3
    between = story("between", visit("planned", when=dates("2025-05-20")), day=5)
    record(engine, [between])
    assert put_away(engine) == 0
    assert as_rebuilt(engine, [*first, *second, between], hand)
    assert sorted([report.uri for report in one.reports] for one in standing(engine)) == [
        ["a0", "a1", "a2", "a3", "between", "b1"],
        ["b0"],
    ]


def test_stories_in_any_order_come_to_the_same(engine: Engine) -> None:
    shuffled = list(STORIES[:64])
    random.Random(7).shuffle(shuffled)
    for start in range(0, len(shuffled), 7):
        record(engine, shuffled[start : start + 7])
    assert standing(engine) == from_scratch(engine, shuffled)


def test_four_workers_on_one_visitor_come_to_the_same(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_writer, "MOST", 12)
    monkeypatch.setattr(snapshot_writer, "KEPT", 6)
    engine = open_database(postgres_url)
    migrate(engine)
    empty(engine)
    stories = STORIES[:64]
    with ThreadPoolExecutor(4) as workers:
        for done in [workers.submit(record, engine, stories[number::4]) for number in range(4)]:
            done.result(timeout=60)
    assert standing(engine) == from_scratch(engine, stories)
    engine.dispose()


def test_somebody_speaks_while_four_workers_enter_stories(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_writer, "MOST", 12)
    monkeypatch.setattr(snapshot_writer, "KEPT", 6)
    engine = open_database(postgres_url)
    migrate(engine)
    empty(engine)
    first, more = STORIES[:40], STORIES[40:72]
    record(engine, first)
    one, other, third = standing(engine)[:3]
    words = [
        HandRequest(one.id, HandKind.MERGE, "ada", other=other.id),
        HandRequest(third.id, HandKind.DISMISS, "ada"),
        HandRequest(one.id, HandKind.CORRECT, "ada", right=Right(status=VisitStatus.POSTPONED)),
    ]
    with ThreadPoolExecutor(5) as workers:
        entering = [workers.submit(record, engine, more[number::4]) for number in range(4)]
        said = [
            workers.submit(say, engine, word, at(600 + number)).result(timeout=60) for number, word in enumerate(words)
        ]
        for done in entering:
            done.result(timeout=60)
    after = standing(engine)
    rebuilt = rebuild.rebuild(rebuild.read([*first, *more]), after, said)
    assert by_id(rebuilt) == {visit.id: visit for visit in after}
    assert [len(visit.hands) for visit in after if visit.hands] == [2]
    engine.dispose()
