"""A server of the chat-completions protocol without a model: a script says what each request gets."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

type Asked = Mapping[str, Any]
"""A request's body."""


@dataclass(frozen=True)
class Said:
    """What one request gets. `cut`: the connection ends within the body; `held`: nothing comes until this is set."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    held: threading.Event | None = None


type Script = Callable[[Asked], Said]


@dataclass
class Model:
    """The server while it runs, with every request that it got."""

    url: str
    script: Script
    asked: list[Asked] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    most_at_once: int = 0


def answered(content: str | None, **fields: Any) -> Said:
    """A reply of the protocol around an answer's text."""
    message = {"role": "assistant", "content": content, "refusal": fields.pop("refusal", None)}
    usage = fields.pop("usage", {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960})
    choice = {"index": 0, "message": message, "finish_reason": fields.pop("finish", "stop")}
    return Said(
        json.dumps({"id": "c1", "object": "chat.completion", "choices": [choice], "usage": usage}).encode(), **fields
    )


def visits(*rows: Mapping[str, Any]) -> Said:
    """A reply with these visits."""
    return answered(json.dumps({"visits": rows}))


def failed(status: int, **headers: str) -> Said:
    return Said(b'{"error": {"message": "no", "type": "server_error"}}', status, headers)


def story_in(asked: Asked) -> dict[str, Any]:
    """The story that a request is about."""
    found: dict[str, Any] = json.loads(asked["messages"][1]["content"])
    return found


@contextmanager
def serving(script: Script) -> Iterator[Model]:
    """The server on a free port of loopback, until the end of the context."""
    lock, busy = threading.Lock(), [0]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                busy[0] += 1
                model.most_at_once = max(model.most_at_once, busy[0])
                model.asked.append({**asked, "path": self.path})
                model.keys.append(self.headers.get("authorization"))
            try:
                self._say(model.script(asked))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with lock:
                    busy[0] -= 1

        def _say(self, said: Said) -> None:
            if said.held is not None:
                said.held.wait(60)
            self.send_response(said.status)
            self.send_header("content-type", "application/json")
            for name, value in said.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body[: len(said.body) // 2] if said.cut else said.body)
            if said.cut:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model = Model(f"http://127.0.0.1:{server.server_port}/v1", script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
