"""One look at one HTTP feed: conditional, capped in bytes and time, with redirects that never carry credentials to
another host."""

import asyncio
import base64
import os
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import httpx
from visitwire_runtime.safe_http import ForbiddenAddress

from visitwire_ingestion.feeds import Feed, FeedState, filled
from visitwire_ingestion.transports.complete_files import shows_end

LARGEST = 16 * 1024 * 1024
"""Bytes of a body, decompressed."""
HOPS = 5
_GIVEN = (200, 203, 206, 226)
"""Statuses that come with the feed: a proxy's, or those of servers that mean well."""
_LONGEST_MARK = 1000
PATIENCE = 60.0
"""Seconds that a look may take, redirects and all: a server that sends a byte now and then is no better than none.
Where a permanent redirect leads has half of them, so that the definition's address is still asked when it dies."""
_UNSENT = "a header or the address cannot be sent; check the definition and its variables"
AGENT = "visitwire/0.1 (feed reader)"
_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!DOCTYPE\s+html|html)\b", re.I | re.S
)
_TITLE = re.compile(rb"<title[^>]*>([^<]{1,120})", re.IGNORECASE)


@dataclass(frozen=True)
class FetchedAnswer:
    """What a look gave: a body when there is something new, or a sentence on why there is none."""

    body: bytes | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    error: str | None = None
    moved: str | None = None
    """Where a permanent redirect says the feed now is."""
    content_type: str | None = None
    empty: bool = False
    """Whether the server answered with nothing."""


async def look(client: httpx.AsyncClient, feed: Feed, state: FeedState) -> FetchedAnswer:
    """Asks for the feed once, following redirects. Where a permanent redirect no longer answers, or answers with
    nothing, what the definition says is asked again."""
    if state.moved is None:
        return await _within(PATIENCE, client, feed, state, feed.url)
    answer = await _within(PATIENCE / 2, client, feed, state, state.moved)
    if answer.error is None and not answer.empty:
        return answer if answer.moved else replace(answer, moved=state.moved)
    fresh = state.model_copy(update={"etag": None, "modified": None})
    return await _within(PATIENCE / 2, client, feed, fresh, feed.url)


async def _within(seconds: float, client: httpx.AsyncClient, feed: Feed, state: FeedState, url: str) -> FetchedAnswer:
    try:
        async with asyncio.timeout(seconds):
            return await _from(client, feed, state, url)
    except TimeoutError:
        return FetchedAnswer(error=f"{_host(url)} took longer than {seconds:.0f} seconds: it was not waited for.")


async def _from(client: httpx.AsyncClient, feed: Feed, state: FeedState, url: str) -> FetchedAnswer:
    moved = None
    for _ in range(HOPS):
        try:
            async with client.stream("GET", url, headers=_headers(feed, state, url)) as response:
                target = response.headers.get("location")
                if response.status_code in (301, 302, 303, 307, 308) and target:
                    url = urljoin(url, target)
                    moved = url if response.status_code in (301, 308) else moved
                    continue
                return await _answer(response, state, moved)
        except ForbiddenAddress as error:
            return FetchedAnswer(error=str(error))
        except UnicodeError:
            return FetchedAnswer(error=f"{_host(feed.url)} was not asked: {_UNSENT}.")
        except (httpx.InvalidURL, ValueError):  # of a port or a bracket; its words may hold the address's secrets
            return FetchedAnswer(error=f"{_host(feed.url)} redirects to an address that is none: ask its publisher.")
        except httpx.HTTPError as error:
            return FetchedAnswer(error=f"{_host(url)} did not answer: {_why(error)}.")
    return FetchedAnswer(error=f"The feed redirects more than {HOPS} times: give its final address.")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the server"
    except ValueError:
        return "the server"


