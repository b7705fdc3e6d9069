"""What a worker knows of the subscriptions: every change, and no more read for it than what changed."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, update
from visitwire_alerting.delivery.dispatch import Book
from visitwire_alerting.service import Alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.subscription_tables import endpoints
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions import store
from visitwire_alerting.subscriptions.alert_facts import facts
from visitwire_alerting.subscriptions.matching_index import Index
from visitwire_schemas.subscription import Subscription

from tests.unit.alerting.makers import START
from tests.unit.alerting.test_subscriptions import filters_, seen_


class Counted(Vault):
    """A vault that counts how often it is opened."""

    opened = 0

    def open(self, sealed: bytes) -> str:
        self.opened += 1
        return super().open(sealed)


@pytest.fixture
def vault() -> Counted:
    return Counted(Fernet.generate_key().decode())


def wanted(id: str, **fields: Any) -> Subscription:
    return Subscription.model_validate({"id": id, "name": id, "channels": [{"kind": "console"}]} | fields)


def look(engine: Engine, book: Book) -> list[str]:
    with reading(engine) as connection:
        book.refresh(connection)
    assert {end.id for one in book.stored.values() for end in one.endpoints} == set(book.ends)
    return sorted(f"{one.subscription.id}: {one.subscription.name}" for one in book.stored.values())


def test_one_that_takes_the_place_of_one_removed_is_seen(engine: Engine, vault: Counted) -> None:
    desk, book = Alerting(engine, vault), Book(vault)
    desk.subscribe([wanted("one"), wanted("two")])
    assert look(engine, book) == ["one: one", "two: two"]
    with writing(engine) as connection:
        store.remove(connection, "one")
    desk.subscribe([wanted("three")])
    assert look(engine, book) == ["three: three", "two: two"]
    with writing(engine) as connection:
        store.remove(connection, "two")
    desk.subscribe([wanted("two", name="another")])
    assert look(engine, book) == ["three: three", "two: another"]


def test_an_edit_of_one_reads_one(engine: Engine, vault: Counted) -> None:
    desk, book = Alerting(engine, vault), Book(vault)
    desk.subscribe([wanted(f"s{n}") for n in range(20)])
    look(engine, book)
    desk.subscribe([wanted("s7", name="edited", channels=[{"kind": "email", "to": ["a@example.org"]}])])
    vault.opened = 0
    assert "s7: edited" in look(engine, book)
    assert vault.opened == 1
    assert look(engine, book)
    assert vault.opened == 1


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | filters_, st.booleans()), max_size=12), seen_)
def test_an_index_that_was_changed_finds_what_a_new_one_finds(changes: list[Any], alert: Any) -> None:
    index, left = Index({}), dict[str, Subscription]()
    for key, asked, enabled in changes:
        if asked is None:
            index.drop(key)
            left.pop(key, None)
        else:
            left[key] = wanted(key, enabled=enabled).model_copy(update={"filter": asked})
            index.put(key, left[key])
    seen = facts(alert, START.date())
    assert index.matching(seen) == Index(left).matching(seen)
    for key in left:
        index.drop(key)
    assert (index.matching(seen), index._filed, dict(index._asked)) == ([], {}, {})


@pytest.mark.parametrize(
    ("before", "after", "well"),
    [
        ({"url": "https://a.example.org/x"}, {"url": "https://a.example.org/x"}, False),
        ({"url": "https://a.example.org/x"}, {"url": "https://b.example.org/x"}, True),
        ({"kind": "email", "to": ["a@example.org"]}, {"kind": "email", "to": ["b@example.org"]}, True),
    ],
)
def test_an_endpoint_that_was_disabled_is_tried_at_another_address(
    engine: Engine, vault: Counted, before: dict[str, Any], after: dict[str, Any], well: bool
) -> None:
    desk = Alerting(engine, vault)
    desk.subscribe([wanted("one", channels=[{"kind": "webhook"} | before])])
    with writing(engine) as connection:
        connection.execute(update(endpoints).values(disabled=START, failures=7))
    desk.subscribe([wanted("one", channels=[{"kind": "webhook"} | after])])
    with reading(engine) as connection:
        rows = connection.execute(select(endpoints.c.disabled.is_(None), endpoints.c.failures)).all()
    assert [tuple(row) for row in rows] == [(well, 0 if well else 7)]
