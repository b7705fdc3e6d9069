"""The readers of this folder, which run on Node."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def here(script: str) -> Path:
    return HERE / script


def need_node() -> None:
    """Skips the test where Node or its packages are missing; with CI=true that is a failure."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        words = "Node's readers are not here (npm ci --ignore-scripts --prefix tests/conformance)"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)


def node(script: str, file: Path) -> Any:
    """What the script says of the file, as JSON."""
    need_node()
    command = ["node", str(here(script)), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (said.stderr, said.returncode) == ("", 0)
    return json.loads(said.stdout)
