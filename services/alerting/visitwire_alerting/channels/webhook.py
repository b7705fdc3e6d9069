"""Posts an event as CloudEvents structured JSON, signed as Standard Webhooks says.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import httpx
from standardwebhooks import Webhook as Signer
from visitwire_runtime.safe_http import ForbiddenAddress
from visitwire_schemas import Alert

from visitwire_alerting.channels.sending import Send
from visitwire_alerting.message import body
from visitwire_alerting.outcome import Outcome, Result, retry_after
from visitwire_alerting.store import Endpoint
from visitwire_alerting.subscription import Webhook

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
        "user-agent": "Visitwire",
        "webhook-id": event.id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@lru_cache(maxsize=1024)
def _signer(secret: str) -> Signer:
    return Signer(secret)


def webhook(client: httpx.AsyncClient, clock: Callable[[], datetime]) -> Send:
    """Sends through `client`, which must follow no redirects."""

    async def send(endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        assert isinstance(endpoint.channel, Webhook)
        at = clock()
        for event in events:
            content, headers = signed(event, endpoint.signing(at), at)
            outcome = await _post(client, endpoint.channel.url, content, headers, at)
            if outcome.result is not Result.DELIVERED:
                return outcome
        return Outcome(Result.DELIVERED, 200)

    return send


async def _post(client: httpx.AsyncClient, url: str, content: bytes, headers: dict[str, str], at: datetime) -> Outcome:
    try:
        async with client.stream("POST", url, content=content, headers=headers) as answer:
            size = 0
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                if size > LONGEST_ANSWER:
                    break
    except ForbiddenAddress:
        return Outcome(Result.REFUSED, error="the address is not on the public internet")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Outcome(Result.FAILED, error=type(error).__name__)
    if answer.is_success:
        return Outcome(Result.DELIVERED, answer.status_code)
    result = Result.GONE if answer.status_code == httpx.codes.GONE else Result.FAILED
    wait = retry_after(answer.headers.get("retry-after"), at)
    return Outcome(result, answer.status_code, f"HTTP {answer.status_code}", wait)
