"""The readers of this folder, which run on Node and on Java."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker.java import fetching

from tests.helpers.lacking import ICAL4J, NODE_READERS, lacking

HERE = Path(__file__).parent
JARS = "ical4j-4.2.0"


def here(script: str) -> Path:
    return HERE / script


def need_node() -> None:
    """Skips the test where Node or its packages are missing."""
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        lacking(NODE_READERS)


def node(script: str, file: Path) -> Any:
    """What the script says of the file, as JSON."""
    need_node()
    command = ["node", str(here(script)), str(file)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (said.stderr, said.returncode) == ("", 0)
    return json.loads(said.stdout)


def ical4j(*calendars: Path) -> dict[str, list[str]]:
    """What ical4j says of each file, by its name: nothing of the calendar it can find wrong, then its events.

    A line is `ERROR context: what is wrong`, `UNREADABLE why`, or `EVENT uid summary`. It is as strict as it can be.
    """
    if shutil.which("javac") is None or (libs := _jars()) is None:
        lacking(ICAL4J)
    command = ["java", "-cp", f"{libs}/*", str(here("ical4j/Validate.java")), *map(str, calendars)]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    told: dict[str, list[str]] = {}
    for line in said.stdout.removesuffix("\n").split("\n"):  # a summary may hold what else ends lines in Unicode
        kind, _, rest = line.partition(" ")
        if kind == "FILE":
            found = told.setdefault(rest, [])
        else:
            found.append(line)
    return told


def _jars() -> Path | None:
    """The folder of ical4j's jars, fetched by Maven where they are not there yet (4 MB); None without Maven."""
    libs, maven = Settings().cache_dir / JARS, shutil.which("mvn")
    if not libs.is_dir():
        if maven is None:
            return None
        with fetching(libs.parent):
            if not libs.is_dir():
                part = libs.with_name(f"{JARS}.part")
                pom = here("ical4j/pom.xml")
                goal = ["dependency:copy-dependencies", f"-DoutputDirectory={part}"]
                command = [maven, "-q", "-B", "-f", str(pom), *goal]
                subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL)
                part.rename(libs)
    return libs
