"""The door itself: an ASGI layer that lets nobody in unknown, too often, or from another site's page."""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from visitwire_runtime.sockets import loopback
from visitwire_schemas.alert import SILENCE_PATH, UNSUBSCRIBE_PATH

from visitwire_gateway.auth.access import COOKIE, Access
from visitwire_gateway.auth.password_attempts import network
from visitwire_gateway.auth.users import DEFAULT_TENANT
from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.problems import Answer, Problem

OPEN_PATHS = ("/static/", "/livez", "/login")
"""Nothing behind these belongs to anybody; a login carries its own proof."""
KEY_IN_ADDRESS = ("/visits.ics", "/visits.atom", "/visits.csv", "/visits.xlsx", "/events")
"""What calendars, feed readers and browsers' EventSource call, which cannot send a header."""
OPENID_PATH = "/login/openid"
LINK_PATHS = (SILENCE_PATH, UNSUBSCRIBE_PATH)
"""Where links in alerts lead: the sealed word in them says what whoever has it may do, and nothing else."""
PERSONAL = "/feeds/"
"""Behind this lie addresses that readers have for their calendars; the word in each says whose it is."""
SAFE = ("GET", "HEAD", "OPTIONS")
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
type Still = Callable[[], Awaitable[bool]]
"""Whether who asked would still be let in."""
NEWCOMER = Who(DEFAULT_TENANT, "newcomer", Role.ADMIN, reader="newcomer")
"""The local user, treated as admin while authentication is off."""

HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Guard:
    def __init__(self, app: ASGIApp, access: Access, answer: Answer) -> None:
        self._app, self._access, self._answer = app, access, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        problem = await self._admit(scope, Headers(scope=scope))
        if problem is not None:
            await self._answer(problem, scope)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)

    async def _admit(self, scope: Scope, headers: Headers) -> Problem | None:
        """None when the request may go on; then `scope["state"]["who"]` says whose it is, and "still" is a `Still`."""
        path, address = scope["path"], network((scope.get("client") or ("", 0))[0])
        foreign = _foreign(headers, scope)
        if path.startswith(OPEN_PATHS):
            if path == "/login" and scope["method"] == "POST":
                if foreign:
                    return Problem(403, "This form was not sent from Visitwire's own page.")
                return too_often(self._access.login_limiter.wait(address))
            if path.startswith(OPENID_PATH):
                return too_often(self._access.sign_on_limiter.wait(address))
            return None
        if path.startswith(PERSONAL):
            return too_often(self._access.limiter.wait(address))
        if path.startswith(LINK_PATHS):
            return too_often(self._access.sign_on_limiter.wait(address))
        who = await asyncio.to_thread(self._who, scope, headers)
        if wait := self._access.limiter.wait(f"{who.tenant} {who.name}" if who else address):
            return too_often(wait)
        if who is None:
            return Problem(401, "Log in, or send an API key: Authorization: Bearer vw_…")
        if scope["method"] not in SAFE and not _bearer(headers):
            if foreign:
                return Problem(403, "This request came from another site's page.")
            if who.csrf is not None:
                scope.setdefault("state", {})["csrf_needed"] = who.csrf
        scope.setdefault("state", {}).update(who=who, still=self._still(scope, headers, who))
        return None

    def _still(self, scope: Scope, headers: Headers, who: Who) -> Still:
        async def still() -> bool:
            try:
                now = await asyncio.to_thread(self._who, scope, headers)
            except OperationalError:  # who cannot be asked about now comes back, and misses nothing
                return False
            return now is not None and (now.tenant, now.name) == (who.tenant, who.name)

        return still

    def _who(self, scope: Scope, headers: Headers) -> Who | None:
        people = self._access.people
        secret = _bearer(headers) or (_in_address(scope) if scope["path"].endswith(KEY_IN_ADDRESS) else None)
        if secret is not None:
            return people.by_key(secret)
        token = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        if token and (who := people.by_session(token)) is not None:
            return who
        return NEWCOMER if self._access.open and _from_here(scope, headers) else None


def too_often(wait: float, said: str = "Too many requests; wait a little.") -> Problem | None:
    if wait == 0:
        return None
    return Problem(429, said, headers={"retry-after": str(max(1, round(wait + 0.5)))})


def _bearer(headers: Headers) -> str | None:
    """The API key of a Bearer header, or of Basic credentials as their password."""
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2] or None
        except ValueError:
            return None
    return None


def _in_address(scope: Scope) -> str | None:
    given: str = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
    return given or None


def _from_here(scope: Scope, headers: Headers) -> bool:
    """From this machine and at its own name: a page elsewhere that rebinds its name to 127.0.0.1 is not, nor is what a
    proxy on this machine passes on."""
    client = (scope.get("client") or ("", 0))[0]
    host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
    return loopback(client) and loopback(host) and not any(name in headers for name in FORWARDED)


def _foreign(headers: Headers, scope: Scope) -> bool:
    """Whether a browser says that another site's page sent the request."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")
