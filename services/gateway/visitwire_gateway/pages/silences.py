"""Silences of a subscription, and of a visit, begun and ended from the pages."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response
from visitwire_alerting.service import (
    Missing,
)

from visitwire_gateway.dependencies import AtEditing, AtGateway
from visitwire_gateway.model.queries import visit

router = APIRouter(include_in_schema=False)

Hours = Annotated[int, Form(ge=1, le=8760)]


Reason = Annotated[str, Form(max_length=200)]


@router.post("/subscriptions/{key}/silence")
def hush(editing: AtEditing, key: str, hours: Hours, reason: Reason = "") -> Response:
    editing.hush(key, timedelta(hours=hours), reason=reason.strip() or None)
    return RedirectResponse("/subscriptions", 303)


@router.post("/visits/{key}/silence")
def hush_visit(gateway: AtGateway, editing: AtEditing, key: str, hours: Hours, reason: Reason = "") -> Response:
    if visit(gateway.engine, key) is None:
        raise Missing(f"There is no visit {key}.")
    editing.hush_visit(key, timedelta(hours=hours), reason.strip() or None)
    return RedirectResponse(f"/visits/{quote(key, safe='')}", 303)


@router.post("/visits/{key}/silence/end")
def unhush_visit(editing: AtEditing, key: str) -> Response:
    editing.unhush_visit(key)
    return RedirectResponse(f"/visits/{quote(key, safe='')}", 303)


@router.post("/silences/{number}/end")
def lift(editing: AtEditing, number: int) -> Response:
    editing.lift(number)
    return RedirectResponse("/subscriptions", 303)
