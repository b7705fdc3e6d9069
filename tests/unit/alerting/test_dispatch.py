"""Alerts become deliveries: those that wait together are one, and many cost no more questions than few."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, event, select
from visitwire_alerting.delivery import dispatch as dispatching
from visitwire_alerting.delivery.dispatch import Book, dispatch
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.service import Alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import deliveries, delivery_alerts
from visitwire_alerting.storage.vault import Vault
from visitwire_schemas import EnrichedStory
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START, at, person, story, visit

VAULT = Vault(Fernet.generate_key().decode())
SENT = [story("one", visit("planned")), story("two", visit("cancelled"), day=1)]


def open_book(engine: Engine, count: int, **fields: Any) -> Book:
    desk = Alerting(engine, VAULT)
    hook = {"kind": "webhook", "url": "https://a.example.org/x"}
    given = [{"id": f"s{n:02}", "name": "s", "channels": [hook]} | fields for n in range(count)]
    desk.subscribe([Subscription.model_validate(one) for one in given])
    return Book(VAULT)


def match(engine: Engine, book: Book, now: datetime = START) -> int:
    with writing(engine) as connection:
        return dispatch(connection, book, now)


def messages(engine: Engine) -> dict[tuple[str, int], list[int]]:
    """The sequence numbers that each delivery tells."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(deliveries.c.endpoint, deliveries.c.number, delivery_alerts.c.sequence)
            .join(delivery_alerts, delivery_alerts.c.delivery == deliveries.c.number)
            .order_by(deliveries.c.number, delivery_alerts.c.alert)
        )
        found: dict[tuple[str, int], list[int]] = {}
        for row in rows:
            found.setdefault((row.endpoint, row.number), []).append(row.sequence)
    return found


@pytest.mark.parametrize("batches", [[SENT], [SENT[:1], SENT[1:]]])
def test_alerts_that_wait_are_one_message_matched_together_or_apart(
    engine: Engine, batches: Sequence[Sequence[EnrichedStory]]
) -> None:
    book = open_book(engine, 3)
    for batch in batches:
        record(engine, batch)
        match(engine, book)
    assert list(messages(engine).values()) == [[1, 2]] * 3
    record(engine, [story("three", visit("planned"), day=2)])
    match(engine, book, START + timedelta(minutes=1))
    assert list(messages(engine).values()) == [[1, 2]] * 3 + [[3]] * 3


@pytest.mark.parametrize("batches", [[SENT], [SENT[:1], SENT[1:]]])
def test_what_is_urgent_takes_along_what_waits_in_its_lane(
    engine: Engine, batches: Sequence[Sequence[EnrichedStory]]
) -> None:
    quiet = {"from": "00:00", "to": "23:59", "but": ["cancelled"]}
    book = open_book(engine, 2, quiet=quiet)
    for batch in batches:
        record(engine, batch)
        match(engine, book)
    with reading(engine) as connection:
        dues = connection.execute(select(deliveries.c.due)).scalars().all()
    assert (dues, list(messages(engine).values())) == ([START + timedelta(seconds=30)] * 2, [[1, 2]] * 2)


def test_the_deliveries_of_one_commit_are_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "MOST", 3)
    book = open_book(engine, 2, wait=0.0)
    record(engine, [story(f"s{n}", visit(who=person(n))) for n in range(5)])
    assert [match(engine, book) for _ in range(4)] == [2, 2, 1, 0]
    assert list(messages(engine).values()) == [[1]] * 10


@pytest.mark.parametrize("wait", [0.0, 30.0])
def test_many_subscriptions_cost_no_more_questions_than_few(engine: Engine, wait: float) -> None:
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    found = []
    for count in (2, 40):
        book = open_book(engine, count, wait=wait)
        record(engine, [story(f"s{count}", visit(who=person(count)), day=count)])
        with writing(engine) as connection:
            book.refresh(connection)
            asked.clear()
            dispatch(connection, book, at(count))
        found.append(sum(not one.startswith("INSERT INTO deliveries") for one in asked))  # SQLite takes them singly
    assert found[0] == found[1]
