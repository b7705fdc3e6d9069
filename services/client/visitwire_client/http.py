"""The HTTP API, typed: `with Visitwire("http://localhost:8080") as wire: wire.visits(to="IN")`."""

from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx
from visitwire_schemas import Alert, EnrichedStory, LedgerVisit, Message


class ApiError(Exception):
    """The gateway refused; `status` and its words."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


def _query(asked: Mapping[str, Any]) -> dict[str, Any]:
    """`from` is a word of Python's own, so it is asked as `origin`."""
    return {"from" if name == "origin" else name: value for name, value in asked.items() if value is not None}


def _headers(key: str | None) -> dict[str, str]:
    """Raises ValueError for what is not a key, before anything is sent."""
    if key is not None and not (key.isascii() and key.isprintable()):
        raise ValueError(f"{key[:8]!r} is not an API key: make one under Access or by `visitwire gateway add-key`")
    return {"authorization": f"Bearer {key}"} if key else {}


def _body(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = answer.text[:200]
    raise ApiError(answer.status_code, str(detail))


class Visitwire:
    """Lists are read page by page as they are walked. Raises `ApiError`, and `httpx.HTTPError` when nobody answers."""

    def __init__(
        self, address: str, key: str | None = None, *, transport: httpx.BaseTransport | None = None, timeout: float = 30
    ) -> None:
        self._http = httpx.Client(base_url=address, headers=_headers(key), transport=transport, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def visits(self, **filters: Any) -> Iterator[LedgerVisit]:
        """Filters are those of the board: q, who, country, origin, to, host, status, provider, since, until …"""
        return self._pages("/api/v1/visits", LedgerVisit, filters)

    def changes(self, **filters: Any) -> Iterator[Alert]:
        """kind, since, until."""
        return self._pages("/api/v1/changes", Alert, filters)

    def visit(self, id: str) -> LedgerVisit:
        return LedgerVisit.model_validate(_body(self._http.get(f"/api/v1/visits/{quote(id, safe='')}")))

    def story(self, provider: str, uri: str) -> EnrichedStory:
        key = quote(f"{provider}|{uri}", safe="")
        return EnrichedStory.model_validate(_body(self._http.get(f"/api/v1/stories/{key}")))

    def quotes(self, **filters: Any) -> Iterator[dict[str, Any]]:
        """q, speaker, about, country, kind, since, until; items as in the API's document."""
        for body in self._bodies("/api/v1/quotes", filters):
            yield from body["items"]

    def _pages[M: Message](self, path: str, message: type[M], filters: Mapping[str, Any]) -> Iterator[M]:
        for body in self._bodies(path, filters):
            yield from (message.model_validate(item) for item in body["items"])

    def _bodies(self, path: str, filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        cursor: str | None = None
        while True:
            body = _body(self._http.get(path, params=_query({**filters, "cursor": cursor})))
            yield body
            if (cursor := body["next"]) is None:
                return


class AsyncVisitwire:
    """The same for asyncio."""

    def __init__(
        self,
        address: str,
        key: str | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout: float = 30,
    ) -> None:
        self._http = httpx.AsyncClient(base_url=address, headers=_headers(key), transport=transport, timeout=timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def visits(self, **filters: Any) -> AsyncIterator[LedgerVisit]:
        cursor: str | None = None
        while True:
            body = _body(await self._http.get("/api/v1/visits", params=_query({**filters, "cursor": cursor})))
            for item in body["items"]:
                yield LedgerVisit.model_validate(item)
            if (cursor := body["next"]) is None:
                return

    async def visit(self, id: str) -> LedgerVisit:
        return LedgerVisit.model_validate(_body(await self._http.get(f"/api/v1/visits/{quote(id, safe='')}")))
