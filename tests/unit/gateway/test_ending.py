"""The gateway as a process of its own ends by a signal whenever it comes."""

import signal
import socket
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from visitwire_gateway.serve import _ended_by_signals, _server

ENDS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ENDS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_between_the_line_that_tells_the_address_and_the_server_is_not_lost(number: signal.Signals) -> None:
    server = _server(FastAPI())
    _ended_by_signals(server)
    signal.raise_signal(number)
    with socket.create_server(("127.0.0.1", 0)) as listens:
        server.run(sockets=[listens])  # for ever, where the signal was lost
    assert server.should_exit
