"""Subscriptions in the database: what they ask for in clear, where they are sent and with which secret encrypted."""

import secrets
from collections.abc import Hashable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from visitwire_runtime.database import insert_or, is_postgresql
from visitwire_schemas.subscription import Channel, Chat, Subscription, Webhook

from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.subscription_tables import endpoints, subscriptions
from visitwire_alerting.storage.vault import Vault
from visitwire_alerting.subscriptions.endpoint_health import enable
from visitwire_alerting.subscriptions.stored import (
    DEFAULT,
    Endpoint,
    Key,
    Sealed,
    Stored,
    endpoint_ids,
    key_of,
    new_secret,
)

STAMP_BITS = 40
"""So many that two do not meet, and so few that a million add up in a database's integer."""
AT_ONCE = 1_000
"""Subscriptions read with one question: databases take so many parameters and no more."""


def save(
    connection: Connection,
    vault: Vault,
    subscription: Subscription,
    tenant: str = DEFAULT,
    at: datetime | None = None,
) -> Stored:
    """Adds a subscription, or puts it in the place of the one with its id. Makes the secrets it does not give."""
    at = at or datetime.now(UTC)
    before = find(connection, vault, subscription.id, tenant)
    known = _heirs(subscription, tenant, before.endpoints if before else ())
    ids = endpoint_ids(subscription, tenant)
    ends = tuple(_signed(id, channel, known.get(id)) for id, channel in zip(ids, subscription.channels, strict=True))
    stored = Stored(subscription, ends, tenant)
    _write(connection, vault, stored, at)
    was = {end.id: _goes_to(end.channel) for end in before.endpoints} if before else {}
    for end in ends:
        if end.id in was and was[end.id] != _goes_to(end.channel):
            enable(connection, end.id)  # that another address failed says nothing of this one
    return stored


def _heirs(subscription: Subscription, tenant: str, before: Sequence[Endpoint]) -> dict[str, Endpoint]:
    """Which endpoint each channel goes on from, by the channel's id: that of its address, wherever it stood. So no
    receiver gets the secret of another, and one that moves gets a secret of its own."""
    by_address = {_goes_to(end.channel): end for end in reversed(before)}
    ids = endpoint_ids(subscription, tenant)
    there = {id: by_address.get(_goes_to(channel)) for id, channel in zip(ids, subscription.channels, strict=True)}
    return {id: end for id, end in there.items() if end is not None}


def _goes_to(channel: Channel) -> Hashable:
    """Who receives what is sent there."""
    return channel.url if isinstance(channel, Webhook | Chat) else channel


def _signed(id: str, channel: Channel, known: Endpoint | None) -> Endpoint:
    """The endpoint with its secrets: those it had, unless the channel gives another; a new one where there is none."""
    if not isinstance(channel, Webhook):
        return Endpoint(id, channel)
    kept = known.keys if known else ()
    if channel.secret and channel.secret not in {key.secret for key in kept}:
        kept = (Key(secret=channel.secret),)
    if kept:
        return Endpoint(id, channel, kept)
    made = new_secret()
    return Endpoint(id, channel, (Key(secret=made),), made)


def _write(connection: Connection, vault: Vault, stored: Stored, at: datetime) -> None:
    one = stored.subscription
    sealed = Sealed(channels=one.channels, owner=one.owner, keys={end.id: end.keys for end in stored.endpoints})
    values = {
        "tenant": stored.tenant,
        "name": one.name,
        "enabled": one.enabled,
        "body": one.model_dump_json(exclude={"channels", "owner"}, exclude_none=True, by_alias=True),
        "sealed": vault.seal(sealed.model_dump_json(by_alias=True)),
        "stamp": secrets.randbits(STAMP_BITS),
    }
    upsert = insert_or(connection, subscriptions)
    connection.execute(
        upsert.values(key=stored.key, version=1, created=at, **values).on_conflict_do_update(
            index_elements=["key"], set_=values | {"version": subscriptions.c.version + 1}
        )
    )
    ids = {end.id for end in stored.endpoints}
    _drop(
        connection,
        "the channel was removed",
        deliveries.c.subscription == stored.key,
        deliveries.c.endpoint.not_in(ids),
    )
    connection.execute(delete(endpoints).where(endpoints.c.subscription == stored.key, endpoints.c.id.not_in(ids)))
    there = set(connection.execute(select(endpoints.c.id).where(endpoints.c.id.in_(ids))).scalars())
    for end in stored.endpoints:
        if end.id not in there:
            row = {"id": end.id, "subscription": stored.key, "kind": end.channel.kind, "failures": 0}
            connection.execute(insert(endpoints).values(row))


