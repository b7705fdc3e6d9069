"""An editor makes two visits one, sets a story apart, holds what is right, and hears of who was faster."""

from collections.abc import Sequence
from datetime import UTC, datetime

from playwright.sync_api import Page, expect
from sqlalchemy import select
from visitwire_alerting.ledger import enter_story as entering
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import visit_updates, visits
from visitwire_schemas import EnrichedStory, Record

from tests.browser.conftest import WIDTHS, Board
from tests.unit.alerting import makers


class Outbox:
    """Does what the outbox does with what was entered since it did so last."""

    def __init__(self, board: Board) -> None:
        self.board, self.sent = board, 0

    def publish(self) -> None:
        with reading(self.board.ledger.engine) as connection:
            rows = connection.execute(select(visit_updates).order_by(visit_updates.c.number)).all()
        for row in rows[self.sent :]:
            self.board.feed("visits-v1", Record(row.visit.encode(), row.body and row.body.encode()))
        self.sent = len(rows)
        self.board.feed.settled()

    def enter(self, *stories: EnrichedStory) -> None:
        entering.record(self.board.ledger.engine, stories, lambda: datetime.now(UTC))
        self.publish()

    def standing(self) -> Sequence[str]:
        with reading(self.board.ledger.engine) as connection:
            return (
                connection.execute(select(visits.c.id).where(visits.c.standing).order_by(visits.c.id)).scalars().all()
            )


def going(to: str, when: str = "2025-04-10") -> makers.Visit:
    return makers.visit("planned", who="Anna Berg", of="NO", to=to, when=makers.dates(when))


def by_hand(page: Page) -> None:
    page.get_by_text("Correct by hand").click()


@WIDTHS
def test_two_visits_are_made_one_and_parted_again(board: Board, width: int) -> None:
    page, outbox = board.page, Outbox(board)
    page.set_viewport_size({"width": width, "height": 900})
    outbox.enter(makers.story("a", going("IN")), makers.story("b", going("KE"), day=1))
    here, there = outbox.standing()
    board.open(f"/visits/{here}")
    by_hand(page)
    page.get_by_label("The same as the visit").fill(there)
    page.get_by_role("button", name="Merge").click()
    expect(page.locator(".by-hand")).to_contain_text("Merged, by newcomer")
    outbox.publish()
    [kept] = outbox.standing()
    board.open(f"/visits/{kept}")
    expect(page.locator("ol.line > li .wire")).to_contain_text(["north", "north", "by hand, newcomer"])
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Take back").click()
    outbox.publish()
    assert sorted(outbox.standing()) == sorted([here, there])


@WIDTHS
def test_a_story_is_set_apart(board: Board, width: int) -> None:
    page, outbox = board.page, Outbox(board)
    page.set_viewport_size({"width": width, "height": 900})
    outbox.enter(makers.story("a", going("IN")), makers.story("b", going("IN"), day=1, wire="south"))
    [together] = outbox.standing()
    board.open(f"/visits/{together}")
    by_hand(page)
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Split off").click()
    expect(page.locator(".by-hand")).to_contain_text("Split off, by newcomer")
    outbox.publish()
    assert len(outbox.standing()) == 2
    board.open("/list?q=berg&sort=change")
    expect(page.locator("table.visits tbody tr")).to_have_count(2)


@WIDTHS
def test_what_an_editor_holds_stands_against_a_later_wire(board: Board, width: int) -> None:
    page, outbox = board.page, Outbox(board)
    page.set_viewport_size({"width": width, "height": 900})
    outbox.enter(makers.story("a", going("IN")))
    [id] = outbox.standing()
    board.open(f"/visits/{id}")
    by_hand(page)
    page.get_by_role("button", name="Keep status and dates as they are").click()
    expect(page.locator(".by-hand")).to_contain_text("Dates: 10 Apr 2025")
    outbox.enter(makers.story("b", makers.visit("postponed", who="Anna Berg", of="NO", to="IN"), day=1, wire="south"))
    board.open(f"/visits/{id}")
    expect(page.locator(".hero .status")).to_have_text("Planned")
    expect(page.locator("ol.line")).to_contain_text("Postponed")


@WIDTHS
def test_the_second_of_two_editors_is_told_and_keeps_what_they_wrote(board: Board, width: int) -> None:
    page, outbox = board.page, Outbox(board)
    page.set_viewport_size({"width": width, "height": 900})
    outbox.enter(makers.story("a", going("IN")))
    [id] = outbox.standing()
    board.open(f"/visits/{id}")
    by_hand(page)
    page.get_by_label("Destination, place").fill("Goa")
    first = {"act": "correct", "right": {"place": "Delhi"}}
    board.page.context.request.post(f"{board.address}/api/v1/visits/{id}/hands", data=first, headers={"if-match": "*"})
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_role("alert")).to_contain_text("was changed meanwhile")
    expect(page.get_by_label("Destination, place")).to_have_value("Goa")
    board.wrong[:] = [one for one in board.wrong if "422" not in one]  # the browser logs the answer's status
