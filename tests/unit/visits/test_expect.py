"""What a candidate by itself lets one expect: events, tenses, and what settles a visit."""

from typing import get_args

import pytest
from visitwire_schemas import VisitStatus
from visitwire_visits.candidate import Event, Settled, Time, Told
from visitwire_visits.resolve.expect import expected

from tests.unit.visits.hand_made import candidate


def status(event: Event, told: Told, here: bool = False, recent: bool = False) -> str | None:
    found = expected(candidate(event=event, told=told), here, recent)
    return found.value if found is not None else None


def test_every_event_says_something_of_each_time_that_is_told() -> None:
    for event in Event:
        assert {time for time in ("past", "now", "ahead") if status(event, Told(time=time)) is None} == set()
        assert status(event, Told()) is None


@pytest.mark.parametrize(
    ("event", "past", "now", "ahead"),
    [
        (Event.STAY, "concluded", "under_way", "planned"),
        (Event.GOING, "under_way", "planned", "planned"),
        (Event.ARRIVAL, "under_way", "under_way", "planned"),
        (Event.LEAVING, "concluded", "under_way", "under_way"),
        (Event.RETURN, "concluded", "concluded", "under_way"),
        (Event.INVITATION, "invited", "invited", "planned"),
        (Event.AWAITING, "planned", "planned", "planned"),
    ],
)
def test_tense_and_event(event: Event, past: str, now: str, ahead: str) -> None:
    times: tuple[Time, ...] = ("past", "now", "ahead")
    assert [status(event, Told(time=time)) for time in times] == [past, now, ahead]


@pytest.mark.parametrize(
    ("settled", "time", "want"),
    [
        ("cancelled", "past", "cancelled"),
        ("barred", "now", "cancelled"),
        ("postponed", "ahead", "postponed"),
        ("kept", "past", "planned"),
        ("invited", "past", "invited"),
        ("invited", "ahead", "planned"),
        ("accepted", "past", "accepted"),
        ("started", "past", "under_way"),
        ("started", "ahead", "planned"),
        ("ended", "past", "concluded"),
        ("ended", "ahead", "under_way"),
    ],
)
def test_what_settles_a_visit_counts_before_its_tense(settled: Settled, time: Time, want: str) -> None:
    assert status(Event.STAY, Told(time=time, settled=settled)) == want


def test_every_way_to_settle_a_visit_is_known() -> None:
    ways: tuple[Settled, ...] = get_args(Settled.__value__)
    assert [way for way in ways if status(Event.TRIP, Told(settled=way)) is None] == []


def test_a_negated_visit_to_come_is_cancelled() -> None:
    assert status(Event.STAY, Told(time="ahead", negated=True)) == "cancelled"


def test_another_occasion_is_over() -> None:
    assert status(Event.TRIP, Told(time="ahead", earlier=True)) == "concluded"


@pytest.mark.parametrize(
    ("event", "here", "recent", "want"),
    [
        (Event.MEETING, True, True, "under_way"),
        (Event.MEETING, True, False, "concluded"),
        (Event.MEETING, False, True, "concluded"),
        (Event.RETURN, True, True, "concluded"),
    ],
)
def test_what_was_done_where_and_when_the_story_is_filed_still_goes_on(
    event: Event, here: bool, recent: bool, want: str
) -> None:
    assert status(event, Told(time="past"), here, recent) == want


def test_during_a_stay_tells_nothing_of_whether_it_is_over() -> None:
    assert status(Event.TRIP, Told(time="now", form="during")) is None
    assert status(Event.SPEECH, Told(time="now", form="during")) == VisitStatus.UNDER_WAY
