"""The port of a worker for Prometheus and for whoever asks if it lives: /metrics, /livez, /readyz."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from socket import socket
from socketserver import ThreadingMixIn
from threading import Thread
from time import monotonic, sleep
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from visitwire_runtime.sockets import CannotListen

STALE = 60
"""Seconds without a beat of the event loop after which the process counts as dead."""

AGAIN = 0.5
"""Seconds until a request that could not be taken is tried again."""


@dataclass
class Health:
    """What a process knows of itself. `beat` is called by its event loop, and readiness is told by each part of it."""

    troubles: dict[str, str] = field(default_factory=lambda: {"itself": "starting"})
    """Why it is not ready, by the part that says so."""
    stopped: list[Callable[[], str | None]] = field(default_factory=list)
    """What says that nothing goes on any more, though the event loop turns."""
    beaten: float = field(default_factory=monotonic)

    @property
    def trouble(self) -> str | None:
        """Why it is not ready; None when it is."""
        return "; ".join(self.troubles.values()) or None

    @trouble.setter
    def trouble(self, words: str | None) -> None:
        self.tell("itself", words)

    def tell(self, part: str, words: str | None) -> None:
        """What keeps a part from being ready, or None when it is."""
        self.troubles = {name: told for name, told in self.troubles.items() if name != part}
        if words:
            self.troubles = {**self.troubles, part: words}

    def beat(self) -> None:
        self.beaten = monotonic()

    def alive(self) -> str | None:
        """None when alive, else what is wrong."""
        since = monotonic() - self.beaten
        if since > STALE:
            return f"no beat for {since:.0f} s"
        return next((words for look in self.stopped if (words := look())), None)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def get_request(self) -> tuple[socket, Any]:
        """Without a descriptor for it the request stays, and is asked for again at once, for ever: so in a moment."""
        try:
            return super().get_request()
        except OSError:
            sleep(AGAIN)
            raise


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Scrapes are not worth a line each."""


class HealthServer:
    """Serves in a thread of its own, so that it answers while the event loop is busy. Raises `CannotListen`."""

    def __init__(self, health: Health, registry: CollectorRegistry, host: str, port: int) -> None:
        def answer(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            checks: dict[str, Callable[[], str | None]] = {"/livez": health.alive, "/readyz": lambda: health.trouble}
            path = environ.get("PATH_INFO", "")
            if path == "/metrics":
                start("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
                return [generate_latest(registry)]
            if path not in checks:
                return _plain(start, "404 Not Found", "/metrics, /livez or /readyz")
            trouble = checks[path]()
            return _plain(start, "503 Service Unavailable" if trouble else "200 OK", trouble or "ok")

        try:
            self._server = make_server(host, port, answer, server_class=_Server, handler_class=_Quiet)
        except OSError as wrong:
            raise CannotListen(host, port, "VISITWIRE_METRICS_PORT", wrong) from None
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, name="health", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _plain(start: StartResponse, status: str, words: str) -> list[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [words.encode() + b"\n"]
