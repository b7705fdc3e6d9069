"""Clients of kafka-python that leave nothing behind where a broker is away.

As they come, a socket whose connection was refused waits for the garbage collector, and a client that was not made
because no broker answered goes on in a thread with its sockets, with nobody who could close it. A process that tries
again until the broker is back ran out of descriptors so.
"""

import socket
from typing import Any

from kafka.net.compat import KafkaNetClient  # type: ignore[import-untyped]
from kafka.net.inet import KafkaNetSocket  # type: ignore[import-untyped]
from kafka.net.manager import KafkaConnectionManager  # type: ignore[import-untyped]
from kafka.net.selector import NetworkSelector  # type: ignore[import-untyped]


class _Socket(KafkaNetSocket):  # type: ignore[misc]
    """Connects without a proxy."""

    SCHEMES = ("tidy",)

    async def sock_connect(self, net: Any, sock: socket.socket, sockaddr: Any, timeout_at: float | None = None) -> Any:
        connected = False
        try:
            made = await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
            connected = True
            return made
        finally:
            if not connected:
                sock.close()


class _Manager(KafkaConnectionManager):  # type: ignore[misc]
    def bootstrap(self, timeout_ms: float | None = None, refresh: bool = True) -> None:
        try:
            super().bootstrap(timeout_ms, refresh)
        except BaseException:
            self.close()
            self._net.close()
            raise


def _client(**given: Any) -> Any:
    net = NetworkSelector(**given)
    return KafkaNetClient(net, _Manager(net, **given), **given)


CONFIG: dict[str, object] = {"kafka_client": _client, "proxy_url": "tidy://"}
"""What to give to a client: the scheme of its `proxy_url` chooses how it connects."""
