"""A worker that is started while its database is away waits for it, says so, and ends when it is asked to."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest


@pytest.mark.parametrize(("name", "setting"), [("alerting", "DATABASE_URL"), ("ingestion", "INGESTION_DATABASE_URL")])
def test_a_worker_waits_for_its_database(name: str, setting: str, tmp_path: Path) -> None:
    given = {
        f"VISITWIRE_{setting}": "postgresql+psycopg://ada:hunter2@127.0.0.1:1/visits",
        "VISITWIRE_DATA_DIR": str(tmp_path),
        "VISITWIRE_METRICS_PORT": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", f"visitwire_{name}"], env=os.environ | given, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if '"unavailable"' in line:
                break
        told = "".join(said)
        port = re.search(r'"port": (\d+)', told)
        assert port is not None, told
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{port[1]}/readyz", timeout=5)
        with refused.value as answer:
            assert (answer.code, answer.read().startswith(b"waits: ")) == (503, True)
        with urlopen(f"http://127.0.0.1:{port[1]}/livez", timeout=5) as answer:
            assert answer.read() == b"ok\n"
        assert "hunter2" not in told
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
