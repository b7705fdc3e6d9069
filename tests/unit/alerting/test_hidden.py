"""What must not be seen, and where must not be gone: secrets at rest and in logs, and private addresses."""

import asyncio
import io
import logging
import re
import sys
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select
from typer.testing import CliRunner
from visitwire_alerting.cli.commands import app
from visitwire_alerting.delivery.channels.lines import Line
from visitwire_alerting.delivery.channels.webhook import webhook
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.ledger import visit_history
from visitwire_alerting.ledger.enter_story import record
from visitwire_alerting.ledger.fold.alerts import alert_of
from visitwire_alerting.ledger.fold.sighting import sightings
from visitwire_alerting.ledger.fold.visits import fold
from visitwire_alerting.service import open_alerting
from visitwire_alerting.stage import alerting
from visitwire_alerting.storage.database import reading, writing
from visitwire_alerting.storage.database_clock import now
from visitwire_alerting.storage.delivery_tables import deliveries
from visitwire_alerting.storage.vault import Vault, open_vault
from visitwire_alerting.subscriptions import silence, store
from visitwire_alerting.subscriptions.address import address
from visitwire_alerting.subscriptions.stored import Endpoint, Key, new_secret
from visitwire_runtime import logs
from visitwire_runtime.safe_http import GuardedBackend
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart
from visitwire_schemas import ChangeKind
from visitwire_schemas.subscription import Subscription, Webhook

from tests.unit.alerting.makers import story, visit
from tests.unit.alerting.office import open_office, settings_for, until
from tests.unit.alerting.receiver import Answer, receiving

