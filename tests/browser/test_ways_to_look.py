"""The board's lanes and its list, as wide as the screen, sorted by date or by last change."""

import pytest
from playwright.sync_api import expect
from visitwire_schemas import VisitStatus

from tests.browser.conftest import Board
from tests.unit.gateway.samples import carried, dates, visit


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_every_lane_is_seen_without_a_cut_and_the_list_has_a_row_a_visit(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    for number, status in enumerate(VisitStatus):
        board.feed(*carried(visit(f"full-{number}", status=status, dates=dates("2099-04-14"))))
    board.feed(*carried(visit("full-undated")))
    board.feed.settled()
    board.open("/")
    assert page.locator(".lane:not(.empty)").count() >= 8
    lanes = "[...document.querySelectorAll('.lane:not(.empty)')]"
    assert page.evaluate(f"{lanes}.filter((one) => one.getBoundingClientRect().right > innerWidth + 1).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert board.serious() == []
    page.get_by_role("navigation", name="Ways to look").get_by_role("link", name="date", exact=True).click()
    expect(page.locator(".views [aria-current]").last).to_have_text("date")
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator("table.visits tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert board.serious() == []