def remove(connection: Connection, id: str, tenant: str = DEFAULT) -> bool:
    """Takes a subscription away, with what still waited for it."""
    key = key_of(id, tenant)
    _drop(connection, "the subscription was removed", deliveries.c.subscription == key)
    connection.execute(delete(endpoints).where(endpoints.c.subscription == key))
    return connection.execute(delete(subscriptions).where(subscriptions.c.key == key)).rowcount == 1


def _drop(connection: Connection, reason: str, *which: ColumnElement[bool]) -> None:
    dropped = update(deliveries).where(deliveries.c.state == "pending", *which)
    connection.execute(dropped.values(state="dropped", last_error=reason))


def rotate(
    connection: Connection, vault: Vault, id: str, until: datetime, at: datetime, tenant: str = DEFAULT
) -> dict[str, str]:
    """Gives each webhook of a subscription a new secret; the old one signs too, until then. Raises `KeyError`."""
    stored = find(connection, vault, id, tenant)
    if stored is None:
        raise KeyError(id)
    fresh: dict[str, str] = {}
    ends: list[Endpoint] = []
    for end in stored.endpoints:
        if isinstance(end.channel, Webhook):
            fresh[end.id] = new_secret()
            old = tuple(Key(secret=secret, until=until) for secret in end.signing(at))
            end = Endpoint(end.id, end.channel, (Key(secret=fresh[end.id]), *old))
        ends.append(end)
    _write(connection, vault, Stored(stored.subscription, tuple(ends), tenant), at)
    return fresh


def find(connection: Connection, vault: Vault, id: str, tenant: str = DEFAULT) -> Stored | None:
    row = connection.execute(select(subscriptions).where(subscriptions.c.key == key_of(id, tenant))).first()
    return None if row is None else _stored(row, vault)


def revision(connection: Connection, id: str, tenant: str = DEFAULT) -> int | None:
    """How often a subscription was saved, and keeps others from saving it until the commit; None where it is not."""
    query = select(subscriptions.c.version).where(subscriptions.c.key == key_of(id, tenant))
    return connection.execute(query.with_for_update() if is_postgresql(connection) else query).scalar_one_or_none()


def load(connection: Connection, vault: Vault, tenant: str | None = None) -> list[Stored]:
    """Every subscription of a tenant, or of all, by key."""
    query = select(subscriptions).order_by(subscriptions.c.key)
    rows = connection.execute(query if tenant is None else query.where(subscriptions.c.tenant == tenant))
    return [_stored(row, vault) for row in rows]


type Version = tuple[int, int]


def version(connection: Connection) -> Version:
    """Another whenever a subscription was saved or removed: stamps are drawn at random."""
    count, total = connection.execute(select(func.count(), func.coalesce(func.sum(subscriptions.c.stamp), 0))).one()
    return count, int(total)


def stamps(connection: Connection) -> dict[str, int]:
    """What tells each saving of a subscription from every other, by key."""
    rows = connection.execute(select(subscriptions.c.key, subscriptions.c.stamp))
    return {row.key: row.stamp for row in rows}


def some(connection: Connection, vault: Vault, keys: Sequence[str]) -> list[Stored]:
    """The subscriptions with these keys, of those that there are."""
    found: list[Stored] = []
    for start in range(0, len(keys), AT_ONCE):
        these = subscriptions.c.key.in_(keys[start : start + AT_ONCE])
        found += [_stored(row, vault) for row in connection.execute(select(subscriptions).where(these))]
    return found


_CLEAR: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


def _stored(row: Row[Any], vault: Vault) -> Stored:
    hidden = Sealed.model_validate_json(vault.open(row.sealed))
    given = _CLEAR.validate_json(row.body) | {"channels": hidden.channels, "owner": hidden.owner}
    one = Subscription.model_validate(given)
    ends = [
        Endpoint(id, channel, hidden.keys.get(id, ()))
        for id, channel in zip(endpoint_ids(one, row.tenant), one.channels, strict=True)
    ]
    return Stored(one, tuple(ends), row.tenant, row.version)
