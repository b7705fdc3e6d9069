"""Logging in and out, and for admins the users, keys and the audit log."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from visitwire_gateway.auth.access import COOKIE, address_of
from visitwire_gateway.auth.api_keys import end_of
from visitwire_gateway.auth.guard import too_often
from visitwire_gateway.auth.sessions import SESSION
from visitwire_gateway.auth.user_management import Managing
from visitwire_gateway.auth.users import Refused
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Admin, Asking, AtGateway, Gateway
from visitwire_gateway.model.sql_tables import moment
from visitwire_gateway.pages.rendering import LONGEST_BACK, page
from visitwire_gateway.personal.mail import sweep
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(include_in_schema=False)

log = structlog.get_logger()

TOO_MANY = "Too many wrong passwords, for this name or from where you are; wait a little and try again."

type Short = Annotated[str, Form(max_length=200)]
type Back = Annotated[str, Form(max_length=LONGEST_BACK)]


@router.get("/login")
async def login_page(
    request: Request,
    gateway: AtWholeGateway,
    out: bool = False,
    back: Annotated[str, Query(max_length=LONGEST_BACK)] = "/",
) -> Response:
    """`back` is where they were; `out` is for who just logged out: the provider that vouched for them may hold a
    session of its own."""
    sign_on = gateway.sign_on
    ended = await sign_on.provider.logout_address() if out and sign_on else None
    return page(request, "login.html", wrong=False, back=back, ended=ended)


@router.post("/login")
def login(request: Request, gateway: AtWholeGateway, name: Short, password: Short, back: Back = "/") -> Response:
    address = address_of(request)
    if problem := too_often(gateway.access.passwords.wait(address, name), TOO_MANY):
        log.warning("too many wrong passwords", address=address)
        return gateway.answer(problem, request.scope)
    found = gateway.people.log_in(name, password)
    if found is None:
        answer = page(request, "login.html", 401, wrong=True, back=back)
        # After the answer, or it would come later for names that somebody has.
        answer.background = BackgroundTask(_failed, gateway, name, address)
        return answer
    gateway.access.passwords.right(address, name)
    token, who = found
    gateway.people.record(who, "logged in")
    return entered(request, gateway, token, back)


def _failed(gateway: Gateway, name: str, address: str) -> None:
    """Tells the operator, and the tenant if it is theirs. The name as typed may be a password in the wrong field: it is
    told only where a user has it."""
    log.warning("a login failed", address=address)
    known = gateway.people.by_name(name)
    if known is not None:
        gateway.people.record(known[1], "failed to log in", f"from {address}")


def entered(request: Request, gateway: Gateway, token: str, back: str) -> Response:
    """On to `back`, if that is ours, with the session's cookie; the session that this browser had before ends."""
    if before := request.cookies.get(COOKIE):
        gateway.people.log_out(before)
    answer = RedirectResponse(_here(back), 303, {"cache-control": "no-store"})
    age = int(SESSION.total_seconds())
    answer.set_cookie(COOKIE, token, age, httponly=True, samesite="lax", secure=by_https(request, gateway), path="/")
    return answer


def by_https(request: Request, gateway: Gateway) -> bool:
    """Whether the browser speaks https, if only to a proxy before us: then it asked at our public address."""
    public = urlsplit(gateway.settings.gateway_url or "")
    at_public = public.scheme == "https" and public.netloc == request.headers.get("host", "")
    return request.url.scheme == "https" or at_public


def _here(back: str) -> str:
    """Only a path of our own: no other host, however it is written."""
    parts = urlsplit(back)
    ours = not parts.scheme and not parts.netloc and back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if ours and "\\" not in back else "/"


