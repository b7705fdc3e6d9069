"""The SSRF corpus: whatever a URL is made to look like, the forbidden side accepts no connection."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from socket import AddressFamily
from typing import Any

import httpx
import pytest
from visitwire_runtime.safe_http import ForbiddenAddress, guarded_client, is_public

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.5.4", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:0:7f00:1::", "nonsense",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]", "0.0.0.0", "[::]", "①②⑦.⓪.⓪.①", "user:pass@127.0.0.1", "1.1.1.1@127.0.0.1",
]  # fmt: skip


@asynccontextmanager
async def listener(reply: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"):  # type: ignore[no-untyped-def]
    """A server on loopback that counts the connections it accepts."""
    accepted: list[Any] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        accepted.append(writer.get_extra_info("peername"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, ["127.0.0.1", "::1"], 0)
    sockets = sorted(server.sockets, key=lambda sock: sock.family != AddressFamily.AF_INET)  # 127.0.0.1 first
    ports = [sock.getsockname()[1] for sock in sockets]
    try:
        yield ports, accepted
    finally:
        server.close()
        await server.wait_closed()


def fixed(*answers: list[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """A resolver that gives its answers one after the other, the last for ever."""
    left = list(answers)

    async def resolve(host: str, port: int) -> list[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_let_through(address: str) -> None:
    assert is_public(address)


def test_no_spelling_of_loopback_is_dialled() -> None:
    async def run() -> list[Any]:
        async with listener() as (ports, accepted), guarded_client(timeout=2) as client:
            for host in SPELLINGS:
                for port in ports:
                    with pytest.raises((httpx.ConnectError, httpx.InvalidURL)):
                        await client.get(f"http://{host}:{port}/")
            return accepted

    assert asyncio.run(run()) == []


def test_a_refusal_says_which_address_and_why() -> None:
    async def run() -> str:
        async with guarded_client() as client:
            with pytest.raises(ForbiddenAddress) as refusal:
                await client.get("http://127.0.0.1:9/")
        return str(refusal.value)

    assert asyncio.run(run()) == (
        "127.0.0.1 is at 127.0.0.1, which is not on the public internet; it was not contacted."
    )


@pytest.mark.parametrize("address", [each for each in PRIVATE if each != "nonsense"])
def test_names_that_resolve_to_private_addresses_are_refused(address: str) -> None:
    async def run() -> list[Any]:
        async with listener() as (ports, accepted), guarded_client(resolve=fixed([address])) as client:
            with pytest.raises(ForbiddenAddress):
                await client.get(f"http://feeds.example.org:{ports[0]}/")
            return accepted

    assert asyncio.run(run()) == []


def test_one_private_address_among_public_ones_is_enough() -> None:
    async def run() -> list[Any]:
        async with listener() as (ports, accepted), guarded_client(resolve=fixed(["1.1.1.1", "127.0.0.1"])) as client:
            with pytest.raises(ForbiddenAddress):
                await client.get(f"http://feeds.example.org:{ports[0]}/")
            return accepted

    assert asyncio.run(run()) == []


def test_a_name_is_looked_up_once_so_it_cannot_change_before_it_is_dialled() -> None:
    """Rebinding: the first answer is public, the second is loopback. Only the first is ever asked for."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) > 1 else ["240.0.0.1"]

    async def run() -> list[Any]:
        async with listener() as (ports, accepted), guarded_client(resolve=rebinding, timeout=1) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get(f"http://rebind.example.org:{ports[0]}/")
            return accepted

    assert asyncio.run(run()) == []
    assert asked == ["rebind.example.org"]


def test_a_redirect_into_a_private_network_is_not_followed_even_when_redirects_are() -> None:
    async def run() -> tuple[list[Any], int]:
        async with listener() as (inside, accepted):
            where = f"http://127.0.0.1:{inside[0]}/secret"
            reply = f"HTTP/1.1 302 Found\r\nLocation: {where}\r\nContent-Length: 0\r\n\r\n".encode()
            async with listener(reply) as (outside, _), guarded_client(allow_private=True) as open_client:
                answer = await open_client.get(f"http://127.0.0.1:{outside[0]}/")
                assert accepted == []
                async with guarded_client() as client:
                    with pytest.raises(ForbiddenAddress):
                        await client.get(answer.headers["location"], follow_redirects=True)
                return accepted, answer.status_code

    assert asyncio.run(run()) == ([], 302)


def test_private_networks_can_be_allowed() -> None:
    async def run() -> tuple[int, int]:
        async with listener() as (ports, accepted), guarded_client(allow_private=True) as client:
            answer = await client.get(f"http://127.0.0.1:{ports[0]}/")
            return answer.status_code, len(accepted)

    assert asyncio.run(run()) == (200, 1)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async def run() -> int:
        async with listener() as (ports, _), guarded_client(allow_private=True) as client:
            return (await client.get(f"http://127.0.0.1:{ports[0]}/")).status_code

    assert asyncio.run(run()) == 200
