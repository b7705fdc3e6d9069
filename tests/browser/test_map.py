"""The map comes nearer, goes back, and takes a period."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from visitwire_schemas import Destination, Party, VisitStatus

from tests.browser.conftest import WIDTHS, Board
from tests.unit.gateway.samples import carried, dates, visit

FREE = """() => {
  const box = document.querySelector(".chart").getBoundingClientRect();
  for (let x = box.left + 30; x < box.right - 30; x += 15)
    for (let y = box.top + 60; y < box.bottom - 60; y += 15) {
      const there = document.elementFromPoint(x, y);
      if (there?.closest("#sheet") && !there.closest("a")) return [x, y];
    }
}"""
"""A point of the map on which no arrow lies."""

ON_ARROW = """(east) => {
  const way = document.querySelector(".way[data-way=US-JP] .arc"), length = way.getTotalLength();
  const sheet = document.querySelector("#sheet"), [left, , wide] = sheet.getAttribute("viewBox").split(" ").map(Number);
  const chart = document.querySelector(".chart");
  chart.scrollIntoView({ block: "center" });
  chart.scrollLeft = east ? chart.scrollWidth : 0;
  const box = chart.getBoundingClientRect();
  for (let along = 0; along < length; along += 2) {
    const point = way.getPointAtLength(along);
    if ((point.x > left + wide / 2) !== east) continue;
    const { x, y } = point.matrixTransform(way.getScreenCTM());
    if (x < box.left || x > box.right || y < 0 || y > innerHeight) continue;
    if (document.elementFromPoint(x, y)?.closest(".way")?.dataset.way === "US-JP") return [x, y];
  }
}"""
"""A point that can be seen on the arrow from Washington to Tokyo, in the western or the eastern half of the map."""


def seen(board: Board) -> float:
    return float(board.page.locator("#sheet").get_attribute("viewBox").split()[2])  # type: ignore[union-attr]


@WIDTHS
def test_it_comes_nearer_is_dragged_goes_back_and_takes_a_period(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.open("/map?past=true")
    whole = seen(board)
    page.get_by_role("button", name="Zoom in").click()
    assert seen(board) == pytest.approx(whole * 0.6)
    before = page.locator("#sheet").get_attribute("viewBox")
    page.locator(".chart").scroll_into_view_if_needed()
    x, y = page.evaluate(FREE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y + 30)
    page.mouse.up()
    expect(page.locator("#sheet")).not_to_have_attribute("viewBox", before or "")
    page.get_by_role("button", name="All of it").click()
    assert seen(board) == pytest.approx(whole)
    assert board.faults() == []
    page.get_by_role("link", name="30 days").click()
    expect(page.locator(".views [aria-current]")).to_have_text("30 days")


@pytest.fixture
def phone(board: Board) -> Iterator[Page]:
    """The same board, under a finger."""
    browser = board.page.context.browser
    assert browser is not None
    page = browser.new_page(viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True)
    yield page
    page.close()


def test_a_finger_moves_the_map_when_it_is_near(board: Board, phone: Page) -> None:
    phone.goto(board.address + "/map?past=true")
    phone.get_by_role("button", name="Zoom in").tap()
    phone.locator(".chart").scroll_into_view_if_needed()
    sheet = phone.locator("#sheet")
    left, upper, wide, _ = map(float, (sheet.get_attribute("viewBox") or "").split())
    box = sheet.bounding_box()
    assert box is not None
    x, y = phone.evaluate(FREE)
    finger = phone.context.new_cdp_session(phone)
    for kind, way in (("touchStart", 0), *(("touchMove", way) for way in range(6, 54, 6))):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + way, "y": y + way}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    moved = 48 * wide / box["width"]
    now = [float(one) for one in (sheet.get_attribute("viewBox") or "").split()]
    assert now[:2] == pytest.approx([left - moved, upper - moved], abs=moved / 10)


@WIDTHS
def test_a_visit_over_the_date_line_leaves_at_one_side_and_comes_back_at_the_other(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    soon, later = (str(board.clock().date() + timedelta(days=days)) for days in (3, 60))
    poe, tokyo = Party(name="Ann Poe", country="US"), Destination(country="JP")
    for id, to, day in (("over", tokyo, soon), ("far", Destination(country="FR"), later)):
        board.feed(*carried(visit(id, visitor=poe, destination=to, status=VisitStatus.PLANNED, dates=dates(day))))
    board.feed.settled()
    board.open("/map?q=poe")
    expect(page.locator("#ways > li")).to_have_count(2)
    page.get_by_role("navigation", name="Period").get_by_role("link", name="7 days").click()
    expect(page.locator("#ways > li")).to_have_count(1)
    expect(page.locator(".views [aria-current]")).to_have_text("7 days")
    page.wait_for_load_state()
    assert board.faults() == []
    for _ in range(2):
        for east in (False, True):
            page.mouse.move(0, 0)
            expect(page.locator("#ways > li.lit")).to_have_count(0)
            page.mouse.move(*page.evaluate(ON_ARROW, east))
            expect(page.locator("#ways > li.lit")).to_contain_text("Ann Poe")
        page.get_by_role("button", name="Zoom out").click()  # no farther than all of it
    page.mouse.click(*page.evaluate(ON_ARROW, True))
    page.wait_for_url(f"{board.address}/?from=US&to=JP")
    expect(page.get_by_role("link", name="Ann Poe").first).to_be_visible()
