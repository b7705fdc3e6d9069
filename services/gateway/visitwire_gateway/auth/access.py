"""What decides who may come in: users, how often they may ask or try, and the provider that may vouch for them."""

from dataclasses import dataclass, field

from starlette.requests import Request

from visitwire_gateway.auth.password_attempts import Passwords
from visitwire_gateway.auth.rate_limits import Limiter
from visitwire_gateway.auth.users import People, Refused, WrongPassword
from visitwire_gateway.auth.who import Who

COOKIE = "visitwire"
OPENID_RATE = 60
"""Steps of logins by OpenID Connect that an address has a minute. Nothing can be guessed there, so a whole office may
start its day behind one address."""


@dataclass(frozen=True)
class Access:
    """`open` lets in whoever calls from this machine, at this machine's name, without a proxy between."""

    people: People
    open: bool
    limiter: Limiter
    login_limiter: Limiter
    sign_on_limiter: Limiter = field(default_factory=lambda: Limiter(OPENID_RATE))
    passwords: Passwords = field(default_factory=Passwords)

    def change_own_password(self, who: Who, session: str, address: str, old: str, new: str) -> None:
        """Raises `Refused`. Who found a browser open cannot guess the password there any faster than at the login."""
        if self.passwords.wait(address, who.name):
            raise Refused("too many wrong passwords; wait a little and try again")
        try:
            self.people.change_own_password(session, old, new)
        except WrongPassword:
            self.people.record(who, "failed to change their password", f"from {address}")
            raise
        self.passwords.right(address, who.name)
        self.people.record(who, "changed their password")


def address_of(asked: Request) -> str:
    return asked.client.host if asked.client else ""
