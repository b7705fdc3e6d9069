"""The map comes nearer, goes back, and takes a period."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Board

FREE = """() => {
  const box = document.querySelector(".chart").getBoundingClientRect();
  for (let x = box.left + 30; x < box.right - 30; x += 15)
    for (let y = box.top + 60; y < box.bottom - 60; y += 15) {
      const there = document.elementFromPoint(x, y);
      if (there?.closest("#sheet") && !there.closest("a")) return [x, y];
    }
}"""
"""A point of the map on which no arrow lies."""


def width(board: Board) -> float:
    return float(board.page.locator("#sheet").get_attribute("viewBox").split()[2])  # type: ignore[union-attr]


@pytest.mark.parametrize("wide", [360, 1280, 2560])
def test_it_comes_nearer_is_dragged_goes_back_and_takes_a_period(board: Board, wide: int) -> None:
    page = board.page
    page.set_viewport_size({"width": wide, "height": 900})
    board.open("/map?past=true")
    whole = width(board)
    page.get_by_role("button", name="Nearer").click()
    assert width(board) == pytest.approx(whole * 0.6)
    before = page.locator("#sheet").get_attribute("viewBox")
    page.locator(".chart").scroll_into_view_if_needed()
    x, y = page.evaluate(FREE)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 25, y + 30)
    page.mouse.up()
    expect(page.locator("#sheet")).not_to_have_attribute("viewBox", before or "")
    page.get_by_role("button", name="All of it").click()
    assert width(board) == pytest.approx(whole)
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="30 days").click()
    expect(page.locator(".views [aria-current]")).to_have_text("30 days")
