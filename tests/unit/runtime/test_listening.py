"""A port that was taken answers at once."""

import asyncio
import socket

import pytest
from visitwire_runtime.sockets import CannotListen, bound


def test_what_is_written_is_sent_at_once_and_not_held_back_for_an_acknowledgement() -> None:
    async def at_once() -> bool:
        listens, asked = bound("127.0.0.1", 0, "port"), asyncio.get_running_loop().create_future()

        async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken = writer.get_extra_info("socket")
            asked.set_result(bool(taken.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            writer.close()

        async with await asyncio.start_server(accepted, sock=listens) as server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            found = await asked
            writer.close()
            await writer.wait_closed()
            return bool(found)

    assert asyncio.run(at_once())


def test_a_port_that_is_taken_is_told_with_the_setting_that_chooses_another() -> None:
    with bound("127.0.0.1", 0, "port") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port} .* choose --port"):
            bound("127.0.0.1", port, "--port")
