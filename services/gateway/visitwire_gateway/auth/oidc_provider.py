"""Speaks to the OpenID Connect provider: its description, its keys, and what it says of a person for a code.

OpenID Connect Core 1.0 (3.1, the code flow), Discovery 1.0, RFC 7636 (PKCE), RFC 9700 (best practice). The forms of the
requests are Authlib's; they go out by httpx.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import quote_plus

import httpx
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]
    prepare_grant_uri,
    prepare_token_request,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from visitwire_gateway.auth.claims import Claims, claim
from visitwire_gateway.auth.id_token import SIGNED, Expected, NotBelieved, UnknownKey, believed, public_keys
from visitwire_gateway.auth.login_request import LoginRequest
from visitwire_gateway.auth.oidc_settings import OpenId, trustworthy

PATIENCE = 10.0
"""Seconds that one answer of the provider may take, to its last byte."""
MOST = 1_000_000
"""Bytes of an answer that are read."""
KEPT = 3600.0
"""Seconds after which the provider's description and keys are fetched anew."""


class ProviderFailed(Exception):
    """The provider is away, or says what it must not say; with a sentence for who tried to log in."""


class StaleCode(Exception):
    """The provider does not know the code any more: the login was used already, or took too long."""


class Description(BaseModel):
    """What of its discovery document is used."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    end_session_endpoint: str | None = None
    id_token_signing_alg_values_supported: list[str] = ["RS256"]
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False

    def addresses(self) -> list[str]:
        ends = (self.authorization_endpoint, self.token_endpoint, self.jwks_uri, self.userinfo_endpoint)
        return [end for end in ends if end is not None]


class Answer(BaseModel):
    """Of the token endpoint."""

    id_token: str | None = Field(None, repr=False)
    access_token: str | None = Field(None, repr=False)
    error: str | None = None
    error_description: str | None = None


class Provider:
    def __init__(self, openid: OpenId) -> None:
        self._openid = openid
        self._tls = httpx.create_ssl_context()
        self._described: tuple[Description, float] | None = None
        self._keys: tuple[KeySet, float] | None = None

    async def description(self) -> Description:
        """Raises `ProviderFailed`."""
        if self._described is None or self._described[1] < monotonic():
            address = self._openid.issuer.rstrip("/") + "/.well-known/openid-configuration"
            body = await self._get(address)
            try:
                found = Description.model_validate(body)
            except ValidationError as wrong:
                what = ", ".join(".".join(map(str, one["loc"])) or "it is not an object" for one in wrong.errors())
                raise ProviderFailed(f"{address} does not describe an OpenID Connect provider: {what}.") from None
            self._check(found)
            self._described = found, monotonic() + KEPT
        return self._described[0]

    async def login_address(self, asked: LoginRequest) -> str:
        """Where the browser goes. Raises `ProviderFailed`."""
        address: str = prepare_grant_uri(
            (await self.description()).authorization_endpoint,
            self._openid.client_id,
            "code",
            redirect_uri=self._openid.callback,
            scope=self._openid.scopes,
            state=asked.state,
            nonce=asked.nonce,
            code_challenge=create_s256_code_challenge(asked.verifier),
            code_challenge_method="S256",
        )
        return address

    async def logout_address(self) -> str | None:
        """Where one ends the session at the provider itself, if it has such a page."""
        try:
            end = (await self.description()).end_session_endpoint
        except ProviderFailed:
            return None
        if end is None or not trustworthy(end):
            return None
        return str(httpx.URL(end).copy_merge_params({"client_id": self._openid.client_id}))

    async def claims(self, code: str, asked: LoginRequest, now: datetime) -> Claims:
        """What the provider says of the person who came back with `code`. Raises `ProviderFailed`, `StaleCode`."""
        try:
            answer = await self._token(code, asked)
            if answer.id_token is None:
                raise ProviderFailed(f"{self._openid.issuer} gave no ID token; is it an OpenID Connect provider?")
            claims = await self._believed(answer, asked.nonce, now)
            return await self._more(claims, answer.access_token)
        except ProviderFailed:
            self._described = self._keys = None  # whatever was known of it may be what is out of date
            raise

    async def _token(self, code: str, asked: LoginRequest) -> Answer:
        known = await self.description()
        body = prepare_token_request(
            "authorization_code", redirect_uri=self._openid.callback, code=code, code_verifier=asked.verifier
        )
        auth, more = self._proof(known)
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        content = body + "".join(f"&{name}={quote_plus(value)}" for name, value in more.items())
        status, found = await self._ask("POST", known.token_endpoint, headers=headers, content=content, auth=auth)
        try:
            answer = Answer.model_validate(found)
        except ValidationError:
            raise ProviderFailed(f"{known.token_endpoint} returned a malformed response (HTTP {status}).") from None
        if answer.error == "invalid_grant":
            raise StaleCode
        if answer.error is not None or status != 200:
            told = f"{plain(answer.error)} ({plain(answer.error_description)})" if answer.error else f"HTTP {status}"
            raise ProviderFailed(f"{known.token_endpoint} refused Visitwire: {told}.")
        return answer

    def _proof(self, known: Description) -> tuple[httpx.Auth | None, Mapping[str, str]]:
        """How we prove who we are: by a header, or by fields of the form. RFC 6749, 2.3.1."""
        client, secret = self._openid.client_id, self._openid.client_secret
        if secret is None:
            return None, {"client_id": client}
        ways, word = known.token_endpoint_auth_methods_supported, secret.get_secret_value()
        if "client_secret_basic" in ways:
            return httpx.BasicAuth(quote_plus(client), quote_plus(word)), {}
        if "client_secret_post" in ways:
            return None, {"client_id": client, "client_secret": word}
        raise ProviderFailed(f"{known.issuer} takes no client secret, only {plain(', '.join(ways))}.")

    async def _believed(self, answer: Answer, nonce: str, now: datetime) -> dict[str, Any]:
        known = await self.description()
        expected = Expected(
            known.issuer,
            self._openid.client_id,
            nonce,
            answer.access_token,
            known.id_token_signing_alg_values_supported,
        )
        token = answer.id_token or ""
        try:
            try:
                return believed(token, await self._key_set(), expected, now)
            except UnknownKey:  # the provider changed its keys since we looked
                self._keys = None
                return believed(token, await self._key_set(), expected, now)
        except NotBelieved as why:
            raise ProviderFailed(f"The ID token of {known.issuer} is not to be believed: {plain(str(why))}") from None

    async def _more(self, claims: dict[str, Any], access_token: str | None) -> Claims:
        """With what the user-info endpoint adds, where a claim that decides is not in the ID token."""
        end = (await self.description()).userinfo_endpoint
        if (
            end is None
            or access_token is None
            or all(claim(claims, name) is not None for name in self._openid.deciding_claims)
        ):
            return claims
        told = await self._get(end, {"authorization": f"Bearer {access_token}"})
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise ProviderFailed(f"{end} told of somebody else, or of nobody.")
        return told | claims

    async def _key_set(self) -> KeySet:
        if self._keys is None or self._keys[1] < monotonic():
            address = (await self.description()).jwks_uri
            body = await self._get(address)
            keys = public_keys(body)
            if not keys:
                raise ProviderFailed(f"{address} has no key to check signatures with.")
            self._keys = KeySet(keys), monotonic() + KEPT
        return self._keys[0]

    def _check(self, found: Description) -> None:
        if found.issuer != self._openid.issuer:
            raise ProviderFailed(
                f"The provider calls itself {plain(found.issuer)}, "
                f"and VISITWIRE_GATEWAY_OIDC_ISSUER says {self._openid.issuer}."
            )
        open_ = [address for address in found.addresses() if not trustworthy(address)]
        if open_:
            raise ProviderFailed(f"{plain(open_[0])}, an address of the provider, does not begin with https://.")
        if not set(found.id_token_signing_alg_values_supported) & set(SIGNED):
            raise ProviderFailed(f"{found.issuer} signs in no way that proves anything (RS256 would).")

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> object:
        status, body = await self._ask("GET", address, headers={"accept": "application/json", **(headers or {})})
        if status != 200:
            raise ProviderFailed(f"{address} answered HTTP {status}.")
        return body

    async def _ask(self, method: str, address: str, **sent: Any) -> tuple[int, object]:
        """Status and JSON of an answer; no redirect is followed."""
        body = b""
        try:
            async with (
                asyncio.timeout(PATIENCE),
                httpx.AsyncClient(verify=self._tls, timeout=PATIENCE) as client,
                client.stream(method, address, **sent) as answer,
            ):
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > MOST:
                        raise ProviderFailed(f"{address} answered more than {MOST:,} bytes.")
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as wrong:
            raise ProviderFailed(f"{address} does not answer: {str(wrong) or type(wrong).__name__}.") from None
        try:
            return answer.status_code, httpx.Response(200, content=body).json()
        except ValueError:
            raise ProviderFailed(f"{address} answered no JSON (HTTP {answer.status_code}).") from None


def plain(said: str | None) -> str:
    """What somebody else wrote, short and on one line."""
    return "".join(sign if sign.isprintable() else " " for sign in said or "")[:200]
