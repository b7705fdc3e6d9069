"""What the tests of several stages run on."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer

from tests.helpers.lacking import POSTGRESQL, lacking, needed, table
from tests.helpers.postgres import cluster, programs
from tests.helpers.side_by_side import SideBySide, processes


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return processes()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SideBySide:
    return SideBySide(config, log)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Ends with a table of what was not run, where something was not."""
    yield
    found = needed(str(report.longrepr) for report in terminalreporter.getreports("skipped"))
    if found:
        terminalreporter.section("not run on this machine")
        for line in table(found):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL; skips without one, and fails where CI should have brought it."""
    bin_ = programs()
    if bin_ is None:
        lacking(POSTGRESQL)
    folder = Path(tempfile.mkdtemp(prefix="visitwire-pg-", dir="/tmp"))  # a socket's path may have 107 bytes
    folder.chmod(0o755)
    try:
        with cluster(bin_, folder / "pg") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)
