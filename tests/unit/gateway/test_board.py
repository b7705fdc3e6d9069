"""The board drawn piece by piece: what is kept from look to look never shows what was."""

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_gateway import cards
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.who import Role
from visitwire_gateway.cards import Cards
from visitwire_gateway.dependencies import Gateway, environment
from visitwire_gateway.model.board_lanes import MANY, changed_visits, lanes
from visitwire_gateway.model.database import forget
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.projection import VisitRow
from visitwire_gateway.model.queries import bodies, occurring, providers
from visitwire_gateway.model.state import Cache, State, state
from visitwire_gateway.model.store_writer import write
from visitwire_gateway.pages import board
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination, Party, VisitStatus

from tests.unit.gateway.conftest import Asked
from tests.unit.gateway.samples import NOW, fill, rows, story, visit

PLAIN = {"accept-encoding": "identity"}
LANES = {"hx-request": "true"}
SORTS: tuple[board.Sort, ...] = ("change", "date")


def gone(key: str) -> VisitRow:
    return VisitRow(key, None)


def shown(text: str) -> set[tuple[str, str]]:
    """(visit, revision) of every card."""
    return set(re.findall(r'data-id="([^"]*)" data-revision="([^"]*)"', text))


def counted(text: str) -> dict[str, int]:
    return {name: int(count) for name, count in re.findall(r'id="lane-(\w+)">.*?class="count">(\d+)<', text)}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([None, *VisitStatus]),
        st.sampled_from(["IN", "KE"]),
        st.integers(1, 3),
    ),
    max_size=12,
)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@effort(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_board_that_was_kept_is_the_one_that_would_be_drawn_anew(
    engine: Engine,
    app: FastAPI,
    here: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    steps: list[tuple[str, VisitStatus | None, str, int]],
) -> None:
    forget(engine)
    gateway: Gateway = app.state.gateway
    monkeypatch.setattr(board, "LANE", 1)  # so that others wait behind "more" and come up
    for key, status, country, revision in steps:
        to, at = Destination(country=country), NOW + timedelta(hours=revision)
        now = visit(key, revision=revision, status=status, destination=to, updated=at) if status else None
        write(engine, rows(now) if now else [gone(key)])
        anew = replace(gateway, cards=Cards(gateway.pages, engine), memory=Cache(engine))
        for wanted in (VisitFilter(), VisitFilter(to=["KE"])):
            for sort in SORTS:
                seen = here.get("/", params=wanted.query() | {"sort": sort}, headers=LANES)
                assert seen.content == board.drawn(anew, wanted, sort, None, state(engine)).html


def test_a_change_through_another_gateway_shows_at_the_next_look(
    app: FastAPI, engine: Engine, here: TestClient, settings: Settings
) -> None:
    write(engine, rows(visit("a"), visit("b")))
    other = TestClient(create_app(settings, engine), base_url="http://localhost", client=("127.0.0.1", 5))
    assert shown(here.get("/").text) == shown(other.get("/").text) == {("a", "1"), ("b", "1")}
    write(engine, rows(visit("a", revision=2, status=VisitStatus.CANCELLED)))
    for client in (here, other):
        page = client.get("/").text
        assert shown(page) == {("a", "2"), ("b", "1")}
        assert (counted(page)["undated"], counted(page)["cancelled"]) == (1, 1)


def test_a_new_life_of_the_read_model_with_as_many_events_is_another_board(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit("a")))
    assert shown(here.get("/").text) == {("a", "1")}
    forget(engine)
    write(engine, rows(visit("b")))
    assert shown(here.get("/").text) == {("b", "1")}


def test_the_page_and_its_lanes_have_tags_that_change_with_them(engine: Engine, here: TestClient) -> None:
    fill(engine)
    for headers in (PLAIN, PLAIN | LANES):
        first = here.get("/", headers=headers)
        known = {"if-none-match": first.headers["etag"]} | headers
        assert here.get("/", headers=known).status_code == 304
        assert here.get("/?q=%3C!-- lanes --%3E", headers=known).status_code == 200
        write(engine, rows(visit("fresh", revision=1 + len(headers))))
        again = here.get("/", headers=known)
        assert again.status_code == 200
        assert len(again.content) == int(again.headers["content-length"]) > 10_000
        assert "fresh" in {key for key, _ in shown(again.text)}


def test_words_that_look_like_the_place_of_the_lanes_stay_words(engine: Engine, here: TestClient) -> None:
    write(engine, rows(visit("a", visitor=Party(name="<!-- lanes -->", country="IN"))))
    page = here.get("/?q=<!-- lanes -->").text
    assert page.count('class="lanes"') == 1
    assert page.count("<!-- lanes -->") == 0
    assert page.count("&lt;!-- lanes --&gt;") == 2


