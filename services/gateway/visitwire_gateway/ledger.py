"""Alerting's own library over alerting's own database: subscriptions and deliveries as a tenant may change them.

What changes something writes a line of the audit log, which names things and never what is secret about them.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.delivery.delivery_history import Again
from visitwire_alerting.delivery.delivery_queue import last_life
from visitwire_alerting.delivery.trial import queue_trial
from visitwire_alerting.ledger import enter_hand, hand_log, visit_history
from visitwire_alerting.ledger.enter_hand import Word
from visitwire_alerting.ledger.hand_log import Entry
from visitwire_alerting.service import Desk as Alerting
from visitwire_alerting.service import open_desk
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.subscriptions import silence, store
from visitwire_alerting.subscriptions.backtest import Backtest
from visitwire_alerting.subscriptions.silence import Silence
from visitwire_alerting.subscriptions.store import Stored
from visitwire_runtime.settings import Settings
from visitwire_schemas import Hand, LedgerVisit
from visitwire_schemas.subscription import Subscription

from visitwire_gateway.auth.users import People, Who

SILENT = timedelta(seconds=30)
"""After so long without a sign of life from a worker nobody delivers."""
OVERLAP = timedelta(hours=24)
"""How long a webhook's old secret signs beside the new one, unless said otherwise."""


class Missing(LookupError):
    """There is no such thing of this tenant, with the words that say so."""


def missing(id: str) -> Missing:
    return Missing(f"There is no subscription {id}.")


class Taken(ValueError):
    """The id belongs to another subscription of the tenant, or an endpoint is disabled."""


class Stale(ValueError):
    """Somebody else saved it meanwhile."""


@dataclass(frozen=True)
class Saved:
    stored: Stored
    secrets: dict[str, str]
    """Those that were made just now, by endpoint: nobody is told them again."""


@dataclass(frozen=True)
class Ledger:
    alerting: Alerting
    backtest: Backtest

    def reading(self) -> AbstractContextManager[Connection]:
        return reading(self.alerting.engine)

    def writing(self) -> AbstractContextManager[Connection]:
        return writing(self.alerting.engine)

    def subscriptions(self, tenant: str) -> list[Stored]:
        """By id."""
        with self.reading() as connection:
            return store.load(connection, self.alerting.vault, tenant)

    def subscription(self, id: str, tenant: str) -> Stored:
        """Raises `Missing`."""
        with self.reading() as connection:
            return self._found(connection, id, tenant)

    def _found(self, connection: Connection, id: str, tenant: str) -> Stored:
        found = store.find(connection, self.alerting.vault, id, tenant)
        if found is None:
            raise missing(id)
        return found

    def health(self) -> dict[str, dict[str, object]]:
        """How each endpoint of every tenant fares, by its id."""
        with self.reading() as connection:
            return store.health(connection)

    def silences(self, tenant: str, at: datetime) -> list[Silence]:
        with self.reading() as connection:
            return silence.standing(connection, at, tenant)

    def said_of(self, visit: str, standing: Sequence[str] = ()) -> list[Entry]:
        """What people ever said of a visit, the earliest first; `standing` are the ids of what it has in it."""
        with self.reading() as connection:
            return hand_log.of_visit(connection, visit, standing)

    def visit(self, id: str) -> LedgerVisit:
        """As it stands, or last stood, in the ledger itself. Raises `Missing`."""
        with self.reading() as connection:
            found = visit_history.find_visit(connection, id)
        if found is None:
            raise Missing(f"There is no visit {id}.")
        return found.visit

    def delivers(self, at: datetime) -> bool:
        """Whether a worker delivers from this database now."""
        with self.reading() as connection:
            seen = last_life(connection)
        return seen is not None and at - seen < SILENT

    def deliveries_again(self, wanted: Again, tenant: str) -> int:
        """How many deliveries `replay` would send again."""
        with self.reading() as connection:
            return delivery_history.count(connection, wanted, tenant)


def open_ledger(settings: Settings) -> Ledger:
    """The ledger that the settings name, as alerting itself opens it."""
    alerting = open_desk(settings)
    return Ledger(alerting, Backtest(alerting.engine))


