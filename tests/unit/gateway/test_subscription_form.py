"""The form of a subscription: what it says, what is wrong in it, and saving only what was shown."""

import pytest
from starlette.testclient import TestClient
from visitwire_alerting.service import Alerting

from tests.unit.gateway.subscription_samples import FORM, HOOK, mine, subscribe, subscription

API = "/api/v1"


def test_the_boards_filter_leads_to_the_form_that_asks_for_the_same(here: TestClient) -> None:
    led = here.get("/subscribe?from=BR,ZA&to=IN&status=planned&sources=2&q=gas&since=2026-04-01&until=2026-04-30")
    assert str(led.url).partition("?")[2] == (
        "visitor_country=Brazil&visitor_country=South+Africa&destination=India&status=planned&sources=2"
        "&days=30&from=2026-04-01"
    )
    assert 'value="Brazil, South Africa"' in led.text
    assert here.get("/subscribe").url.path == "/new-subscription"


def test_the_form_says_what_the_yaml_would(here: TestClient, ledger: Alerting) -> None:
    answer = here.post("/new-subscription", data=FORM)
    stored = mine(ledger, "default").subscription("visits-to-south-asia")
    secret = stored.endpoints[0].keys[0].secret
    assert answer.status_code == 200
    assert secret in answer.text
    assert answer.headers["cache-control"] == "no-store"
    said = stored.subscription.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert said == {
        "id": "visits-to-south-asia",
        "name": "Visits to South Asia",
        "enabled": True,
        "filter": {
            "destination": ["South Asia", "GB"],
            "change": ["accepted", "cancelled"],
            "dates": {"days": 30},
            "confidence": 0.7,
            "sources": 2,
            "unless": {"visitor_country": ["IN", "BRICS"]},
        },
        "channels": [
            {"kind": "webhook", "url": HOOK},
            {"kind": "email", "to": ["desk@example.org", "planner@example.org"]},
        ],
        "wait": 300.0,
        "old": True,
        "by_hand": False,
        "quiet": {"from": "22:00", "to": "06:30", "zone": "Europe/Paris", "but": ["cancelled"]},
        "owner": {"kind": "email", "to": ["ada@example.org"]},
    }
    page = here.get("/subscriptions/visits-to-south-asia").text
    for shown in ('value="South Asia, United Kingdom"', 'value="India, BRICS"', 'value="22:00"', "ada@example.org"):
        assert shown in page
    assert HOOK not in page
    assert secret not in page
    kept = FORM | {"name": "Renamed", "keep": "visits-to-south-asia/webhook-1", "email": "", "webhook": ""}
    assert here.post("/subscriptions/visits-to-south-asia", data=kept | {"version": "1"}).url.path == "/subscriptions"
    again = mine(ledger, "default").subscription("visits-to-south-asia")
    assert (again.subscription.name, [end.channel for end in again.endpoints]) == (
        "Renamed",
        [stored.endpoints[0].channel],
    )
    assert here.post("/subscriptions/visits-to-south-asia", data=kept | {"version": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "", "webhook": ""}, "Say where it goes"),
        ({"webhook": "ftp://x"}, "begins with https://"),
        ({"email": "nobody"}, "nobody is not an e-mail address"),
        ({"chat": "json://10.0.0.1"}, "not a chat address"),
        ({"destination": "Narnia"}, "&#39;Narnia&#39; is not a country code"),
        ({"confidence": "much"}, "confidence"),
        ({"quiet_to": ""}, "quiet"),
    ],
)
def test_a_form_that_is_wrong_comes_back_as_it_was(here: TestClient, wrong: dict[str, str], words: str) -> None:
    answer = here.post("/new-subscription", data=FORM | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Visits to South Asia"' in answer.text
    assert here.get(f"{API}/subscriptions").json()["items"] == []


def test_pages_save_and_remove_only_what_they_showed(here: TestClient, ledger: Alerting) -> None:
    subscribe(ledger, subscription())
    assert here.post("/subscriptions/south", data=FORM | {"keep": "south/console-1"}).status_code == 422
    kept = FORM | {"keep": "south/console-1", "version": "1"}
    assert here.post("/subscriptions/south", data=kept).status_code == 200
    again = here.post("/subscriptions/south", data=kept)
    assert (again.status_code, "Somebody saved this subscription meanwhile" in again.text) == (422, True)
    assert here.post("/subscriptions/south/remove", data={"version": "1"}).status_code == 412
    assert (
        'action="/subscriptions/south/remove"><input type="hidden" name="version" value="2">'
        in here.get("/subscriptions/south").text
    )
    assert here.post("/subscriptions/south/remove", data={"version": "2"}).status_code == 200
