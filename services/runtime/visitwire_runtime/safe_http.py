"""An HTTP client that cannot be talked into a private network.

The check sits inside the connection: the name is resolved once, every address it has is checked, and the checked
address itself is dialled. A name that changes its address between look-up and connection, a redirect, or an odd
spelling of 127.0.0.1 therefore meets the same check as everything else (RFC 6890 lists the ranges).
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable

import httpcore
import httpx

type Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host name, as text."""

_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # protocol assignments: Teredo tunnels, ORCHID, benchmarks
        "2002::/16",  # 6to4: carries any IPv4 address
        "64:ff9b:1::/48",  # NAT64 inside one network
        "fec0::/10",  # site-local, as private networks once were
        "::/96",  # IPv4-compatible
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddress(httpx.ConnectError):
    """The host is, or resolves to, an address that is not on the public internet. Trying again will not help."""


class _Refused(httpcore.ConnectError):
    pass


def is_public(address: str) -> bool:
    """Whether `address` (IPv4 or IPv6, a scope allowed) is on the public internet.

    An IPv6 address that carries an IPv4 one is judged by that one.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return is_public(str(parsed.ipv4_mapped))
        if parsed in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)))
    hidden = any(parsed in network for network in _NEVER if network.version == parsed.version)
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved and not hidden


async def system_resolve(host: str, port: int) -> list[str]:
    """The addresses that the operating system's resolver gives, in its order.

    Raises `OSError` when the name does not exist.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Dials only addresses that were checked."""

    def __init__(self, resolve: Resolve = system_resolve, *, allow_private: bool = False) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._dial = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._addresses(host, port, patience=timeout)
        failure: Exception = httpcore.ConnectError(f"{host} has no address.")
        for address in addresses:
            try:
                return await self._dial.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise _Refused("A URL from outside may not open a local socket.")

    async def sleep(self, seconds: float) -> None:
        await self._dial.sleep(seconds)

    async def _addresses(self, host: str, port: int, *, patience: float | None) -> list[str]:
        """All addresses of `host`, once every one of them may be dialled."""
        try:
            addresses = await asyncio.wait_for(self._resolve(host, port), patience)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"Looking up {host} took longer than {patience} s.") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be looked up: {error}.") from error
        forbidden = [] if self._allow_private else [each for each in addresses if not is_public(each)]
        if forbidden:
            raise _Refused(f"{host} is at {forbidden[0]}, which is not on the public internet; it was not contacted.")
        return addresses


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a `GuardedBackend`."""

    def __init__(self, backend: GuardedBackend, *, verify: ssl.SSLContext | bool = True, retries: int = 0) -> None:
        super().__init__(verify=verify, retries=retries)
        # httpx offers no argument for the network backend. Its pool keeps the backend here and hands it to every
        # connection it opens; a test holds that this still is so.
        self._pool._network_backend = backend

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except httpx.ConnectError as error:
            if isinstance(error.__cause__, _Refused):
                raise ForbiddenAddress(str(error), request=request) from None
            raise


def guarded_client(
    *,
    allow_private: bool = False,
    timeout: float = 10.0,
    resolve: Resolve = system_resolve,
    verify: ssl.SSLContext | bool = True,
    headers: dict[str, str] | None = None,
) -> httpx.AsyncClient:
    """A client for URLs that somebody else chose (feeds, webhooks).

    Follows no redirects and takes no proxy from the environment. A host outside the public internet raises
    `ForbiddenAddress` before anything is sent, unless `allow_private`.
    """
    return httpx.AsyncClient(
        transport=GuardedTransport(GuardedBackend(resolve, allow_private=allow_private), verify=verify),
        timeout=timeout,
        follow_redirects=False,
        trust_env=False,
        headers=headers,
    )
