"""An editor corrects a visit by hand on its page, as a person would, at three widths."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from visitwire_alerting.ledger import enter_story as entering
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import visit_updates
from visitwire_schemas import Record

from tests.browser.conftest import Board
from tests.unit.alerting import makers


def published(board: Board, seen: int = 0) -> int:
    """Does what the outbox does with what was entered since; gives how many there are."""
    with reading(board.ledger.engine) as connection:
        rows = connection.execute(select(visit_updates).order_by(visit_updates.c.number)).all()
    for row in rows[seen:]:
        board.feed("visits-v1", Record(row.visit.encode(), row.body and row.body.encode()))
    board.feed.settled()
    return len(rows)


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_a_visit_is_corrected_pinned_and_given_back_to_the_wires(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    said = makers.visit("planned", who="Anna Berg", of="NO", when=makers.dates("2025-04-10"))
    stories = [makers.story("a", said), makers.story("b", said, day=1, wire="south")]
    entering.record(board.ledger.engine, stories, lambda: datetime.now(UTC))
    seen = published(board)
    with reading(board.ledger.engine) as connection:
        id = connection.execute(select(visit_updates.c.visit)).scalars().all()[-1]
    board.open(f"/visits/{id}")
    page.get_by_text("Correct by hand").click()
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Destination, place").fill("Goa")
    page.get_by_label("Status").select_option("postponed")
    page.locator("form:has(button:text-is('Save correction'))").get_by_label("Why").fill("By phone.")
    page.get_by_role("button", name="Save correction").click()
    expect(page.locator(".by-hand")).to_contain_text("Destination: Goa; Status: Postponed, by newcomer")
    published(board, seen)
    expect(page.locator(".hero .status")).to_have_text("Postponed")
    expect(page.locator(".hero h1")).to_contain_text("Goa")
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".by-hand")).to_contain_text("taken back by newcomer")
    published(board, seen)
    expect(page.locator(".hero .status")).to_have_text("Planned")
    page.get_by_text("Correct by hand").click()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".by-hand")).to_contain_text("Dismissed as false")
