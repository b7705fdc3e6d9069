"""A gateway with something to see, and Debian's Chromium looking at it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine
from visitwire_alerting.service import Alerting, open_alerting
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.users import People
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.intake import Intake
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings
from visitwire_schemas import Record

from tests.browser.chromium import ARGUMENTS, executable
from tests.helpers.empty_ledgers import lay_out
from tests.helpers.lacking import CHROMIUM, unless
from tests.unit.gateway.samples import fill
from tests.unit.gateway.subscription_samples import fill_ledger

AXE = Path(__file__).with_name("axe.min.js")
WIDTHS = pytest.mark.parametrize("width", [360, 1280, 2560])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = unless(executable() is not None, CHROMIUM)
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(skip)


@dataclass
class Clock:
    """The gateway's: real time, plus what the test added."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Board:
    address: str
    feed: Intake
    ledger: Alerting
    page: Page
    sent: list[tuple[str, Record]]
    clock: Clock
    people: People
    wrong: list[str] = field(default_factory=list)
    """Errors on the console, and requests to other hosts."""

    def open(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")

    def faults(self) -> list[str]:
        """What axe finds, and whether one would have to scroll sideways."""
        runs_over = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return self.serious() + ["runs over the edge"] * runs_over

    def serious(self) -> list[str]:
        """What axe finds on the open page that hinders somebody, if only moderately."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run()")["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] != "minor"]


class Topics:
    def __init__(self) -> None:
        self.records: list[tuple[str, Record]] = []

    def put(self, topic: str, record: Record) -> None:
        self.records.append((topic, record))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(f"sqlite:///{tmp_path / 'gateway.sqlite'}")
    fill(made)
    yield made
    made.dispose()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Alerting]:
    settings = Settings(data_dir=tmp_path)
    lay_out(settings.database.get_secret_value())
    made = open_alerting(settings)
    fill_ledger(made, datetime.now(UTC))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a module: each has a context of its own, and starting a browser takes longest. As long as it
    is open, this thread has an event loop, beside which tests of other modules could run none."""
    expect.set_options(timeout=20_000)  # it stays patient while other tests run
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def board(engine: Engine, ledger: Alerting, tmp_path: Path, browser: Browser) -> Iterator[Board]:
    settings = Settings(data_dir=tmp_path, gateway_port=0)
    topics, clock = Topics(), Clock()
    app = create_app(settings, engine, Around(outward=topics, ledger=ledger, clock=clock))
    feed = Intake(engine, app.state.gateway.live.hear)
    with listening(app, settings) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        made = Board(address, feed, ledger, page, topics.records, clock, app.state.gateway.access.people)
        page.on("console", lambda said: made.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: made.wrong.append(str(error)))
        page.on("response", lambda given: made.wrong.append(given.url) if given.status >= 500 else None)
        page.on("request", lambda asked: None if asked.url.startswith(address) else made.wrong.append(asked.url))
        yield made
        for context in browser.contexts:
            context.close()
    feed.close()
    assert made.wrong == []
