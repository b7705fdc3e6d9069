"""One login by OpenID Connect, from the link on the login page to the session."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Engine

from visitwire_gateway.auth.claims import Claims
from visitwire_gateway.auth.oidc_claims import NotAdmitted, name_of, person
from visitwire_gateway.auth.oidc_identities import Identities
from visitwire_gateway.auth.oidc_provider import Provider, ProviderFailed, StaleCode, plain
from visitwire_gateway.auth.oidc_settings import OpenId
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role, Who

log = structlog.get_logger()

BY_OPENID = "by OpenID Connect"


class NoEntry(Exception):
    """The login failed: an HTTP status, and for the person what is wrong and what to do."""

    def __init__(self, status: int, detail: str, expelled: Who | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.expelled = status, detail, expelled


@dataclass(frozen=True)
class SignedIn:
    token: str
    who: Who
    back: str


@dataclass(frozen=True)
class SignOn:
    openid: OpenId
    provider: Provider
    identities: Identities
    people: People
    clock: Callable[[], datetime]

    async def begin(self, back: str) -> tuple[str, str]:
        """The provider's address for this login, and the word that the browser keeps. Raises `NoEntry`."""
        asked, browser = await asyncio.to_thread(self.identities.begin, back)
        try:
            return await self.provider.login_address(asked), browser
        except ProviderFailed as why:
            raise self._failed(why) from None

    async def finish(self, said: Mapping[str, str], browser: str | None) -> SignedIn:
        """The session of who came back with that query and the word that `begin` gave. Raises `NoEntry`."""
        begun = await asyncio.to_thread(self.identities.take, said.get("state", ""), browser or "")
        if begun is None:
            where = self.openid.callback.partition("/login/")[0]
            raise NoEntry(
                400,
                "This login was not begun in this browser, was used already, or took longer than ten minutes. "
                f"Open {where} and log in again.",
            )
        try:
            await self._from_our_provider(said)
            claims = await self.provider.claims(said.get("code", ""), begun.asked, self.clock())
        except ProviderFailed as why:
            raise self._failed(why) from None
        except StaleCode:
            raise NoEntry(400, "That login was used already or took too long. Log in again.") from None
        token, who = await asyncio.to_thread(self._enter, claims)
        return SignedIn(token, who, begun.back)

    async def _from_our_provider(self, said: Mapping[str, str]) -> None:
        """RFC 9207: an answer that names its sender must name ours. Then whether it is a refusal."""
        known = await self.provider.description()
        sender = said.get("iss")
        if sender != self.openid.issuer and (sender or known.authorization_response_iss_parameter_supported):
            raise ProviderFailed(f"The answer is from {plain(sender) or 'nobody'} instead of {self.openid.issuer}.")
        if "error" in said:
            log.warning(
                "login refused by the provider", error=plain(said["error"]), why=plain(said.get("error_description"))
            )
            told = plain(said["error"])
            raise NoEntry(403, f"You were not let in by {self.openid.name}: {told}. Log in again, or ask who runs it.")
        if not said.get("code"):
            raise ProviderFailed("The answer has neither a code nor an error.")

    def _enter(self, claims: Claims) -> tuple[str, Who]:
        try:
            token, who = self.identities.enter(person(self.openid, claims))
        except NotAdmitted as why:
            known = self.identities.expel(str(claims["sub"]))
            refused = known or Who(self.openid.tenant, name_of(self.openid, claims), Role.READER)
            self.people.record(refused, "was refused", f"{BY_OPENID}: {why}")
            raise NoEntry(
                403,
                f"You are known to {self.openid.name}, but may not come in: {why}. Ask whoever runs Visitwire.",
                known,
            ) from None
        self.people.record(who, "logged in", BY_OPENID)
        return token, who

    def _failed(self, why: ProviderFailed) -> NoEntry:
        log.error("login by OpenID Connect failed", why=str(why))
        return NoEntry(
            502,
            f"Logging in with {self.openid.name} does not work just now. {why} "
            "Try again; if it stays so, tell whoever runs Visitwire.",
        )


def sign_on(openid: OpenId | None, people: People, engine: Engine, clock: Callable[[], datetime]) -> SignOn | None:
    """None where no provider is configured."""
    if openid is None:
        return None
    return SignOn(openid, Provider(openid), Identities(engine, openid.issuer, clock), people, clock)
