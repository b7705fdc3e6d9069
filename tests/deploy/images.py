"""Containers of our images, run by Buildah as the image says: its user, environment, folder and entry point."""

import json
import os
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.lacking import IMAGES, lacking

ROOT = Path(__file__).parents[2]
VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
HERE = ["--isolation", "chroot"]
"""Needs no engine and no right but root's, and has this machine's network."""


def image(service: str) -> str:
    return f"localhost/visitwire-{service}:{VERSION}"


def buildah(*arguments: object) -> str:
    """What Buildah says. Raises `CalledProcessError`."""
    said = subprocess.run(["buildah", *map(str, arguments)], capture_output=True, text=True, check=True, timeout=300)
    return said.stdout.strip()


def needed(services: Sequence[str]) -> None:
    """Skips where images cannot be run or were not built; with CI=true that is a failure."""
    words = None
    if shutil.which("buildah") is None:
        words = "buildah is not installed"
    elif os.geteuid() != 0:
        words = "buildah runs images here as root only"
    else:
        there = {name for row in json.loads(buildah("images", "--json") or "null") or () for name in row["names"] or ()}
        missing = [service for service in services if image(service) not in there]
        words = (
            f"not built: {', '.join(missing)} (make images ENGINE=buildah)" if missing else _of_another_commit(services)
        )
    if words is not None:
        lacking(IMAGES, words)


def _of_another_commit(services: Sequence[str]) -> str | None:
    """What an older reader finds differs from what this one does."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    old = [
        name for name in services if config(name)["Labels"]["org.opencontainers.image.revision"] != head.stdout.strip()
    ]
    return f"built from another commit: {', '.join(old)} (make images ENGINE=buildah)" if old else None


def config(service: str) -> dict[str, Any]:
    """What an engine reads of the image."""
    found: dict[str, Any] = json.loads(buildah("inspect", "--type", "image", image(service)))["Docker"]["config"]
    return found


def layers(service: str) -> list[int]:
    """Bytes of each layer, the base's first, before any compression."""
    manifest = json.loads(json.loads(buildah("inspect", "--type", "image", image(service)))["Manifest"])
    return [layer["size"] for layer in manifest["layers"]]


class Container:
    """One process in a container of its own, with a log."""

    def __init__(self, service: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.service, self.process, self._log = service, process, log

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    def stop(self) -> int:
        """SIGTERM to what the entry point became, as an engine sends it; the exit code."""
        if self.process.poll() is None:
            os.kill(_last_child(self.process.pid), signal.SIGTERM)
        return self.process.wait(60)


@contextmanager
def container(
    service: str,
    folder: Path,
    environment: Mapping[str, str],
    arguments: Sequence[str] = (),
    *,
    entrypoint: Sequence[str] | None = None,
    mounts: Mapping[Path, str] = {},
) -> Iterator[Container]:
    """Starts the image; gone with what it wrote when left."""
    made = buildah("from", "--pull-never", image(service))
    given = [part for name, value in environment.items() for part in ("--env", f"{name}={value}")]
    given += [part for here, there in mounts.items() for part in ("--volume", f"{here}:{there}")]
    command = list(entrypoint or config(service)["Entrypoint"])
    log = folder / f"{made}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["buildah", "run", *HERE, *given, made, "--", *command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    running = Container(service, process, log)
    try:
        yield running
    finally:
        try:
            running.stop()
        finally:
            buildah("rm", made)


def _last_child(pid: int) -> int:
    """The process at the end of the chain that Buildah made."""
    while children := [child for task in Path(f"/proc/{pid}/task").iterdir() for child in _children(task)]:
        pid = children[0]
    return pid


def _children(task: Path) -> list[int]:
    return [int(child) for child in (task / "children").read_text("utf-8").split()]
