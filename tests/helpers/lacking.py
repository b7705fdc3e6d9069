"""What some tests need beyond Python, and how a machine gets it.

Where it is missing they are skipped, and `tests/conftest.py` ends the run with a table of what was not run and the
command that brings it. With CI=true they fail instead: `.ci/run` installs all of it.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

import pytest

_MARK = "lacking "


@dataclass(frozen=True)
class Need:
    """A program or a right; `packages` of Debian bring it, or else `command`, or nothing that could be run."""

    name: str
    packages: tuple[str, ...] = ()
    command: str = ""

    @property
    def reason(self) -> str:
        """Why a test is skipped; `needed` reads it back."""
        return f"{_MARK}{self.name}"


CHROMIUM = Need("Chromium", ("chromium",))
POSTGRESQL = Need("PostgreSQL", ("postgresql",))
KAFKA = Need("Java and Maven for a Kafka broker", ("openjdk-17-jdk-headless", "maven"))
ICAL4J = Need("a JDK and Maven for ical4j", ("openjdk-17-jdk-headless", "maven"))
PROMETHEUS = Need("Prometheus", ("prometheus",))
PROMTOOL = Need("promtool and amtool", ("prometheus", "prometheus-alertmanager"))
KCAT = Need("kcat", ("kcat",))
CURL = Need("curl", ("curl",))
NODE = Need("Node", ("nodejs",))
NODE_READERS = Need("Node's readers", ("nodejs", "npm"), "npm ci --ignore-scripts --prefix tests/conformance")
HELM = Need("Helm", ("golang-go",), "go install helm.sh/helm/v3/cmd/helm@v3.19.0")
IMAGES = Need("images, and Buildah to run them", ("buildah", "crun"), "make images ENGINE=buildah")
DOCKER_COMPOSE = Need("docker compose")
MOUNTING = Need("the right to mount a file system (root)")
MODEL_PROXY = Need("a package index, for a proxy of language models")
SHARED = Need("the shared data beside the repository")

NEEDS = {
    need.name: need
    for need in (
        *(CHROMIUM, POSTGRESQL, KAFKA, ICAL4J, PROMETHEUS, PROMTOOL, KCAT, CURL, NODE, NODE_READERS, HELM, IMAGES),
        *(DOCKER_COMPOSE, MOUNTING, MODEL_PROXY, SHARED),
    )
}
_NOWHERE = frozenset({DOCKER_COMPOSE, MOUNTING, SHARED})
"""What CI may lack as well."""


def _is_due(need: Need) -> bool:
    """Whether CI should have brought it."""
    return os.environ.get("CI") == "true" and need not in _NOWHERE


def lacking(need: Need, detail: str = "") -> NoReturn:
    """Skips the test for want of it; with CI=true that is a failure, as CI brings it."""
    words = need.reason + (f": {detail}" if detail else "")
    if _is_due(need):
        pytest.fail(words)
    pytest.skip(words)


def need_program(name: str, need: Need) -> str:
    """The path of a program; skips the test without it."""
    return shutil.which(name) or lacking(need)


def unless(there: bool, need: Need) -> pytest.MarkDecorator:
    """The mark for tests that need what is not there."""
    return pytest.mark.skipif(not there and not _is_due(need), reason=need.reason)


def needed(reasons: Iterable[str]) -> Counter[Need]:
    """How many skipped tests lacked what, from the reasons that pytest kept."""
    found: Counter[Need] = Counter()
    for reason in reasons:
        said = reason.partition(_MARK)[2]
        named = max((name for name in NEEDS if said.startswith(name)), key=len, default=None)
        if named is not None:
            found[NEEDS[named]] += 1
    return found


def table(found: Counter[Need]) -> Iterator[str]:
    """The lines that tell a person what was not run and the one command that brings it."""
    for need, count in found.most_common():
        yield f"{count:6d}  for want of {need.name}"
    packages = sorted({package for need in found for package in need.packages})
    steps = [f"sudo apt-get install {' '.join(packages)}"] if packages else []
    steps += [need.command for need in found if need.command]
    if steps:
        yield f"On Debian this brings it: {' && '.join(steps)}"
