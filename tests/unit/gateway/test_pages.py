"""The pages and the API over a filled board."""

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from jinja2.nodes import Call, FromImport, Name
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway.auth.who import Role
from visitwire_gateway.capitals import places
from visitwire_gateway.clashes import clashes
from visitwire_gateway.dependencies import environment
from visitwire_gateway.diary import Diary
from visitwire_gateway.equal_earth import HEIGHT, WIDTH, head, top
from visitwire_gateway.highlight import paragraphs
from visitwire_gateway.model.slim_visit import Slim
from visitwire_gateway.model.standing import Standing, Step
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.month import Stay, stays
from visitwire_gateway.pages.map import LETTER, LINE, NEAREST, Frame, _labels, framed
from visitwire_gateway.pages.system import pause
from visitwire_gateway.pages.visit import ahead, course
from visitwire_gateway.wording import dates_words
from visitwire_schemas import Destination, Party, Precision, VisitDates, VisitStatus

from tests.unit.gateway import samples
from tests.unit.gateway.samples import alert, dates, fill, rows, visit

PAGES = [
    "/",
    "/?to=IN&status=planned&q=",
    "/calendar",
    "/calendar?view=agenda&month=2026-03&sources=",
    "/map?past=true",
]
PAGES += ["/quotes?q=door", "/stories", "/system", "/access", "/about", "/visits/m0", "/stories/nordwire%7Curn:nw:m0"]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_with_a_policy_that_allows_nothing_foreign(
    engine: Engine, here: TestClient, path: str
) -> None:
    fill(engine)
    answer = here.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
    assert "style=" not in answer.text
    assert "<script>" not in answer.text


def test_the_filter_in_the_address_narrows_the_board(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit("a"), visit("b", destination=Destination(country="KE"))))
    assert 'id="visit-a"' in here.get("/").text
    narrowed = here.get("/?to=KE", headers={"hx-request": "true"}).text
    assert ('id="visit-a"' in narrowed, 'id="visit-b"' in narrowed, "<html" in narrowed) == (False, True, False)


def test_a_visits_page_tells_its_course_and_what_changed(engine: Engine, here: TestClient) -> None:
    before = visit()
    after = visit(status=VisitStatus.PLANNED, dates=dates("2026-04-14"), revision=2)
    write(engine, rows(after, alert(before), alert(after, before=before)))
    page = here.get("/visits/v1").text
    for words in ("The minister has accepted the invitation.", "<del>Accepted</del>", "<ins>14 Apr 2026</ins>"):
        assert words in page
    assert here.get("/api/v1/visits/v1").json() == after.model_dump(mode="json")
    assert len(here.get("/api/v1/visits/v1/changes").json()) == 2
    assert here.get("/visits/none").status_code == 404


@pytest.mark.parametrize(("left_out", "count"), [(0, "1 report by"), (1, "2 reports by"), (1234, "1,235 reports by")])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_visits_page_counts_the_reports_that_it_does_not_list(
    engine: Engine, here: TestClient, left_out: int, count: str
) -> None:
    write(engine, rows(visit("v1", reports_left_out=left_out)))
    text = here.get("/visits/v1").text
    told = re.findall(r"and ([\d,]+) earlier reports? that changed nothing", text)
    assert count in text
    assert told == ([f"{left_out:,}"] if left_out else [])


