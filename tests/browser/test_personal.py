"""A person saves a filter, subscribes to it, changes it and makes its address new."""

import re

import httpx
from playwright.sync_api import expect
from visitwire_schemas import Destination, VisitStatus

from tests.browser.conftest import WIDTHS, Board
from tests.unit.gateway.samples import carried, dates, visit

KINDS = ["text/calendar", "application/atom+xml"]


@WIDTHS
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
    mine.get_by_label("Include cancelled and postponed visits").uncheck()
    mine.get_by_role("button", name="Save the settings").click()
    assert "BEGIN:VEVENT" not in httpx.get(address).text
    mine.locator("summary", has_text="Settings").click()
    mine.get_by_role("button", name="Renew the address").click()
    expect(mine.get_by_label("Address of the calendar Visits to Fiji")).not_to_have_value(address)
    assert httpx.get(address).status_code == 404
    mine.locator("summary", has_text="Settings").click()
    mine.get_by_role("button", name="Remove").click()
    expect(mine).to_have_count(0)


@WIDTHS
def test_both_addresses_are_copied_and_once_made_new_the_old_ones_open_nothing(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=board.address)
    board.open("/addresses")
    old = [copied(board, "Calendar"), copied(board, "Feed (Atom)")]
    assert [httpx.get(one).headers["content-type"].split(";")[0] for one in old] == KINDS
    assert board.faults() == []
    page.locator("summary", has_text="Settings").first.click()
    assert board.faults() == []
    page.get_by_role("button", name="Renew the address").first.click()
    expect(page.get_by_label("Address of the calendar").first).not_to_have_value(old[0])
    new = [copied(board, "Calendar"), copied(board, "Feed (Atom)")]
    assert [httpx.get(one).status_code for one in old + new] == [404, 404, 200, 200]
    assert [httpx.get(one).headers["content-type"].split(";")[0] for one in new] == KINDS


def copied(board: Board, kind: str) -> str:
    """What the button beside the first address of a kind leaves in the clipboard."""
    line = board.page.locator(".addresses > div", has_text=kind).first
    line.get_by_role("button", name="Copy").click()
    expect(line.get_by_role("button", name="Copied")).to_be_visible()
    return str(board.page.evaluate("navigator.clipboard.readText()"))


@WIDTHS
def test_without_a_clipboard_an_address_is_shown_whole_and_selected(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    board.open("/addresses")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.get_by_role("button", name="Selected")).to_be_visible()
    shown = page.get_by_label("Address of the calendar").first.input_value()
    assert shown.startswith(board.address)
    assert page.evaluate("getSelection().toString()") == shown
    assert board.faults() == []


@WIDTHS
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
