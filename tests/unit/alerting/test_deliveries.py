"""Webhooks: each alert arrives, in order, signed; a bad receiver harms itself only."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cloudevents.http import from_http
from sqlalchemy import func, select
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError
from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.delivery.courier import Pace
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.delivery_tables import attempts, deliveries
from visitwire_alerting.storage.subscription_tables import endpoints
from visitwire_alerting.subscriptions import endpoint_health, store
from visitwire_alerting.subscriptions.stored import new_secret
from visitwire_schemas import EnrichedStory

from tests.unit.alerting.makers import dates, person, story, visit
from tests.unit.alerting.office import Office, open_office, settings_for, until
from tests.unit.alerting.receiver import Answer, Got, receiving

COURSE = ("invited", "accepted", "planned", "under_way", "concluded")


def course(who: str = "Anna Berg", count: int = 5) -> list[EnrichedStory]:
    """One visit from invitation to its end, a story a day."""
    return [
        story(f"{who}-{day}", visit(status, who=who, of="NO"), day=day) for day, status in enumerate(COURSE[:count])
    ]


def states(office: Office) -> Counter[str]:
    with reading(office.desk.engine) as connection:
        return Counter(connection.execute(select(deliveries.c.state)).scalars())


def hook(url: str, **fields: object) -> dict[str, object]:
    return {"kind": "webhook", "url": url, **fields}


def test_alerts_arrive_in_order_signed_and_as_cloudevents(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            stored = office.subscribe(channels=[hook(f"{receiver.url}/a")])
            office.enter(course())
            await until(lambda: states(office) == {"delivered": 5})
            secret = stored.endpoints[0].keys[0].secret
            for got in receiver.got:
                Verifier(secret).verify(got.body, got.headers)
            events = [from_http(got.headers, got.body) for got in receiver.got]
            assert [event["type"].rpartition(".")[2] for event in events] == [
                "invited",
                "accepted",
                "announced",
                "under_way",
                "concluded",
            ]
            assert [event.data["delivery"]["sequence"] for event in events] == [1, 2, 3, 4, 5]
            assert [event["id"] for event in events] == receiver.ids()
            assert [event["subject"] for event in events] == [events[0]["subject"]] * 5

    asyncio.run(scenario())


def test_another_secret_and_a_changed_body_do_not_verify(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            stored = office.subscribe(channels=[hook(receiver.url)])
            office.enter(course(count=1))
            await until(lambda: receiver.got)
            got, secret = receiver.got[0], stored.endpoints[0].keys[0].secret
            with pytest.raises(WebhookVerificationError):
                Verifier(new_secret()).verify(got.body, got.headers)
            with pytest.raises(WebhookVerificationError):
                Verifier(secret).verify(got.body.replace(b"India", b"Spain") + b" ", got.headers)

    asyncio.run(scenario())


def test_failures_are_retried_with_the_same_id_and_later_ones_wait(database: str, tmp_path: Path) -> None:
    answers = iter([Answer(503), Answer(hang_up=True), Answer(302, {"Location": "http://127.0.0.1:1/"})])

    async def scenario() -> None:
        async with (
            receiving(lambda got: next(answers, Answer())) as receiver,
            open_office(settings_for(database, tmp_path)) as office,
        ):
            office.subscribe(channels=[hook(receiver.url)])
            office.enter(course(count=3))
            await until(lambda: states(office) == {"delivered": 3})
            first, second, third = dict.fromkeys(receiver.ids())
            assert receiver.ids() == [first] * 4 + [second, third]

    asyncio.run(scenario())


def test_retry_after_is_heeded(database: str, tmp_path: Path) -> None:
    answers = iter([Answer(429, {"Retry-After": "3600"})])

    async def scenario() -> None:
        pace = Pace(patience=1.0)
        async with (
            receiving(lambda got: next(answers, Answer())) as receiver,
            open_office(settings_for(database, tmp_path), pace) as office,
        ):
            office.subscribe(channels=[hook(receiver.url)])
            before = office.clock()
            office.enter(course(count=1))

            def due() -> list[timedelta]:
                with reading(office.desk.engine) as connection:
                    rows = connection.execute(select(deliveries.c.due).where(deliveries.c.attempts == 1)).scalars()
                    return [at - before for at in rows]

            await until(due)
            assert due()[0] >= timedelta(hours=1)
            office.clock.advance(hours=1, minutes=1)
            await until(lambda: states(office) == {"delivered": 1})

    asyncio.run(scenario())


def test_410_disables_the_endpoint_and_the_owner_is_told_by_another_channel(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            receiving(lambda got: Answer(410)) as receiver,
            open_office(settings_for(database, tmp_path)) as office,
        ):
            office.subscribe(channels=[hook(receiver.url)], owner={"kind": "console"})
            office.enter(course(count=2))
            await until(lambda: states(office)["failed"] == 1)
            await until(lambda: _reasons(office) == ["HTTP 410"])
            await until(lambda: office.said)
            assert len(receiver.got) == 1
            assert office.said == ["Visitwire: a channel was disabled: desk/webhook-1 was disabled: HTTP 410"]

    asyncio.run(scenario())


def _reasons(office: Office) -> list[str]:
    with reading(office.desk.engine) as connection:
        return list(connection.execute(select(endpoints.c.reason).where(endpoints.c.disabled.is_not(None))).scalars())


def _noted(office: Office) -> int:
    with reading(office.desk.engine) as connection:
        return connection.execute(select(func.count()).select_from(attempts)).scalar_one()


def _passing(office: Office, end: datetime) -> Callable[[], bool]:
    """Lets four hours pass whenever an attempt was noted, or none was for thirty looks; true at the end, or when an
    endpoint was disabled. So the clock never runs ahead of a slow machine's deliveries."""
    noted, looks = _noted(office), 0

    def passed() -> bool:
        nonlocal noted, looks
        looks += 1
        if (count := _noted(office)) > noted or looks > 30:
            noted, looks = count, 0
            office.clock.advance(hours=4)
        return office.clock() >= end or bool(_reasons(office))

    return passed


