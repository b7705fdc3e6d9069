"""One's own filters, each with a calendar and a feed at an address of its own."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS
from visitwire_gateway.dependencies import Asking, AtDesk, AtLedger, Desk
from visitwire_gateway.personal.addresses import AddressAsked, AddressSeen, changed, mailed, removed, seen, wish_of
from visitwire_gateway.personal.mail import Mail, stop_mail
from visitwire_gateway.personal.store import TooMany
from visitwire_gateway.user_changes import reader

router = APIRouter(prefix="/api/v1/me/addresses", tags=["personal"], responses=PROBLEMS)

type Id = Annotated[str, Path(max_length=40, description="The address's id.")]


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


def _known(found: bool, id: str) -> None:
    if not found:
        raise HTTPException(404, f"You have no address {id}.")


def _after(request: Request, desk: Desk, who: Asking, id: str, found: bool) -> AddressSeen:
    _known(found, id)
    return next(seen(request, desk, who, one) for one in desk.addresses.of(who) if one.id == id)