def test_a_visits_page_tells_of_clashes_of_others_there_and_of_its_days(engine: Engine, here: TestClient) -> None:
    neri = Party(name="Carla Neri", country="IT")
    away = visit("away", visitor=neri, host=None, dates=dates("2026-04-15"), destination=Destination(country="NO"))
    other = visit("other", visitor=Party(name="Siri Dahl", country="NO"), host=None, dates=dates("2026-04-16"))
    undated = visit("undated", destination=Destination(country="KE"), host=None)
    write(engine, rows(visit(dates=dates("2026-04-14", "2026-04-16")), away, other, undated))
    page = here.get("/visits/v1").text
    assert "Carla Neri is due in two places at once: also in" in page
    assert re.findall(r"<h2 id=.(?:there|same).>(.*?)</h2><ul>.*?/visits/(\w+)", page) == [
        ("Also in Italy on these days", "other"),
        ("Other visits of Anil Kapadia", "undated"),
    ]
    assert "<strong>The visit itself</strong>, in 18 days" in page
    assert "is due in two places" not in here.get("/visits/other").text


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (dates("2026-04-14"), "in 18 days"),
        (dates("2026-03-28", "2026-03-29"), "tomorrow"),
        (dates("2026-03-26", "2026-03-29"), "now"),
        (dates("2026-03-27"), "today"),
        (dates("2026-03-26"), "passed, and no wire told of its end"),
        (dates("2026-03-23"), "over, not reported"),
        (dates("2026-04", precision=Precision.MONTH), "in 5 days at the earliest"),
        (dates("2026", precision=Precision.YEAR), "may be at any time now"),
    ],
)
def test_says_how_far_off_a_visit_is_as_precisely_as_is_known(when: VisitDates, words: str) -> None:
    assert ahead(stays([visit(dates=when)])[0], samples.NOW.date()) == words


def test_only_wires_whose_text_is_the_same_are_said_to_share_it() -> None:
    report = visit().reports[0].model_copy(update={"same_as": "a"})
    others = [("mercury", "a"), ("pacnews", "b"), ("nordwire", "a"), ("lupa", None)]
    reports = (report, *(report.model_copy(update={"provider": who, "same_as": group}) for who, group in others))
    told = course(visit(reports=reports))
    assert [moment.copies for moment in told] == [("mercury",), ("nordwire",), (), ("mercury",), ()]


def test_a_story_is_cut_where_something_begins_or_ends() -> None:
    story = samples.story()
    told = [[(segment.text, segment.refs) for segment in line] for line in paragraphs(story)]
    assert told == [
        [
            ("ROME", ("e2",)),
            (", March 27 - ", ()),
            ("Carla Neri", ("e1",)),
            (" ", ()),
            ("said", ("q0",)),
            (" ", ()),
            ("she", ("q0", "v0", "e1")),
            (" would welcome him", ("q0", "v0")),
            (".", ()),
        ],
        [('"', ()), ("The door is open,", ("q1",)), ('" ', ()), ("the prime minister", ("e1",)), (" said.", ())],
    ]


def of_april(known: Sequence[Stay]) -> Diary:
    diary = Diary(date(2026, 3, 30), date(2026, 5, 3))
    rows = [Slim(str(stay.first), stay.visit.id, str(stay.last), *[""] * 9) for stay in known]
    diary.show(Standing(("life", 1), rows, {}, {}, timedelta(0), Step(), {}), lambda rows: known)
    return diary


def test_two_places_at_once_is_a_clash_and_two_guests_make_a_capital_busy() -> None:
    rome = visit("rome", status=VisitStatus.PLANNED, dates=dates("2026-04-14", "2026-04-16"))
    oslo = visit("oslo", dates=dates("2026-04-15"), destination=Destination(country="NO"))
    hop = visit("hop", dates=dates("2026-04-16", "2026-04-18"), destination=Destination(country="BR"))
    other = visit("other", dates=dates("2026-04-16"), visitor=rome.visitor.model_copy(update={"name": "Siri Dahl"}))
    known = stays([rome, oslo, hop, other])
    assert [(clash.one.visit.id, clash.other.visit.id) for clash in clashes(known)] == [("rome", "oslo")]
    diary = of_april(known)
    assert [(one.country, one.day, len(one.stays)) for one in diary.busy(date(2026, 4, 1), date(2026, 4, 30), 9)] == [
        ("IT", date(2026, 4, 16), 2)
    ]
    third = diary.weeks()[2]
    assert [(bar.stay.visit.id, bar.column, bar.width, bar.line) for bar in third.bars] == [
        ("rome", 2, 3, 1),
        ("oslo", 3, 1, 2),
        ("hop", 4, 3, 2),
        ("other", 4, 1, 3),
    ]


