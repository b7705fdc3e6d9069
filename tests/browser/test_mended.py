"""Small things that a person notices: a page that stays as it was read, labels in line, silences where they began."""

import re

import pytest
from playwright.sync_api import expect
from visitwire_schemas import VisitStatus

from tests.browser.conftest import Board
from tests.unit.gateway.samples import carried, visit

FORMS = ("/", "/quotes", "/stories", "/deliveries", "/access")


def test_a_visits_page_is_read_again_when_its_visit_changed_and_not_before(board: Board) -> None:
    read: list[str] = []
    board.page.on("request", lambda asked: read.append(asked.url) if "/visits/m1" in asked.url else None)
    with board.page.expect_request(lambda asked: "/events?" in asked.url) as stream:
        board.open("/visits/m1")
    assert re.search(r"&after=[0-9a-f]+-\d+$", stream.value.url)
    board.feed(*carried(visit("m1", revision=2, status=VisitStatus.POSTPONED)))
    expect(board.page.locator("#said")).to_have_text("This visit has changed: Postponed")
    assert read == [f"{board.address}/visits/m1"] * 2


@pytest.mark.parametrize("width", [360, 1280, 2560])
def test_labels_of_a_row_stand_in_line_and_so_do_their_fields(board: Board, width: int) -> None:
    board.page.set_viewport_size({"width": width, "height": 900})
    for path in FORMS:
        board.open(path)
        board.page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        tops = board.page.evaluate(
            """[...document.querySelectorAll('form.filter')].map((form) =>
              [...form.querySelectorAll(':scope > label:not(.check)')].map((label) => {
                const field = label.querySelector('input, select').getBoundingClientRect();
                const words = label.querySelector('span').getBoundingClientRect();
                return [Math.round(field.top), Math.round(field.height), Math.round(words.bottom)];
              }))"""
        )
        for form in tops:
            rows: dict[int, set[tuple[int, int]]] = {}
            for top, height, bottom in form:
                rows.setdefault(top, set()).add((height, bottom))
            assert [found for found in rows.values() if len(found) > 1] == [], path
            assert len({height for found in rows.values() for height, _ in found}) <= 1, path


def test_a_silence_is_begun_with_a_reason_and_ended_on_the_page_of_its_visit(board: Board) -> None:
    board.open("/visits/m1")
    board.page.get_by_label("Why it is silenced").fill("rumours only")
    board.page.get_by_role("button", name="Silence this visit").click()
    expect(board.page.locator(".hushed")).to_contain_text("rumours only")
    assert board.serious() == []
    board.open("/subscriptions")
    expect(board.page.locator(".silence").first).to_contain_text("rumours only")
    assert board.serious() == []
    board.open("/visits/m1")
    board.page.get_by_role("button", name="Resume alerts for this visit").click()
    expect(board.page.get_by_role("button", name="Silence this visit")).to_be_visible()
