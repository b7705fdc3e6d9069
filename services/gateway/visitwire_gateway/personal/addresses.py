"""Personal addresses as the API and the pages have them: what is asked, what is seen, what is changed."""

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from fastapi import HTTPException, Request
from pydantic import Field
from visitwire_alerting.service import Alerting

from visitwire_gateway.api.parameters import check_names
from visitwire_gateway.api_model import Shape
from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.personal.mail import Mail, NoMail, follow, mail_of, send_mail, stop_mail
from visitwire_gateway.personal.paths import CALENDAR, FEED, PATH
from visitwire_gateway.personal.store import PAST, Address, Wish, filter_of


class AddressAsked(Shape):
    """What an address is to give."""

    name: str = Field(min_length=1, max_length=100)
    """What you call it; calendars show it."""
    filter: str = Field("", max_length=2000)
    """As the address bar of the board has it: "to=IN&status=planned"."""
    past: int | None = Field(PAST, ge=0, le=3660)
    """Days after its end for which a visit stays in the calendar; null for ever."""
    vague: bool = False
    """Also visits known to the month, quarter or year only."""
    off: bool = True
    """Also what was called off or postponed; the title says so."""


class AddressSeen(AddressAsked):
    """A filter of yours, and where its calendar and its feed are."""

    id: str
    """Names it."""
    calendar: str | None
    """The calendar's address, by https or http. Null where it must be made new."""
    webcal: str | None
    """The same for calendars that subscribe by webcal."""
    feed: str | None
    """The Atom feed's address."""
    made: datetime
    """When it was saved."""
    used: datetime | None
    """When a calendar or a feed reader last asked, to within an hour; null for never."""
    mail: Mail | None
    """Where mail about its changes goes; null where none does."""


def seen(request: Request, gateway: Gateway, who: Who, one: Address) -> AddressSeen:
    """With the addresses as others reach them."""
    calendar, feed = (_place(request, gateway, one, name) for name in (CALENDAR, FEED))
    return AddressSeen(
        id=one.id,
        name=one.wish.name,
        filter=one.wish.filter,
        past=one.wish.past,
        vague=one.wish.vague,
        off=one.wish.off,
        calendar=calendar,
        webcal=calendar and "webcal" + calendar[calendar.index(":") :],
        feed=feed,
        made=one.made,
        used=one.used,
        mail=mail_of(gateway.ledger, who, one.id),
    )


def _place(request: Request, gateway: Gateway, one: Address, name: str) -> str | None:
    return None if one.word is None else gateway.url(request, f"{PATH}/{one.word}/{name}")


OF_PAGES = ("sort", "cursor", "month", "view", "day", "past", "after", "show", "old", "vague", "key")
"""What else than a filter the address of a page may hold from which one was copied."""


def filter_alone(query: str) -> str:
    """What of a page's address is a filter. Answers 422 to one that is none."""
    names = [field.alias or name for name, field in VisitFilter.model_fields.items()]
    check_names([name for name in parse_qs(query) if name not in OF_PAGES], names)
    return urlencode(filter_of(query).query(), doseq=True)


def wish_of(asked: AddressAsked) -> Wish:
    """Answers 422 to a filter that is none."""
    filter = filter_alone(asked.filter.removeprefix("?"))
    return Wish(asked.name.strip(), filter, asked.past, asked.vague, asked.off)


def mailed(gateway: Gateway, ledger: Alerting, who: Who, found: Address, mail: Mail) -> None:
    """Answers 422 where a subscription cannot say what the filter says."""
    try:
        send_mail(gateway, ledger, who, found.id, found.wish, mail)
    except NoMail as why:
        raise HTTPException(422, str(why)) from None


def changed(gateway: Gateway, who: Who, id: str, wish: Wish) -> bool:
    """The address and the mail about it. Answers 422 where mail cannot go by the filter."""
    if gateway.addresses.find(who, id) is None:
        return False
    try:
        follow(gateway, who, id, wish)
    except NoMail as why:
        raise HTTPException(422, str(why)) from None
    return gateway.addresses.change(who, id, wish)


def removed(gateway: Gateway, who: Who, id: str) -> bool:
    """The address and the mail about it."""
    if not gateway.addresses.remove(who, id):
        return False
    if gateway.ledger is not None:
        stop_mail(gateway, gateway.ledger, who, id)
    return True
