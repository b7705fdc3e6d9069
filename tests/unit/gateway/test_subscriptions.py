"""Subscriptions, back-tests and deliveries: by the API, by the pages, by each role and tenant."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_alerting.service import Alerting, Stale
from visitwire_alerting.storage.database import writing
from visitwire_alerting.storage.delivery_tables import workers
from visitwire_gateway.app import create_app
from visitwire_gateway.auth.who import Role
from visitwire_gateway.dependencies import Around
from visitwire_gateway.model.store_writer import write
from visitwire_runtime.settings import Settings
from visitwire_schemas import Destination

from tests.unit.gateway.samples import NOW, alert, rows, visit
from tests.unit.gateway.subscription_samples import (
    FORM,
    HOOK,
    deliver,
    fill_ledger,
    match,
    mine,
    month,
    record,
    subscribe,
    subscription,
)

API = "/api/v1"
DESK: dict[str, Any] = {"id": "desk", "name": "A desk", "channels": [{"kind": "webhook", "url": HOOK}]}
HTML = {"accept": "text/html"}


def in_words(page: str) -> str:
    """The words of a page, as they are read."""
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def as_(app: FastAPI, role: Role) -> dict[str, str]:
    """The headers of somebody with a role."""
    return {"authorization": f"Bearer {app.state.gateway.access.people.add_key('default', role.value, role)[1]}"}


def test_a_subscription_by_the_api_from_its_making_to_its_end(here: TestClient, ledger: Alerting) -> None:
    made = here.post(f"{API}/subscriptions", json=DESK)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    secret = made.json()["secrets"]["desk/webhook-1"]
    assert secret.startswith("whsec_")
    seen = here.get(f"{API}/subscriptions/desk")
    assert seen.json() == {
        "id": "desk",
        "name": "A desk",
        "enabled": True,
        "version": 1,
        "filter": seen.json()["filter"],
        "channels": [{"endpoint": "desk/webhook-1", "kind": "webhook", "to": "https://receiver.example/…path"}],
        "wait": 30.0,
        "old": False,
        "by_hand": True,
        "quiet": None,
        "digest": None,
        "owner": None,
    }
    assert here.get(f"{API}/subscriptions/desk", headers={"if-none-match": '"1"'}).status_code == 304
    assert here.post(f"{API}/subscriptions", json=DESK).status_code == 409
    changed = {"name": "The desk", "filter": {"destination": ["IN"]}}
    assert here.put(f"{API}/subscriptions/desk", json=changed).status_code == 428
    right = here.put(f"{API}/subscriptions/desk", json=changed, headers={"if-match": '"1"'})
    assert (right.status_code, right.json()["version"], right.json()["secrets"]) == (200, 2, {})
    assert here.put(f"{API}/subscriptions/desk", json=changed, headers={"if-match": '"1"'}).status_code == 412
    assert [one["name"] for one in here.get(f"{API}/subscriptions").json()["items"]] == ["The desk"]
    stored = mine(ledger, "default").subscription("desk")
    assert [key.secret for end in stored.endpoints for key in end.keys] == [secret]
    assert here.post(f"{API}/subscriptions/desk/rotate", json={}).json()["desk/webhook-1"] != secret
    assert here.delete(f"{API}/subscriptions/desk", headers={"if-match": '"1"'}).status_code == 412
    assert here.delete(f"{API}/subscriptions/desk").status_code == 204
    assert here.get(f"{API}/subscriptions/desk").status_code == 404
    actions = [line["action"] for line in here.get(f"{API}/audit").json()]
    assert actions == ["removed a subscription", "made new secrets", "changed a subscription", "added a subscription"]


def test_a_webhook_keeps_its_secret_when_one_before_it_is_taken_away(here: TestClient, ledger: Alerting) -> None:
    hooks = [{"kind": "webhook", "url": f"https://receiver.example/{name}"} for name in ("a", "b")]
    first = here.post(f"{API}/subscriptions", json=DESK | {"channels": hooks}).json()["secrets"]
    again = here.put(
        f"{API}/subscriptions/desk", json={"name": "A desk", "channels": hooks[1:]}, headers={"if-match": '"1"'}
    ).json()
    assert again["secrets"] == {}
    kept = [key.secret for end in mine(ledger, "default").subscription("desk").endpoints for key in end.keys]
    assert kept == [first["desk/webhook-2"]]
    new = {"kind": "webhook", "url": "https://receiver.example/c"}
    third = here.put(
        f"{API}/subscriptions/desk", json={"name": "A desk", "channels": [new]}, headers={"if-match": 'W/"2"'}
    ).json()
    assert third["secrets"]["desk/webhook-1"] not in first.values()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"filter": {"destination": ["Narnia"]}}, "'Narnia' is not a country code"),
        ({"filter": {"destinatoin": ["IN"]}}, "destinatoin"),
        ({"channels": []}, "channels"),
        ({"channels": [{"kind": "chat", "url": "json://10.0.0.1"}]}, "chat"),
        ({"name": "a\0b"}, "NUL character"),
    ],
    ids=["country", "misspelt", "nowhere", "private chat", "zero byte"],
)
def test_what_is_wrong_is_said(here: TestClient, wrong: dict[str, Any], words: str) -> None:
    answer = here.post(f"{API}/subscriptions", json=DESK | wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert words in answer.json()["detail"]


def test_a_filter_is_tried_before_it_is_saved(here: TestClient, ledger: Alerting) -> None:
    told = [alert(visit("rome")), alert(visit("oslo", destination=Destination(country="NO")))]
    record(ledger, [(NOW - timedelta(days=2), told[0]), (NOW - timedelta(days=1), told[1])])
    record(ledger, [(NOW - timedelta(days=31), alert(visit("old")))])
    tried = here.post(f"{API}/backtest", json={"filter": {"destination": ["NO"]}}).json()
    assert (tried["changes"], tried["sent"]) == (2, 1)
    assert tried["alerts"] == [told[1].model_dump(mode="json")]
    part = here.get("/backtest?destination=Norway", headers={"hx-current-url": "http://localhost/new-subscription"})
    assert "<strong>1</strong> of 2 changes" in part.text
    assert "destination: asks for NO, found IT" in part.text
    assert part.headers["hx-replace-url"] == "/new-subscription?destination=Norway"
    assert "not a country code" in here.get("/backtest?destination=Narnia").text
    assert "<strong>2</strong> of 2 changes" in here.get("/new-subscription").text
    assert here.get(f"{API}/subscriptions").json()["items"] == []


def test_an_expression_is_tried_and_refused_as_alerting_does(here: TestClient, ledger: Alerting) -> None:
    record(ledger, [(NOW, alert(visit())), (NOW, alert(visit("oslo", destination=Destination(country="NO"))))])
    good, bad = {"expression": "destination == 'NO'"}, {"expression": "destination =="}
    assert here.post(f"{API}/backtest", json={"filter": good}).json()["sent"] == 1
    assert here.post(f"{API}/backtest", json={"filter": bad}).status_code == 422
    assert here.post(f"{API}/subscriptions", json=DESK | {"filter": bad}).status_code == 422
    assert "<strong>1</strong> of 2 changes" in here.get("/backtest", params=good).text
    assert "expression" in here.get("/backtest", params=bad).text
    here.post("/new-subscription", data={"name": "Oslo", "console": "on", **good})
    assert mine(ledger, "default").subscription("oslo").subscription.filter.expression == "destination == 'NO'"
    assert "destination == &#39;NO&#39;</textarea>" in here.get("/subscriptions/oslo").text


def test_silences_begin_and_end(here: TestClient, ledger: Alerting) -> None:
    subscribe(ledger, subscription())
    made = here.post(f"{API}/subscriptions/south/silences", json={"seconds": 3600, "reason": "a summit"}).json()
    assert made == {
        "number": made["number"],
        "subscription": "south",
        "visit": None,
        "until": "2026-03-27T13:00:00Z",
        "reason": "a summit",
        "author": "newcomer",
    }
    assert here.get(f"{API}/silences").json() == [made]
    assert "Silent until 27 Mar 2026, 13:00 UTC, by newcomer: a summit" in in_words(here.get("/subscriptions").text)
    assert here.post(f"/silences/{made['number']}/end").url.path == "/subscriptions"
    assert here.post("/subscriptions/south/silence", data={"hours": "24"}).url.path == "/subscriptions"
    later = here.get(f"{API}/silences").json()
    assert [one["until"] for one in later] == ["2026-03-28T12:00:00Z"]
    assert here.delete(f"{API}/silences/{later[0]['number']}").status_code == 204
    assert here.delete(f"{API}/silences/{later[0]['number']}").status_code == 404
    assert here.post(f"{API}/subscriptions/none/silences", json={"seconds": 3600}).status_code == 404


def test_a_visit_is_silenced_for_all_of_a_tenants_subscriptions(
    engine: Engine, here: TestClient, ledger: Alerting
) -> None:
    write(engine, rows(visit()))
    subscribe(ledger, subscription("a"), subscription("b"))
    subscribe(ledger, subscription("theirs"), tenant="north")
    assert "Silence this visit" in here.get("/visits/v1").text
    page = here.post("/visits/v1/silence", data={"hours": "24"})
    assert page.url.path == "/visits/v1"
    assert "until 28 Mar 2026, 12:00 UTC" in in_words(page.text)
    assert [(one["subscription"], one["visit"]) for one in here.get(f"{API}/silences").json()] == [
        ("a", "v1"),
        ("b", "v1"),
    ]
    assert mine(ledger, "north").silences() == []
    assert here.post("/visits/none/silence", data={"hours": "24"}).status_code == 404


def test_a_silence_says_who_why_and_of_what_and_ends_where_it_was_begun(
    engine: Engine, here: TestClient, ledger: Alerting
) -> None:
    write(engine, rows(visit()))
    subscribe(ledger, subscription("a"), subscription("b"))
    begun = here.post("/visits/v1/silence", data={"hours": "24", "reason": "rumours only"})
    assert "a until 28 Mar 2026, 12:00 UTC, by newcomer: rumours only" in in_words(begun.text)
    cards = here.get("/subscriptions").text
    assert cards.count('Silent on <a href="/visits/v1">Anil Kapadia to Rome, Italy</a>') == 2
    assert cards.count("Silence for") == 2
    ended = here.post("/visits/v1/silence/end")
    assert ended.url.path == "/visits/v1"
    assert "Silence this visit" in ended.text
    assert here.get(f"{API}/silences").json() == []


def test_deliveries_are_listed_shown_and_sent_again(here: TestClient, ledger: Alerting) -> None:
    subscribe(ledger, subscription())
    record(ledger, month([visit(f"v{number}") for number in range(5)]))
    match(ledger)
    deliver(ledger, failed=[2])
    first = here.get(f"{API}/deliveries?limit=3").json()
    rest = here.get(f"{API}/deliveries", params={"limit": 3, "cursor": first["next"]}).json()
    assert ([one["number"] for one in first["items"] + rest["items"]], rest["next"]) == ([5, 4, 3, 2, 1], None)
    failed = here.get(f"{API}/deliveries?state=failed&subscription=south").json()["items"]
    assert [(one["number"], one["last_error"]) for one in failed] == [(2, "HTTP 500")]
    whole = here.get(f"{API}/deliveries/2").json()
    assert ([one["id"] for one in whole["alerts"]], [one["status"] for one in whole["tried"]]) == (["v1-1"], [500])
    assert here.post(f"{API}/deliveries/2/replay").json() == {"count": 1}
    waiting = here.get(f"{API}/deliveries?state=pending").json()["items"]
    assert [(one["number"], one["replay"]) for one in waiting] == [(6, True)]
    assert here.post(f"{API}/deliveries/6/replay").status_code == 409
    since = (NOW - timedelta(days=10)).isoformat()
    assert here.post(f"{API}/deliveries/replay", json={"since": since}).json() == {"count": 2}
    assert here.post(f"{API}/deliveries/replay", json={"since": since, "state": "failed"}).json() == {"count": 1}
    page = here.get("/deliveries?since=2026-03-17&until=2026-03-27").text
    assert "Send all 2 of these again" in page
    assert "3 deliveries go out again" in here.post("/deliveries/replay", data={"until": "2026-03-16"}).text
    assert "v1-1" in here.get("/deliveries/2").text
    assert "1 delivery goes out again" in here.post("/deliveries/2/replay").text
    done = [line for line in here.get(f"{API}/audit").json() if line["action"] == "replayed deliveries"]
    assert [line["what"] for line in done][:2] == ["1 of number 2", "3 of until 2026-03-17 00:00"]


def test_what_each_role_may(app: FastAPI, away: TestClient, ledger: Alerting) -> None:
    subscribe(ledger, subscription())
    record(ledger, [(NOW, alert(visit()))])
    match(ledger)
    deliver(ledger)
    keys = {role: as_(app, role) for role in Role}
    looks = ("/subscriptions", "/subscriptions/south", "/new-subscription", "/backtest", "/deliveries", "/deliveries/1")
    for path in (*looks, f"{API}/subscriptions", f"{API}/deliveries/1", f"{API}/subscriptions/south/endpoints"):
        assert [away.get(path, headers=keys[role]).status_code for role in Role] == [200, 200, 200], path
    assert away.post(f"{API}/backtest", json={}, headers=keys[Role.READER]).status_code == 200
    for path in ("/subscriptions", "/subscriptions/south", "/deliveries", "/deliveries/1"):
        page = away.get(path, headers=keys[Role.READER]).text
        assert 'method="post" action="/subscriptions/south/' not in page
        assert "/replay" not in page
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"{API}/subscriptions", {"json": DESK}),
        ("PUT", f"{API}/subscriptions/south", {"json": {"name": "S"}}),
        ("POST", f"{API}/subscriptions/south/silences", {"json": {"seconds": 60}}),
        ("POST", f"{API}/deliveries/1/replay", {}),
        ("POST", f"{API}/deliveries/replay", {"json": {"since": NOW.isoformat()}}),
        ("POST", "/new-subscription", {"data": FORM}),
        ("POST", "/subscriptions/south", {"data": FORM | {"keep": "south/console-1", "version": "2"}}),
        ("POST", "/subscriptions/south/silence", {"data": {"hours": "1"}}),
        ("POST", "/deliveries/1/replay", {}),
        ("POST", "/deliveries/replay", {"data": {}}),
        ("POST", "/subscriptions/south/rotate", {}),
        ("POST", "/subscriptions/south/remove", {}),
    ]
    for method, path, sent in changes:
        assert away.request(method, path, headers=keys[Role.READER], **sent).status_code == 403, path
    for method, path, sent in changes:
        seen = keys[Role.EDITOR] | {"if-match": "*"}
        assert away.request(method, path, headers=seen, **sent).status_code < 400, path


def test_a_session_changes_nothing_without_the_word_of_its_page(
    app: FastAPI, away: TestClient, ledger: Alerting
) -> None:
    subscribe(ledger, subscription())
    app.state.gateway.access.people.add_user("default", "Ada", "correct horse", Role.EDITOR)
    away.post("/login", data={"name": "Ada", "password": "correct horse"})
    assert away.post("/subscriptions/south/remove").status_code == 403
    assert away.post("/new-subscription", data=FORM).status_code == 403
    csrf = away.get("/subscriptions/south").text.partition('name="csrf" value="')[2].partition('"')[0]
    assert away.post("/subscriptions/south/remove", data={"csrf": csrf}).status_code == 200
    assert mine(ledger, "default").subscriptions() == []


def test_without_alertings_database_the_rest_still_serves(settings: Settings, engine: Engine) -> None:
    app = create_app(settings, engine, Around(clock=lambda: NOW))
    with TestClient(app, base_url="http://localhost", client=("127.0.0.1", 5)) as here:
        assert here.get(f"{API}/subscriptions").status_code == 503
        assert here.get("/deliveries", headers=HTML).status_code == 503
        assert here.get("/").status_code == 200


def test_who_delivers_is_said(here: TestClient, ledger: Alerting) -> None:
    fill_ledger(ledger)
    assert "No process is delivering" in here.get("/subscriptions").text
    with writing(ledger.engine) as connection:
        connection.execute(workers.insert().values(id="here:1:abc", seen=NOW))
    assert "No process is delivering" not in here.get("/subscriptions").text


def test_of_editors_who_save_the_same_version_at_once_one_is_heard(ledger: Alerting) -> None:
    subscribe(ledger, subscription())
    stands = mine(ledger, "default").subscription("south")

    def save(number: int) -> bool:
        wanted = stands.subscription.model_copy(update={"name": f"Desk {number}"})
        try:
            mine(ledger, "default").change(wanted, stands.version)
        except Stale:
            return False
        return True

    with ThreadPoolExecutor(8) as editors:
        heard = list(editors.map(save, range(8)))
    after = mine(ledger, "default").subscription("south")
    assert heard.count(True) == 1
    assert (after.subscription.name, after.version) == (f"Desk {heard.index(True)}", stands.version + 1)
