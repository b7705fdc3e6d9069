"""What changed since somebody was here, and their marks, as a person goes about it, at three widths."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from visitwire_gateway.auth.who import Role
from visitwire_schemas import ChangeKind, LedgerVisit, VisitDates

from tests.browser.conftest import WIDTHS, Board
from tests.unit.gateway.samples import alert, carried, dates, visit

MOVED, NEW = dates("2099-04-14"), dates("2099-04-20")


def told(board: Board, id: str, when: VisitDates | None = None, before: LedgerVisit | None = None) -> LedgerVisit:
    made = visit(id, dates=when, revision=before.revision + 1 if before else 1, updated=datetime.now(UTC))
    kind = ChangeKind.DATES_CHANGED if before else ChangeKind.ACCEPTED
    for message in (made, alert(made, kind, before)):
        board.feed(*carried(message))
    board.feed.settled()
    return made


@WIDTHS
def test_a_morning_begins_with_what_happened_overnight_and_ends_with_all_of_it_read(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    told(board, "yesterday", MOVED)
    board.open("/")
    assert page.url == board.address + "/"
    page.get_by_role("link", name="Changes").click()
    page.get_by_role("button", name="I have read all of it").click()
    board.clock.ahead += timedelta(days=1)
    before = told(board, "moved", MOVED)
    told(board, "moved", NEW, before)
    told(board, "fresh", MOVED)
    board.open("/")
    expect(page.get_by_role("heading", name="What changed since")).to_be_visible()
    assert page.url.endswith("/changes")
    expect(page.locator(".told .change")).to_have_count(2)
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="7 days").click()
    expect(page.locator("#change-moved .diff")).to_have_count(0)  # new within these days: nothing to strike out
    page.get_by_role("button", name="I have read all of it").click()
    expect(page.get_by_role("heading", name="Nothing has changed")).to_be_visible()
    told(board, "moved", dates("2099-04-28"), visit("moved", dates=NEW, revision=2))
    page.get_by_role("link", name="Show new changes").click()
    expect(page.locator("#change-moved .diff del")).to_have_text("20 Apr 2099")
    expect(page.locator("#change-moved .diff ins")).to_have_text("28 Apr 2099")
    expect(page.locator(".told .change")).to_have_count(1)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Board").click()
    expect(page.locator("#lanes .card").first).to_be_visible()


@WIDTHS
def test_a_visit_is_starred_followed_given_and_noted_without_leaving_the_page(board: Board, width: int) -> None:
    page, people = board.page, board.people
    page.set_viewport_size({"width": width, "height": 900})
    people.add_user("default", "bert", "correct horse", Role.READER)
    told(board, "one", MOVED)
    told(board, "two", NEW)
    board.open("/changes")
    mine = page.locator("#change-two")
    for before, after in (("☆ Star", "★ Starred"), ("Follow", "Following"), ("Acknowledge", "Acknowledged")):
        mine.get_by_role("button", name=before, exact=True).click()
        expect(mine.get_by_role("button", name=after, exact=True)).to_have_attribute("aria-pressed", "true")
    expect(mine.get_by_role("button", name="Acknowledged", exact=True)).to_be_focused()
    expect(mine.get_by_role("button", name="Read", exact=True)).to_have_attribute("aria-pressed", "true")
    mine.get_by_label("Assigned to").select_option("bert")
    expect(mine.locator(".said")).to_contain_text("Assigned to bert by newcomer")
    mine.get_by_text("Note …").click()
    mine.get_by_label("Your note").fill("The embassy rings back.")
    mine.get_by_role("button", name="Keep").click()
    expect(mine.locator(".said")).to_contain_text("The embassy rings back.")
    assert board.serious() == []
    page.get_by_role("navigation", name="Which").get_by_role("link", name="Followed").click()
    expect(page.locator(".told .change")).to_have_count(1)
    page.get_by_role("navigation", name="Which").get_by_role("link", name="Unread").click()
    expect(page.locator("#change-two")).to_have_count(0)
    page.get_by_role("link", name="My visits").click()
    expect(page.locator(".told .change")).to_have_count(1)
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Anil Kapadia").click()
    expect(page.get_by_role("region", name="Your marks")).to_contain_text("The embassy rings back.")
    page.get_by_role("button", name="★ Starred").click()
    expect(page.get_by_role("button", name="☆ Star")).to_be_visible()
    assert board.serious() == []


AT_ONCE = """document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
  const whose = document.querySelector("#change-two select");
  whose.value = "bert";
  whose.dispatchEvent(new Event("change", { bubbles: true }));
}), { once: true })"""


def test_a_choice_made_as_soon_as_the_marks_are_there_is_heard(board: Board) -> None:
    """By default htmx listens to what it put in 20 ms later; a quick hand, or a quick machine, is there before."""
    board.people.add_user("default", "bert", "correct horse", Role.READER)
    told(board, "two", NEW)
    board.open("/changes")
    board.page.evaluate(AT_ONCE)
    board.page.locator("#change-two").get_by_role("button", name="Follow", exact=True).click()
    expect(board.page.locator("#change-two .said")).to_contain_text("Assigned to bert")


def test_who_has_no_scripts_sets_the_same_marks(board: Board) -> None:
    told(board, "one", MOVED)
    browser = board.page.context.browser
    assert browser is not None
    page = browser.new_page(java_script_enabled=False)
    page.goto(board.address + "/changes")
    page.locator("#change-one").get_by_role("button", name="☆ Star").click()
    expect(page.locator("#change-one").get_by_role("button", name="★ Starred")).to_be_visible()
    page.get_by_role("button", name="I have read all of it").click()
    expect(page.get_by_role("heading", name="Nothing has changed")).to_be_visible()
    page.close()