def test_five_days_of_failure_disable_an_endpoint_and_enabling_sends_what_waits(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            receiving(lambda got: Answer(500)) as receiver,
            open_office(settings_for(database, tmp_path), Pace(patience=1.0)) as office,
        ):
            office.subscribe(channels=[hook(receiver.url)])
            for day in range(7):
                office.enter([story(f"v{day}", visit("planned", who=person(day)), day=day)])
                await until(_passing(office, office.clock() + timedelta(days=1)))
            await until(_passing(office, office.clock() + timedelta(days=2)))
            assert _reasons(office) == ["HTTP 500"]
            assert states(office)["failed"] > 0, "three days are over for the first"
            receiver.behave = lambda got: Answer()
            with writing(office.desk.engine) as connection:
                endpoint_health.enable(connection, "desk/webhook-1")
            await until(lambda: states(office)["pending"] == 0)
            assert states(office)["delivered"] > 0

    asyncio.run(scenario())


def test_a_stuck_endpoint_delays_no_other(database: str, tmp_path: Path) -> None:
    def behave(got: Got) -> Answer:
        return Answer(hang=got.path == "/stuck")

    async def scenario() -> None:
        pace = Pace(at_once=8, to_one=4, patience=30.0)
        settings = settings_for(database, tmp_path, delivery_timeout=30.0)
        async with receiving(behave) as receiver, open_office(settings, pace) as office:
            office.subscribe(id="stuck", channels=[hook(f"{receiver.url}/stuck")])
            office.subscribe(id="well", channels=[hook(f"{receiver.url}/well")])
            office.enter([story(f"s{n}", visit("planned", who=person(n))) for n in range(20)])
            await until(lambda: len(receiver.ids("/well")) == 20, patience=24.0)
            assert len(receiver.ids("/stuck")) <= 4

    asyncio.run(scenario())


