"""Mail about one of a reader's own filters: a subscription that needs no editor, and ends with the filter."""

from typing import Annotated

from pydantic import Field
from visitwire_alerting.service import Alerting, Missing, Tenant
from visitwire_schemas.subscription import ADDRESS, CLOCK, Asked, Digest, Email, Subscription, Zone

from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Gateway, tenant
from visitwire_gateway.pages.form_values import of_board
from visitwire_gateway.pages.subscription_form import filter_item
from visitwire_gateway.personal.store import Wish

OWN = "own-"
"""With what the ids of such subscriptions begin; then comes that of the filter."""
LONGEST_NAME = 200
CANNOT = (
    "Mail cannot go by words, a country in any part, one end of a period, background, or readers who differ:"
    " leave those out."
)


class NoMail(ValueError):
    """A subscription cannot say what the filter says; with a sentence."""


class Mail(Asked):
    """Mail about one of your filters."""

    to: Annotated[str, Field(pattern=ADDRESS, max_length=254)]
    """Your e-mail address."""
    at: Annotated[str, Field(pattern=CLOCK)] | None = None
    """Once a day at this time, as HH:MM; null for each change as it happens."""
    zone: Zone = "UTC"
    """The time zone of that hour."""


def mail_of(ledger: Alerting | None, who: Who, address: str) -> Mail | None:
    """Where mail about this filter goes; None where none does."""
    if ledger is None:
        return None
    try:
        found = ledger.as_tenant(who).subscription(OWN + address).subscription
    except Missing:
        return None
    to = next((channel.to[0] for channel in found.channels if isinstance(channel, Email)), None)
    digest = found.digest
    return Mail(to=to, at=digest.at if digest else None, zone=digest.zone if digest else "UTC") if to else None


def send_mail(gateway: Gateway, ledger: Alerting, who: Who, address: str, wish: Wish, mail: Mail) -> None:
    """Mails what changes of the visits that the filter leaves; in the place of what was asked for before.

    Raises `NoMail`.
    """
    wanted, editing = _subscription(address, wish, mail, who), _editing(gateway, ledger, who)
    if mail_of(ledger, who, address) is None:
        editing.add(wanted)
    else:
        editing.change(wanted)


def _subscription(address: str, wish: Wish, mail: Mail, who: Who) -> Subscription:
    wanted = wish.wanted
    half = (wanted.since is None) is not (wanted.until is None)
    if wanted.q or wanted.country or wanted.background or wanted.disputed or half:
        raise NoMail(CANNOT)
    return Subscription.model_validate(
        {
            "id": OWN + address,
            "name": f"{wish.name} ({who.name})"[:LONGEST_NAME],
            "filter": filter_item(of_board(wanted)),
            "channels": (Email(kind="email", to=(mail.to,)),),
            "digest": Digest(at=mail.at, zone=mail.zone) if mail.at else None,
        }
    )


def stop_mail(gateway: Gateway, ledger: Alerting, who: Who, address: str) -> bool:
    """False where none was sent."""
    try:
        _editing(gateway, ledger, who).remove(OWN + address)
    except Missing:
        return False
    return True


def follow(gateway: Gateway, who: Who, address: str, wish: Wish) -> None:
    """Mail goes by the filter as it is now. Raises `NoMail`, and nothing is changed."""
    mail = mail_of(gateway.ledger, who, address)
    if mail is not None and gateway.ledger is not None:
        send_mail(gateway, gateway.ledger, who, address, wish, mail)


def sweep(gateway: Gateway, who: Who) -> None:
    """Ends the mail of filters that are gone with their owners. `who` sees to it, and is told of in the audit log."""
    if gateway.ledger is None:
        return
    kept = gateway.addresses.ids()
    for stored in gateway.ledger.as_tenant(who).subscriptions():
        id = stored.subscription.id
        if id.startswith(OWN) and id.removeprefix(OWN) not in kept:
            stop_mail(gateway, gateway.ledger, who, id.removeprefix(OWN))


def _editing(gateway: Gateway, ledger: Alerting, who: Who) -> Tenant:
    return tenant(gateway, ledger, who)
