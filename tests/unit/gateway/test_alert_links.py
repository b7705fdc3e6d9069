"""Where links in alerts lead: a page that changes nothing when it is looked at, and does one thing when it is asked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from visitwire_alerting.delivery.board_links import BoardLinks
from visitwire_alerting.ledger import enter_story as entering
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.service import Alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.delivery_tables import notices
from visitwire_alerting.subscriptions import endpoint_health, store
from visitwire_gateway.model.store_writer import write
from visitwire_schemas import Alert, LedgerVisit, Links, Revision
from visitwire_schemas.subscription import Email

from tests.unit.alerting import makers
from tests.unit.gateway.samples import NOW, rows
from tests.unit.gateway.subscription_samples import mine, subscribe, subscription

TO = {"kind": "email", "to": ["desk@example.org"]}


@pytest.fixture
def one(ledger: Alerting) -> LedgerVisit:
    """A visit in the ledger, and a subscription that mails."""
    subscribe(ledger, subscription("south", channels=[TO]), subscription("north"))
    entering.record(ledger.engine, [makers.story("a", makers.visit("planned"))], lambda: NOW)
    with reading(ledger.engine) as connection:
        [found] = visit_history.list_visits(connection)
    return found


def links(ledger: Alerting) -> Links:
    with reading(ledger.engine) as connection:
        [(_, told)] = visit_history.alerts_since(connection, NOW)
    return BoardLinks("", ledger.vault).links(told, "south", "south/email-1", Email.model_validate(TO))


def silenced(ledger: Alerting) -> list[tuple[str, str | None, str | None]]:
    return [(one.subscription, one.visit, one.author) for one in mine(ledger, "default").silences()]


def test_a_visit_is_silenced_for_one_subscription_and_told_again(
    away: TestClient, ledger: Alerting, one: LedgerVisit
) -> None:
    address = links(ledger).silence
    assert address is not None
    looked = away.get(address)
    assert "President Vladimir Putin (Russia) to India" in looked.text
    assert silenced(ledger) == []
    for _ in range(2):
        assert "Silent now." in away.post(address, data={"hours": "24", "reason": " we <are> there "}).text
    assert silenced(ledger) == [("south", one.id, "a link in an alert")]
    assert [one.reason for one in mine(ledger, "default").silences()] == ["we <are> there"]
    again = away.get(address).text
    assert "This visit is silent" in again
    assert "by a link in an alert: we &lt;are&gt; there" in again
    assert "Told again" in away.post(address, data={"hours": "0"}).text
    assert silenced(ledger) == []
    assert "Silence this visit?" in away.get(address).text


def test_a_link_shows_nothing_of_an_editors_silence(away: TestClient, ledger: Alerting, one: LedgerVisit) -> None:
    mine(ledger).hush_visit(one.id, timedelta(hours=1), "not for readers")
    address = links(ledger).silence
    assert address is not None
    looked = away.get(address).text
    assert "Silence this visit?" in looked
    assert "not for readers" not in looked
    assert "Told again" in away.post(address, data={"hours": "0"}).text
    assert "somebody" in {author for _, _, author in silenced(ledger)}


def test_mail_is_ended_by_its_reader_and_the_owner_is_told(
    away: TestClient, ledger: Alerting, one: LedgerVisit
) -> None:
    address = links(ledger).unsubscribe
    assert address is not None
    assert "desk@example.org" in away.get(address).text
    assert ledger.health()["south/email-1"]["disabled"] is None
    for _ in range(2):
        ended = away.post(address, data={"List-Unsubscribe": "One-Click"})
        assert "No more messages" in ended.text
    assert ledger.health()["south/email-1"]["reason"] == "its reader unsubscribed"
    with reading(ledger.engine) as connection:
        told = connection.execute(notices.select()).all()
    assert [row.text for row in told] == ["south/email-1 was disabled: its reader unsubscribed"]


def test_what_is_not_ours_or_is_gone_is_said(away: TestClient, ledger: Alerting, one: LedgerVisit) -> None:
    found = links(ledger)
    assert found.silence is not None
    assert found.unsubscribe is not None
    crossed = found.silence.replace("/hush/", "/unsubscribe/")
    for address in ("/hush/nothing", found.silence[:-9], crossed):
        answer = away.get(address, headers={"accept": "text/html"})
        assert (answer.status_code, "This link is not valid" in answer.text) == (404, True)
    with writing(ledger.engine) as connection:
        store.remove(connection, "south")
    assert away.get(found.silence).json()["detail"] == "What this link was for no longer exists."


def test_a_test_is_sent_to_a_channel_that_is_on(here: TestClient, ledger: Alerting) -> None:
    subscribe(ledger, subscription("south", channels=[TO]))
    page = here.post("/subscriptions/south/test", data={"endpoint": "south/email-1"})
    assert re.fullmatch(r"/deliveries/\d+", page.url.path)
    assert "a test, sent on demand" in page.text
    assert "a test of the channel" in here.get("/deliveries").text
    path = "/api/v1/subscriptions/south/endpoints"
    made = here.post(f"{path}/south/email-1/test")
    assert (made.status_code, list(made.json())) == (202, ["delivery"])
    assert here.post(f"{path}/south/email-2/test").status_code == 404
    with writing(ledger.engine) as connection:
        endpoint_health.disable(connection, "south/email-1", "gone", NOW)
    assert here.post(f"{path}/south/email-1/test").status_code == 409
    assert here.post("/subscriptions/south/test", data={"endpoint": "south/email-1"}).status_code == 409


def test_a_killed_visits_page_says_who_took_it_back_and_not_what_it_said(
    here: TestClient, engine: Engine, ledger: Alerting, one: LedgerVisit
) -> None:
    killed = makers.story("a", day=0.5, version=2, revision=Revision.KILL)
    entering.record(ledger.engine, [killed], lambda: NOW)
    with reading(ledger.engine) as connection:
        told: list[Alert] = visit_history.alerts_of(connection, one.id)
    write(engine, rows(*told))
    page = here.get(f"/visits/{one.id}").text
    assert page.count("north took its story back (28 Mar 2025, 00:00 UTC)") == 3
    assert one.reports[0].sentence not in page
    assert '<span class="status s-cancelled">Taken back</span>' in page
    assert "Only its reports" not in page
