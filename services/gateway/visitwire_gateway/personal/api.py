"""One's own filters, each with a calendar and a feed at an address of its own."""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import APIRouter, HTTPException, Path, Request
from pydantic import Field
from visitwire_alerting.service import Alerting

from visitwire_gateway.api.parameters import check_names
from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS
from visitwire_gateway.api_model import Shape
from visitwire_gateway.auth.users import Who
from visitwire_gateway.dependencies import Asking, AtDesk, AtLedger, Desk
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.personal.feeds import CALENDAR, FEED, PATH
from visitwire_gateway.personal.mail import Mail, NoMail, follow, mail_of, send_mail, stop_mail
from visitwire_gateway.personal.store import PAST, Address, TooMany, Wish, filter_of
from visitwire_gateway.user_changes import reader

router = APIRouter(prefix="/api/v1/me/addresses", tags=["personal"], responses=PROBLEMS)

type Id = Annotated[str, Path(max_length=40, description="The address's id.")]


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


def seen(request: Request, desk: Desk, who: Who, one: Address) -> AddressSeen:
    """With the addresses as others reach them."""
    calendar, feed = (_place(request, desk, one, name) for name in (CALENDAR, FEED))
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
        mail=mail_of(desk.ledger, who, one.id),
    )


def _place(request: Request, desk: Desk, one: Address, name: str) -> str | None:
    return None if one.word is None else desk.url(request, f"{PATH}/{one.word}/{name}")


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


@router.get("")
def addresses(request: Request, desk: AtDesk, who: Asking) -> list[AddressSeen]:
    """Yours; the first asked for is of all visits. A key has none, as it is not a person."""
    return [seen(request, desk, who, one) for one in desk.addresses.first(reader(who))]


@router.post("", status_code=201, responses={409: PROBLEMS[422]})
def add(request: Request, desk: AtDesk, who: Asking, asked: AddressAsked) -> AddressSeen:
    """Saves a filter, which gets an address."""
    try:
        return seen(request, desk, who, desk.addresses.add(reader(who), wish_of(asked)))
    except TooMany as why:
        raise HTTPException(409, str(why)) from None


@router.put("/{id}")
def change(request: Request, desk: AtDesk, who: Asking, id: Id, asked: AddressAsked) -> AddressSeen:
    """Another filter, name or settings under the same address; mail goes by it too."""
    return _after(request, desk, who, id, changed(desk, reader(who), id, wish_of(asked)))


@router.post("/{id}/renew")
def renew(request: Request, desk: AtDesk, who: Asking, id: Id) -> AddressSeen:
    """Makes the address new; whoever has the old one reads no more."""
    return _after(request, desk, who, id, desk.addresses.renew(reader(who), id))


@router.delete("/{id}", status_code=204)
def remove(desk: AtDesk, who: Asking, id: Id) -> None:
    """Takes it away; its address opens nothing any more, and no mail comes."""
    _known(removed(desk, reader(who), id), id)


@router.put("/{id}/mail", responses=LEDGER_PROBLEMS)
def set_mail(request: Request, desk: AtDesk, ledger: AtLedger, who: Asking, id: Id, mail: Mail) -> AddressSeen:
    """Mails you what changes of the visits that the filter leaves. It needs no editor."""
    found = desk.addresses.find(reader(who), id)
    if found is None:
        raise HTTPException(404, f"You have no address {id}.")
    mailed(desk, ledger, who, found, mail)
    return seen(request, desk, who, found)


@router.delete("/{id}/mail", status_code=204, responses=LEDGER_PROBLEMS)
def end_mail(desk: AtDesk, ledger: AtLedger, who: Asking, id: Id) -> None:
    """No mail from now on."""
    mine = desk.addresses.find(reader(who), id)
    if mine is None or not stop_mail(desk, ledger, who, id):
        raise HTTPException(404, f"No mail is sent about the address {id}.")


def mailed(desk: Desk, ledger: Alerting, who: Who, found: Address, mail: Mail) -> None:
    """Answers 422 where a subscription cannot say what the filter says."""
    try:
        send_mail(desk, ledger, who, found.id, found.wish, mail)
    except NoMail as why:
        raise HTTPException(422, str(why)) from None


def changed(desk: Desk, who: Who, id: str, wish: Wish) -> bool:
    """The address and the mail about it. Answers 422 where mail cannot go by the filter."""
    if desk.addresses.find(who, id) is None:
        return False
    try:
        follow(desk, who, id, wish)
    except NoMail as why:
        raise HTTPException(422, str(why)) from None
    return desk.addresses.change(who, id, wish)


def removed(desk: Desk, who: Who, id: str) -> bool:
    """The address and the mail about it."""
    if not desk.addresses.remove(who, id):
        return False
    if desk.ledger is not None:
        stop_mail(desk, desk.ledger, who, id)
    return True


def _known(found: bool, id: str) -> None:
    if not found:
        raise HTTPException(404, f"You have no address {id}.")


def _after(request: Request, desk: Desk, who: Asking, id: str, found: bool) -> AddressSeen:
    _known(found, id)
    return next(seen(request, desk, who, one) for one in desk.addresses.of(who) if one.id == id)
