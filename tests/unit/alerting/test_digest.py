"""A digest: what its subject counts, how it is grouped and sorted, and who is where."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from visitwire_alerting.delivery.channels.letter import letter, plain
from visitwire_alerting.delivery.digest import Agenda, DigestMessage, digest_of
from visitwire_alerting.delivery.message import NumberedAlert, events
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.visit_history import alerts_since
from visitwire_alerting.storage.database import reading
from visitwire_schemas import EnrichedStory, Revision, Visit
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START, at, dates, story, visit
from tests.unit.alerting.office import until
from tests.unit.alerting.test_timetables import TO, matched, office_at, subjects

ASKED = {"id": "desk", "name": "Desk", "channels": [TO], "digest": {"at": "07:00", "zone": "Asia/Tokyo"}}
MORNING = at(2.5)
"""Midnight of 30 March in UTC: nine o'clock of a Sunday in Tokyo."""


def going(who: str, to: str, *when: str, status: str = "planned") -> Visit:
    return visit(status, who=who, of="NO", to=to, when=dates(*when) if when else None)


def digest(
    engine: Engine, before: Sequence[EnrichedStory], since: Sequence[EnrichedStory], **asked: object
) -> DigestMessage:
    """The digest of what stories told since others."""
    for one in before:
        record(engine, [one], lambda: at(1))
    for one in since:
        record(engine, [one], lambda: at(2))
    subscription = Subscription.model_validate(ASKED | asked)
    with reading(engine) as connection:
        told = [NumberedAlert(alert, 1) for _, alert in alerts_since(connection, at(1.5))]
        return digest_of(connection, subscription, events(subscription, told), MORNING, Agenda())


BEFORE = [
    story("berg", going("Anna Berg", "FR", "2025-04-20")),
    story("lund", going("Siri Lund", "KE", "2025-04-02")),
    story("moe", going("Ken Moe", "IT", "2025-05-01")),
    story("vik", going("Tor Vik", "BR", "2025-03-29", "2025-03-31"), day=0.1),
]
SINCE = [
    story("dahl", going("Liv Dahl", "JP", "2025-06-10"), day=1.8),
    story("hov", going("Per Hov", "CL", "2025-04-03"), day=1.8),
    story("berg-2", going("Anna Berg", "FR", "2025-04-21"), day=1.8),
    story("lund-2", going("Siri Lund", "KE", status="cancelled"), day=1.8),
    story("moe", day=1.9, version=2, revision=Revision.KILL),
]


def test_it_counts_what_happened_and_names_the_readers_day(engine: Engine) -> None:
    found = digest(engine, BEFORE, SINCE)
    assert found.subject == "Visits: 2 new, 1 changed, 1 off, 1 taken back – Sunday"
    assert found.day == date(2025, 3, 30)


def test_it_is_grouped_by_what_happened_and_each_group_sorted_by_day(engine: Engine) -> None:
    found = digest(engine, BEFORE, SINCE)
    names = {group: [one.data.visit.visitor.name for one in told] for group, told in found.groups.items()}
    assert names == {
        "new": ["Per Hov", "Liv Dahl"],
        "changed": ["Anna Berg"],
        "off": ["Siri Lund"],
        "taken back": ["Ken Moe"],
    }


def test_it_says_who_is_where_today_and_in_the_week(engine: Engine) -> None:
    found = digest(engine, BEFORE, SINCE)
    assert [one.visitor.name for one in found.today] == ["Tor Vik"]
    assert [one.visitor.name for one in found.week] == ["Per Hov"]  # Lund's is off
    words = plain(found)
    assert words.index("\n\n\nOFF") < words.index(
        "\n\n\nTODAY, SUNDAY\n29–31 Mar 2025: President Tor Vik (Norway) in Brazil"
    )
    assert words.endswith("IN THE NEXT SIX DAYS\n3 Apr 2025: President Per Hov (Norway) in Chile")


def test_who_is_where_keeps_to_what_the_subscription_follows(engine: Engine) -> None:
    found = digest(engine, BEFORE, SINCE, filter={"destination": ["CL"], "change": ["cancelled"]})
    assert ([one.visitor.name for one in found.today], [one.visitor.name for one in found.week]) == ([], ["Per Hov"])


def test_who_is_where_is_read_once_for_all_digests_of_an_hour(engine: Engine) -> None:
    agenda, day = Agenda(), MORNING.date()
    with reading(engine) as connection:
        assert agenda.week(connection, day, MORNING) == ()
    record(engine, [BEFORE[3]], lambda: at(1))
    with reading(engine) as connection:
        assert agenda.week(connection, day, MORNING) == ()
        later = MORNING + timedelta(minutes=2)
        assert [near.visit.visitor.name for near in agenda.week(connection, day, later)] == ["Tor Vik"]


def test_what_was_taken_back_since_it_was_told_is_left_out(engine: Engine) -> None:
    for one in SINCE[:2]:
        record(engine, [one], lambda: at(2))
    with reading(engine) as connection:
        told = [NumberedAlert(alert, 1) for _, alert in alerts_since(connection, START)]
    record(engine, [story("hov", day=1.9, version=2, revision=Revision.KILL)], lambda: at(2.1))
    subscription = Subscription.model_validate(ASKED)
    with reading(engine) as connection:
        found = digest_of(connection, subscription, events(subscription, told), MORNING, Agenda())
    assert found.subject == "Visits: 1 new – Sunday"


def test_its_letter_is_plain_and_html_and_answers_no_thread(engine: Engine) -> None:
    made = letter(digest(engine, BEFORE, SINCE), "a@x.test", ["b@y.test"], MORNING)
    html = made.get_body(["html"])
    assert html is not None
    assert "<h2>Taken back</h2>" in html.get_content()
    assert "<li>29–31 Mar 2025: President Tor Vik (Norway) in Brazil</li>" in html.get_content()
    assert made["References"] is None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_it_comes_at_its_hour_with_the_day_as_it_stands_then(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):  # noon
            office.subscribe(channels=[TO], digest={"at": "07:00"})
            office.enter([story("a", going("Anna Berg", "FR", "2025-03-28")), story("b", going("Per Hov", "CL"))])
            await until(lambda: matched(office, 2))
            office.enter([story("b", day=0.1, version=2, revision=Revision.KILL)])
            await until(lambda: matched(office, 3))
            office.clock.advance(hours=19, minutes=1)
            await until(lambda: mailbox.mail)
            assert subjects(mailbox) == ["Visits: 1 new – Friday"]
            words = mailbox.mail[0][1].get_body(["plain"])
            assert words is not None
            assert "TODAY, FRIDAY\n28 Mar 2025: President Anna Berg (Norway) in France" in "\n".join(
                words.get_content().splitlines()
            )
            assert "Hov" not in words.get_content()

    asyncio.run(scenario())
