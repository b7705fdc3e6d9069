"""What is past leaves the lanes of what is to come; the calendar opens where something is, and goes on."""

from datetime import date, timedelta

from playwright.sync_api import expect
from sqlalchemy import Engine
from visitwire_gateway.model.ageing import age
from visitwire_schemas import Destination, Party, VisitStatus

from tests.browser.conftest import WIDTHS, Board
from tests.unit.gateway.samples import carried, dates, visit

WHO = Party(name="Amina Otieno", label="President", country="KE")


@WIDTHS
def test_a_visit_that_is_past_is_over_until_a_later_word(board: Board, engine: Engine, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    past = (board.clock().date() - timedelta(days=10)).isoformat()
    board.feed(*carried(visit("old", visitor=WHO, status=VisitStatus.UNDER_WAY, dates=dates(past))))
    board.feed.settled()
    age(engine, board.clock())
    board.open("/?q=otieno&from=KE")
    lane = page.get_by_role("region", name="Over, not reported")
    expect(lane.get_by_role("link", name="Amina Otieno")).to_be_visible()
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    board.open("/list?q=otieno&from=KE&sort=change")
    expect(page.locator("table.visits .status")).to_contain_text(["Over, not reported"])
    board.open("/map?q=otieno&from=KE")
    expect(page.locator("#ways")).to_have_count(0)
    board.open("/visits/old")
    expect(page.locator(".facts")).to_contain_text("over, not reported")
    board.open("/?q=otieno&from=KE")
    said = visit("old", visitor=WHO, revision=2, status=VisitStatus.CONCLUDED, dates=dates(past))
    board.feed(*carried(said))
    expect(page.get_by_role("region", name="Concluded").get_by_role("link", name="Amina Otieno")).to_be_visible()


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@WIDTHS
def test_the_calendar_opens_on_the_month_of_the_next_visit_and_its_agenda_goes_on(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    month = next_month(next_month(board.clock().date()))
    for number in range(170):
        day = month + timedelta(days=9 + number // 40)
        board.feed(*carried(visit(f"busy-{number}", visitor=WHO, status=VisitStatus.PLANNED, dates=dates(str(day)))))
    for number in range(40):
        vague = dates(f"{month:%Y-%m}", precision="month")  # type: ignore[arg-type]
        board.feed(*carried(visit(f"vague-{number}", visitor=WHO, dates=vague)))
    board.feed.settled()
    board.open("/calendar?q=otieno")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{month:%B %Y}")
    expect(page.locator(".vague li")).to_have_count(13)  # twelve of them, and how many more there are
    if width > 700:
        box = page.locator(".grid").bounding_box()
        assert box is not None
        assert box["y"] < 900
    assert board.serious() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Agenda").click()
    seen = page.locator(".agenda li").count()
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_role("link", name="Later")).to_have_count(0)
    assert seen + page.locator(".agenda li").count() == 170
    assert board.serious() == []


@WIDTHS
def test_a_clash_is_told_only_between_reports_of_their_own(board: Board, width: int) -> None:
    page = board.page
    page.set_viewport_size({"width": width, "height": 900})
    day = next_month(board.clock().date()) + timedelta(days=9)
    when = dates(str(day), str(day + timedelta(days=3)))
    tour = visit("italy", visitor=WHO, status=VisitStatus.PLANNED, dates=when)
    board.feed(*carried(tour))
    elsewhere = {"visitor": WHO, "status": VisitStatus.PLANNED, "dates": when, "destination": Destination(country="JP")}
    board.feed(*carried(visit("japan", **elsewhere, reports=tour.reports)))
    board.feed.settled()
    address = f"/calendar?q=otieno&month={day:%Y-%m}"
    board.open(address)
    clashes = page.get_by_role("region", name="Clashes")
    expect(clashes).to_contain_text("Nobody is due in two places at once.")
    board.feed(*carried(visit("japan", **elsewhere, revision=2)))
    board.feed.settled()
    board.open(address)
    expect(clashes).to_contain_text("Amina Otieno")
    expect(clashes.get_by_role("listitem")).to_have_count(2)
    assert board.serious() == []
    clashes.get_by_role("link").first.click()
    expect(page.locator(".notice.bad")).to_contain_text("is due in two places at once")
