"""A gateway whose descriptors run out says so in a few lines, and serves again when readers have left."""

import os
import re
import resource
import socket
import subprocess
import sys
from pathlib import Path
from time import monotonic

import httpx

from tests.integration.harness import until

LEFT, READERS = 40, 90
"""Descriptors that it may have beside its own, and readers who come."""
STREAM = b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"


def test_a_gateway_without_descriptors(tmp_path: Path) -> None:
    log = tmp_path / "log"
    given = {"BROKER": "127.0.0.1:1", "DATA_DIR": str(tmp_path), "METRICS_PORT": "0", "GATEWAY_PORT": "0"}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "visitwire_gateway"],
            env=os.environ | {f"VISITWIRE_{name}": value for name, value in given.items()},
            stderr=out,
        )
    readers: list[socket.socket] = []
    try:
        board = until(lambda: re.search(r'"board": "http://127\.0\.0\.1:(\d+)', log.read_text()), "the board")
        port = int(board[1])
        address = f"http://127.0.0.1:{port}/"
        until(lambda: answers(address), "it to answer")
        held = len(list(Path(f"/proc/{process.pid}/fd").iterdir()))
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (held + LEFT, held + LEFT))
        before, begun = log.read_text().count("\n"), monotonic()
        for _ in range(READERS):
            readers.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            readers[-1].sendall(STREAM)
        until(lambda: "out of system resource" in log.read_text(), "it to say so")
        until(lambda: monotonic() - begun > 5, "it to try again and again")
        assert not answers(address)
        for reader in readers:
            reader.close()
        until(lambda: answers(address), "it to answer again")
        assert log.read_text().count("\n") - before < 20
    finally:
        for reader in readers:
            reader.close()
        process.terminate()
        assert process.wait(60) == 0


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
