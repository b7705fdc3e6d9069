"""Takes a port, or says in one line why it cannot be had and which setting chooses another."""

import socket
from ipaddress import ip_address

BACKLOG = 2048
"""Connections that may wait for the server."""


class CannotStart(Exception):
    """What keeps this process from its work, in words for whoever runs it."""


class CannotListen(CannotStart):
    """The port is taken, or the address is not ours."""

    def __init__(self, host: str, port: int, setting: str, wrong: OSError) -> None:
        super().__init__(f"cannot listen on {host}:{port} ({wrong.strerror}); choose {setting}")


def bound(host: str, port: int, setting: str) -> socket.socket:
    """A socket that listens: who comes before the server is up waits, and is not turned away. Raises `CannotListen`.

    A server that binds for itself has ways of its own to fail: uvicorn ends the process with 3.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only on sockets that name their protocol; on others what follows an answer's
    # headers waits 40 ms for the reader's acknowledgement.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(BACKLOG)
    except OSError as wrong:
        made.close()
        raise CannotListen(host, port, setting, wrong) from None
    return made


def loopback(host: str) -> bool:
    """Whether a host, as an address or a name, is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
