"""Who one is, and for admins who else may come in."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from pydantic import Field

from visitwire_gateway.api.shapes import PROBLEMS, AuditLine, Instant, KeyMade, KeySeen, Limit, Me, UserSeen, made
from visitwire_gateway.api_model import Shape
from visitwire_gateway.auth.access import COOKIE, address_of
from visitwire_gateway.auth.user_management import Managing
from visitwire_gateway.auth.users import LEAST_PASSWORD, MOST_PASSWORD, Refused
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Admin, Asking, AtGateway
from visitwire_gateway.personal.mail import sweep
from visitwire_gateway.whole_gateway import AtWholeGateway

router = APIRouter(prefix="/api/v1", tags=["doors"], responses=PROBLEMS)


type UserId = Annotated[str, Path(description="The user's id.")]
type KeyId = Annotated[str, Path(description="The key's id.")]
type Before = Annotated[int | None, Query(ge=0, le=2**53, description="Only lines before the one of this number.")]
type Password = Annotated[str, Field(min_length=LEAST_PASSWORD, max_length=MOST_PASSWORD)]


class NewUser(Shape):
    """Somebody who is to log in."""

    name: str = Field(min_length=1, max_length=200)
    """The name they log in with."""
    password: Password
    """Their password."""
    role: Role = Role.READER
    """What they may do."""


class UserChange(Shape):
    """What is left out stays."""

    role: Role | None = None
    """The new role."""
    password: Password | None = None
    """The new password."""


class OwnPassword(Shape):
    """A new password of one's own."""

    old: str = Field(max_length=MOST_PASSWORD)
    """The password until now."""
    new: Password
    """The new one."""


class NewKey(Shape):
    """A key that is to be made."""

    name: str = Field(min_length=1, max_length=200)
    """What it is called."""
    role: Role = Role.READER
    """What it may do."""
    ends: Instant | None = None
    """From when on it opens nothing; null for never."""


@router.get("/me")
def me(who: Asking) -> Me:
    """As whom one is let in."""
    return Me(tenant=who.tenant, name=who.name, role=who.role)


@router.post("/me/password", status_code=204, responses={409: PROBLEMS[422]})
def change_own_password(request: Request, gateway: AtWholeGateway, who: Asking, change: OwnPassword) -> None:
    """One's own, in a session of one's own, which goes on; one's others end."""
    if who.csrf is None:
        raise HTTPException(403, "Only who logged in with a name has a password.")
    try:
        gateway.access.change_own_password(
            who, request.cookies.get(COOKIE, ""), address_of(request), change.old, change.new
        )
    except Refused as why:
        raise HTTPException(409, str(why)) from None


@router.get("/users")
def users(gateway: AtGateway, who: Admin) -> list[UserSeen]:
    """Those of one's own tenant."""
    return [made(UserSeen, row) for row in gateway.people.users(who.tenant)]


@router.post("/users", status_code=201, responses={409: PROBLEMS[422]})
def add_user(gateway: AtGateway, who: Admin, new: NewUser) -> UserSeen:
    """A user of one's own tenant."""
    people = gateway.people
    try:
        key = Managing(people, who).add_user(new.name, new.password, new.role)
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    return next(made(UserSeen, row) for row in people.users(who.tenant) if row.id == key)


@router.patch("/users/{key}", responses={409: PROBLEMS[422]})
def change_user(request: Request, gateway: AtGateway, who: Admin, key: UserId, change: UserChange) -> UserSeen:
    """Another role or password for a user who logs in here; their sessions end, except that which asks."""
    people = gateway.people
    try:
        name = Managing(people, who).change_user(key, change.role, change.password, request.cookies.get(COOKIE))
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    found = [made(UserSeen, row) for row in people.users(who.tenant) if row.id == key]
    if name is None or not found:
        raise HTTPException(404, f"There is no user {key}.")
    return found[0]


@router.delete("/users/{key}", status_code=204, responses={409: PROBLEMS[422]})
def remove_user(gateway: AtGateway, who: Admin, key: UserId) -> None:
    """The last admin of a tenant who logs in here stays."""
    try:
        name = Managing(gateway.people, who).remove_user(key)
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    if name is None:
        raise HTTPException(404, f"There is no user {key}.")
    sweep(gateway, who)


@router.get("/keys")
def keys(gateway: AtGateway, who: Admin) -> list[KeySeen]:
    """Those of one's own tenant, revoked ones too."""
    return [made(KeySeen, row) for row in gateway.people.keys(who.tenant)]


@router.post("/keys", status_code=201)
def add_key(gateway: AtGateway, who: Admin, new: NewKey) -> KeyMade:
    """A key of one's own tenant. It is told only in this answer."""
    try:
        key, secret = Managing(gateway.people, who).add_key(new.name, new.role, new.ends)
    except Refused as why:
        raise HTTPException(422, str(why)) from None
    return KeyMade(id=key, key=secret)


@router.delete("/keys/{key}", status_code=204)
def revoke_key(gateway: AtGateway, who: Admin, key: KeyId) -> None:
    """From now on it opens nothing."""
    if not Managing(gateway.people, who).revoke_key(key):
        raise HTTPException(404, f"There is no key {key}.")


@router.get("/audit")
def audit(
    gateway: AtGateway,
    who: Admin,
    before: Before = None,
    limit: Limit = 50,
) -> list[AuditLine]:
    """What was done in one's tenant, the latest first; `before` a line's number goes on after it."""
    return [made(AuditLine, row) for row in gateway.people.audit(who.tenant, limit, before)]