def test_rotation_signs_with_both_secrets_while_it_lasts(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            old = office.subscribe(channels=[hook(receiver.url)]).endpoints[0].keys[0].secret
            at = now()
            with writing(office.desk.engine) as connection:
                fresh = store.rotate(connection, office.desk.vault, "desk", at + timedelta(hours=1), at)
            new = fresh["desk/webhook-1"]
            office.enter(course(count=1))
            await until(lambda: len(receiver.got) == 1)
            office.clock.advance(hours=2)
            office.enter(course(count=2)[1:])
            await until(lambda: len(receiver.got) == 2)
            both, last = receiver.got
            Verifier(old).verify(both.body, both.headers)
            Verifier(new).verify(both.body, both.headers)
            assert len(last.headers["webhook-signature"].split()) == 1

    asyncio.run(scenario())


def test_rotation_under_load_loses_nothing(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            secrets = [office.subscribe(channels=[hook(receiver.url)]).endpoints[0].keys[0].secret]
            for round_ in range(5):
                await asyncio.to_thread(office.enter, course(person(round_)))
                at = now()
                with writing(office.desk.engine) as connection:
                    fresh = store.rotate(connection, office.desk.vault, "desk", at + timedelta(hours=1), at)
                secrets += fresh.values()
            await until(lambda: states(office) == {"delivered": 25})
            assert len(set(receiver.ids())) == 25
            for got in receiver.got:
                assert any(_verifies(secret, got) for secret in secrets)

    asyncio.run(scenario())


def _verifies(secret: str, got: Got) -> bool:
    try:
        Verifier(secret).verify(got.body, got.headers)
    except WebhookVerificationError:
        return False
    return True


def test_changes_of_a_visit_within_the_wait_become_one_message(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            office.subscribe(channels=[hook(receiver.url)], wait=30.0)
            office.enter(course(count=3))
            await until(lambda: states(office) == {"pending": 1})
            office.clock.advance(seconds=31)
            await until(lambda: receiver.got)
            data = json.loads(receiver.got[0].body)["data"]
            assert data["change"]["kinds"] == ["announced", "accepted", "invited"]
            assert (data["visit"]["status"], len(data["grouped"])) == ("planned", 2)
            assert (data["change"].get("before"), data["delivery"]["sequence"]) == (None, 3)

    asyncio.run(scenario())


def test_what_waits_survives_the_process_and_replays_go_out_again_in_order(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver:
            async with open_office(settings_for(database, tmp_path)) as office:
                office.subscribe(channels=[hook(receiver.url)])
                for task in office.tasks:
                    task.cancel()
                await asyncio.gather(*office.tasks, return_exceptions=True)
                office.enter(course(count=3))
            async with open_office(settings_for(database, tmp_path)) as later:
                await until(lambda: states(later) == {"delivered": 3})
                with writing(later.desk.engine) as connection:
                    assert (
                        delivery_history.replay(
                            connection,
                            later.clock(),
                            delivery_history.ReplayRequest(since=later.clock() - timedelta(hours=1)),
                        )
                        == 3
                    )
                await until(lambda: states(later) == {"delivered": 6})
            assert receiver.ids() == receiver.ids()[:3] * 2
            flags = [json.loads(got.body)["data"]["delivery"]["replay"] for got in receiver.got]
            assert flags == [False] * 3 + [True] * 3

    asyncio.run(scenario())


def test_a_delivery_long_over_is_forgotten_when_its_days_are_over(tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/a.sqlite", tmp_path, deliveries_kept=10)

    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings) as office:
            office.subscribe(channels=[hook(receiver.url)])
            office.enter(course(count=2))
            await until(lambda: states(office) == {"delivered": 2})
            office.clock.advance(days=9)
            office.enter([story("late", visit("planned", who="Anna Berg"))])
            await until(lambda: states(office) == {"delivered": 3})
            office.clock.advance(days=2)
            await until(lambda: states(office) == {"delivered": 1})

    asyncio.run(scenario())


def test_an_embargo_holds_the_alert(database: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with receiving() as receiver, open_office(settings_for(database, tmp_path)) as office:
            office.subscribe(channels=[hook(receiver.url)])
            held = story("held", visit("planned", who="Anna Berg", when=dates("2030-01-01")))
            until_ = office.clock() + timedelta(hours=2)
            office.enter([held.model_copy(update={"story": held.story.model_copy(update={"embargoed": until_})})])
            office.enter([story("free", visit("planned", who="Carl Diaz"))])
            await until(lambda: len(receiver.got) == 1)
            assert json.loads(receiver.got[0].body)["data"]["visit"]["visitor"]["name"] == "Carl Diaz"
            office.clock.advance(hours=3)
            await until(lambda: len(receiver.got) == 2)

    asyncio.run(scenario())