ALERT = alert_of(fold(sightings(story("s", visit("planned"))), "v", 1), [ChangeKind.ANNOUNCED], None, "")
PATH_TOKEN = "hook-token-1f9c7e"
PASSWORD = "basic-password-77aa"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def test_the_database_and_the_logs_contain_no_secret(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    logs.configure("debug")

    async def scenario() -> str:
        async with (
            receiving(lambda got: Answer(500)) as receiver,
            open_office(settings_for(database, tmp_path)) as office,
        ):
            url = f"http://desk:{PASSWORD}@127.0.0.1:{receiver.port}/{PATH_TOKEN}"
            stored = office.subscribe(channels=[{"kind": "webhook", "url": url}], owner={"kind": "chat", "url": SLACK})
            office.enter([story("a", visit("planned"))])
            await until(lambda: len(receiver.got) >= 3)
            return stored.endpoints[0].keys[0].secret

    try:
        secret = asyncio.run(scenario())
    finally:
        logging.root.handlers.clear()
    hidden = [secret, secret.removeprefix("whsec_"), PATH_TOKEN, PASSWORD, "TIiajkdnlazkcOXrIdevi7FQ"]
    seen = log.getvalue() + "".join(capfd.readouterr())
    assert "delivery_failed" in seen
    at_rest = _everything(database, tmp_path)
    assert [word for word in hidden if word in seen or word.encode() in at_rest] == []


def _everything(database: str, folder: Path) -> bytes:
    """All bytes of the database: its files, or PostgreSQL's dump of every row."""
    if database.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in folder.iterdir() if ".sqlite" in path.name)
    from visitwire_alerting.storage.all_tables import metadata
    from visitwire_alerting.storage.database import open_database

    engine = open_database(database)
    with reading(engine) as connection:
        rows = [repr(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    engine.dispose()
    return "\n".join(rows).encode()


def test_the_key_file_is_the_owners_alone_and_a_new_key_goes_before_the_old(tmp_path: Path) -> None:
    vault = open_vault(None, tmp_path)
    file = tmp_path / "alerting.key"
    assert file.stat().st_mode & 0o777 == 0o600
    sealed = vault.seal("secret")
    fresh = Vault(*(key.decode() for key in (_key(), file.read_bytes())))
    assert fresh.open(sealed) == "secret"
    assert fresh.open(fresh.renew(sealed)) == "secret"
    with pytest.raises(ValueError, match="another key"):
        open_vault(None, tmp_path / "elsewhere").open(sealed)


def test_no_receiver_gets_the_secret_of_another(engine: Engine) -> None:
    vault = Vault(_key().decode())

    def save(*urls: str) -> dict[str, str]:
        channels = [{"kind": "webhook", "url": f"https://{url}.test/"} for url in urls]
        given = Subscription.model_validate({"id": "desk", "name": "A desk", "channels": channels})
        with writing(engine) as connection:
            ends = store.save(connection, vault, given).endpoints
        return {url: end.keys[0].secret for url, end in zip(urls, ends, strict=True)}

    first = save("a", "b")
    assert save("b") == {"b": first["b"]}
    third = save("c", "b")
    assert (third["b"], third["c"] in first.values()) == (first["b"], False)
    assert save("d", "b")["d"] not in {*first.values(), *third.values()}, "who moves gets one of its own"


def test_a_silence_of_a_visit_is_the_tenants_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISITWIRE_DATA_DIR", str(tmp_path))
    desk = open_alerting(Settings())
    given = Subscription.model_validate({"id": "desk", "name": "A desk", "channels": [{"kind": "console"}]})
    for tenant in ("default", "other"):
        desk.subscribe([given], tenant)
    record(desk.engine, [story("a", visit())])
    with reading(desk.engine) as connection:
        [known] = visit_history.list_visits(connection)
    assert CliRunner().invoke(app, ["subscriptions", "silence", "1h", "--visit", known.id]).exit_code == 0
    with reading(desk.engine) as connection:
        assert [one.visit for one in silence.standing(connection, now())] == [known.id]
        assert silence.standing(connection, now(), "other") == []
    desk.engine.dispose()


def _key() -> bytes:
    from cryptography.fernet import Fernet

    return Fernet.generate_key()


HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://10.0.0.1:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
)


def test_no_forbidden_address_is_even_connected_to(tmp_path: Path) -> None:
    async def scenario() -> tuple[int, int]:
        settings = settings_for(f"sqlite:///{tmp_path}/a.sqlite", tmp_path, deliver_to_private=False)
        async with receiving() as receiver, open_office(settings) as office:
            for number, form in enumerate(HOSTILE):
                url = form.format(port=receiver.port)
                office.subscribe(id=f"s{number}", channels=[{"kind": "webhook", "url": url}])
            office.enter([story("a", visit("planned"))])

            def ended() -> bool:
                with reading(office.desk.engine) as connection:
                    tried = connection.execute(select(deliveries.c.last_error)).scalars().all()
                return len(tried) == len(HOSTILE) and all(tried)

            await until(ended)
            with reading(office.desk.engine) as connection:
                delivered = connection.execute(select(deliveries).where(deliveries.c.state == "delivered")).all()
            return receiver.connections, len(delivered)

    assert asyncio.run(scenario()) == (0, 0)


NAMES = (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"])
"""What a hostile name server may answer; a name that had been harmless when the subscription was saved."""


@pytest.mark.parametrize("addresses", NAMES)
def test_a_name_that_leads_inside_is_not_connected_to(tmp_path: Path, addresses: list[str]) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    async def scenario() -> tuple[Outcome, int]:
        async with receiving() as receiver:
            transport = Line(GuardedBackend(resolve), httpx.create_ssl_context())
            channel = Webhook(kind="webhook", url=f"http://rebound.test:{receiver.port}/")
            end = Endpoint("e", channel, (Key(secret=new_secret()),))
            outcome = await webhook(transport, 1.0, now)(end, [ALERT])
            await transport.aclose()
            return outcome, receiver.connections

    outcome, connections = asyncio.run(scenario())
    assert (outcome.result, connections) == (Result.REFUSED, 0)


def test_a_redirect_inside_is_not_followed(tmp_path: Path) -> None:
    async def scenario() -> tuple[Outcome, int]:
        async with receiving() as inside, receiving() as outside:
            outside.behave = lambda got: Answer(307, {"Location": f"{inside.url}/admin"})
            transport = Line(GuardedBackend(allow_private=True), httpx.create_ssl_context())
            end = Endpoint("e", Webhook(kind="webhook", url=outside.url), (Key(secret=new_secret()),))
            outcome = await webhook(transport, 1.0, now)(end, [ALERT])
            await transport.aclose()
            return outcome, inside.connections

    outcome, connections = asyncio.run(scenario())
    assert (outcome.result, outcome.status, connections) == (Result.FAILED, 307, 0)


def test_a_process_with_another_key_is_refused_at_its_start(database: str, tmp_path: Path) -> None:
    first = settings_for(database, tmp_path / "one")
    wanted = {"id": "s", "name": "A desk", "channels": [{"kind": "chat", "url": SLACK}]}
    desk = open_alerting(first)
    desk.subscribe([Subscription.model_validate(wanted)])
    desk.engine.dispose()
    stage = alerting(first)
    if stage.close is not None:
        stage.close()
    for settings, named in (
        (settings_for(database, tmp_path / "two"), f"{tmp_path / 'two' / 'alerting.key'} is not the key"),
        (
            settings_for(database, tmp_path, alerting_key=Fernet.generate_key().decode()),
            "VISITWIRE_ALERTING_KEY is not",
        ),
    ):
        with pytest.raises(CannotStart, match=f"^{re.escape(named)}"):
            alerting(settings)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://desk:pw@x.test/{PATH_TOKEN}", f"https://x.test/…{PATH_TOKEN[-4:]}"),
        ("http://127.0.0.1:9001/visits", "http://127.0.0.1:9001/…s"),
        ("https://x.test:8443/", "https://x.test:8443"),
        ("https://x.test/abc", "https://x.test"),
        ("https://x.test/hooks?key=abcdefgh1234", "https://x.test/…1234"),
        ("http://[::1]:9/", "http://[::1]:9"),
    ],
)
def test_an_address_is_shown_with_no_more_of_its_path_than_tells_it_apart(url: str, shown: str) -> None:
    assert address(Webhook(kind="webhook", url=url)) == shown
