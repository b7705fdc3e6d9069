"""An EventSource whose line is cut again and again, in the midst of events, hears everything once and in order."""

import json
import random
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from visitwire_gateway.app import create_app
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings

from tests.conformance.readers import here, need_node
from tests.unit.gateway.samples import carried, visit

COUNT = 1000
ARRIVED = 0.2
"""Seconds between the last bytes and the hanging up: Node throws away what it has not yet read of a broken line."""


@contextmanager
def cutting(address: str, rng: random.Random) -> Iterator[str]:
    """A proxy that hangs up after some hundred bytes to three thousand of each answer. Gives its address."""
    target = urlsplit(address)
    door = socket.create_server(("127.0.0.1", 0))
    limits = iter([rng.randint(300, 3000) for _ in range(1000)])

    def carry(near: socket.socket, left: int) -> None:
        with near, socket.create_connection((str(target.hostname), target.port or 80)) as far, suppress(OSError):
            far.sendall(near.recv(65536))
            greeted = False
            while chunk := far.recv(4096):
                if not greeted:  # the head goes through
                    greeted = b"id: " in chunk
                    near.sendall(chunk)
                else:
                    near.sendall(chunk[:left])
                    left -= len(chunk)
                if greeted and left <= 0:
                    threading.Event().wait(ARRIVED)
                    return

    def serve() -> None:
        with suppress(OSError):
            while True:
                near, _ = door.accept()
                threading.Thread(target=carry, args=(near, next(limits)), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        door.close()


def test_an_event_source_that_is_cut_again_and_again_loses_nothing(tmp_path: Path) -> None:
    need_node()
    settings = Settings(data_dir=tmp_path, gateway_port=0)
    engine = open_database(settings.gateway_database.get_secret_value())
    app = create_app(settings, engine)
    feed = Intake(engine, app.state.gateway.live.hear)
    want = [f"v{number}" for number in range(COUNT)]
    with listening(app, settings) as address, cutting(address, random.Random(9)) as proxied:
        asked = f"{proxied}/events?kind=visit&brief=true&background=true"
        command = ["node", str(here("events.mjs")), asked, str(COUNT)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
            watch = threading.Timer(90, client.kill)
            watch.start()
            assert client.stdout is not None
            assert client.stdout.readline() == "open\n"
            for id in want:
                feed(*carried(visit(id)))
            said = client.stdout.read()
            watch.cancel()
    feed.close()
    engine.dispose()
    told = json.loads(said)
    assert told["heard"] == want
    assert told["opened"] > 3, "it was cut too seldom to say anything"
