"""Mail about a reader's own filter: a subscription that needs no editor and ends with the filter and its owner."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from visitwire_alerting.service import Alerting, Missing
from visitwire_gateway.auth.who import Role
from visitwire_schemas import VisitStatus
from visitwire_schemas.subscription import Digest, Email

from tests.unit.gateway.subscription_samples import mine
from tests.unit.gateway.test_personal import API, add

MAIL = {"to": "rita@example.org", "at": "06:30", "zone": "Europe/Berlin"}


def own(ledger: Alerting, made: dict[str, str]) -> Any:
    return mine(ledger, "default").subscription(f"own-{made['id']}").subscription


def gone(ledger: Alerting, made: dict[str, str]) -> bool:
    try:
        own(ledger, made)
    except Missing:
        return True
    return False


def mailed(rita: TestClient, **asked: object) -> dict[str, str]:
    made = add(rita, **asked)
    assert rita.put(f"{API}/{made['id']}/mail", json=MAIL).json()["mail"] == MAIL
    return made


def test_a_reader_is_mailed_what_their_filter_leaves(rita: TestClient, ledger: Alerting) -> None:
    made = mailed(rita, name="Brazil", filter="to=BR&status=planned")
    found = own(ledger, made)
    assert (found.name, found.channels) == ("Brazil (rita)", (Email(kind="email", to=("rita@example.org",)),))
    assert (found.filter.destination, found.filter.status) == (("BR",), (VisitStatus.PLANNED,))
    assert found.digest == Digest(at="06:30", zone="Europe/Berlin")
    assert rita.post("/api/v1/subscriptions", json={}).status_code == 403
    rita.put(f"{API}/{made['id']}/mail", json={"to": "other@example.org"})
    assert (own(ledger, made).digest, own(ledger, made).channels[0].to) == (None, ("other@example.org",))


def test_it_goes_by_the_filter_as_it_is_now_and_ends_with_it(rita: TestClient, ledger: Alerting) -> None:
    made = mailed(rita, filter="to=BR")
    rita.put(f"{API}/{made['id']}", json={"name": "India", "filter": "to=IN"})
    assert (own(ledger, made).name, own(ledger, made).filter.destination) == ("India (rita)", ("IN",))
    refused = rita.put(f"{API}/{made['id']}", json={"name": "India", "filter": "to=IN&q=trade"})
    assert (refused.status_code, refused.json()["detail"][:24]) == (422, "Mail cannot go by words,")
    assert rita.delete(f"{API}/{made['id']}/mail").status_code == 204
    assert gone(ledger, made)
    assert rita.delete(f"{API}/{made['id']}/mail").status_code == 404
    again = mailed(rita, filter="to=BR")
    rita.delete(f"{API}/{again['id']}")
    assert gone(ledger, again)


@pytest.mark.parametrize("filter", ["q=trade", "country=IN", "since=2026-01-01", "background=true"])
def test_what_mail_cannot_go_by_is_refused(rita: TestClient, ledger: Alerting, filter: str) -> None:
    made = add(rita, filter=filter)
    assert rita.put(f"{API}/{made['id']}/mail", json=MAIL).status_code == 422
    assert gone(ledger, made)


def test_no_mail_goes_on_to_who_was_removed(
    app: FastAPI,
    rita: TestClient,
    here: TestClient,
    ledger: Alerting,
) -> None:
    made = mailed(rita)
    [user] = [row.id for row in app.state.gateway.access.people.users("default") if row.name == "rita"]
    app.state.gateway.access.people.add_user("default", "ada", "correct horse battery", Role.ADMIN)
    assert here.delete(f"/api/v1/users/{user}").status_code == 204
    assert gone(ledger, made)


def test_the_page_begins_and_stops_it(rita: TestClient, ledger: Alerting) -> None:
    [made] = rita.get(API).json()
    word = {"csrf": rita.headers["x-csrf"]}
    sent = word | {"to": "rita@example.org", "when": "daily", "at": "07:15"}
    assert "Changes are mailed to" in rita.post(f"/addresses/{made['id']}/mail", data=sent).text
    assert own(ledger, made).digest.at == "07:15"
    assert "Mail me" in rita.post(f"/addresses/{made['id']}/mail", data=word).text
    assert gone(ledger, made)
    wrong = rita.post(f"/addresses/{made['id']}/mail", data=sent | {"to": "rita"})
    assert wrong.status_code == 422


def test_nobody_sets_anothers(rita: TestClient, here: TestClient) -> None:
    made = mailed(rita)
    assert here.put(f"{API}/{made['id']}/mail", json=MAIL).status_code == 404
    assert here.delete(f"{API}/{made['id']}/mail").status_code == 404