def test_each_reader_gets_the_common_lanes_in_a_page_of_their_own(app: FastAPI, engine: Engine) -> None:
    fill(engine)
    pages, tags, secrets = {}, set(), []
    for tenant, name in (("north", "ada"), ("south", "ben")):
        app.state.gateway.access.people.add_user(tenant, name, "correct horse battery", Role.READER)
        client = TestClient(app, base_url="http://board.example", client=("203.0.113.7", 5))
        client.post("/login", data={"name": name, "password": "correct horse battery"})
        pages[name] = client.get("/")
        tags.add(pages[name].headers["etag"])
        secrets += re.findall(r'"x-csrf": "([^"]+)"', pages[name].text)
    assert shown(pages["ada"].text) == shown(pages["ben"].text) != set()
    assert ("Log out ada" in pages["ada"].text, "ada" in pages["ben"].text) == (True, False)
    assert len(tags) == len(set(secrets)) == 2


def test_a_card_is_drawn_once_for_each_state_and_one_of_a_visit_gone_meanwhile_is_left_out(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def noted(engine: Engine, keys: list[str]) -> object:
        asked.append(keys)
        return bodies(engine, keys)

    monkeypatch.setattr(cards, "bodies", noted)
    kept = Cards(environment(), engine)
    write(engine, rows(visit("a"), visit("b")))
    seen = lanes(engine, VisitFilter(), 5)[0].visits
    text, exact = kept.all(seen)
    assert (shown(text), exact, kept.all(seen)) == ({("a", "1"), ("b", "1")}, True, (text, True))
    write(engine, [*rows(visit("a", revision=2)), gone("b")])
    text, exact = kept.all([row._replace(digest="as it was never drawn") for row in seen])
    assert (shown(text), exact) == ({("a", "2")}, False)
    assert [sorted(keys) for keys in asked] == [["a", "b"], ["a", "b"]]


def test_of_all_who_wait_for_the_same_one_makes_it(engine: Engine) -> None:
    memory = Cache(engine)
    begun, go = threading.Event(), threading.Event()
    made: list[object] = []

    def make(before: int | None, now: State) -> int:
        made.append(before)
        begun.set()
        assert go.wait(5)
        return len(made)

    got: list[int] = []
    waiting = [threading.Thread(target=lambda: got.append(memory.get("board", make))) for _ in range(4)]
    for thread in waiting:
        thread.start()
    assert begun.wait(5)
    assert memory.get("another", lambda before, now: 7) == 7
    go.set()
    for thread in waiting:
        thread.join(5)
    assert (got, made) == ([1, 1, 1, 1], [None])
    write(engine, rows(visit("a")))
    assert (memory.get("board", make), made) == (2, [None, 1])


def test_the_forms_offer_every_country_and_wire_that_occurs_and_no_other(engine: Engine) -> None:
    assert occurring(engine) == ([], [])
    host = Party(name="Carla Neri", country="BR")
    write(engine, rows(visit("a", host=host), visit("b", host=None, visitor=Party(name="Siri Dahl", country=None))))
    write(engine, rows(story("urn:1"), story("urn:2", provider="lupa"), story("urn:3")))
    assert occurring(engine) == (["BR", "IN", "IT"], ["lupa", "nordwire"])
    assert providers(engine) == ["lupa", "nordwire"]
    write(engine, [gone("a")])
    assert occurring(engine)[0] == ["IT"]


def test_only_what_changed_is_asked_for_and_after_much_everything(engine: Engine) -> None:
    write(engine, rows(visit("a"), visit("b")))
    number = state(engine)[1]
    assert changed_visits(engine, number) == {}
    write(engine, [*rows(story("urn:1"), visit("a", revision=2), visit("a", revision=3)), gone("b")])
    assert changed_visits(engine, number) == {"a": "undated", "b": None}
    write(engine, rows(*(visit("a", revision=4 + more) for more in range(MANY))))
    assert changed_visits(engine, number) is None


def test_a_board_asks_the_database_little_and_over_one_connection(
    engine: Engine, here: TestClient, asking: Callable[[], Asked]
) -> None:
    """On PostgreSQL each question is a way there and back, and a connection from the pool is some more."""
    fill(engine)
    for address in ("/", "/?to=IN"):
        here.get(address)
        moved = visit(
            "m0", revision=2 + len(address), status=VisitStatus.CONCLUDED, destination=Destination(country="IN")
        )
        write(engine, rows(moved))
        asked = asking()
        here.get(address)
        assert (asked.connections, asked.statements) == (1, 5), "state, choices, changes, lanes, a body"
        again = asking()
        here.get(address)
        assert (again.connections, again.statements) == (1, 1)


def test_a_visit_that_goes_from_behind_more_is_no_longer_counted(engine: Engine) -> None:
    write(engine, rows(*(visit(f"v{at}", updated=NOW + timedelta(hours=at)) for at in range(3))))
    was = lanes(engine, VisitFilter(), 1)
    write(engine, [gone("v0")])
    now = lanes(engine, VisitFilter(), 1, (was, {"v0": None}))
    assert [(lane.count, [one.id for one in lane.visits]) for lane in now if lane.count] == [(2, ["v2"])]