def test_a_host_who_is_away_when_the_guest_comes_is_a_clash() -> None:
    here = visit("here", dates=dates("2026-04-14", "2026-04-16"))
    away = visit("away", visitor=here.host, host=None, dates=dates("2026-04-15"), destination=Destination(country="NO"))
    abroad = visit("abroad", dates=dates("2026-04-15"), destination=Destination(country="BR"), visitor=Party(name="X"))
    assert [(one.words, one.one.visit.id, one.other.visit.id) for one in clashes(stays([here, away, abroad]))] == [
        ("Carla Neri is due in two places at once", "here", "away")
    ]


def test_a_days_guests_are_counted_where_there_are_several() -> None:
    known = stays([visit("a", dates=dates("2026-04-14", "2026-04-16")), visit("b", dates=dates("2026-04-16"))])
    off = stays([visit("c", dates=dates("2026-04-15"), status=VisitStatus.CANCELLED)])
    diary = of_april([*known, *off])
    days = [date(2026, 4, day) for day in range(1, 31)]
    assert {day: diary.guests(day) for day in days if diary.guests(day)} == {date(2026, 4, 16): [("IT", 2)]}


def test_the_map_shows_the_part_of_the_world_where_something_happens() -> None:
    rome, paris, tokyo, lima = (places()[code].at for code in ("IT", "FR", "JP", "PE"))
    near, far = framed(frozenset({("IT", "FR")})), framed(frozenset({("IT", "JP"), ("PE", "IT")}))
    assert near.width == NEAREST
    assert far.width == pytest.approx(WIDTH, rel=0.3)
    assert framed(frozenset()) == Frame()
    for shown, points in ((near, (rome, paris)), (far, (rome, tokyo, lima))):
        assert shown.height / shown.width == pytest.approx(HEIGHT / WIDTH, rel=0.01)
        for x, y in points:
            assert shown.left < x < shown.left + shown.width
            assert shown.top < y < shown.top + shown.height


def test_an_arrow_points_to_where_the_visitor_goes_and_ways_there_and_back_part() -> None:
    rome, tokyo = places()["IT"].at, places()["JP"].at
    tip = [float(number) for number in head(rome, tokyo).split("L")[1].split()]
    assert 4.5 < math.dist(tip, tokyo) < 5.5
    assert math.dist(top(rome, tokyo), top(tokyo, rome)) > 50


def test_the_calendar_shows_clashes_and_busy_capitals(engine: Engine, here: TestClient) -> None:
    rome = visit("rome", status=VisitStatus.PLANNED, dates=dates("2026-04-14", "2026-04-16"))
    oslo = visit("oslo", dates=dates("2026-04-15"), destination=Destination(country="NO"))
    other = visit("other", dates=dates("2026-04-16"), visitor=rome.visitor.model_copy(update={"name": "Siri Dahl"}))
    write(engine, rows(rome, oslo, other))
    page = here.get("/calendar?month=2026-04").text
    assert page.count(">!</strong></a>") == 2
    assert page.count('<strong class="clash">Anil Kapadia is due in two places at once</strong>') == 2
    assert page.count("Norway, <a") == 1
    assert '<strong>Rome</strong> <span class="soft">2 visitors on 16 Apr</span>' in page
    assert page.count('title="Italy has 2 visitors"') == 1
    assert "Nobody is due in two places at once." in here.get("/calendar?month=2026-04&to=NO").text


def test_names_on_the_map_do_not_lie_on_one_another() -> None:

    known = list(places().values())
    found = _labels(tuple(known))
    boxes = [(*found[one.code], LETTER * len(one.capital)) for one in known if one.code in found]
    assert len(boxes) > 80
    for number, (left, base, wide) in enumerate(boxes):
        for start, other, length in boxes[number + 1 :]:
            assert abs(base - other) >= LINE - 0.2 or left + wide <= start + 0.2 or start + length <= left + 0.2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (dates("2026-03-26", "2026-03-28"), "26–28 Mar 2026"),
        (dates("2026-03-30", "2026-04-02"), "30 Mar – 2 Apr 2026"),
        (dates("2026-03", precision=Precision.MONTH), "March 2026"),
        (dates("2026-04", precision=Precision.QUARTER), "2nd quarter of 2026"),
        (dates("2026", precision=Precision.YEAR), "2026"),
        (VisitDates(text="soon"), ""),
    ],
)
def test_says_dates_as_precisely_as_they_are_known(given: VisitDates, words: str) -> None:
    assert dates_words(given) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(40, "40 s"), (721, "12 min"), (3 * 3600, "3 h"), (50 * 3600, "2 days")]
)
def test_says_how_long_a_wire_usually_pauses(seconds: int, words: str) -> None:
    assert pause(timedelta(seconds=seconds)) == words


