"""Where an alert leads: a test of each channel, a silence and the end of the mail without a login, a digest."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import Engine
from visitwire_alerting.delivery.board_links import BoardLinks as Links
from visitwire_alerting.delivery.channels.letter import letter
from visitwire_alerting.ledger import enter_story as entering
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.migrate import migrate
from visitwire_alerting.storage.database import open_database, reading
from visitwire_schemas import Alert
from visitwire_schemas.subscription import Email

from tests.browser.conftest import AXE, WIDTHS, Board
from tests.unit.alerting import makers
from tests.unit.alerting.test_digest import BEFORE, MORNING, SINCE, digest
from tests.unit.gateway.samples import carried
from tests.unit.gateway.subscription_samples import subscribe, subscription

TO = {"kind": "email", "to": ["desk@example.org"]}


def told(board: Board) -> Alert:
    """A change of a visit, to a subscription that mails."""
    subscribe(board.ledger, subscription("desk", channels=[TO]))
    entering.record(board.ledger.engine, [makers.story("a", makers.visit("planned"))], lambda: datetime.now(UTC))
    with reading(board.ledger.engine) as connection:
        return list(visit_history.alerts_since(connection, datetime(2026, 1, 1, tzinfo=UTC)))[-1][1]


@WIDTHS
def test_a_test_goes_to_each_channel(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    board.open("/subscriptions/to-italy-and-asia")
    assert board.serious() == []
    for end in range(2):
        board.open("/subscriptions/to-italy-and-asia")
        page.get_by_role("button", name="Send a test to").nth(end).click()
        expect(page.locator("#delivery")).to_contain_text("a test, sent on demand")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert board.serious() == []


@WIDTHS
def test_a_link_in_an_alert_silences_its_visit_and_tells_of_it_again(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    links = Links(board.address, board.ledger.vault).links(told(board), "desk", "desk/email-1", Email(**TO))
    assert links.silence is not None
    page.goto(links.silence)
    expect(page.get_by_role("heading", name="Silence this visit?")).to_be_visible()
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("For how long").select_option("a week")
    page.get_by_role("button", name="Silence it").click()
    expect(page.get_by_role("status")).to_contain_text("Silent now.")
    page.get_by_role("button", name="Resume alerts").click()
    expect(page.get_by_role("status")).to_contain_text("Told again")
    assert links.unsubscribe is not None
    page.goto(links.unsubscribe)
    page.get_by_role("button", name="Unsubscribe").click()
    expect(page.get_by_role("status")).to_contain_text("No more messages")
    assert board.serious() == []


@WIDTHS
def test_a_silence_of_a_link_says_whose_it_is_and_why_and_ends_where_it_was_begun(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    alert = told(board)
    board.feed(*carried(alert.data.visit))
    board.feed.settled()
    address = Links(board.address, board.ledger.vault).links(alert, "desk", "desk/email-1", Email(**TO)).silence
    assert address is not None
    page.goto(address)
    page.get_by_label("Why").fill("we are there ourselves")
    page.get_by_role("button", name="Silence it").click()
    expect(page.get_by_role("status")).to_have_text("Silent now.")
    assert board.faults() == []
    for where, place in ((f"/visits/{alert.subject}", ".hushed"), ("/subscriptions", "#of-desk .silence")):
        board.open(where)
        expect(page.locator(place)).to_contain_text("by a link in an alert: we are there ourselves")
        assert board.faults() == []
    page.goto(address)  # days later, by the same mail
    expect(page.get_by_role("heading", name="This visit is silent")).to_be_visible()
    expect(page.get_by_text("by a link in an alert: we are there ourselves")).to_be_visible()
    assert board.faults() == []
    page.get_by_role("button", name="Resume alerts").click()
    expect(page.get_by_role("status")).to_contain_text("Told again")
    expect(page.get_by_role("button", name="Silence it")).to_be_visible()
    board.open("/subscriptions")
    expect(page.locator("#of-desk")).to_be_visible()
    expect(page.locator("#of-desk .silence")).to_have_count(0)


@WIDTHS
def test_a_digest_is_read_in_a_mail_program(board: Board, width: int, tmp_path: Path) -> None:
    """Its HTML alone, as mail programs show it: without styles of ours and without scripts."""
    engine = ledger_of(tmp_path)
    html = letter(digest(engine, BEFORE, SINCE), "board@x.test", ["desk@x.test"], MORNING).get_body(["html"])
    engine.dispose()
    assert html is not None
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(html.get_content())
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["New", "Changed", "Off", "Taken back", "Today, Sunday", "In the next six days"]
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def ledger_of(folder: Path) -> Engine:
    opened = open_database(f"sqlite:///{folder / 'digests.sqlite'}")
    migrate(opened)
    return opened
