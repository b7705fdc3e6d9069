"""A real browser walks every page: live, without errors, without a foreign request, fit for a screen reader."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine
from visitwire_gateway.app import Around, gateway
from visitwire_gateway.model.database import open_database
from visitwire_gateway.model.feed import Feed
from visitwire_gateway.serve import listening
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, Record, VisitStatus

from tests.browser.chromium import ARGUMENTS, executable
from tests.unit.gateway.samples import carried, dates, fill, visit

LIVE = 2000
"""Milliseconds after which a change must be on an open board."""
AXE = Path(__file__).with_name("axe.min.js")

pytestmark = pytest.mark.skipif(
    executable() is None and os.environ.get("CI") != "true",
    reason="Chromium is not installed (apt-get install chromium)",
)


@dataclass
class Board:
    address: str
    feed: Feed
    page: Page
    sent: list[tuple[str, Record]]
    wrong: list[str] = field(default_factory=list)
    """Errors on the console, and requests to other hosts."""

    def open(self, path: str) -> None:
        self.page.goto(self.address + path, wait_until="load")


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
def board(engine: Engine, tmp_path: Path) -> Iterator[Board]:
    settings = Settings(data_dir=tmp_path, gateway_port=0)
    topics = Topics()
    app = gateway(settings, engine, Around(outward=topics))
    feed = Feed(engine, app.state.desk.live.hear)
    with listening(app, settings) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        made = Board(address, feed, page, topics.records)
        page.on("console", lambda said: made.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: made.wrong.append(str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(address) else made.wrong.append(asked.url))
        yield made
        browser.close()
    feed.close()
    assert made.wrong == []


def test_a_new_visit_appears_on_the_open_board_and_is_marked(board: Board) -> None:
    board.open("/")
    board.page.wait_for_selector("#live[data-state=on]")
    board.feed(*carried(visit("fresh", dates=dates("2026-04-14"), destination=Destination(country="KE"))))
    board.page.wait_for_selector(".s-accepted #visit-fresh.fresh", timeout=LIVE)
    assert board.page.title() == "(1) Board – Visitwire"
    board.feed(
        *carried(visit("fresh", revision=2, status=VisitStatus.CANCELLED, destination=Destination(country="KE")))
    )
    board.page.wait_for_selector(".s-cancelled #visit-fresh.fresh", timeout=LIVE)
    board.page.hover("#visit-fresh")
    assert board.page.locator(".card.fresh").count() == 0


def test_the_filter_stands_in_the_address_and_works_from_there(board: Board) -> None:
    board.open("/")
    board.page.click("#filters > summary")
    board.page.select_option("select[name=to]", "KE")
    board.page.wait_for_url(f"{board.address}/?to=KE")
    board.page.wait_for_function("document.querySelectorAll('.card').length < 20")
    narrowed = board.page.locator(".card").count()
    board.page.reload()
    assert board.page.locator(".card").count() == narrowed > 0
    assert board.page.input_value("select[name=to]") == "KE"


def test_the_calendar_and_the_map_lead_to_visits(board: Board) -> None:
    board.open("/calendar?month=2026-03")
    board.page.locator("a.bar").first.click()
    board.page.wait_for_url(f"{board.address}/visits/*")
    board.open("/map")
    board.page.locator("svg a.way").first.focus()
    board.page.keyboard.press("Enter")
    board.page.wait_for_url(f"{board.address}/?from=*")


def test_a_dead_letter_is_sent_again_from_its_page(board: Board) -> None:
    board.open("/system")
    board.page.click("text=The file is empty.")
    board.page.click("text=Send again")
    board.page.wait_for_selector("text=sent again")
    assert [(topic, record.value) for topic, record in board.sent] == [("wire-items-v1", b"nothing")]


PAGES = ("/", "/calendar?month=2026-03", "/calendar?view=agenda&month=2026-03", "/map", "/visits/m0", "/quotes")
PAGES += ("/stories", "/stories/nordwire%7Curn:nw:m0", "/system", "/access", "/about", "/nowhere")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_runs_over_the_edge(board: Board, theme: str) -> None:
    board.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}
    for path in PAGES:
        board.open(path)
        board.page.evaluate(AXE.read_text("utf-8"))
        result = board.page.evaluate("axe.run()")
        serious = [
            f"{one['id']}: {one['nodes'][0]['html']}"
            for one in result["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        if serious:
            found[path] = serious
        board.page.set_viewport_size({"width": 360, "height": 780})
        assert board.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        board.page.set_viewport_size({"width": 1440, "height": 900})
    board.wrong[:] = [one for one in board.wrong if "404" not in one]  # the page that is not there
    assert found == {}
