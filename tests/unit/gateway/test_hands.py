"""The desk's word on a visit, by the API and on its page."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from starlette.testclient import TestClient
from visitwire_alerting.ledger import enter_story as entering
from visitwire_alerting.ledger import rebuild
from visitwire_alerting.service import Alerting
from visitwire_alerting.storage.database import reading
from visitwire_alerting.storage.ledger_tables import visit_updates
from visitwire_gateway.auth.who import Role, Who
from visitwire_gateway.marks.seen import VisitMarks
from visitwire_gateway.marks.store import Marks
from visitwire_gateway.model.projection import project
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import LedgerVisit, Record, VisitStatus

from tests.unit.alerting import makers
from tests.unit.gateway.samples import NOW
from tests.unit.gateway.test_subscriptions import as_, in_words

API = "/api/v1"
PUTIN = makers.visit("planned", when=makers.dates("2025-04-10"))


@pytest.fixture
def publish(ledger: Alerting, engine: Engine) -> Callable[[], list[LedgerVisit]]:
    """Does what the outbox and the topics do; gives the visits that stand."""

    def published() -> list[LedgerVisit]:
        with reading(ledger.engine) as connection:
            sent = connection.execute(select(visit_updates).order_by(visit_updates.c.number)).all()
        made = [project("visits-v1", Record(row.visit.encode(), row.body and row.body.encode())) for row in sent]
        write(engine, [one for one in made if one is not None])
        return rebuild.standing(ledger.engine)

    return published


@pytest.fixture
def one(ledger: Alerting, publish: Callable[[], list[LedgerVisit]]) -> LedgerVisit:
    stories = [makers.story("a", PUTIN), makers.story("b", PUTIN, day=1, wire="south")]
    entering.record(ledger.engine, stories, lambda: NOW)
    [found] = publish()
    return found


def test_a_correction_by_the_api_is_listed_and_taken_back(
    here: TestClient, one: LedgerVisit, publish: Callable[[], list[LedgerVisit]]
) -> None:
    path = f"{API}/visits/{one.id}"
    tag = here.get(path).headers["etag"]
    said = {"act": "correct", "right": {"status": "postponed", "place": "Goa"}, "note": "Ministry."}
    made = here.post(f"{path}/hands", json=said, headers={"if-match": tag})
    assert (made.status_code, made.json()["by"], made.json()["note"]) == (201, "newcomer", "Ministry.")
    assert here.post(f"{path}/hands", json=said, headers={"if-match": tag}).status_code == 412
    assert publish()[0].status is VisitStatus.POSTPONED
    assert here.get(path).json()["destination"] == {"country": "IN", "place": "Goa"}
    assert [(seen["hand"]["id"], seen["lifted"]) for seen in here.get(f"{path}/hands").json()] == [
        (made.json()["id"], None)
    ]
    assert here.delete(made.headers["location"]).status_code == 204
    assert here.delete(made.headers["location"]).status_code == 404
    assert publish()[0].status is VisitStatus.PLANNED
    [seen] = here.get(f"{path}/hands").json()
    assert (seen["lifted"], seen["lifted_by"]) == ("2026-03-27T12:00:00Z", "newcomer")


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"act": "correct"}, 422, "That is how the visit stands"),
        ({"act": "correct", "right": {"status": "sent"}}, 422, "is not a status"),
        ({"act": "correct", "right": {"mood": "good"}}, 422, "There is no field mood"),
        ({"act": "pin"}, 422, "Say which to hold"),
        ({"act": "merge"}, 422, "Say which other visit"),
        ({"act": "merge", "other": "none"}, 404, "There is no visit none"),
        ({"act": "split", "apart": ["north|z"]}, 422, "does not report this visit"),
        ({"act": "sing"}, 422, "'sing' is not known"),
        ({"act": "dismiss", "why": "x"}, 422, "there is no field 'why'"),
    ],
)
def test_what_cannot_be_said_is_answered_in_a_sentence(
    here: TestClient, one: LedgerVisit, said: dict[str, object], status: int, words: str
) -> None:
    answer = here.post(f"{API}/visits/{one.id}/hands", json=said, headers={"if-match": "*"})
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.json()
    assert here.post(f"{API}/visits/none/hands", json={"act": "dismiss"}).status_code == 404


@pytest.mark.parametrize(
    ("tag", "status", "words"),
    [
        ({}, 428, "send the ETag that GET /api/v1/visits/{id} gave as If-Match"),
        ({"if-match": '"7"'}, 412, "was changed meanwhile: look at it again"),
        ({"if-match": '"of another server"'}, 412, "was changed meanwhile"),
    ],
)
def test_who_does_not_say_which_state_they_saw_changes_nothing(
    here: TestClient, one: LedgerVisit, tag: dict[str, str], status: int, words: str
) -> None:
    answer = here.post(f"{API}/visits/{one.id}/hands", json={"act": "dismiss"}, headers=tag)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.json()
    sent = here.post(f"/visits/{one.id}/hand", data={"act": "dismiss"})
    assert "was changed meanwhile" in sent.text
    assert here.get(f"{API}/visits/{one.id}/hands").json() == []


def test_a_reader_sees_it_and_says_nothing(app: FastAPI, away: TestClient, one: LedgerVisit) -> None:
    reader, path = as_(app, Role.READER), f"{API}/visits/{one.id}/hands"
    assert away.get(path, headers=reader).json() == []
    assert away.post(path, json={"act": "dismiss"}, headers=reader).status_code == 403
    assert away.post(f"/visits/{one.id}/hand", data={"act": "dismiss"}, headers=reader).status_code == 403
    assert "Correct by hand" not in away.get(f"/visits/{one.id}", headers=reader).text


def test_the_page_corrects_shows_who_and_why_and_takes_back(
    here: TestClient, one: LedgerVisit, publish: Callable[[], list[LedgerVisit]]
) -> None:
    page = here.get(f"/visits/{one.id}").text
    assert 'name="visitor" value="Vladimir Putin"' in page
    form = {"act": "correct", "revision": str(one.revision), "start": "2025-04-20", "end": "", "note": "By phone."}
    shown = here.post(f"/visits/{one.id}/hand", data=form)
    assert shown.url.path == f"/visits/{one.id}"
    assert "Dates: 20 Apr 2025, by newcomer 27 Mar 2026, 12:00 UTC: By phone." in in_words(shown.text)
    [fixed] = publish()
    assert fixed.dates is not None
    assert fixed.dates.start == "2025-04-20"
    page = here.get(f"/visits/{one.id}").text
    assert "20 Apr 2025" in in_words(page)
    lifted = here.post(f"/visits/{one.id}/hand/{fixed.hands[0].id}/lift")
    assert "taken back by newcomer" in in_words(lifted.text)
    assert publish()[0].dates == one.dates


def test_the_page_keeps_what_was_typed_where_it_cannot_be_taken(here: TestClient, one: LedgerVisit) -> None:
    wrong = {"act": "correct", "revision": str(one.revision), "country": "Narnia", "note": "By phone."}
    shown = here.post(f"/visits/{one.id}/hand", data=wrong)
    assert shown.status_code == 422
    assert "&#39;Narnia&#39; is not a country" in shown.text
    assert 'value="Narnia"' in shown.text
    assert 'value="By phone."' in shown.text
    stale = here.post(f"/visits/{one.id}/hand", data={"act": "dismiss", "revision": "99"})
    assert "was changed meanwhile" in stale.text


def said_on_its_page(here: TestClient, id: str, **form: object) -> None:
    revision = re.search(r'name="revision" value="(\d+)"', here.get(f"/visits/{id}").text)
    assert revision is not None
    sent = here.post(f"/visits/{id}/hand", data=form | {"revision": revision[1]})
    assert (sent.status_code, sent.url.path) == (200, f"/visits/{id}")


def test_the_page_sets_apart_makes_one_pins_and_dismisses(
    here: TestClient, one: LedgerVisit, publish: Callable[[], list[LedgerVisit]]
) -> None:
    said_on_its_page(here, one.id, act="split", apart="south|b")
    two = {found.id for found in publish()}
    assert len(two) == 2
    (other,) = two - {one.id}
    said_on_its_page(here, one.id, act="merge", other=other)
    [again] = publish()
    assert here.get(f"/visits/{again.id}").text.count("Merged") == 2
    said_on_its_page(here, again.id, act="pin", fields=["status", "dates"])
    publish()
    said_on_its_page(here, again.id, act="dismiss", note="A satire.")
    assert publish() == []


def test_marks_go_with_a_visit_that_is_merged_and_are_back_when_that_is_lifted(
    app: FastAPI, here: TestClient, one: LedgerVisit, publish: Callable[[], list[LedgerVisit]]
) -> None:
    said_on_its_page(here, one.id, act="split", apart="south|b")
    marks: Marks = app.state.gateway.marks
    ada, bert = (Who("default", name, Role.EDITOR, reader=name) for name in ("ada", "bert"))
    before = {found.id for found in publish()}
    said_on_its_page(here, one.id, act="merge", other=(before - {one.id}).pop())
    [whole] = publish()
    (part,) = before - {whole.id}
    lasting = {"starred": True, "followed": True, "note": "Call them.", "assigned": "ada"}

    def seen(who: Who, visit: str) -> dict[str, object]:
        found = marks.of(who, [visit]).get(visit, VisitMarks())
        said = {
            "notes": [(note.who, note.note) for note in found.notes],
            "know": [one.who for one in found.acknowledged],
        }
        return {name: getattr(found, name) for name in lasting} | said

    nothing = seen(ada, part)
    marks.star(ada, part, True)
    marks.follow(ada, part, True)
    marks.note(ada, part, "Call them.")
    marks.assign(ada, part, "ada")
    marks.acknowledge(bert, part, 1)
    told = {"notes": [("ada", "Call them.")], "know": ["bert"]}
    assert seen(ada, whole.id) == lasting | told
    assert seen(bert, whole.id) == {"starred": False, "followed": False, "note": "", "assigned": "ada"} | told
    assert list(marks.kept(ada)) == [whole.id]
    assert marks.of(bert, [whole.id])[whole.id].read == 0  # what the merge changed nobody has read
    marks.note(ada, whole.id, "Called.")
    marks.follow(ada, whole.id, False)
    assert seen(ada, whole.id) == lasting | told | {"followed": False, "note": "Called.", "notes": [("ada", "Called.")]}
    [hand] = [one for one in here.get(f"{API}/visits/{whole.id}/hands").json() if one["hand"]["kind"] == "merge"]
    here.delete(f"{API}/hands/{hand['hand']['id']}")
    assert {found.id for found in publish()} == before
    assert seen(ada, part) == lasting | told | {"followed": False}
    assert seen(ada, whole.id) == nothing | {"note": "Called.", "notes": [("ada", "Called.")]}
