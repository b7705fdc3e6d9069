"""Posts an event as CloudEvents structured JSON, signed as Standard Webhooks says.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import httpx
from standardwebhooks import Webhook as Signer
from visitwire_runtime.safe_http import ForbiddenAddress, GuardedBackend
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Webhook

from visitwire_alerting.delivery.channels.lines import Line, Lines
from visitwire_alerting.delivery.channels.sending import Send
from visitwire_alerting.delivery.message import body
from visitwire_alerting.delivery.outcome import Outcome, Result, retry_after
from visitwire_alerting.subscriptions.stored import Endpoint

MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
LONGEST_ANSWER = 4_096
"""Bytes of an answer that are read; a receiver has nothing to tell us."""


def signed(event: Alert, secrets: Sequence[str], at: datetime) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of a delivery; one signature a secret, while a rotation lasts."""
    content = body(event)
    moment = at.astimezone(UTC)  # the library signs the clock time of any other zone as if it were UTC
    signatures = [_signer(secret).sign(event.id, moment, content.decode()) for secret in secrets]
    return content, {
        "content-type": MEDIA_TYPE,
        "content-length": str(len(content)),
        "user-agent": "Visitwire",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@lru_cache(maxsize=1024)
def _signer(secret: str) -> Signer:
    return Signer(secret)


def webhook(transport: httpx.AsyncBaseTransport, patience: float, clock: Callable[[], datetime]) -> Send:
    """Sends through `transport`, and so without what a client adds: no redirects, no cookies, no decompression.

    `patience` is in seconds, for each of connecting, writing and reading.
    """
    extensions = {"timeout": httpx.Timeout(patience).as_dict()}

    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        assert isinstance(endpoint.channel, Webhook)
        at = clock()
        for event in events:
            content, headers = signed(event, endpoint.signing(at), at)
            try:
                url, addressed = _address(endpoint.channel.url)
                # a stream keeps httpx from working out the headers that stand here already
                body = httpx.ByteStream(content)
                request = httpx.Request("POST", url, headers=addressed | headers, stream=body, extensions=extensions)
                outcome = await _post(transport, request, at)
            except ForbiddenAddress:
                outcome = Outcome(Result.REFUSED, error="the address is not on the public internet")
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                outcome = Outcome(Result.FAILED, error=type(error).__name__)
            if outcome.result is not Result.DELIVERED:
                return outcome
        return Outcome(Result.DELIVERED, 200)

    return send


@lru_cache(maxsize=1024)
def _address(url: str) -> tuple[httpx.URL, dict[str, str]]:
    """A URL as parsed, and the headers it makes: its host, and the name and password that stand in it."""
    parsed = httpx.URL(url)
    host = {"host": parsed.netloc.decode("ascii")}
    if not (parsed.username or parsed.password):
        return parsed, host
    token = base64.b64encode(f"{parsed.username}:{parsed.password}".encode()).decode()
    return parsed, host | {"authorization": f"Basic {token}"}


async def _post(transport: httpx.AsyncBaseTransport, request: httpx.Request, at: datetime) -> Outcome:
    answer = await transport.handle_async_request(request)
    try:
        size = 0
        async for chunk in answer.aiter_raw():
            size += len(chunk)
            if size > LONGEST_ANSWER:
                break
    finally:
        await answer.aclose()
    if answer.is_success:
        return Outcome(Result.DELIVERED, answer.status_code)
    result = Result.GONE if answer.status_code == httpx.codes.GONE else Result.FAILED
    wait = retry_after(answer.headers.get("retry-after"), at)
    return Outcome(result, answer.status_code, f"HTTP {answer.status_code}", wait)


class Webhooks:
    """Sends to any number of endpoints, each over connections of its own, opened on the loop that sends."""

    def __init__(self, clock: Callable[[], datetime], patience: float, *, allow_private: bool) -> None:
        self._clock = clock
        self._patience = patience
        self._backend = GuardedBackend(allow_private=allow_private)
        self._trusted = httpx.create_ssl_context()  # one for all: it takes a while, and holds every authority
        self._lines = Lines(lambda: Line(self._backend, self._trusted))

    async def send(self, endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        async with self._lines.to(endpoint.id) as transport:
            return await webhook(transport, self._patience, self._clock)(endpoint, events)

    async def close(self) -> None:
        await self._lines.close()
