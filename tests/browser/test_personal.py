"""A person saves a filter, subscribes to it, changes it and makes its address new."""

import re

import httpx
import pytest
from playwright.sync_api import expect
from visitwire_schemas import Destination, VisitStatus

from tests.browser.conftest import Board
from tests.unit.gateway.samples import carried, dates, visit


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_a_filter_is_saved_and_has_an_address_that_can_be_made_new(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    off = visit("fiji", destination=Destination(country="FJ"), status=VisitStatus.CANCELLED, dates=dates("2099-04-14"))
    board.feed(*carried(off))
    board.feed.settled()
    board.open("/?to=FJ&sort=date")
    page.get_by_role("link", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Save this filter")).to_be_visible()
    page.get_by_label("Name").first.fill("Visits to Fiji")
    assert board.serious() == []
    page.get_by_role("button", name="Save", exact=True).click()
    mine = page.get_by_role("region", name="Visits to Fiji")
    expect(mine).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert board.serious() == []
    address = mine.get_by_label("Address of the calendar Visits to Fiji").input_value()
    assert re.sub("^http", "webcal", address) == mine.get_by_role("link", name="Subscribe").get_attribute("href")
    assert "SUMMARY:Called off: Anil Kapadia" in httpx.get(address).text
    mine.locator("summary", has_text="Settings").click()
    assert board.serious() == []
    mine.get_by_label("Also what is called off or postponed").uncheck()
    mine.get_by_role("button", name="Save the settings").click()
    assert "BEGIN:VEVENT" not in httpx.get(address).text
    mine.locator("summary", has_text="Settings").click()
    mine.get_by_role("button", name="Make the address new").click()
    expect(mine.get_by_label("Address of the calendar Visits to Fiji")).not_to_have_value(address)
    assert httpx.get(address).status_code == 404
    mine.locator("summary", has_text="Settings").click()
    mine.get_by_role("button", name="Remove").click()
    expect(mine).to_have_count(0)


def test_an_address_is_copied(board: Board) -> None:
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=board.address)
    board.open("/addresses")
    board.page.get_by_role("button", name="Copy").first.click()
    expect(board.page.get_by_role("button", name="Copied")).to_be_visible()
    assert "/feeds/" in board.page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_mail_about_a_filter_is_begun_and_stopped(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.open("/addresses")
    page.locator("summary", has_text="Mail me").first.click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    assert board.serious() == []
    page.get_by_role("button", name="Mail me").click()
    expect(page.get_by_text("Changes are mailed to ada@example.org every day at 07:00")).to_be_visible()
    page.get_by_role("button", name="Stop the mail").click()
    expect(page.get_by_text("Changes are mailed to")).to_have_count(0)
