"""E-mail through a real SMTP server, chat through Apprise with HTTP faked at the transport, and the console."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from apprise import Apprise
from hypothesis import given, settings
from hypothesis import strategies as st
from visitwire_alerting.delivery.channels.chat import asset, chat
from visitwire_alerting.delivery.channels.email import Server, email
from visitwire_alerting.delivery.channels.letter import letter
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.subscriptions.stored import Endpoint
from visitwire_schemas import Alert
from visitwire_schemas.subscription import CHAT, Chat, Email

from tests.unit.alerting.makers import at, dates, story, visit
from tests.unit.alerting.office import open_office, settings_for, until

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise imports it

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


class Mailbox:
    """What aiosmtpd calls: keeps the mail, or refuses a mailbox."""

    def __init__(self, refuse: str | None = None) -> None:
        self.mail: list[tuple[list[str], EmailMessage]] = []
        self._refuse = refuse

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._refuse is not None:
            return self._refuse
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        self.mail.append((envelope.rcpt_tos, parsed))
        return "250 OK"


class OnAnyPort(Controller):
    """aiosmtpd's server on a port that the system picks."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def alerts(tmp_path: Path) -> list[Alert]:
    """The alerts of two stories."""

    async def scenario() -> list[Alert]:
        async with open_office(settings_for(f"sqlite:///{tmp_path}/a.sqlite", tmp_path)) as office:
            office.enter([story("one", visit("accepted", by="Helena Duarte"))])
            office.enter([story("two", visit("planned", who="Anna <b>Berg</b>", of="NO", when=dates("2025-05-02")))])
            await until(lambda: sum(topic == "alerts-v1" for topic, _ in office.published) == 2)
            from visitwire_schemas import ALERTS

            return [ALERTS.decode(record) for topic, record in office.published if topic == "alerts-v1"]

    return asyncio.run(scenario())


def by_mail(mailbox: Mailbox, events: list[Alert]) -> Outcome:
    controller = OnAnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        server = Server("127.0.0.1", controller.port, "alerts@visitwire.test", security="none", timeout=5)
        endpoint = Endpoint("desk/email-1", Email(kind="email", to=("desk@paper.test", "night@paper.test")))
        return asyncio.run(email(server, lambda: at(1))(endpoint, events))
    finally:
        controller.stop()


def test_an_email_says_it_in_plain_text_and_in_html(alerts: list[Alert]) -> None:
    mailbox = Mailbox()
    assert by_mail(mailbox, alerts) == Outcome(Result.DELIVERED, 250)
    [(to, mail)] = mailbox.mail
    assert to == ["desk@paper.test", "night@paper.test"]
    assert mail["Subject"] == "President Anna <b>Berg</b> (Norway) to India: announced, 2 May 2025 (and 1 more)"
    assert mail["From"] == "Visitwire <alerts@visitwire.test>"
    plain, html = (mail.get_body([kind]) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    assert "President Vladimir Putin (Russia) to India: accepted, no date" in plain.get_content()
    assert "Helena Duarte: “It is said in one th”" in plain.get_content()
    assert "President Anna &lt;b&gt;Berg&lt;/b&gt; (Norway) to India" in html.get_content()


def test_the_same_events_make_the_same_message_id(alerts: list[Alert]) -> None:
    one, again = (letter(alerts, "a@x.test", ["b@y.test"], at(day)) for day in (0, 3))
    assert one["Message-ID"] == again["Message-ID"]


def test_a_headline_cannot_add_a_header(alerts: list[Alert]) -> None:
    visit_ = alerts[0].data.visit
    evil = visit_.visitor.model_copy(update={"name": "X\r\nBcc: evil@x.test\r\n\r\nHello"})
    data = alerts[0].data.model_copy(update={"visit": visit_.model_copy(update={"visitor": evil})})
    made = letter([alerts[0].model_copy(update={"data": data})], "a@x.test", ["b@y.test"], at(0))
    again = message_from_bytes(made.as_bytes(), policy=policy.default)
    assert (again["Bcc"], again["To"]) == (None, "b@y.test")


@pytest.mark.parametrize(
    ("refusal", "result"),
    [("550 no such mailbox", Result.GONE), ("451 try later", Result.FAILED), ("452 full", Result.FAILED)],
)
def test_a_refused_mailbox_is_gone_or_tried_again(alerts: list[Alert], refusal: str, result: Result) -> None:
    assert by_mail(Mailbox(refusal), alerts).result is result


def test_no_mail_server_is_a_failure_to_try_again(alerts: list[Alert]) -> None:
    server = Server("127.0.0.1", 1, "a@x.test", security="none", timeout=2)
    endpoint = Endpoint("e", Email(kind="email", to=("b@y.test",)))
    assert asyncio.run(email(server, lambda: at(0))(endpoint, alerts)).result is Result.FAILED


@pytest.mark.parametrize(("status", "result"), [(200, Result.DELIVERED), (302, Result.FAILED), (500, Result.FAILED)])
def test_a_chat_service_is_posted_to_once_and_followed_nowhere(
    alerts: list[Alert], monkeypatch: pytest.MonkeyPatch, status: int, result: Result
) -> None:
    sent: list[requests.PreparedRequest] = []

    def send(self: object, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        sent.append(request)
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = status, request, request.url or ""
        answer.headers["Location"] = "http://127.0.0.1:1/"
        answer._content = b"ok"
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    with ThreadPoolExecutor(1) as threads:
        outcome = asyncio.run(chat(threads)(Endpoint("e", Chat(kind="chat", url=SLACK)), alerts))
    assert outcome.result is result
    assert [request.url for request in sent] == [
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    ]
    assert "President Vladimir Putin (Russia) to India: accepted, no date" in json.dumps(
        json.loads(sent[0].body or b"")
    )


@settings(max_examples=150, deadline=None)
@given(st.from_regex(CHAT, fullmatch=True))
def test_apprise_takes_every_chat_address_that_a_subscription_may_have(url: str) -> None:
    service = Apprise.instantiate(url, asset=asset())
    assert service is not None
    assert service.redirects is False


@pytest.mark.parametrize(
    "url",
    [
        "json://127.0.0.1/x",
        "syslog://",
        "dbus://",
        "windows://",
        "file:///etc/passwd",
        "mailto://user:pass@example.com",
        "workflows://127.0.0.1/abcdefgh/abcdefgh",
        "workflows://evil.example.com/abcdefgh/abcdefgh",
        "workflows://a.logic.azure.com.evil.example/abcdefgh/abcdefgh",
        f"{SLACK}?redirect=yes",
        f"{SLACK}?verify=no",
        f"{SLACK}#x",
        f"{SLACK} json://127.0.0.1",
        "apprises://127.0.0.1/token",
    ],
)
def test_nothing_else_is_taken(url: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Chat(kind="chat", url=url)
