"""Marks on visits: each user's own, what the whole desk sees, and nothing of another desk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.marks.seen import VisitMarks
from visitwire_gateway.marks.sql_tables import MARKS, READERS
from visitwire_gateway.marks.store import Marks
from visitwire_gateway.model.database import forget
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import ChangeKind, VisitStatus

from tests.unit.gateway.samples import NOW, alert, dates, rows, visit
from tests.unit.gateway.test_access_people import OLD, Reader

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def people(app: FastAPI) -> People:
    made: People = app.state.gateway.access.people
    made.add_user("default", "anna", OLD, Role.EDITOR)
    made.add_user("default", "bert", OLD, Role.READER)
    made.add_user("elsewhere", "vera", OLD, Role.ADMIN)
    return made


@pytest.fixture
def known(engine: Engine) -> None:
    write(engine, rows(visit("v1"), alert(visit("v1")), visit("v2"), alert(visit("v2"))))


def marks_of(reader: Reader, id: str = "v1") -> Any:
    return reader.ask("GET", f"/visits/{id}/marks")[1]


def set_marks(reader: Reader, id: str = "v1", **fields: object) -> int:
    answer = reader.client.patch(f"/api/v1/visits/{id}/marks", json=fields, headers={"x-csrf": reader.csrf})
    return answer.status_code


@pytest.mark.usefixtures("known", "people")
def test_stars_follows_and_what_was_read_are_ones_own_and_the_rest_is_the_desks(app: FastAPI) -> None:
    anna, bert, vera = Reader(app, "anna"), Reader(app, "bert"), Reader(app, "vera")
    given = {"starred": True, "followed": True, "read": 1, "acknowledged": 1, "note": "By phone.", "assigned": "bert"}
    assert set_marks(anna, **given) == 200
    mine, colleague, other = marks_of(anna), marks_of(bert), marks_of(vera)
    assert [mine[name] for name in ("starred", "followed", "read", "note")] == [True, True, 1, "By phone."]
    assert [colleague[name] for name in ("starred", "followed", "read", "note")] == [False, False, 0, ""]
    for seen in (mine, colleague):
        assert (seen["assigned"], seen["assigned_by"]) == ("bert", "anna")
        assert [(one["who"], one["revision"]) for one in seen["acknowledged"]] == [("anna", 1)]
        assert [(one["who"], one["note"]) for one in seen["notes"]] == [("anna", "By phone.")]
    assert (other["assigned"], other["acknowledged"], other["notes"]) == (None, [], [])


@pytest.mark.usefixtures("known", "people")
def test_a_visit_is_one_persons_and_only_an_editor_gives_it_to_others(app: FastAPI) -> None:
    anna, bert = Reader(app, "anna"), Reader(app, "bert")
    assert set_marks(bert, assigned="anna") == 403
    assert set_marks(bert, assigned="bert") == 200
    assert marks_of(anna)["assigned"] == "bert"
    assert set_marks(anna, assigned="anna") == 200
    assert marks_of(bert)["assigned"] == "anna"
    assert set_marks(bert, assigned="bert") == set_marks(bert, assigned="") == 403
    assert set_marks(anna, assigned="vera") == 422  # of another desk
    assert set_marks(anna, assigned="") == 200
    assert marks_of(bert)["assigned"] is None


@pytest.mark.usefixtures("known", "people")
def test_each_mark_is_taken_back_and_no_other_with_it(app: FastAPI) -> None:
    anna = Reader(app, "anna")
    set_marks(anna, starred=True, followed=True, read=1, acknowledged=1, note="x", assigned="anna")
    for field, empty in (("starred", False), ("note", ""), ("acknowledged", 0), ("assigned", ""), ("read", 0)):
        before = marks_of(anna)
        assert set_marks(anna, **{field: empty}) == 200
        after = marks_of(anna)
        beside = {"note": {"notes"}, "assigned": {"assigned_by"}}.get(field, set())
        assert {name for name in before if before[name] != after[name]} == {field, *beside}
    assert marks_of(anna) == {**marks_of(Reader(app, "bert")), "followed": True}


@pytest.mark.usefixtures("known", "people")
def test_what_was_read_is_unread_again_once_the_visit_changes(engine: Engine, app: FastAPI) -> None:
    bert = Reader(app, "bert")
    assert set_marks(bert, read=1) == 200
    unread = "/me/changes?show=unread"
    assert [one["visit"]["id"] for one in bert.ask("GET", unread)[1]["items"]] == ["v2"]  # type: ignore[index,union-attr]
    after = visit("v1", revision=2, dates=dates("2026-05-02"))
    write(engine, rows(after, alert(after, ChangeKind.DATES_SET, visit("v1"))))
    assert [one["visit"]["id"] for one in bert.ask("GET", unread)[1]["items"]] == ["v1", "v2"]  # type: ignore[index,union-attr]
    page = bert.client.get("/changes").text
    assert page.count("data-unread") == 2


@pytest.mark.usefixtures("known", "people")
def test_what_one_follows_or_sees_to_stands_first(engine: Engine, app: FastAPI) -> None:
    write(engine, rows(visit("soon", dates=dates("2026-04-01")), alert(visit("soon", dates=dates("2026-04-01")))))
    bert = Reader(app, "bert")
    set_marks(bert, "v2", followed=True)
    page = bert.client.get("/changes").text
    assert page.index('id="change-v2"') < page.index('id="change-soon"') < page.index('id="change-v1"')
    shown = {show: bert.client.get(f"/changes?show={show}").text.count('id="change-') for show in ("followed", "mine")}
    assert shown == {"followed": 1, "mine": 0}


@pytest.mark.usefixtures("known", "people")
def test_my_visits_are_listed_with_theirs_first_and_what_is_gone_is_named(engine: Engine, app: FastAPI) -> None:
    bert = Reader(app, "bert")
    gone = visit("gone", revision=2, status=VisitStatus.PLANNED)
    write(engine, rows(alert(gone, ChangeKind.RETRACTED, visit("gone"))))
    for id, given in (("v1", {"starred": True}), ("v2", {"assigned": "bert"}), ("gone", {"note": "Why?"})):
        assert set_marks(bert, id, **given) == 200
    page = bert.client.get("/mine").text
    assert page.index("/visits/v2") < page.index("/visits/v1") < page.index('<a href="/visits/gone">gone</a>')
    assert [one["visit"] for one in bert.client.get("/api/v1/me/marks").json()] == ["gone", "v1", "v2"]


@pytest.mark.usefixtures("known", "people")
def test_the_buttons_of_a_page_do_the_same_with_scripts_and_without(app: FastAPI) -> None:
    bert = Reader(app, "bert")
    form = {"csrf": bert.csrf, "act": "star", "revision": "1", "back": "/changes?to=IT"}
    answer = bert.client.post("/visits/v1/mark", data=form)
    assert (answer.url.path, answer.url.query) == ("/changes", b"to=IT")
    part = bert.client.post("/visits/v1/mark", data=form | {"act": "acknowledge"}, headers={"hx-request": "true"}).text
    assert part.strip().startswith('<div class="marks">')
    assert ("★ Starred" in part, "bert acknowledged it" in part) == (True, True)
    for back in ("https://evil.example/", "//evil.example/", ""):
        path = bert.client.post("/visits/v1/mark", data=form | {"back": back}, follow_redirects=False)
        assert path.headers["location"] == "/visits/v1"
    assert bert.client.post("/visits/v1/mark", data={"act": "star"}).status_code == 403  # without the form's word
    assert bert.post("/visits/v1/mark", act="paint")[0] == 422
    assert bert.post("/visits/none/mark", act="star")[0] == 404


@pytest.mark.usefixtures("known")
def test_marks_outlive_the_read_model_and_end_with_their_user(engine: Engine, app: FastAPI, people: People) -> None:
    anna, bert = Reader(app, "anna"), Reader(app, "bert")
    set_marks(bert, starred=True, note="mine", assigned="bert")
    set_marks(anna, starred=True)
    forget(engine)
    write(engine, rows(visit("v1")))
    assert (marks_of(bert)["starred"], marks_of(anna)["assigned"]) == (True, "bert")
    bert.client.get("/")
    removed = next(row.id for row in people.users("default") if row.name == "bert")
    people.remove_user("default", removed)
    assert (marks_of(anna)["assigned"], marks_of(anna)["notes"], marks_of(anna)["starred"]) == (None, [], True)
    people.add_user("default", "bert", OLD, Role.READER)  # another bert
    assert marks_of(Reader(app, "bert"))["starred"] is False
    with engine.connect() as connection:
        kept = {reader for table in (MARKS, READERS) for reader in connection.scalars(select(table.c.reader))}
    assert removed not in kept


def test_two_windows_of_one_user_lose_nothing_of_each_others(engine: Engine, app: FastAPI) -> None:
    who, marks = Who("default", "ada", Role.READER, reader="1"), Marks(engine, lambda: NOW)
    acts = [
        lambda: marks.star(who, "v1", True),
        lambda: marks.follow(who, "v1", True),
        lambda: marks.note(who, "v1", "note"),
        lambda: marks.acknowledge(who, "v1", 3),
    ]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(act) for act in acts]:
            done.result()
    seen = marks.of(who, ["v1"])["v1"]
    assert (seen.starred, seen.followed, seen.note, seen.read) == (True, True, "note", 3)


def test_who_was_never_here_has_no_mark(engine: Engine, app: FastAPI) -> None:
    who, marks = Who("default", "ada", Role.READER, reader="1"), Marks(engine, lambda: NOW + timedelta(days=1))
    assert marks.place(who) is None
    assert marks.of(who, ["v1"]) == {}
    assert marks.of(who, []) == {}
    assert VisitMarks().read == 0