def _why(error: httpx.HTTPError) -> str:
    """In our words where the library's may repeat what was sent, a key among it."""
    if isinstance(error, httpx.ConnectError) and str(error):
        return str(error).rstrip(".")
    known: tuple[tuple[type[Exception], str], ...] = (
        (httpx.TimeoutException, "it took too long"),
        (httpx.LocalProtocolError, _UNSENT),
        (httpx.RemoteProtocolError, "it broke off, or speaks no HTTP"),
        (httpx.UnsupportedProtocol, "it redirects to something that is not http or https"),
        (httpx.NetworkError, "the connection broke"),
    )
    return next((words for kind, words in known if isinstance(error, kind)), type(error).__name__)


def _headers(feed: Feed, state: FeedState, url: str) -> Mapping[str, str]:
    """Credentials and own headers go to the scheme, host and port of the definition alone."""
    made = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    if _origin(url) == _origin(feed.url):
        made |= {name: filled(value) for name, value in feed.headers.items()}
        if feed.username and feed.password_env:
            pair = f"{feed.username}:{os.environ.get(feed.password_env, '')}"
            made["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    if state.etag:
        made["If-None-Match"] = state.etag
    if state.modified:
        made["If-Modified-Since"] = state.modified
    return made


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


async def _answer(response: httpx.Response, state: FeedState, moved: str | None) -> FetchedAnswer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code == 304:
        return FetchedAnswer(status=304, headers=headers, moved=moved)
    if response.status_code == 204:
        return FetchedAnswer(status=204, headers=headers, moved=moved, empty=True)
    if response.status_code not in _GIVEN:
        asked = " and asks to wait" if "retry-after" in headers else ""
        return FetchedAnswer(
            status=response.status_code,
            headers=headers,
            error=f"{response.url.host} answered {response.status_code}{asked}: check the address and the credentials.",
        )
    body = await _body(response, headers.get("content-encoding", "").lower())
    if body is None:
        said = f"The feed has more than {LARGEST:,} bytes: it was not read."
        return FetchedAnswer(status=200, headers=headers, error=said)
    if _PAGE.match(body[:2000]):
        return FetchedAnswer(status=200, headers=headers, error=_page(response, body))
    new = sha256(body).hexdigest() != state.body
    return FetchedAnswer(
        body=body if new and body.strip() else None,
        status=200,
        headers=headers,
        etag=_sendable(headers.get("etag")),
        modified=_sendable(headers.get("last-modified")),
        moved=moved,
        content_type=headers.get("content-type"),
        empty=not body.strip(),
    )


def _sendable(value: str | None) -> str | None:
    """What may be sent back: a mark in other letters, or without end, would make each look to come a failure."""
    return value if value and value.isascii() and value.isprintable() and len(value) < _LONGEST_MARK else None


def _page(response: httpx.Response, body: bytes) -> str:
    title = _TITLE.search(body[:20_000])
    said = f" (“{' '.join(title[1].decode('utf-8', 'replace').split())}”)" if title else ""
    return f"{response.url.host} answered with a web page{said} in place of the feed: check the address and the log-in."


async def _body(response: httpx.Response, encoding: str) -> bytes | None:
    """The body, unpacked where it is packed: a label may lie in either direction. None when it is too large."""
    parts, size, broken = [], 0, None
    # what somebody has read already is unpacked
    stream = response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw()
    try:
        async for part in stream:
            size += len(part)
            if size > LARGEST:
                return None
            parts.append(part)
    except httpx.TransportError as error:
        broken = error
    body = _plain(b"".join(parts), encoding)
    if broken is not None and not (body and shows_end(body[:4096], body[-4096:])):
        raise broken  # else only the server's count of the bytes is wrong
    return body


def _plain(raw: bytes, encoding: str) -> bytes | None:
    if raw.startswith(b"\x1f\x8b"):
        return _unpacked(raw, zlib.MAX_WBITS | 16)
    return _unpacked(raw, zlib.MAX_WBITS) if encoding == "deflate" and raw[:1] == b"\x78" else raw


def _unpacked(raw: bytes, window: int) -> bytes | None:
    unpacking = zlib.decompressobj(wbits=window)
    try:
        body = unpacking.decompress(raw, LARGEST + 1)
    except zlib.error:
        return raw  # whoever reads the item says what is wrong with it
    return body if len(body) <= LARGEST else None
