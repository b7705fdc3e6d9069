"""HTTP push: `POST /items/{provider}` with one item as the body, or several as the parts of a multipart body."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from hashlib import sha256

import structlog
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from visitwire_runtime import Background, Publish
from visitwire_runtime.sockets import bound
from visitwire_schemas import WIRE_ITEMS, WireItem

from visitwire_ingestion.story_store import Clock, now_utc
from visitwire_ingestion.transports.redaction import shown

log = structlog.get_logger()
MOST_ITEMS = 500
"""Items that one request may carry."""


def app(publish: Publish, token: SecretStr | None, largest: int, clock: Clock = now_utc) -> Starlette:
    """The HTTP application. 202 with the items' ids once every one of them is safe; nothing is read before that.

    401 without the token, 413 for a body above `largest` bytes, 400 for an empty one or a broken multipart.
    """

    async def take(request: Request) -> Response:
        if token is not None and not _allowed(request, token):
            return _refuse(401, "Send the header Authorization: Bearer with this installation's push token.")
        body = await _body(request, largest)
        if body is None:
            return _refuse(413, f"The body has more than {largest:,} bytes: send fewer items at a time.")
        provider = request.path_params.get("provider", "unknown")
        name = request.headers.get("x-name")  # Latin-1, as Starlette reads the bytes of headers
        named = shown(name.encode("latin-1")) if name else None
        items = _items(body, request.headers.get("content-type", ""), provider, named, clock)
        if not items:
            return _refuse(400, "The body holds no item: send one as the body, or several as parts of multipart/mixed.")
        if len(items) > MOST_ITEMS:
            return _refuse(413, f"The request has {len(items)} items, more than {MOST_ITEMS}: send fewer at a time.")
        for item in items:
            await publish(WIRE_ITEMS, item)
        return JSONResponse({"ids": [sha256(item.raw).hexdigest() for item in items]}, status_code=202)

    return Starlette(routes=[Route(path, take, methods=["POST"]) for path in ("/items", "/items/{provider}")])


def _refuse(status: int, why: str) -> JSONResponse:
    return JSONResponse({"error": why}, status_code=status)


def _allowed(request: Request, token: SecretStr) -> bool:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode())


async def _body(request: Request, largest: int) -> bytes | None:
    """The body, or None as soon as it is too large."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        return None
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def _items(body: bytes, kind: str, provider: str, name: str | None, clock: Clock) -> list[WireItem]:
    if not kind.lower().startswith("multipart/"):
        return (
            [WireItem(raw=body, provider=provider, name=name, content_type=kind or None, received=clock())]
            if body
            else []
        )
    message = message_from_bytes(
        b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n" + body, policy=policy.default
    )
    parts = message.iter_parts() if isinstance(message, EmailMessage) and message.is_multipart() else ()
    return [item for part in parts if (item := _part(part, provider, clock)) is not None]


def _part(part: MIMEPart, provider: str, clock: Clock) -> WireItem | None:
    """The item of one part, a message with parts of its own as it stands; None for an empty one."""
    raw = part.as_bytes() if part.is_multipart() else part.get_payload(decode=True)
    if not isinstance(raw, bytes) or not raw:
        return None
    try:
        name, kind = part.get_filename(), part.get_content_type()
    except (LookupError, ValueError, TypeError, AttributeError):  # headers in no charset that is known
        name, kind = None, "application/octet-stream"
    return WireItem(raw=raw, provider=provider, name=shown(name) if name else None, content_type=kind, received=clock())


class _Server(uvicorn.Server):
    """uvicorn without its hold on the process's signals: the runner stops us by cancelling."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(host: str, port: int, token: SecretStr | None, largest: int, clock: Clock = now_utc) -> Background:
    """Background work that listens on `host:port` until cancelled. Raises `CannotListen`."""

    async def work(publish: Publish) -> None:
        server = _Server(
            uvicorn.Config(app(publish, token, largest, clock), log_config=None, access_log=False, lifespan="off")
        )
        with bound(host, port, "VISITWIRE_PUSH_PORT") as listens:
            address = f"http://{host}:{listens.getsockname()[1]}/items/PROVIDER"
            log.info("push_listens", address=address, token=token is not None)
            try:
                await server.serve(sockets=[listens])
            finally:
                for one in getattr(server, "servers", ()):  # cancelled, uvicorn leaves them open
                    one.close()

    return work