@dataclass(frozen=True)
class Editing:
    """What an editor changes, and the line of the audit log that says so."""

    ledger: Ledger
    people: People
    who: Who
    at: datetime

    def add(self, wanted: Subscription) -> Saved:
        """Raises `Taken`."""
        with self.ledger.writing() as connection:
            if store.revision(connection, wanted.id, self.who.tenant) is not None:
                raise Taken(f"There is a subscription {wanted.id} already.")
            saved = self._save(connection, wanted)
        self._record("added a subscription", wanted.id)
        return saved

    def change(self, wanted: Subscription, version: int | None = None) -> Saved:
        """Puts it in the place of the one with its id, if that is still at `version`. Raises `Missing`, `Stale`."""
        with self.ledger.writing() as connection:
            stands = store.revision(connection, wanted.id, self.who.tenant)
            if stands is None:
                raise missing(wanted.id)
            if version is not None and stands != version:
                raise Stale("Somebody saved this subscription meanwhile; read it again and change that.")
            saved = self._save(connection, wanted)
        self._record("changed a subscription", wanted.id)
        return saved

    def _save(self, connection: Connection, wanted: Subscription) -> Saved:
        tenant = self.who.tenant
        written = store.save(connection, self.ledger.alerting.vault, wanted, tenant, self.at)
        secrets = {end.id: end.made for end in written.endpoints if end.made}
        return Saved(self.ledger._found(connection, wanted.id, tenant), secrets)

    def remove(self, id: str) -> None:
        """Raises `Missing`."""
        with self.ledger.writing() as connection:
            if not store.remove(connection, id, self.who.tenant):
                raise missing(id)
        self._record("removed a subscription", id)

    def rotate(self, id: str, overlap: timedelta = OVERLAP) -> dict[str, str]:
        """The new secrets by endpoint. Raises `Missing`."""
        with self.ledger.writing() as connection:
            self.ledger._found(connection, id, self.who.tenant)
            vault = self.ledger.alerting.vault
            fresh = store.rotate(connection, vault, id, self.at + overlap, self.at, self.who.tenant)
        self._record("made new secrets", id)
        return fresh

    def enable(self, id: str, endpoint: str) -> None:
        """Tries a disabled endpoint again. Raises `Missing`."""
        with self.ledger.writing() as connection:
            found = self.ledger._found(connection, id, self.who.tenant)
            if endpoint not in {end.id for end in found.endpoints} or not store.enable(connection, endpoint):
                raise Missing(f"The subscription {id} has no endpoint {endpoint}.")
        self._record("enabled an endpoint", endpoint)

    def try_out(self, id: str, endpoint: str) -> int:
        """Queues a test to an endpoint; the number of its delivery. Raises `Missing`, and `Taken` while it is off."""
        with self.ledger.writing() as connection:
            found = self.ledger._found(connection, id, self.who.tenant)
            if endpoint not in {end.id for end in found.endpoints}:
                raise Missing(f"The subscription {id} has no endpoint {endpoint}.")
            if store.health(connection)[endpoint]["disabled"]:
                raise Taken(f"{endpoint} is disabled; enable it first.")
            number = queue_trial(connection, found, endpoint, self.at)
        self._record("tested an endpoint", endpoint)
        return number

    def hush(self, id: str, length: timedelta, visit: str | None = None, reason: str | None = None) -> Silence:
        """Raises `Missing`."""
        until = self.at + length
        with self.ledger.writing() as connection:
            self.ledger._found(connection, id, self.who.tenant)
            number = silence.hush(
                connection, id, until, self.who.tenant, visit=visit, reason=reason, author=self.who.name
            )
        self._record("silenced a subscription", f"{id} until {until:%Y-%m-%d %H:%M} UTC")
        return Silence(number, id, visit, until, reason, self.who.name)

    def hush_visit(self, visit: str, length: timedelta, reason: str | None = None) -> int:
        """Tells none of the tenant's subscriptions of a visit for some time; how many there are."""
        until = self.at + length
        mine = [stored.subscription.id for stored in self.ledger.subscriptions(self.who.tenant)]
        with self.ledger.writing() as connection:
            for id in mine:
                silence.hush(connection, id, until, self.who.tenant, visit=visit, reason=reason, author=self.who.name)
        self._record("silenced a visit", f"{visit} until {until:%Y-%m-%d %H:%M} UTC")
        return len(mine)

    def unhush_visit(self, visit: str) -> int:
        """Ends every silence on a visit that the tenant's subscriptions have; how many there were."""
        mine = [one.number for one in self.ledger.silences(self.who.tenant, self.at) if one.visit == visit]
        with self.ledger.writing() as connection:
            for number in mine:
                silence.lift(connection, number, self.who.tenant)
        self._record("ended the silence on a visit", visit)
        return len(mine)

    def lift(self, number: int) -> None:
        """Raises `Missing`."""
        with self.ledger.writing() as connection:
            if not silence.lift(connection, number, self.who.tenant):
                raise Missing(f"There is no silence {number}.")
        self._record("ended a silence", str(number))

    def say(self, word: Word) -> Hand:
        """Enters what the editor says of a visit. Raises `Unknown`, `Changed`, `Unfit`."""
        hand = enter_hand.say(self.ledger.alerting.engine, word, self.at)
        self._record(f"said of a visit: {hand.kind}", f"{word.visit}, {hand.id}")
        return hand

    def take_back(self, hand: str) -> Entry:
        """Takes back what was said of a visit. Raises `Unknown`."""
        entry = enter_hand.lift(self.ledger.alerting.engine, hand, self.who.name, self.at)
        self._record("took back what was said of a visit", f"{entry.visit}, {hand}")
        return entry

    def replay(self, wanted: Again) -> int:
        """Sends finished deliveries again; how many."""
        with self.ledger.writing() as connection:
            count = delivery_history.replay(connection, self.at, wanted, self.who.tenant)
        self._record("replayed deliveries", f"{count} of {_said(wanted)}")
        return count

    def _record(self, action: str, what: str) -> None:
        self.people.record(self.who, action, what)


def _said(wanted: Again) -> str:
    given = {"number": wanted.number, "subscription": wanted.subscription, "state": wanted.state}
    times = {"since": wanted.since, "until": wanted.until}
    words = [f"{name} {value}" for name, value in given.items() if value is not None]
    words += [f"{name} {value:%Y-%m-%d %H:%M}" for name, value in times.items() if value is not None]
    return ", ".join(words) or "all"
