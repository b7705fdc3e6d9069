"""One's own filters, each with a calendar and a feed at an address of its own."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Request

from visitwire_gateway.api.shapes import LEDGER_PROBLEMS, PROBLEMS
from visitwire_gateway.dependencies import Asking, AtGateway, AtLedger, Gateway
from visitwire_gateway.personal.addresses import AddressAsked, AddressSeen, changed, mailed, removed, seen, wish_of
from visitwire_gateway.personal.mail import Mail, stop_mail
from visitwire_gateway.personal.store import TooMany
from visitwire_gateway.user_changes import reader

router = APIRouter(prefix="/api/v1/me/addresses", tags=["personal"], responses=PROBLEMS)

type Id = Annotated[str, Path(max_length=40, description="The address's id.")]


@router.get("")
def addresses(request: Request, gateway: AtGateway, who: Asking) -> list[AddressSeen]:
    """Yours; the first asked for is of all visits. A key has none, as it is not a person."""
    return [seen(request, gateway, who, one) for one in gateway.addresses.first(reader(who))]


@router.post("", status_code=201, responses={409: PROBLEMS[422]})
def add(request: Request, gateway: AtGateway, who: Asking, asked: AddressAsked) -> AddressSeen:
    """Saves a filter, which gets an address."""
    try:
        return seen(request, gateway, who, gateway.addresses.add(reader(who), wish_of(asked)))
    except TooMany as why:
        raise HTTPException(409, str(why)) from None


@router.put("/{id}")
def change(request: Request, gateway: AtGateway, who: Asking, id: Id, asked: AddressAsked) -> AddressSeen:
    """Another filter, name or settings under the same address; mail goes by it too."""
    return _after(request, gateway, who, id, changed(gateway, reader(who), id, wish_of(asked)))


@router.post("/{id}/renew")
def renew(request: Request, gateway: AtGateway, who: Asking, id: Id) -> AddressSeen:
    """Makes the address new; whoever has the old one reads no more."""
    return _after(request, gateway, who, id, gateway.addresses.renew(reader(who), id))


@router.delete("/{id}", status_code=204)
def remove(gateway: AtGateway, who: Asking, id: Id) -> None:
    """Takes it away; its address opens nothing any more, and no mail comes."""
    _known(removed(gateway, reader(who), id), id)


@router.put("/{id}/mail", responses=LEDGER_PROBLEMS)
def set_mail(request: Request, gateway: AtGateway, ledger: AtLedger, who: Asking, id: Id, mail: Mail) -> AddressSeen:
    """Mails you what changes of the visits that the filter leaves. It needs no editor."""
    found = gateway.addresses.find(reader(who), id)
    if found is None:
        raise HTTPException(404, f"You have no address {id}.")
    mailed(gateway, ledger, who, found, mail)
    return seen(request, gateway, who, found)


@router.delete("/{id}/mail", status_code=204, responses=LEDGER_PROBLEMS)
def end_mail(gateway: AtGateway, ledger: AtLedger, who: Asking, id: Id) -> None:
    """No mail from now on."""
    mine = gateway.addresses.find(reader(who), id)
    if mine is None or not stop_mail(gateway, ledger, who, id):
        raise HTTPException(404, f"No mail is sent about the address {id}.")


def _known(found: bool, id: str) -> None:
    if not found:
        raise HTTPException(404, f"You have no address {id}.")


def _after(request: Request, gateway: Gateway, who: Asking, id: str, found: bool) -> AddressSeen:
    _known(found, id)
    return next(seen(request, gateway, who, one) for one in gateway.addresses.of(who) if one.id == id)
