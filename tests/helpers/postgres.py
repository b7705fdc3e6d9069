"""A PostgreSQL cluster for the tests alone: made in a temporary folder, on a Unix socket, without a network port."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the PATH, the newest version last."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = [folder for folder in installed if (folder / "initdb").exists()]
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def cluster(bin_: Path, folder: Path) -> Iterator[str]:
    """Starts a cluster under `folder` and gives its SQLAlchemy URL; stops it at the end.

    PostgreSQL refuses to run as root: then it runs as the user "postgres" that its package made, or as "nobody".
    """
    folder.mkdir(parents=True, exist_ok=True)
    user = _unprivileged()
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    _run(user, bin_ / "initdb", "-D", data, "-A", "trust", "-U", "visitwire", "--no-sync", "-E", "UTF8")
    _start(bin_, folder)
    try:
        yield f"postgresql+psycopg://visitwire@/postgres?host={folder}"
    finally:
        _stop(bin_, folder)


@contextmanager
def stopped(bin_: Path, folder: Path) -> Iterator[None]:
    """Kills the cluster under `folder`, and starts it again at the end."""
    _stop(bin_, folder)
    try:
        yield
    finally:
        _start(bin_, folder)


def _start(bin_: Path, folder: Path) -> None:
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
    _run(_unprivileged(), bin_ / "pg_ctl", "-D", folder / "data", "-w", "-o", options, "-l", folder / "log", "start")


def _stop(bin_: Path, folder: Path) -> None:
    _run(_unprivileged(), bin_ / "pg_ctl", "-D", folder / "data", "-w", "-m", "immediate", "stop")


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")
