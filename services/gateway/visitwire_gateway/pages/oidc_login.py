"""Logging in by OpenID Connect: out to the provider, and back with its answer.

A plain link leads out, as the pages' security policy lets no form be sent to another host.
"""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from visitwire_gateway.auth.guard import OPENID_PATH
from visitwire_gateway.auth.oidc_identities import UNDER_WAY
from visitwire_gateway.auth.oidc_settings import CALLBACK
from visitwire_gateway.auth.sign_on import NoEntry, SignOn
from visitwire_gateway.dependencies import AtGateway
from visitwire_gateway.pages.access import by_https, entered
from visitwire_gateway.pages.rendering import LONGEST_BACK
from visitwire_gateway.personal.mail import sweep
from visitwire_gateway.problems import Problem
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(include_in_schema=False)

COOKIE = "visitwire-openid"
"""By which the browser that began a login is known when it comes back."""


def _sign_on(gateway: AtWholeGateway) -> SignOn:
    if gateway.sign_on is None:
        raise HTTPException(404, "No OpenID Connect provider is configured here.")
    return gateway.sign_on


AtSignOn = Annotated[SignOn, Depends(_sign_on)]


@router.get(OPENID_PATH)
async def begin(
    request: Request, gateway: AtGateway, sign_on: AtSignOn, back: Annotated[str, Query(max_length=LONGEST_BACK)] = "/"
) -> Response:
    try:
        address, browser = await sign_on.begin(back)
    except NoEntry as why:
        return gateway.answer(Problem(why.status, why.detail), request.scope)
    leads = RedirectResponse(address, 303, {"cache-control": "no-store"})
    age, secure = int(UNDER_WAY.total_seconds()), by_https(request, gateway)
    # Lax, or it would not come back with the provider's redirect.
    leads.set_cookie(COOKIE, browser, age, httponly=True, samesite="lax", secure=secure, path=OPENID_PATH)
    return leads


@router.get(CALLBACK)
async def finish(request: Request, gateway: AtGateway, sign_on: AtSignOn) -> Response:
    try:
        done = await sign_on.finish(request.query_params, request.cookies.get(COOKIE))
        leads = await asyncio.to_thread(entered, request, gateway, done.token, done.back)
    except NoEntry as why:
        leads = gateway.answer(Problem(why.status, why.detail), request.scope)
        if why.expelled is not None:
            await asyncio.to_thread(sweep, gateway, why.expelled)
    leads.delete_cookie(COOKIE, path=OPENID_PATH)
    return leads
