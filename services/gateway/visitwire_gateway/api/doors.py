"""Who one is, and for admins who else may come in."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from visitwire_gateway.api.shapes import PROBLEMS, AuditLine, Instant, KeyMade, KeySeen, Me, UserSeen, made
from visitwire_gateway.desk import Admin, Asking, AtDesk
from visitwire_gateway.doors.guard import COOKIE, address_of
from visitwire_gateway.doors.managing import Managing
from visitwire_gateway.doors.people import LEAST_PASSWORD, MOST_PASSWORD, Refused, Role

router = APIRouter(prefix="/api/v1", tags=["doors"], responses=PROBLEMS)


type Password = Annotated[str, Field(min_length=LEAST_PASSWORD, max_length=MOST_PASSWORD)]


class NewUser(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    password: Password
    role: Role = Role.READER


class UserChange(BaseModel):
    """What is left out stays."""

    role: Role | None = None
    password: Password | None = None


class OwnPassword(BaseModel):
    old: str = Field(max_length=MOST_PASSWORD)
    new: Password


class NewKey(BaseModel):
    name: str = Field(min_length=1, max_length=200)
    role: Role = Role.READER
    ends: Instant | None = None
    """From when on it opens nothing; null for never."""


@router.get("/me")
def me(who: Asking) -> Me:
    return Me(tenant=who.tenant, name=who.name, role=who.role)


@router.post("/me/password", status_code=204, responses={409: PROBLEMS[422]})
def change_own_password(request: Request, desk: AtDesk, who: Asking, change: OwnPassword) -> None:
    """One's own, in a session of one's own, which goes on; one's others end."""
    if who.csrf is None:
        raise HTTPException(403, "Only who logged in with a name has a password.")
    try:
        desk.doors.change_own_password(
            who, request.cookies.get(COOKIE, ""), address_of(request), change.old, change.new
        )
    except Refused as why:
        raise HTTPException(409, str(why)) from None


@router.get("/users")
def users(desk: AtDesk, who: Admin) -> list[UserSeen]:
    return [made(UserSeen, row) for row in desk.doors.people.users(who.tenant)]


@router.post("/users", status_code=201, responses={409: PROBLEMS[422]})
def add_user(desk: AtDesk, who: Admin, new: NewUser) -> UserSeen:
    """A user of one's own tenant."""
    people = desk.doors.people
    try:
        key = Managing(people, who).add_user(new.name, new.password, new.role)
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    return next(made(UserSeen, row) for row in people.users(who.tenant) if row.id == key)


@router.patch("/users/{key}", responses={409: PROBLEMS[422]})
def change_user(request: Request, desk: AtDesk, who: Admin, key: str, change: UserChange) -> UserSeen:
    """Another role or password for a user who logs in here; their sessions end, except that which asks."""
    people = desk.doors.people
    try:
        name = Managing(people, who).change_user(key, change.role, change.password, request.cookies.get(COOKIE))
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    found = [made(UserSeen, row) for row in people.users(who.tenant) if row.id == key]
    if name is None or not found:
        raise HTTPException(404, f"There is no user {key}.")
    return found[0]


@router.delete("/users/{key}", status_code=204, responses={409: PROBLEMS[422]})
def remove_user(desk: AtDesk, who: Admin, key: str) -> None:
    """The last admin of a tenant who logs in here stays."""
    try:
        name = Managing(desk.doors.people, who).remove_user(key)
    except Refused as why:
        raise HTTPException(409, str(why)) from None
    if name is None:
        raise HTTPException(404, f"There is no user {key}.")


@router.get("/keys")
def keys(desk: AtDesk, who: Admin) -> list[KeySeen]:
    return [made(KeySeen, row) for row in desk.doors.people.keys(who.tenant)]


@router.post("/keys", status_code=201)
def add_key(desk: AtDesk, who: Admin, new: NewKey) -> KeyMade:
    try:
        key, secret = Managing(desk.doors.people, who).add_key(new.name, new.role, new.ends)
    except Refused as why:
        raise HTTPException(422, str(why)) from None
    return KeyMade(id=key, key=secret)


@router.delete("/keys/{key}", status_code=204)
def revoke_key(desk: AtDesk, who: Admin, key: str) -> None:
    if not Managing(desk.doors.people, who).revoke_key(key):
        raise HTTPException(404, f"There is no key {key}.")


@router.get("/audit")
def audit(
    desk: AtDesk,
    who: Admin,
    before: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[AuditLine]:
    """What was done in one's tenant, the latest first; `before` a line's number goes on after it."""
    return [made(AuditLine, row) for row in desk.doors.people.audit(who.tenant, limit, before)]
