"""A real browser walks every page: live, without errors, without a foreign request, fit for a screen reader."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from visitwire_schemas import ChangeKind, Destination, VisitStatus

from tests.browser.conftest import Board
from tests.helpers.machine import live
from tests.unit.gateway.samples import alert, carried, dates, visit


def test_a_new_visit_appears_on_the_open_board_and_is_marked(board: Board) -> None:
    board.open("/")
    board.page.wait_for_selector("#live[data-state=on]")
    board.feed(*carried(visit("fresh", dates=dates("2026-04-14"), destination=Destination(country="KE"))))
    board.page.wait_for_selector(".s-accepted #visit-fresh.fresh", timeout=live())
    assert board.page.title() == "(1) Board – Visitwire"
    board.feed(
        *carried(visit("fresh", revision=2, status=VisitStatus.CANCELLED, destination=Destination(country="KE")))
    )
    board.page.wait_for_selector(".s-cancelled #visit-fresh.fresh", timeout=live())
    board.page.hover("#visit-fresh")
    assert board.page.locator(".card.fresh").count() == 0


def test_the_board_comes_back_to_life_after_an_answer_that_is_no_stream(board: Board) -> None:
    """As a proxy gives it while the gateway starts anew; a browser alone would give up for good."""
    board.page.clock.install()
    board.page.route("**/events?*", lambda route: route.fulfill(status=503, body="away"), times=1)
    board.open("/")
    board.page.wait_for_selector("#live[data-state=off]")
    board.feed(*carried(visit("missed", destination=Destination(country="KE"))))
    board.page.clock.run_for(10_000)
    board.page.wait_for_selector("#live[data-state=on]")
    board.page.clock.run_for(1_000)
    board.page.wait_for_selector("#visit-missed")
    expected = ("/events?", "status of 503")
    board.wrong[:] = [said for said in board.wrong if not any(one in said for one in expected)]


def narrow_to_kenya(board: Board) -> None:
    board.open("/")
    board.page.click("#filters > summary")
    board.page.select_option("select[name=to]", "KE")
    board.page.wait_for_url(f"{board.address}/?to=KE")


def test_the_filter_stands_in_the_address_and_works_from_there(board: Board) -> None:
    narrow_to_kenya(board)
    board.page.wait_for_function("document.querySelectorAll('.card').length < 20")
    narrowed = board.page.locator(".card").count()
    board.page.reload()
    assert board.page.locator(".card").count() == narrowed > 0
    assert board.page.input_value("select[name=to]") == "KE"


def test_calendar_and_map_keep_their_month_and_their_page_when_filtered(board: Board) -> None:
    for path, kept in (
        ("/calendar?month=2026-03&view=agenda", "month=2026-03&view=agenda"),
        ("/map?past=true", "past=true"),
    ):
        board.open(path)
        board.page.click(".fold > summary")
        board.page.select_option("select[name=to]", "KE")
        board.page.wait_for_url(f"{board.address}{path.partition('?')[0]}?{kept}&to=KE")
        expect(board.page.locator("#main")).not_to_contain_text("Brazil → ")
        assert board.page.input_value("select[name=to]") == "KE"
        board.page.click("#theme")
        assert board.page.evaluate("document.documentElement.dataset.theme") in ("dark", "light")
        board.page.go_back()
        expect(board.page.locator("select[name=to]")).to_have_value("")


def test_a_filter_goes_on_to_a_subscription(board: Board) -> None:
    narrow_to_kenya(board)
    board.page.click("text=Create alert")
    board.page.wait_for_url(f"{board.address}/new-subscription?destination=Kenya")
    expect(board.page.locator("#tried .sum")).to_have_text("6 of 60 changes in the last 30 days")


def test_the_calendar_and_the_map_lead_to_visits(board: Board) -> None:
    board.open("/calendar?month=2026-03")
    board.page.locator("a.bar").first.click()
    board.page.wait_for_url(f"{board.address}/visits/*")
    board.open("/map")
    board.page.locator("svg a.way").first.focus()
    board.page.keyboard.press("Enter")
    board.page.wait_for_url(f"{board.address}/?from=*")


def test_an_arrow_of_the_map_and_its_entry_in_the_list_light_up_together(board: Board) -> None:
    page = board.page
    board.open("/map")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    way = page.evaluate("document.activeElement.closest('[data-way]').dataset.way")
    expect(page.locator(f"svg a.way[data-way={way}]")).to_have_class(re.compile("lit"))
    expect(page.locator("svg a.way.lit")).to_have_count(1)
    page.set_viewport_size({"width": 360, "height": 780})
    page.reload()
    assert page.locator(".chart").evaluate("one => one.scrollLeft") > 0


def test_a_bar_of_the_month_says_all_to_a_screen_reader(board: Board) -> None:
    board.open("/calendar?month=2026-04")
    bar = board.page.get_by_role("link", name=re.compile("^Chile to Poland Siri Dahl ?, accepted, 30 Mar – 1 Apr 2026"))
    expect(bar.first).to_be_visible()
    expect(board.page.get_by_role("heading", name="Week from 30 March")).to_have_count(1)
    board.page.set_viewport_size({"width": 360, "height": 780})
    expect(bar.first).to_be_visible()  # on a phone too a month is a month


def test_a_storys_names_quotes_and_visits_lead_to_one_another(board: Board) -> None:
    page = board.page
    board.open("/stories/nordwire%7Curn:nw:m0")
    page.locator(".text a.mark", has_text="Carla Neri").hover()
    expect(page.locator("#e1")).to_have_class("thing lit")
    page.locator(".text a.mark", has_text="Carla Neri").click()
    expect(page).to_have_url(f"{board.address}/stories/nordwire%7Curn:nw:m0#e1")
    page.locator("#e1 a.ref", has_text="says 1").click()
    expect(page).to_have_url(f"{board.address}/stories/nordwire%7Curn:nw:m0#q0")
    page.locator("#v0 a", has_text="said in quote 1").click()
    page.locator("#q0 strong", has_text="Carla Neri").click()
    expect(page).to_have_url(f"{board.address}/stories/nordwire%7Curn:nw:m0#e1")
    page.locator("#q0 a", has_text="on visit 1").click()
    expect(page).to_have_url(f"{board.address}/stories/nordwire%7Curn:nw:m0#v0")
    page.locator("#v0 a", has_text="its course").click()
    page.wait_for_url(f"{board.address}/visits/m0")
    page.locator(".line a", has_text="Minister accepts invitation").first.click()
    page.wait_for_url(f"{board.address}/stories/nordwire%7Curn%3Anw%3Am0")


def test_how_many_visits_a_filter_leaves_is_said(board: Board) -> None:
    narrow_to_kenya(board)
    expect(board.page.locator("#said")).to_have_text("6 visits fit")


def test_a_time_is_an_age_while_that_tells_something_and_a_day_afterwards(board: Board) -> None:
    now = datetime.now(UTC)
    board.feed(*carried(visit("old", updated=now - timedelta(days=60))))
    board.feed(*carried(visit("fresh", updated=now - timedelta(hours=3))))
    board.feed.settled()
    board.open("/")
    old, fresh = (board.page.locator(f"#visit-{id} time") for id in ("old", "fresh"))
    expect(old).to_have_text(re.compile(r"^\d+ \w{3} \d{4}$"))
    expect(fresh).to_have_text("3 hr. ago")
    board.open("/visits/fresh")
    expect(board.page.locator(".line time")).to_have_text(re.compile(r"^\d+ \w{3} \d{4}, \d\d:\d\d UTC, 3 hr. ago$"))


def test_an_open_visit_follows_its_changes(board: Board) -> None:
    board.feed(*carried(visit("fresh")))
    board.feed.settled()
    board.open("/visits/fresh")
    expect(board.page.locator("#visit .hero .status")).to_have_text("Accepted")
    before = visit("fresh")
    after = visit("fresh", revision=2, status=VisitStatus.PLANNED, dates=dates("2026-04-14"))
    board.feed(*carried(after))
    board.feed(*carried(alert(after, ChangeKind.DATES_SET, before)))
    expect(board.page.locator("#visit .hero .status")).to_have_text("Planned", timeout=live())
    expect(board.page.locator(".diff ins").first).to_have_text("Planned", timeout=live())
    expect(board.page.get_by_role("status")).to_have_text("This visit has changed: Planned")


def test_an_open_visit_that_changes_leaves_the_reader_where_they_were(board: Board) -> None:
    board.feed(*carried(visit("fresh")))
    board.feed.settled()
    board.open("/visits/fresh")
    board.page.get_by_role("link", name="Minister accepts invitation").focus()
    board.feed(*carried(visit("fresh", revision=2, status=VisitStatus.PLANNED)))
    expect(board.page.locator(".hero .status")).to_have_text("Planned", timeout=live())
    expect(board.page.get_by_role("link", name="Minister accepts invitation")).to_be_focused()
    board.page.get_by_label("For how long").focus()
    board.feed(*carried(visit("fresh", revision=3, status=VisitStatus.UNDER_WAY)))
    board.feed.settled()
    board.page.get_by_label("For how long").select_option("for a week")
    expect(board.page.get_by_label("For how long")).to_be_focused()
    board.page.get_by_role("link", name="Minister accepts invitation").focus()
    expect(board.page.locator(".hero .status")).to_have_text("Under way", timeout=3 * live())


def test_a_dead_letter_is_sent_again_from_its_page(board: Board) -> None:
    board.open("/system")
    board.page.click("text=The file is empty.")
    board.page.click("text=Send again")
    board.page.wait_for_selector("text=sent again")
    assert [(topic, record.value) for topic, record in board.sent] == [("wire-items-v1", b"nothing")]


PAGES = (
    "/",
    "/?to=KE&status=planned",
    "/?sort=date",
    "/?destination=KE",
    "/list",
    "/list?sort=change&background=true",
    "/?q=nobody",
    "/map?q=nobody",
    "/calendar?month=2026-03",
    "/calendar?view=agenda&month=2026-03",
    "/map",
    "/visits/m0",
    "/quotes",
)
PAGES += (
    "/subscriptions",
    "/subscriptions/to-italy-and-asia",
    "/new-subscription?to=IT",
    "/deliveries",
    "/deliveries/2",
)
PAGES += (
    "/changes",
    "/changes?after=2026-03-01&show=unread",
    "/mine",
    "/stories",
    "/stories/nordwire%7Curn:nw:m0",
    "/system",
    "/system/dead-letters/d1",
    "/access",
    "/about",
    "/nowhere",
)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_runs_over_the_edge(board: Board, theme: str) -> None:
    board.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    found = {}
    for path in PAGES:
        board.open(path)
        if serious := board.serious():
            found[path] = serious
        board.page.set_viewport_size({"width": 360, "height": 780})
        assert board.page.evaluate("document.documentElement.scrollWidth") <= 360, path
        board.page.set_viewport_size({"width": 1440, "height": 900})
    board.wrong[:] = [one for one in board.wrong if "404" not in one and "422" not in one]  # asked for wrongly
    assert found == {}
