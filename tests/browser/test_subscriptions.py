"""A filter is built and tried at once; it is saved, silenced, deleted; a delivery is sent again."""

from datetime import UTC, datetime

from playwright.sync_api import expect
from visitwire_alerting.delivery import delivery_history
from visitwire_alerting.storage.database import reading

from tests.browser.conftest import WIDTHS, Board
from tests.helpers.machine import live
from tests.unit.gateway.subscription_samples import deliver


@WIDTHS
def test_a_filter_is_built_tried_saved_tested_silenced_and_deleted(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.open("/subscriptions")
    page.click("text=New subscription")
    page.wait_for_url(f"{board.address}/new-subscription")  # loaded: before, Enter would send the form
    expect(page.locator("#tried .sum")).to_have_text("60 of 60 changes in the last 30 days")
    page.get_by_label("To", exact=True).first.fill("Kenya")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{board.address}/new-subscription?destination=Kenya", timeout=live())
    expect(page.locator("#tried .sum")).to_have_text("6 of 60 changes in the last 30 days", timeout=live())
    page.get_by_label("Called off").first.click()
    expect(page.locator("#tried .sum")).to_have_text("0 of 60 changes in the last 30 days", timeout=live())
    assert beside_the_form(board, width)
    assert board.faults() == []
    page.click("text=stopped by one condition alone")
    expect(page.locator(".nears li").first).to_contain_text("change: asks for cancelled, found accepted")
    page.get_by_label("Called off").first.click()
    expect(page.locator("#tried .hits li")).to_have_count(6, timeout=live())
    page.reload()
    expect(page.locator(".chip")).to_have_text(["Kenya×"])
    page.get_by_label("Name", exact=True).fill("Visits to Kenya")
    page.get_by_label("E-mail").fill("desk@example.org")
    page.click("text=Save")
    card = page.locator("#of-visits-to-kenya")
    expect(card.locator("dd")).to_have_text(["Kenya"])
    expect(card).to_contain_text("6 in 30 days")
    assert board.faults() == []
    card.get_by_role("combobox").select_option("1 week")
    card.get_by_label("Why").fill("rumours only")
    card.get_by_role("button", name="Silence for").click()
    expect(card.locator(".silence")).to_contain_text("by newcomer: rumours only")
    assert board.faults() == []
    card.get_by_role("button", name="End the silence").click()
    expect(card).not_to_contain_text("Silent until")
    card.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Send a test to email-1").click()
    expect(page.locator("#delivery")).to_contain_text("a test, sent on demand")
    assert board.faults() == []
    page.go_back()
    page.click("text=Delete …")
    assert board.faults() == []
    page.click("text=Delete Visits to Kenya")
    page.wait_for_url(f"{board.address}/subscriptions")
    expect(page.locator("#of-visits-to-kenya")).to_have_count(0)


def beside_the_form(board: Board, width: int) -> bool:
    """Whether what would be sent stands in sight: right of the form, on a phone at the lower edge of the screen."""
    form, tried, total = (board.page.locator(one).bounding_box() for one in ("#what", ".tried", "#tried .sum"))
    assert form
    assert tried
    assert total
    beside = tried["x"] >= form["x"] + form["width"] if width > 900 else round(tried["y"] + tried["height"]) == 900
    return beside and 0 <= total["y"] < 900 - total["height"]


def test_a_filter_is_built_by_keyboard_alone(board: Board) -> None:
    page = board.page
    board.open("/new-subscription")
    page.get_by_label("From", exact=True).first.focus()
    for key in ("BRICS", "Poland"):
        page.keyboard.type(key)
        page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(["BRICS×", "Poland×"])
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Remove Poland from From"
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_text(["BRICS×"])
    page.keyboard.press("Backspace")
    expect(page.locator(".chip")).to_have_count(0)
    page.wait_for_url(f"{board.address}/new-subscription")
    page.get_by_label("Announced").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#tried .sum")).to_have_text("0 of 60 changes in the last 30 days", timeout=live())


def test_a_new_webhooks_secret_is_shown_once(board: Board) -> None:
    page = board.page
    board.open("/new-subscription")
    page.get_by_label("Name", exact=True).fill("Hook")
    page.get_by_label("Webhook").fill("https://receiver.example/secret-path")
    page.click("text=Save")
    expect(page.locator(".notice code")).to_contain_text("whsec_")
    board.open("/subscriptions/hook")
    assert "whsec_" not in page.content()
    assert "secret-path" not in page.content()


def test_deliveries_are_filtered_and_sent_again(board: Board) -> None:
    page = board.page
    board.open("/deliveries")
    page.select_option("select[name=state]", "failed")
    page.wait_for_url(f"{board.address}/deliveries?state=failed")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("Visits to Italy and South Asia webhook 1")
    page.locator("tbody tr td a").first.click()
    expect(page.locator("#delivery")).to_contain_text("HTTP 500")
    expect(page.get_by_role("link", name="Visits to Italy and South Asia")).to_be_visible()
    page.click("text=Send again")
    expect(page.locator("[role=status]")).to_have_text("1 delivery goes out again.")
    expect(page.locator("tbody tr").first).to_contain_text("Waiting again")
    with reading(board.ledger.engine) as connection:
        waiting = delivery_history.list_deliveries(connection, state="pending")
        assert [(row.endpoint, row.replay) for row in waiting] == [("to-italy-and-asia/webhook-1", True)]
    deliver(board.ledger, at=datetime.now(UTC))
    expect(page.locator("tbody tr").first).to_contain_text("Delivered again")  # by itself
    board.open("/deliveries?subscription=all&since=2000-01-01")
    page.click("text=Send all 60 of these again …")
    page.click("#all-again")
    expect(page.locator("[role=status]")).to_have_text("60 deliveries go out again.")
    with reading(board.ledger.engine) as connection:
        assert len(delivery_history.list_deliveries(connection, state="pending", limit=100)) == 60


def test_the_form_fits_a_phone_and_a_wall(board: Board) -> None:
    for width, height in ((360, 780), (3840, 2160)):
        board.page.set_viewport_size({"width": width, "height": height})
        for path in ("/subscriptions", "/subscriptions/to-italy-and-asia", "/deliveries", "/deliveries/2"):
            board.open(path)
            assert board.page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert board.serious() == [], path
    board.page.set_viewport_size({"width": 360, "height": 780})
    board.open("/new-subscription")
    assert board.page.locator("#tried .sum").is_visible()
    box = board.page.locator("#tried .sum").bounding_box()
    assert box is not None
    assert box["y"] < 780
