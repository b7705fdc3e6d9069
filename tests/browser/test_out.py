"""What leaves the pages: files of what is filtered, the agenda on paper, and times by the reader's own clock."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from visitwire_schemas import Destination, VisitStatus

from tests.browser.conftest import WIDTHS, Board
from tests.unit.gateway.samples import carried, dates, visit


@pytest.fixture
def in_tokyo(board: Board) -> Iterator[Page]:
    """The same board, by a browser nine hours ahead of UTC."""
    browser = board.page.context.browser
    assert browser is not None
    page = browser.new_page(timezone_id="Asia/Tokyo")
    yield page
    page.close()


def kept_as_files(page: Page, stem: str) -> list[dict[str, str]]:
    """The rows of the CSV that the page gives, beside an Excel file."""
    rows: list[dict[str, str]] = []
    for name, kind in (("CSV", f"{stem}.csv"), ("Excel", f"{stem}.xlsx")):
        with page.expect_download() as given:
            page.get_by_role("link", name=name, exact=True).click()
        assert given.value.suggested_filename == kind
        if name == "CSV":
            rows = list(csv.DictReader(io.StringIO(given.value.path().read_text("utf-8"))))
    return rows


@WIDTHS
def test_what_is_filtered_is_kept_as_a_file(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.feed(*carried(visit("for-fiji", destination=Destination(country="FJ"), status=VisitStatus.PLANNED)))
    board.feed.settled()
    board.open("/?to=FJ&sort=date")
    assert [row["id"] for row in kept_as_files(page, "visits")] == ["for-fiji"]
    assert board.serious() == []


@WIDTHS
def test_deliveries_are_kept_as_a_file(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.open("/deliveries")
    page.get_by_label("State").select_option("failed")
    page.wait_for_url(f"{board.address}/deliveries?state=failed")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert [row["state"] for row in kept_as_files(page, "deliveries")] == ["failed"]
    assert board.serious() == []


@WIDTHS
def test_every_time_is_told_by_the_readers_clock(board: Board, in_tokyo: Page, width: int) -> None:
    in_tokyo.set_viewport_size({"width": width, "height": 900})
    at = datetime(2026, 3, 27, 20, 30, tzinfo=UTC)
    board.feed(*carried(visit("late", updated=at)))
    board.feed.settled()
    in_tokyo.goto(f"{board.address}/visits/late", wait_until="load")
    said = in_tokyo.evaluate(
        "[...document.querySelectorAll('time[datetime]')].map((one) => one.textContent + one.title)"
    )
    assert said
    assert [one for one in said if "UTC" in one] == []
    assert any("28 Mar 2026, 05:30" in one for one in said)


@WIDTHS
def test_today_is_the_readers_day(board: Board, in_tokyo: Page, width: int) -> None:
    in_tokyo.set_viewport_size({"width": width, "height": 900})
    for _ in range(2):  # the first page tells the server the browser's zone
        in_tokyo.goto(
            f"{board.address}/calendar?month={datetime.now(UTC) + timedelta(hours=9):%Y-%m}", wait_until="load"
        )
    here = (datetime.now(UTC) + timedelta(hours=9)).date()
    expect(in_tokyo.locator(".day.today time")).to_have_attribute("datetime", here.isoformat())


@pytest.mark.parametrize(("theme", "width"), [("dark", 360), ("light", 1280), ("dark", 2560)])
def test_the_agenda_on_paper_is_ink_on_white_without_controls(board: Board, theme: str, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.feed(*carried(visit("printed", status=VisitStatus.PLANNED, dates=dates("2099-04-14", "2099-04-16"))))
    board.feed.settled()
    page.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    board.open("/calendar?view=agenda&day=2099-04-01")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark" if theme == "dark" else "light")
    expect(page.locator(".agenda li.sheet").first).to_be_visible()
    hidden = page.locator(".top, .foot, .fold, .subscribe, .months, .views, button")
    assert hidden.evaluate_all("all => all.filter((one) => one.offsetParent !== null).length") == 0
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4")[:5] == b"%PDF-"


def test_the_print_button_prints(board: Board) -> None:
    page = board.page
    page.add_init_script("window.print = () => { window.printed = true; }")
    board.open("/calendar?view=agenda")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") is True
