"""Access tokens for a broker that takes OAUTHBEARER: client credentials at an OpenID provider's token endpoint.

One token serves every connection of the process, and is renewed before it expires.
"""

import asyncio
import threading
from collections.abc import Callable
from functools import cache
from time import monotonic

import httpx
import structlog
from aiokafka.abc import AbstractTokenProvider as OfWorkers  # type: ignore[import-untyped]
from aiokafka.errors import KafkaConnectionError as NotForWorkers  # type: ignore[import-untyped]
from kafka.errors import KafkaConnectionError  # type: ignore[import-untyped]
from kafka.net.sasl.oauth import AbstractTokenProvider  # type: ignore[import-untyped]

log = structlog.get_logger()

PATIENCE = 10.0
"""Seconds that the endpoint has for an answer."""
USED = 0.8
"""Part of a token's life after which another is fetched: what connects needs it for a moment only."""
UNSAID = 60.0
"""Seconds that a token is taken to be good for where the endpoint does not say."""


class NoToken(Exception):
    """The endpoint gave none; the words never have a secret in them."""


class Tokens:
    """What the endpoint gives; safe to use from several threads. `clock` counts seconds."""

    def __init__(
        self, url: str, client: str, secret: str, scope: str | None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._url, self._who, self._clock = url, (client, secret), clock
        self._asked = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._lock = threading.Lock()
        self._token = ""
        self._renewed_at = self._ends_at = -1.0

    def token(self) -> str:
        """One that is good. Raises `NoToken`; while the old one is good a failure is only logged."""
        with self._lock:
            now = self._clock()
            if not self._token or now >= self._renewed_at:
                self._renew(now)
            return self._token

    def _renew(self, now: float) -> None:
        try:
            self._token, life = self._fetched()
        except NoToken as failed:
            if not self._token or now >= self._ends_at:
                raise
            log.warning("token_not_renewed", why=str(failed), good_for=round(self._ends_at - now))
            return
        self._renewed_at, self._ends_at = now + USED * life, now + life

    def _fetched(self) -> tuple[str, float]:
        """A token, and for how many seconds it is good."""
        try:
            answer = httpx.post(self._url, data=self._asked, auth=self._who, timeout=PATIENCE)
        except httpx.HTTPError as failed:
            raise NoToken(f"{self._url} does not answer ({failed or type(failed).__name__})") from None
        if answer.status_code in (400, 401, 403):
            raise NoToken(f"{self._url} refuses {self._who[0]!r}: {_error(answer)} (VISITWIRE_BROKER_PASSWORD)")
        try:
            given = answer.raise_for_status().json()
            token, life = str(given["access_token"]), float(given.get("expires_in") or UNSAID)
        except (httpx.HTTPStatusError, ValueError, KeyError, TypeError, AttributeError):
            raise NoToken(f"{self._url} answers {answer.status_code} and gives no token") from None
        return token, life


def _error(answer: httpx.Response) -> str:
    """The error's name (RFC 6749, 5.2), or the status."""
    try:
        return str(answer.json()["error"])[:60]
    except (ValueError, KeyError, TypeError):
        return str(answer.status_code)


shared_tokens = cache(Tokens)
"""By what it is made of: every connection of a process shares one."""


class Provider(AbstractTokenProvider):  # type: ignore[misc]
    """For kafka-python."""

    def __init__(self, source: Tokens) -> None:
        super().__init__()
        self._source = source

    def token(self) -> str:
        """Raises `KafkaConnectionError`, which clients try again after."""
        try:
            return self._source.token()
        except NoToken as missing:
            raise KafkaConnectionError(f"no token: {missing}") from missing


class WorkersProvider(OfWorkers):  # type: ignore[misc]
    """For aiokafka, and Faust over it."""

    def __init__(self, source: Tokens) -> None:
        self._source = source

    async def token(self) -> str:
        """Raises aiokafka's `KafkaConnectionError`, which clients try again after."""
        try:
            return await asyncio.to_thread(self._source.token)
        except NoToken as missing:
            raise NotForWorkers(f"no token: {missing}") from missing