@router.post("/logout")
def logout(request: Request, gateway: AtWholeGateway) -> Response:
    token, after = request.cookies.get(COOKIE), "/"
    if token:
        sign_on = gateway.sign_on
        after = "/login?out=true" if sign_on and sign_on.identities.came_from_provider(token) else "/"
        gateway.people.log_out(token)
    answer = RedirectResponse(after, 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.get("/password")
def own_password(request: Request, who: Asking) -> Response:
    return page(request, "password.html", notice="", done=False)


@router.post("/password")
def change_own_password(
    request: Request, gateway: AtWholeGateway, who: Asking, old: Short, new: Short, again: Short
) -> Response:
    if who.csrf is None:
        raise HTTPException(403, "Only who logged in with a name has a password.")
    if new != again:
        return page(request, "password.html", 422, notice="the new password was not written twice alike", done=False)
    try:
        gateway.access.change_own_password(who, request.cookies.get(COOKIE, ""), address_of(request), old, new)
    except Refused as why:
        return page(request, "password.html", 422, notice=str(why), done=False)
    return page(request, "password.html", notice="", done=True)


def _key(row: Any, now: datetime) -> dict[str, Any]:
    """A key's row with its times as times, and whether it still opens."""
    times = {name: moment(text) if (text := getattr(row, name)) else None for name in ("ends", "used")}
    ended = times["ends"] is not None and times["ends"] <= now
    return {**row._mapping, **times, "ended": ended}


def _access(
    request: Request, gateway: AtGateway, who: Admin, notice: str = "", key: str = "", status: int = 200
) -> Response:
    people = gateway.people
    return page(
        request,
        "access.html",
        status,
        users=people.users(who.tenant),
        keys=[_key(row, gateway.clock()) for row in people.keys(who.tenant)],
        audit=[(moment(line.at), line) for line in people.audit(who.tenant, 60)],
        roles=list(Role),
        notice=notice,
        key=key,
    )


def _changed(request: Request, gateway: AtGateway, who: Admin, change: Callable[[Managing], object]) -> Response:
    """Makes a change of users, and shows the page again: with the reason (422) if the change is rejected."""
    try:
        change(Managing(gateway.people, who))
    except Refused as why:
        return _access(request, gateway, who, notice=str(why), status=422)
    return RedirectResponse("/access", 303)


@router.get("/access")
def access(request: Request, gateway: AtGateway, who: Admin) -> Response:
    return _access(request, gateway, who)


@router.post("/access/users")
def add_user(
    request: Request, gateway: AtGateway, who: Admin, name: Short, password: Short, role: Annotated[Role, Form()]
) -> Response:
    return _changed(request, gateway, who, lambda users: users.add_user(name, password, role))


@router.post("/access/users/{user}/role")
def change_role(request: Request, gateway: AtGateway, who: Admin, user: str, role: Annotated[Role, Form()]) -> Response:
    present = request.cookies.get(COOKIE)
    return _changed(request, gateway, who, lambda users: users.change_user(user, role=role, present=present))


@router.post("/access/users/{user}/password")
def change_password(request: Request, gateway: AtGateway, who: Admin, user: str, password: Short) -> Response:
    present = request.cookies.get(COOKIE)
    return _changed(request, gateway, who, lambda users: users.change_user(user, password=password, present=present))


@router.post("/access/users/{user}/remove")
def remove_user(request: Request, gateway: AtGateway, who: Admin, user: str) -> Response:
    def remove(users: Managing) -> None:
        users.remove_user(user)
        sweep(gateway, who)

    return _changed(request, gateway, who, remove)


@router.post("/access/keys")
def add_key(
    request: Request,
    gateway: AtGateway,
    who: Admin,
    name: Short,
    role: Annotated[Role, Form()],
    last_day: Annotated[date | None, Form()] = None,
) -> Response:
    """Shows the key once, in the answer itself."""
    try:
        ends = end_of(last_day) if last_day else None
        _, secret = Managing(gateway.people, who).add_key(name, role, ends)
    except Refused as why:
        return _access(request, gateway, who, notice=str(why), status=422)
    return _access(request, gateway, who, key=secret)


@router.post("/access/keys/{key}/revoke")
def revoke_key(gateway: AtGateway, who: Admin, key: str) -> Response:
    Managing(gateway.people, who).revoke_key(key)
    return RedirectResponse("/access", 303)
