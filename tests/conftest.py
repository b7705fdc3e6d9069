"""What the tests of several stages run on."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import cluster, programs


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL; skips without one, and fails where CI should have brought it."""
    bin_ = programs()
    if bin_ is None:
        message = "PostgreSQL is not installed (apt-get install postgresql): nothing was tested on it"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="visitwire-pg-", dir="/tmp"))  # a socket's path may have 107 bytes
    folder.chmod(0o755)
    try:
        with cluster(bin_, folder / "pg") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)
