"""What a wire takes back is told as that: who, when and why, and never in the words taken back."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.storage.database import reading
from visitwire_alerting.wording import because, headline
from visitwire_schemas import Alert, ChangeKind, EnrichedStory, Revision

from tests.unit.alerting.makers import START, at, dates, story, visit
from tests.unit.alerting.office import until
from tests.unit.alerting.test_timetables import TO, matched, office_at, subjects

PUTIN = visit("planned", when=dates("2025-04-10"), by="Helena Duarte")


def kill(uri: str, day: float, note: str | None = None) -> EnrichedStory:
    made = story(uri, day=day, version=2, revision=Revision.KILL)
    return made.model_copy(update={"story": made.story.model_copy(update={"ednote": note})})


def told(engine: Engine, *stories: EnrichedStory) -> list[Alert]:
    """The alerts that stories make, each entered by itself on its own day."""
    for one in stories:
        record(engine, [one], lambda: at(9))
    with reading(engine) as connection:
        return [alert for _, alert in visit_history.alerts_since(connection, START - timedelta(days=1))]


def test_a_kill_says_who_took_it_back_and_when_and_not_what_it_said(engine: Engine) -> None:
    first, last = told(engine, story("a", PUTIN), kill("a", 0.5, "Source retracts."))
    assert first.data.change.taken_back is None
    back = last.data.change.taken_back
    assert back is not None
    assert (back.provider, back.how, back.at, back.note) == ("north", "kill", at(0.5), "Source retracts.")
    assert last.time == at(0.5)
    assert headline(last) == "President Vladimir Putin (Russia) to India: taken back"
    assert because(last) == "north took its story back (28 Mar 2025, 00:00 UTC): Source retracts."
    assert first.data.evidence[0].sentence not in last.model_dump_json()
    assert [entry.change for entry in last.data.visit.history] == [ChangeKind.ANNOUNCED, ChangeKind.RETRACTED]


def test_a_kill_that_comes_as_the_story_it_kills_is_of_the_time_it_came(engine: Engine) -> None:
    _, last = told(engine, story("a", PUTIN), kill("a", 0, "A note of the story itself."))
    back = last.data.change.taken_back
    assert back is not None
    assert (back.at, back.note) == (at(9), None)


def test_a_correction_says_that_it_is_one_and_gives_the_right_words(engine: Engine) -> None:
    right = visit("planned", when=dates("2025-04-12"))
    _, last = told(engine, story("a", PUTIN), story("a", right, day=1, version=2, revision=Revision.CORRECTION))
    assert last.data.change.kind is ChangeKind.CORRECTED
    said = "“It is said in a that” (north, 28 Mar 2025, 12:00 UTC)"
    assert because(last) == f"north corrected its story (28 Mar 2025, 12:00 UTC); {said}"


def test_a_later_version_without_the_visit_takes_it_back(engine: Engine) -> None:
    _, last = told(engine, story("a", PUTIN), story("a", day=1, version=2))
    assert because(last) == "north no longer says so (28 Mar 2025, 12:00 UTC)"


def test_one_of_two_reports_killed_leaves_the_visit_and_is_told_as_a_correction(engine: Engine) -> None:
    firm = visit("under_way", when=dates("2025-04-10"))
    *_, last = told(engine, story("a", PUTIN), story("b", firm, day=0.2, wire="south"), _kill_of_south())
    assert last.data.change.kinds == (ChangeKind.CORRECTED, ChangeKind.ANNOUNCED)
    assert because(last).startswith("south took its story back (29 Mar 2025, 12:00 UTC); Helena Duarte: “It is said")


def _kill_of_south() -> EnrichedStory:
    return story("b", day=2, version=2, revision=Revision.KILL, wire="south")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_was_taken_back_before_it_was_told_is_told_to_nobody(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):
            office.subscribe(channels=[TO], wait=60.0)
            office.enter([story("a", PUTIN)])
            office.enter([kill("a", 0.001)])
            await until(lambda: matched(office, 2))
            office.clock.advance(seconds=61)
            await until(lambda: _states(office.desk.engine) == ["dropped"])
            assert subjects(mailbox) == []

    asyncio.run(scenario())


def _states(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [row.state for row in delivery_history.list_deliveries(connection)]