def test_the_system_page_names_what_waits_only_where_something_can(engine: Engine, here: TestClient) -> None:
    write(engine, rows(samples.letter(), samples.story()))
    page = here.get("/system").text
    assert "Waiting" not in page
    assert '<a class="bad" href="#letters">1</a>' in page
    assert "too few stories to tell" in page


def test_the_system_page_counts_the_stories_that_nobody_can_read(engine: Engine, here: TestClient) -> None:
    quoting = samples.story("quoting")
    telling = quoting.story.model_copy(update={"headline": 'A text that has ,"unread":"fr" in it'})
    foreign = [samples.story(f"foreign{n}").model_copy(update={"unread": "fr", "visits": ()}) for n in range(2)]
    write(engine, rows(quoting.model_copy(update={"story": telling}), *foreign))
    assert here.get("/api/v1/system").json()["unread"] == 2
    assert "Of the last 500 stories 2 are in a language that is not read." in here.get("/system").text


def test_an_empty_page_says_what_would_be_there_and_leads_out_of_a_filter(here: TestClient) -> None:
    html = {"accept": "text/html"}
    assert "No quotes yet" in here.get("/quotes").text
    assert '<a href="/quotes">Show all quotes</a>' in here.get("/quotes?speaker=nobody").text
    assert "No stories yet." in here.get("/stories").text
    assert '<a href="/stories">Show all stories</a>' in here.get("/stories?with_visits=true").text
    assert "Nobody is on the way" in here.get("/map").text
    assert '<a href="/map">Show all</a>' in here.get("/map?to=IN").text
    assert "There is no page at this address." in here.get("/nowhere", headers=html).text


def test_errors_are_problem_details(here: TestClient) -> None:
    for path, status in (
        ("/api/v1/visits/x", 404),
        ("/api/v1/visits?cursor=%00", 422),
        ("/api/v1/quotes?limit=0", 422),
    ):
        answer = here.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status


def test_the_api_keeps_its_own_openapi_document(app: FastAPI, engine: Engine) -> None:
    """Schemathesis makes requests from the document: no 5xx, and every answer as it says."""
    fill(engine, 12)
    key = app.state.gateway.access.people.add_key("default", "schemathesis", Role.ADMIN)[1]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers={"authorization": f"Bearer {key}"})
    assert schema.raw_schema["openapi"].startswith("3.1")
    checks = [not_a_server_error, response_schema_conformance, status_code_conformance]
    tried = 0
    for found in schema.exclude(path="/events").get_all_operations():
        operation = found.ok()

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def conforms(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=checks, headers={"authorization": f"Bearer {key}"})

        conforms()
        tried += 1
    assert tried > 20


def test_a_visits_page_hears_of_what_happens_from_where_it_was_read(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit()))
    place = re.search(r'data-place="([^"]*)"', here.get("/visits/v1").text)
    assert place is not None
    assert re.fullmatch(r"[0-9a-f]+-\d+", place[1])


def test_no_template_says_a_macro_where_it_means_a_value() -> None:
    made = environment()
    for name in made.list_templates():
        tree = made.parse(made.loader.get_source(made, name)[0]) if made.loader else None
        assert tree is not None
        imported = {one if isinstance(one, str) else one[1] for node in tree.find_all(FromImport) for one in node.names}
        called = [node.node for node in tree.find_all(Call)]
        said = [node.name for node in tree.find_all(Name) if node.ctx == "load" and node not in called]
        assert [one for one in said if one in imported] == [], name


def test_an_empty_board_says_how_to_feed_it(here: TestClient, app: FastAPI) -> None:
    page = here.get("/").text
    assert f"<code>{app.state.gateway.settings.watched.absolute()}</code>" in page
    assert "No visits yet" in page
