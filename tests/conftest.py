"""What the tests of several stages run on."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from visitwire_runtime.logs import TALKATIVE, WITH_HEADERS
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


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A command that a test runs in this process sends logs to what is standard error meanwhile; later tests would find
    it closed, and what could not be written there in their own output."""
    root, is_configured = logging.getLogger(), structlog.is_configured()
    handlers = list(root.handlers)
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, (*TALKATIVE, WITH_HEADERS)))}
    yield
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
    for logger, level in levels.items():
        logger.setLevel(level)
    if not is_configured:
        structlog.reset_defaults()


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
