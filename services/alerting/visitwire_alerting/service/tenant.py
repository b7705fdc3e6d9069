"""Subscriptions and deliveries as one tenant may see and change them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row
from visitwire_schemas import Alert, Hand
from visitwire_schemas.subscription import Subscription

from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.delivery.delivery_history import DeliveryDetail, OneOf, ReplayRequest
from visitwire_alerting.delivery.trial import queue_trial
from visitwire_alerting.ledger import enter_hand
from visitwire_alerting.ledger.enter_hand import HandRequest
from visitwire_alerting.ledger.hand_log import HandLogEntry
from visitwire_alerting.service.actor import Actor, Note, unnoted
from visitwire_alerting.service.errors import Missing, Stale, Taken, missing, no_endpoint
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions import endpoint_health, silence, store
from visitwire_alerting.subscriptions.silence import Silence
from visitwire_alerting.subscriptions.stored import Stored

OVERLAP = timedelta(hours=24)
"""How long a webhook's old secret signs beside the new one, unless said otherwise."""


@dataclass(frozen=True)
class Saved:
    stored: Stored
    secrets: dict[str, str]
    """Those that were made just now, by endpoint: nobody is told them again."""


@dataclass(frozen=True)
class Tenant:
    """What `who` sees and changes, at the time `at`."""

    engine: Engine
    vault: Vault
    who: Actor
    at: datetime
    note: Note = unnoted

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self.engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self.engine)

    def subscriptions(self) -> list[Stored]:
        """By id."""
        with self._reading() as connection:
            return store.load(connection, self.vault, self.who.tenant)

    def subscription(self, id: str) -> Stored:
        """Raises `Missing`."""
        with self._reading() as connection:
            return self._found(connection, id)

    def _found(self, connection: Connection, id: str) -> Stored:
        found = store.find(connection, self.vault, id, self.who.tenant)
        if found is None:
            raise missing(id)
        return found

    def silences(self) -> list[Silence]:
        """Those that are not over."""
        with self._reading() as connection:
            return silence.standing(connection, self.at, self.who.tenant)

    def deliveries(
        self,
        *,
        subscription: OneOf = None,
        state: OneOf = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Sequence[Row[Any]]:
        """Deliveries, the newest first; `before` is the number to go on from."""
        with self._reading() as connection:
            return delivery_history.list_deliveries(
                connection,
                self.who.tenant,
                subscription=subscription,
                state=state,
                since=since,
                until=until,
                before=before,
                limit=limit,
            )

    def delivery(self, number: int) -> DeliveryDetail:
        """With what it tells and every attempt at it. Raises `Missing`."""
        with self._reading() as connection:
            found = delivery_history.find_delivery(connection, number, self.who.tenant)
        if found is None:
            raise Missing(f"There is no delivery {number}.")
        return found

    def alerts_of(self, deliveries: Sequence[int]) -> dict[int, list[Alert]]:
        """What each of these deliveries tells."""
        with self._reading() as connection:
            return delivery_history.told_by(connection, deliveries)

    def replayable(self, wanted: ReplayRequest) -> int:
        """How many deliveries `replay` would send again."""
        with self._reading() as connection:
            return delivery_history.count(connection, wanted, self.who.tenant)

    def add(self, wanted: Subscription) -> Saved:
        """Raises `Taken`."""
        with self._writing() as connection:
            if store.revision(connection, wanted.id, self.who.tenant) is not None:
                raise Taken(f"A subscription {wanted.id} exists already.")
            saved = self._save(connection, wanted)
        self.note("added a subscription", wanted.id)
        return saved

    def change(self, wanted: Subscription, version: int | None = None) -> Saved:
        """Puts it in the place of the one with its id, if that is still at `version`. Raises `Missing`, `Stale`."""
        with self._writing() as connection:
            self._at(connection, wanted.id, version, "change that")
            saved = self._save(connection, wanted)
        self.note("changed a subscription", wanted.id)
        return saved

    def _at(self, connection: Connection, id: str, version: int | None, then: str) -> None:
        stands = store.revision(connection, id, self.who.tenant)
        if stands is None:
            raise missing(id)
        if version is not None and stands != version:
            raise Stale(f"Somebody saved this subscription meanwhile; read it again and {then}.")

    def _save(self, connection: Connection, wanted: Subscription) -> Saved:
        written = store.save(connection, self.vault, wanted, self.who.tenant, self.at)
        secrets = {end.id: end.made for end in written.endpoints if end.made}
        return Saved(self._found(connection, wanted.id), secrets)

    def remove(self, id: str, version: int | None = None) -> None:
        """Takes it away, if it is still at `version`. Raises `Missing`, `Stale`."""
        with self._writing() as connection:
            self._at(connection, id, version, "remove it if you still want to")
            store.remove(connection, id, self.who.tenant)
        self.note("removed a subscription", id)

    def rotate(self, id: str, overlap: timedelta = OVERLAP) -> dict[str, str]:
        """The new secrets by endpoint. Raises `Missing`."""
        with self._writing() as connection:
            self._found(connection, id)
            fresh = store.rotate(connection, self.vault, id, self.at + overlap, self.at, self.who.tenant)
        self.note("made new secrets", id)
        return fresh

    def enable(self, id: str, endpoint: str) -> None:
        """Tries a disabled endpoint again. Raises `Missing`."""
        with self._writing() as connection:
            found = self._found(connection, id)
            if endpoint not in {end.id for end in found.endpoints} or not endpoint_health.enable(connection, endpoint):
                raise no_endpoint(id, endpoint)
        self.note("enabled an endpoint", endpoint)

    def try_out(self, id: str, endpoint: str) -> int:
        """Queues a test to an endpoint; the number of its delivery. Raises `Missing`, and `Taken` while it is off."""
        with self._writing() as connection:
            found = self._found(connection, id)
            if endpoint not in {end.id for end in found.endpoints}:
                raise no_endpoint(id, endpoint)
            if endpoint_health.health(connection)[endpoint]["disabled"]:
                raise Taken(f"{endpoint} is disabled; enable it first.")
            number = queue_trial(connection, found, endpoint, self.at)
        self.note("tested an endpoint", endpoint)
        return number

    def hush(self, id: str, length: timedelta, visit: str | None = None, reason: str | None = None) -> Silence:
        """Sends a subscription nothing for some time, or nothing of one visit. Raises `Missing`."""
        until = self.at + length
        with self._writing() as connection:
            self._found(connection, id)
            number = self._hush(connection, id, until, visit, reason)
        self.note("silenced a subscription", f"{id} until {until:%Y-%m-%d %H:%M} UTC")
        return Silence(number, id, visit, until, reason, self.who.name)

    def _hush(self, connection: Connection, id: str, until: datetime, visit: str | None, reason: str | None) -> int:
        tenant, author = self.who.tenant, self.who.name
        return silence.hush(connection, id, until, tenant, visit=visit, reason=reason, author=author)

    def hush_visit(self, visit: str, length: timedelta, reason: str | None = None) -> int:
        """Sends none of the subscriptions anything about a visit for some time; returns how many there are."""
        until = self.at + length
        mine = [stored.subscription.id for stored in self.subscriptions()]
        with self._writing() as connection:
            for id in mine:
                self._hush(connection, id, until, visit, reason)
        self.note("silenced a visit", f"{visit} until {until:%Y-%m-%d %H:%M} UTC")
        return len(mine)

    def unhush_visit(self, visit: str) -> int:
        """Ends every silence about a visit; returns how many there were."""
        mine = [one.number for one in self.silences() if one.visit == visit]
        with self._writing() as connection:
            for number in mine:
                silence.lift(connection, number, self.who.tenant)
        self.note("ended the silence on a visit", visit)
        return len(mine)

    def lift(self, number: int) -> None:
        """Ends a silence. Raises `Missing`."""
        with self._writing() as connection:
            if not silence.lift(connection, number, self.who.tenant):
                raise Missing(f"There is no silence {number}.")
        self.note("ended a silence", str(number))

    def say(self, word: HandRequest) -> Hand:
        """Enters what somebody says of a visit. Raises `Unknown`, `Changed`, `Unfit`."""
        hand = enter_hand.say(self.engine, word, self.at)
        self.note(f"said of a visit: {hand.kind}", f"{word.visit}, {hand.id}")
        return hand

    def take_back(self, hand: str) -> HandLogEntry:
        """Takes back what was said of a visit. Raises `Unknown`."""
        entry = enter_hand.lift(self.engine, hand, self.who.name, self.at)
        self.note("took back what was said of a visit", f"{entry.visit}, {hand}")
        return entry

    def replay(self, wanted: ReplayRequest) -> int:
        """Sends finished deliveries again; returns how many."""
        with self._writing() as connection:
            count = delivery_history.replay(connection, self.at, wanted, self.who.tenant)
        self.note("replayed deliveries", f"{count} of {_said(wanted)}")
        return count


def _said(wanted: ReplayRequest) -> str:
    given = {"number": wanted.number, "subscription": wanted.subscription, "state": wanted.state}
    times = {"since": wanted.since, "until": wanted.until}
    words = [f"{name} {value}" for name, value in given.items() if value is not None]
    words += [f"{name} {value:%Y-%m-%d %H:%M}" for name, value in times.items() if value is not None]
    return ", ".join(words) or "all"
