"""What a filter would have sent, and hushing a subscription, each on the database."""

from datetime import timedelta

from sqlalchemy import Engine
from visitwire_alerting.ledger import enter_story
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions import silence, store
from visitwire_alerting.subscriptions.backtest import Backtest, read
from visitwire_alerting.subscriptions.silence import Silence
from visitwire_schemas.subscription import Filter, Subscription

from tests.unit.alerting.makers import START, dates, story, visit

KEY = "p3Wv1b0r5cM8nXk2yQeT7uLhJ9aSdFgZ4oBiNxVtE6E="
DESK = Subscription.model_validate({"id": "desk", "name": "A desk", "channels": [{"kind": "console"}]})


def test_a_filter_is_asked_of_what_was_recorded_and_of_what_comes_meanwhile(engine: Engine) -> None:
    now = START + timedelta(days=1)
    enter_story.record(engine, [story("s1", visit("planned", when=dates("2025-04-10", "2025-04-12")))], lambda: START)
    backtest = Backtest(engine)
    everything, elsewhere = Filter(), Filter.model_validate({"destination": ["KE"]})
    first = backtest.ask(everything, now)
    assert [one.facts.destination for one in first.sent] == ["IN"]
    assert [alert.subject for alert in read(engine, first.sent)] == [alert.subject for alert in read(engine, first.of)]
    near = backtest.ask(elsewhere, now)
    assert (near.sent, [verdict.words for _, verdict in near.near]) == (
        (),
        ["destination: asks for KE, found IN"],
    )
    enter_story.record(engine, [story("s2", visit("cancelled", when=dates("2025-04-10", "2025-04-12")))], lambda: now)
    assert len(backtest.ask(everything, now).of) == 2
    assert len(backtest.ask(everything, now + timedelta(days=30, seconds=1)).of) == 0
    assert len(backtest.ask(everything, now + timedelta(days=30)).of) == 1


def test_a_silence_is_a_tenants_own(engine: Engine) -> None:
    vault = Vault(KEY)
    until = START + timedelta(hours=2)
    with writing(engine) as connection:
        for tenant in ("default", "north"):
            store.save(connection, vault, DESK, tenant, START)
        number = silence.hush(connection, "desk", until, "north", visit="v", reason="a summit")
        assert silence.standing(connection, START, "default") == []
        assert silence.standing(connection, START, "north") == [Silence(number, "desk", "v", until, "a summit")]
        assert silence.standing(connection, until, "north") == []
        assert not silence.lift(connection, number, "default")
        assert silence.lift(connection, number, "north")
        assert silence.standing(connection, START, "north") == []
        assert store.revision(connection, "desk", "north") == 1
        store.save(connection, vault, DESK, "north", START)
        found = store.find(connection, vault, "desk", "north")
        assert found is not None
        assert found.version == store.revision(connection, "desk", "north") == 2
