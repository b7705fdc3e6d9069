"""Timetables of e-mail, from a story to the mailbox: digests, quiet hours, silences and grouping, on a clock that only
the test moves on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from visitwire_alerting.delivery import delivery_history, delivery_queue
from visitwire_alerting.delivery.courier import Courier, Pace
from visitwire_alerting.delivery.dispatch import Book
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import open_alerting
from visitwire_alerting.storage.bell import Bell
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.ledger_tables import alerts
from visitwire_alerting.subscriptions import silence
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START, dates, story, visit
from tests.unit.alerting.office import Clock, Office, open_office, settings_for, until
from tests.unit.alerting.receiver import Answer, receiving
from tests.unit.alerting.test_channels import Mailbox, OnAnyPort

PUTIN = visit("planned", when=dates("2025-04-10"))
BERG = visit("invited", who="Anna Berg", of="NO", to="FR")
DIAZ = visit("planned", who="Carlos Diaz", of="MX", to="KE")
PUT_OFF = visit("postponed", who="Carlos Diaz", of="MX", to="KE")
TO = {"kind": "email", "to": ["desk@paper.test"]}


@asynccontextmanager
async def office_at(
    when: datetime, database: str, folder: Path, **fields: Any
) -> AsyncIterator[tuple[Office, Mailbox]]:
    """An office whose clock shows `when`, and a mailbox behind a real SMTP server; `fields` are settings."""
    mailbox = Mailbox()
    server = OnAnyPort(mailbox, hostname="127.0.0.1", port=0)
    server.start()
    try:
        mail: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none", **fields}
        settings = settings_for(database, folder, delivery_timeout=20.0, **mail)  # a repeat would be one letter more
        pace = Pace(scale=0.02, patience=30.0)
        async with open_office(settings, pace, clock=Clock(when - datetime.now(UTC))) as office:
            yield office, mailbox
    finally:
        server.stop()


def subjects(mailbox: Mailbox) -> list[str]:
    return [str(mail["Subject"]).strip() for _, mail in mailbox.mail]


def matched(office: Office, count: int) -> bool:
    """Whether so many alerts were matched: what is to be sent of them at once is under way."""
    with reading(office.desk.engine) as connection:
        done = connection.execute(select(func.count()).where(alerts.c.matched.is_not(None))).scalar_one()
        due = select(deliveries.c.number).where(deliveries.c.state == "pending", deliveries.c.due <= office.clock())
        return done == count and connection.execute(due).first() is None


def test_a_digest_comes_once_a_day_at_its_hour(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):  # noon in London, 17:30 in Kolkata
            office.subscribe(channels=[TO], digest={"at": "07:00", "zone": "Asia/Kolkata"})
            office.enter([story("a", PUTIN), story("b", BERG)])
            await until(lambda: matched(office, 2))
            office.clock.advance(hours=13)
            office.enter([story("c", DIAZ, day=0.5)])
            await until(lambda: matched(office, 3))
            assert subjects(mailbox) == []
            office.clock.advance(minutes=40)  # 07:10
            await until(lambda: mailbox.mail)
            assert subjects(mailbox) == ["Visits: 3 new – Friday"]
            office.enter([story("d", PUT_OFF, day=0.6)])
            await until(lambda: matched(office, 4))
            office.clock.advance(hours=20)
            assert len(mailbox.mail) == 1
            office.clock.advance(hours=4)
            await until(lambda: len(mailbox.mail) == 2)
            assert subjects(mailbox)[1] == "Visits: 1 off – Saturday"

    asyncio.run(scenario())


def test_nothing_comes_in_quiet_hours_but_what_is_urgent(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):
            quiet = {"from": "11:00", "to": "14:00", "zone": "UTC", "but": ["postponed"]}
            office.subscribe(channels=[TO], quiet=quiet)
            office.enter([story("a", PUTIN)])
            await until(lambda: matched(office, 1))
            office.clock.advance(hours=1, minutes=55)
            await until(lambda: matched(office, 1))
            assert subjects(mailbox) == []
            office.clock.advance(minutes=10)
            await until(lambda: mailbox.mail)
            office.clock.advance(hours=22)  # the next noon
            office.enter([story("b", DIAZ, day=1)])
            await until(lambda: matched(office, 2))
            assert len(mailbox.mail) == 1
            office.enter([story("c", PUT_OFF, day=1.01)])
            await until(lambda: len(mailbox.mail) == 2)
            assert subjects(mailbox) == [
                "President Vladimir Putin (Russia) to India: announced, 10 Apr 2025",
                "President Carlos Diaz (Mexico) to Kenya: postponed, announced, no date",  # what waited goes with it
            ]

    asyncio.run(scenario())


def test_what_is_entered_while_the_database_is_waited_for_is_of_that_hour(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(START + timedelta(hours=10) - datetime.now(UTC))
    settings = settings_for(engine.url.render_as_string(hide_password=False), tmp_path)
    desk = open_alerting(settings)
    quiet = {"from": "06:00", "to": "08:00", "zone": "UTC"}
    desk.subscribe([Subscription.model_validate({"id": "d", "name": "D", "quiet": quiet, "channels": [TO]})])

    def waited(*_: object) -> bool:
        clock.advance(hours=9)  # into the quiet hours
        record(engine, [story("a", PUTIN)], clock)
        return True

    monkeypatch.setattr(delivery_queue, "to_deliver", waited)
    courier = Courier(engine, Book(desk.vault), {}, Bell(), Bell(), clock)
    courier._breath = clock()
    courier._round([])
    with reading(engine) as connection:
        due = connection.execute(select(deliveries.c.due)).scalar_one()
    assert due == (START + timedelta(days=1)).replace(hour=8)
    desk.engine.dispose()


def test_a_silence_holds_back_what_may_be_replayed(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):
            office.subscribe(channels=[TO])
            office.enter([story("a", PUTIN)])
            await until(lambda: len(mailbox.mail) == 1)
            with reading(office.desk.engine) as connection:
                [putin] = visit_history.list_visits(connection)
            with writing(office.desk.engine) as connection:
                silence.hush(connection, "desk", office.clock() + timedelta(hours=2), visit=putin.id)
            office.enter([story("b", visit("cancelled"), day=0.01), story("c", BERG, day=0.01)])
            await until(lambda: len(mailbox.mail) == 2)
            office.clock.advance(hours=3)
            office.enter([story("d", visit("planned", when=dates("2025-05-02")), day=0.2)])
            await until(lambda: len(mailbox.mail) == 3)
            assert subjects(mailbox) == [
                "President Vladimir Putin (Russia) to India: announced, 10 Apr 2025",
                "President Anna Berg (Norway) to France: invited, no date",
                "President Vladimir Putin (Russia) to India: announced, dates changed, 2 May 2025",
            ]
            with reading(office.desk.engine) as connection:
                [hushed] = delivery_history.list_deliveries(connection, state="silenced")
            with writing(office.desk.engine) as connection:
                assert (
                    delivery_history.replay(
                        connection, office.clock(), delivery_history.ReplayRequest(number=hushed.number)
                    )
                    == 1
                )
            await until(lambda: len(mailbox.mail) == 4)
            assert subjects(mailbox)[3] == "President Vladimir Putin (Russia) to India: called off, 10 Apr 2025"

    asyncio.run(scenario())


def test_changes_that_come_together_are_one_letter(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with office_at(START, database, tmp_path) as (office, mailbox):
            office.subscribe(channels=[TO], wait=30.0)
            office.enter([story("a", BERG)])
            await until(lambda: matched(office, 1))
            office.clock.advance(seconds=20)
            office.enter(
                [story("b", visit("accepted", who="Anna Berg", of="NO", to="FR"), day=0.001), story("c", DIAZ)]
            )
            await until(lambda: matched(office, 3))
            assert mailbox.mail == []
            office.clock.advance(seconds=11)
            await until(lambda: mailbox.mail)
            [(_, mail)] = mailbox.mail
            assert subjects(mailbox) == ["President Carlos Diaz (Mexico) to Kenya: announced, no date (and 1 more)"]
            plain = mail.get_body(["plain"])
            assert plain is not None
            assert "President Anna Berg (Norway) to France: accepted, invited, no date" in plain.get_content()

    asyncio.run(scenario())


def test_the_owner_of_a_webhook_that_failed_for_five_days_gets_a_letter(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            receiving(lambda got: Answer(500)) as receiver,
            office_at(START, database, tmp_path) as (office, mailbox),
        ):
            channel: dict[str, Any] = {"kind": "webhook", "url": receiver.url}
            office.subscribe(channels=[channel], owner={"kind": "email", "to": ["planner@paper.test"]})
            for day in range(7):
                office.enter([story(f"v{day}", visit("planned", who=f"Anna {'abcdefg'[day]}stad"), day=day)])
                tried = len(receiver.got)
                await until(lambda tried=tried: len(receiver.got) > tried or mailbox.mail)  # type: ignore[misc]
                office.clock.advance(hours=30)
            await until(lambda: mailbox.mail)
            [(to, mail)] = mailbox.mail
            assert (to, mail["Subject"]) == (["planner@paper.test"], "Visitwire: a channel was disabled")
            assert mail.get_content().strip() == "desk/webhook-1 was disabled: HTTP 500"

    asyncio.run(scenario())
