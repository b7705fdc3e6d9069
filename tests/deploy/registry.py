"""As much of an image registry as a push needs, in memory: https://github.com/opencontainers/distribution-spec."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4


class Registry(ThreadingHTTPServer):
    """What was pushed, by digest and (manifests) by name and tag."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, str] = {}
        """The digest of each, by `name:tag`."""
        self.uploads: dict[str, bytes] = {}

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def take(self, body: bytes) -> str:
        """Its digest."""
        digest = f"sha256:{hashlib.sha256(body).hexdigest()}"
        self.blobs[digest] = body
        return digest


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Registry

    def do_GET(self) -> None:
        self._answer(200)

    def do_HEAD(self) -> None:
        digest = self.path.rpartition("/")[2]
        found = self.server.blobs.get(digest) if "/blobs/" in self.path else None
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Length", str(len(found or b"")))
        self.end_headers()

    def do_POST(self) -> None:
        self._body()
        self._answer(202, Location=f"{self.path.rstrip('/')}/{uuid4().hex}")

    def do_PATCH(self) -> None:
        self.server.uploads[self.path] = self.server.uploads.get(self.path, b"") + self._body()
        self._answer(202, Location=self.path)

    def do_PUT(self) -> None:
        path, body = urlsplit(self.path), self._body()
        if "/manifests/" in path.path:
            name, _, tag = path.path.removeprefix("/v2/").partition("/manifests/")
            digest = self.server.manifests[f"{name}:{tag}"] = self.server.take(body)
        else:
            digest = self.server.take(self.server.uploads.pop(path.path, b"") + body)
            assert digest == parse_qs(path.query)["digest"][0]
        self._answer(201, **{"Docker-Content-Digest": digest, "Location": path.path})

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def _answer(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def registry() -> Iterator[Registry]:
    """On a port of its own, until left."""
    server = Registry()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
