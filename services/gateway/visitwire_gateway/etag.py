"""An ETag for every answer to a GET (the route's own where it gave one), and 304 for who has it already. Streams pass
through."""

import hashlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Etag:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith("/static/"):  # files have tags of their own, and come in pieces
            await self._app(scope, receive, send)
            return
        known = Headers(scope=scope).get("if-none-match", "")
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                whole = message["status"] == 200 and "content-length" in headers
                if whole:
                    start = message
                else:
                    await send(message)
            elif start is None or message["type"] != "http.response.body":
                await send(message)
            else:
                first, start = start, None
                await _answer(first, message, known, send)

        await self._app(scope, receive, tagged)


async def _answer(start: Message, body: Message, known: str, send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    tag = headers.get("etag") or tag_of(body.get("body", b""))
    headers["etag"] = tag
    if tag in [one.strip() for one in known.split(",")]:
        del headers["content-length"]
        start["status"] = 304
        body = {"type": "http.response.body", "body": b""}
    await send(start)
    await send(body)


def tag_of(*parts: bytes) -> str:
    """The tag of an answer that these make up."""
    made = hashlib.sha256()  # processors do it faster than anything else here
    for part in parts:
        made.update(part)
    return f'W/"{made.hexdigest()[:24]}"'
