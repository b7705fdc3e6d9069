"""HEAD for whatever answers GET (RFC 9110, 9.3.2): the same headers, and no body."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """Asks what is inside with GET, and holds the body back. An answer without an end is cut off at its start."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        begun = False

        async def bare(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun, scope["route"] = True, asked.get("route")
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        async def gone() -> Message:
            return {"type": "http.disconnect"} if begun else await receive()

        # Under this version a stream listens for whoever goes away, where under later ones only sending would tell it.
        asgi = {**scope.get("asgi", {}), "spec_version": "2.3"}
        asked = {**scope, "method": "GET", "asgi": asgi}
        await self._app(asked, gone, bare)
