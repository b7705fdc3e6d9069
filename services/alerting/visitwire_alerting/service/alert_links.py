"""What a link in an alert does: silences a visit for its subscription, or ends the messages to one endpoint."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, insert

from visitwire_alerting.delivery.board_links import Allowed, opened
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.service.alerting import Alerting
from visitwire_alerting.service.errors import Missing
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import notices
from visitwire_alerting.subscriptions import endpoint_health, silence, store
from visitwire_alerting.subscriptions.address import address
from visitwire_alerting.subscriptions.silence import Silence
from visitwire_alerting.subscriptions.stored import DEFAULT, Stored, id_of
from visitwire_alerting.wording import route

AUTHOR = "a link in an alert"
UNSUBSCRIBED = "its reader unsubscribed"


@dataclass(frozen=True)
class AlertLink:
    """What a link is about."""

    allowed: Allowed
    stored: Stored
    what: str
    """The visit in words, or the address that is written to."""


def find_link(alerting: Alerting, token: str, act: Literal["hush", "unsubscribe"]) -> AlertLink:
    """What the sealed word of a link stands for. Raises `Missing`."""
    allowed = opened(alerting.vault, token)
    if allowed is None or allowed.act != act:
        raise Missing("This link is not valid. It may have been cut short on its way.")
    with reading(alerting.engine) as connection:
        tenant = allowed.subscription.rpartition(":")[0] or DEFAULT
        stored = store.find(connection, alerting.vault, id_of(allowed.subscription), tenant)
        what = _about(connection, allowed, stored) if stored is not None else None
    if stored is None or what is None:
        raise Missing("What this link was for no longer exists.")
    return AlertLink(allowed, stored, what)


def _about(connection: Connection, allowed: Allowed, stored: Stored) -> str | None:
    if allowed.act == "hush":
        visit = visit_history.find_visit(connection, allowed.about)
        return route(visit.visit) if visit is not None else None
    return next((address(end.channel) for end in stored.endpoints if end.id == allowed.about), None)


def hush_by(
    alerting: Alerting, link: AlertLink, at: datetime, length: timedelta, reason: str | None = None
) -> Silence | None:
    """Silences the link's visit for its subscription and gives that silence; a length of 0 ends what such links
    silenced."""
    id, tenant, visit = link.stored.subscription.id, link.stored.tenant, link.allowed.about
    with writing(alerting.engine) as connection:
        _lift(connection, link, at)
        if length:
            silence.hush(connection, id, at + length, tenant, visit=visit, reason=reason, author=AUTHOR)
        return next(iter(_hushed(connection, link, at)), None)


def hushed_by(alerting: Alerting, link: AlertLink, at: datetime) -> Silence | None:
    """The silence that such a link began and that is not over."""
    with reading(alerting.engine) as connection:
        return next(iter(_hushed(connection, link, at)), None)


def _lift(connection: Connection, link: AlertLink, at: datetime) -> None:
    for one in _hushed(connection, link, at):
        silence.lift(connection, one.number, link.stored.tenant)


def _hushed(connection: Connection, link: AlertLink, at: datetime) -> list[Silence]:
    """What such links began; silences that an editor began are the editor's, and nothing that a link shows or ends."""
    wanted = (link.stored.subscription.id, link.allowed.about, AUTHOR)
    return [
        one
        for one in silence.standing(connection, at, link.stored.tenant)
        if (one.subscription, one.visit, one.author) == wanted
    ]


def unsubscribe_by(alerting: Alerting, link: AlertLink, at: datetime) -> None:
    """Ends the messages to the link's endpoint; whoever owns the subscription is notified."""
    with writing(alerting.engine) as connection:
        if endpoint_health.disable(connection, link.allowed.about, UNSUBSCRIBED, at):
            text = f"{link.allowed.about} was disabled: {UNSUBSCRIBED}"
            row = {"subscription": link.allowed.subscription, "text": text, "created": at}
            connection.execute(insert(notices).values(row))
