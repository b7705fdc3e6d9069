"""One look at one HTTP feed: conditional, capped, with redirects that never carry credentials to another host."""

import base64
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import httpx
from visitwire_runtime.safe_http import ForbiddenAddress

from visitwire_ingestion.feeds import Feed, State

LARGEST = 16 * 1024 * 1024
"""Bytes of a body, decompressed."""
HOPS = 5
AGENT = "visitwire/0.1 (feed reader)"


@dataclass(frozen=True)
class Answer:
    """What a look gave: a body when there is something new, or a sentence on why there is none."""

    body: bytes | None = None
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    error: str | None = None
    moved: str | None = None
    content_type: str | None = None


async def look(client: httpx.AsyncClient, feed: Feed, state: State) -> Answer:
    """Asks for the feed once, following redirects."""
    url, moved = state.moved or feed.url, None
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
            return Answer(error=str(error))
        except httpx.InvalidURL as error:
            return Answer(error=f"The address is not one: {error}.")
        except httpx.HTTPError as error:
            return Answer(error=f"{urlsplit(url).hostname} did not answer: {error or type(error).__name__}.")
    return Answer(error=f"The feed redirects more than {HOPS} times: give its final address.")


def _headers(feed: Feed, state: State, url: str) -> Mapping[str, str]:
    """Credentials and own headers go to the scheme, host and port of the definition alone."""
    made = {"User-Agent": AGENT, "Accept": "*/*"}
    if _origin(url) == _origin(feed.url):
        made |= {name: _filled(value) for name, value in feed.headers.items()}
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


def _filled(value: str) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: os.environ.get(found[1], ""), value)


async def _answer(response: httpx.Response, state: State, moved: str | None) -> Answer:
    headers = {name.lower(): value for name, value in response.headers.items()}
    if response.status_code == 304:
        return Answer(status=304, headers=headers, moved=moved)
    if response.status_code != 200:
        asked = " and asks to wait" if "retry-after" in headers else ""
        return Answer(
            status=response.status_code,
            headers=headers,
            error=f"{response.url.host} answered {response.status_code}{asked}: check the address and the credentials.",
        )
    parts, size = [], 0
    async for part in response.aiter_bytes(65_536):
        size += len(part)
        if size > LARGEST:
            return Answer(
                status=200, headers=headers, error=f"The feed has more than {LARGEST:,} bytes: it was not read."
            )
        parts.append(part)
    body = b"".join(parts)
    new = sha256(body).hexdigest() != state.body
    return Answer(
        body=body if new and body.strip() else None,
        status=200,
        headers=headers,
        etag=headers.get("etag"),
        modified=headers.get("last-modified"),
        moved=moved,
        content_type=headers.get("content-type"),
    )
