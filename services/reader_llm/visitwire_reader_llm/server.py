"""Asks a server of the chat-completions protocol, within a time and a number of tries."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import structlog

from visitwire_reader_llm.options import Options

log = structlog.get_logger()

type Why = Literal["away", "late", "refused", "unusable"]
"""Why there is no answer: no server, no time, the model would not, what came is none."""

LARGEST = 1_048_576
"""Bytes of a reply that are read; an answer within its limit of tokens is a hundredth of it."""
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_OURS = frozenset({400, 413, 422})
"""The server says that the request is none: the story is too long for the model, or the server knows no schemas."""


@dataclass(frozen=True)
class Reply:
    """What came of asking: the answer's text, or why there is none; and what it used, retries included."""

    content: str | None
    why: Why | None = None
    prompt_tokens: int = 0
    answer_tokens: int = 0
    tries: int = 1
    unknown: int = 0
    """Tries of which nobody knows what they used: the connection broke, or the time was up."""


class _Again(Exception):
    """This try failed, the next may not. `wait`: seconds the server asked for; `used`: it may have worked on it."""

    def __init__(self, words: str, wait: float | None = None, used: bool = False) -> None:
        super().__init__(words)
        self.wait, self.used = wait, used


class Server:
    """One server and one model. Not for use from several event loops."""

    def __init__(self, options: Options, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._options = options
        headers = {"accept": "application/json"}
        if options.key is not None:
            headers["authorization"] = f"Bearer {options.key.get_secret_value()}"
        limits = httpx.Limits(max_connections=options.at_once, max_keepalive_connections=options.at_once)
        self._client = httpx.AsyncClient(
            headers=headers, timeout=None, limits=limits, transport=transport, follow_redirects=False
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def ask(self, body: dict[str, Any], seconds: float) -> Reply:
        """The reply, or why there is none; never later than after so many seconds, and never an exception."""
        tried = _Tried()
        if seconds <= 0:
            return Reply(None, "late", tries=0)
        try:
            async with asyncio.timeout(seconds):
                return await self._tries(body, tried)
        except TimeoutError:
            return Reply(None, "late", tries=tried.count, unknown=tried.unknown + tried.under_way)

    async def _tries(self, body: dict[str, Any], tried: "_Tried") -> Reply:
        while True:
            tried.begin()
            try:
                reply = await self._once(body)
            except _Again as why:
                tried.end(why.used)
                if tried.count >= self._options.tries:
                    log.warning("llm_away", why=str(why), tries=tried.count)
                    return Reply(None, "away", tries=tried.count, unknown=tried.unknown)
                after = self._options.backoff.after(tried.count - 1)
                await asyncio.sleep(max(after, why.wait or 0.0))
            else:
                tried.end(False)
                return Reply(
                    reply.content, reply.why, reply.prompt_tokens, reply.answer_tokens, tried.count, tried.unknown
                )

    async def _once(self, body: dict[str, Any]) -> Reply:
        """One try. Raises `_Again`."""
        try:
            async with self._client.stream("POST", f"{self._options.url}/chat/completions", json=body) as response:
                if response.status_code in _AGAIN:
                    raise _Again(f"HTTP {response.status_code}", _wait(response), used=False)
                if response.status_code in _OURS:
                    log.warning("llm_refuses_request", status=response.status_code, url=self._options.url)
                    return Reply(None, "unusable")
                if response.status_code != httpx.codes.OK:
                    log.error("llm_cannot_be_used", status=response.status_code, url=self._options.url)
                    return Reply(None, "away")
                raw = await _bytes(response)
        except httpx.ConnectError as wrong:
            raise _Again(type(wrong).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as wrong:
            # The last two: httpx reads where a redirect leads, though none is followed.
            raise _Again(type(wrong).__name__, used=True) from None
        return _read(raw)


@dataclass
class _Tried:
    """Tries so far, and how many of them the server may have worked on though nothing came of it."""

    count: int = 0
    unknown: int = 0
    under_way: int = 0

    def begin(self) -> None:
        self.count, self.under_way = self.count + 1, 1

    def end(self, used: bool) -> None:
        self.unknown, self.under_way = self.unknown + used, 0


async def _bytes(response: httpx.Response) -> bytes:
    """The reply's body. One that is larger than any answer is as good as cut."""
    found = bytearray()
    async for chunk in response.aiter_bytes():
        found += chunk
        if len(found) > LARGEST:
            break
    return bytes(found)


def _wait(response: httpx.Response) -> float | None:
    try:
        return max(0.0, float(response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _read(raw: bytes) -> Reply:
    """What a reply of status 200 says. What is not of the protocol is no answer, and would be none the next time."""
    try:
        given = json.loads(raw)
        choice = given["choices"][0]
        message, finish = choice["message"], choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Reply(None, "unusable")
    usage = given.get("usage")
    used = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    if refusal or finish == "content_filter":
        return Reply(None, "refused", *used)
    if finish == "length" or not isinstance(content, str) or not _can_be_kept(content):
        return Reply(None, "unusable", *used)
    return Reply(content, None, *used)


def _can_be_kept(content: str) -> bool:
    """Half a surrogate pair is in no encoding, and PostgreSQL takes no NUL; JSON has neither but as an escape."""
    return "\0" not in content and not any("\ud800" <= letter <= "\udfff" for letter in content)


def _count(usage: object, name: str) -> int:
    found = usage.get(name) if isinstance(usage, dict) else None
    return found if isinstance(found, int) and 0 <= found < 10_000_000 else 0
