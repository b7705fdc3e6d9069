"""What an editor says of a visit on its page: corrects, pins, dismisses, merges, splits, and takes it back."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from visitwire_alerting.service import FIELDS, Changed, Unfit, sentences

from visitwire_gateway.api.hands import HandAsked, word_of
from visitwire_gateway.api.if_match import number_of
from visitwire_gateway.dependencies import Asking, AtEditing, AtLedger
from visitwire_gateway.pages.visit import shown_page
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(include_in_schema=False)


async def _sent(request: Request) -> FormData:
    return await request.form()


@router.post("/visits/{key}/hand")
def say(
    request: Request,
    gateway: AtWholeGateway,
    ledger: AtLedger,
    editing: AtEditing,
    who: Asking,
    key: str,
    sent: Annotated[FormData, Depends(_sent)],
) -> Response:
    """Leads back to the visit's page, which shows what was said at once, and the visit as soon as it was folded."""
    form = {name: str(value) for name, value in sent.items() if name in (*FIELDS, "note", "other")}
    try:
        asked = HandAsked.model_validate(_item(sent, form))
        editing.say(word_of(asked, ledger.visit(key), editing.who.name, _revision(sent)))
    except ValidationError as wrong:
        return shown_page(request, gateway, who, key, form, "; ".join(sentences(wrong.errors(include_url=False))))
    except (Unfit, Changed) as why:
        return shown_page(request, gateway, who, key, form, str(why))
    return _back(key)


def _revision(sent: FormData) -> int | None:
    """That of the visit as the page showed it; a form without one is told that the visit was changed."""
    return number_of(str(sent.get("revision", "")))


def _item(sent: FormData, form: dict[str, str]) -> dict[str, object]:
    """What was sent, as the API takes it."""
    act = str(sent.get("act", ""))
    right = {name: form[name] for name in FIELDS if name in form}
    return {
        "act": act,
        "note": form.get("note") or None,
        "right": right if act == "correct" else {},
        "fields": sent.getlist("fields"),
        "other": (form.get("other") or None) if act == "merge" else None,
        "apart": sent.getlist("apart"),
    }


@router.post("/visits/{key}/hand/{id}/lift")
def lift(editing: AtEditing, key: str, id: str) -> Response:
    editing.take_back(id)
    return _back(key)


def _back(key: str) -> Response:
    return RedirectResponse(f"/visits/{quote(key, safe='')}", 303)
