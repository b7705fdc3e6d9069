"""A broker that takes OAUTHBEARER and looks at each token itself: a worker and a reader come with ours."""

import asyncio
import json
import threading
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from kafka.errors import KafkaError  # type: ignore[import-untyped]
from visitwire_runtime import topic_admin
from visitwire_runtime.broker_errors import why_not
from visitwire_runtime.settings import Settings
from visitwire_suite.kafka_broker import Broker

from tests.integration.conftest import own_broker
from tests.integration.harness import Crew, arrived, send, until
from tests.integration.ports import free_port
from tests.integration.words import Word, sink, source

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
SECRET = "the-secret-of-visitwire"
LIFE = 6
"""Seconds that a token is good for, and a connection: short, so that the test sees several."""
LISTENER = """
listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER
listener.name.oauth.oauthbearer.sasl.jaas.config=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required ;
listener.name.oauth.oauthbearer.sasl.server.callback.handler.class=\
org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler
listener.name.oauth.oauthbearer.connections.max.reauth.ms=3600000
sasl.oauthbearer.expected.issuer=https://login.example
sasl.oauthbearer.expected.audience=kafka
"""


class Endpoint(BaseHTTPRequestHandler):
    """A provider's token endpoint (RFC 6749, 4.4) and its keys."""

    given: ClassVar[Counter[str]] = Counter()
    """Tokens by scope."""

    def do_GET(self) -> None:
        self._say(200, {"keys": [KEY.as_dict(private=False)]})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        who = b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        if who != f"visitwire:{SECRET}" or form["grant_type"] != ["client_credentials"]:
            return self._say(401, {"error": "invalid_client"})
        (scope,) = form["scope"]
        now = int(time.time())
        claims: dict[str, Any] = {"iss": "https://login.example", "sub": "visitwire", "aud": scope, "scope": scope}
        self.given[scope] += 1
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | {"iat": now, "exp": now + LIFE}, KEY)
        return self._say(200, {"access_token": token, "token_type": "Bearer", "expires_in": LIFE})

    def _say(self, status: int, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def provider() -> Iterator[str]:
    Endpoint.given.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def with_oauth(broker: Broker, provider: str) -> str:
    """Restarts it with a second listener, which takes tokens of the provider and nothing else; the address of that."""
    port, [node] = free_port(), broker.nodes
    broker.stop()
    file = node.folder / "server.properties"
    text = file.read_text("utf-8")
    text = text.replace(",CONTROLLER://", f",OAUTH://127.0.0.1:{port},CONTROLLER://")
    text = text.replace("advertised.listeners=", f"advertised.listeners=OAUTH://127.0.0.1:{port},")
    text = text.replace("protocol.map=", "protocol.map=OAUTH:SASL_PLAINTEXT,") + LISTENER
    file.write_text(f"{text}sasl.oauthbearer.jwks.endpoint.url={provider}/keys\n", "utf-8")
    broker.start_node(node)
    broker.wait()
    return f"127.0.0.1:{port}"


@pytest.fixture
def secured(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings of a client that the provider knows; its secret is in a file."""
    monkeypatch.setenv("JDK_JAVA_OPTIONS", f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={provider}/keys")
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", "utf-8")
    broker = own_broker(tmp_path / "kafka")
    try:
        address = with_oauth(broker, provider)
        given = {"PROTOCOL": "SASL_PLAINTEXT", "MECHANISM": "OAUTHBEARER", "USERNAME": "visitwire"}
        given |= {"PASSWORD_FILE": str(secret), "TOKEN_URL": f"{provider}/token", "TOKEN_SCOPE": "kafka"}
        for name, value in given.items():
            monkeypatch.setenv(f"VISITWIRE_BROKER_{name}", value)  # for the worker, too
        yield Settings(broker=address, data_dir=tmp_path / "data", metrics_port=0)
    finally:
        broker.stop()


def test_a_worker_goes_on_with_new_tokens_when_old_ones_and_their_connections_end(
    secured: Settings, tmp_path: Path
) -> None:
    words, loud = source("oauth"), sink("oauth")
    topic_admin.create(secured, [words, loud])
    crew = Crew(secured)
    try:
        worker = crew.start("tests.integration.words", "shout", "oauth", str(tmp_path)).ready()
        begun, sent = Endpoint.given["kafka"], 0
        while Endpoint.given["kafka"] < begun + 4 or sent < 4:
            sent += 1
            send(secured, words.name, [words.encode(Word(text=f"hello {sent}"))])
            told = {loud.decode(found.record).text for found in arrived(secured, loud.name, sent)}
            assert f"HELLO {sent}" in told
        assert worker.process.poll() is None
        assert SECRET not in worker.log()
    finally:
        crew.stop()


def test_what_is_wrong_with_a_token_is_told_in_a_line(secured: Settings, tmp_path: Path) -> None:
    def why(**changed: Any) -> str:
        return str(asyncio.run(why_not(secured.model_copy(update=changed))))

    assert asyncio.run(why_not(secured)) is None
    assert "refuses 'somebody': invalid_client (VISITWIRE_BROKER_PASSWORD)" in why(broker_username="somebody")
    assert "refuses the token that" in why(broker_token_scope="elsewhere")
    nowhere = f"http://127.0.0.1:{free_port()}/token"
    assert f"wants a token: {nowhere} does not answer" in why(broker_token_url=nowhere)
    with pytest.raises(KafkaError, match=r"no token: .* refuses 'somebody'"):
        topic_admin.standing(secured.model_copy(update={"broker_username": "somebody"}), [source("oauth")])


def test_a_worker_that_gets_no_token_waits_and_says_why(
    secured: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISITWIRE_BROKER_USERNAME", "somebody")
    crew = Crew(secured)
    try:
        worker = crew.start("tests.integration.words", "shout", "oauth", str(tmp_path))
        until(lambda: worker.logged("no_broker"), "the worker to say that it waits")
        assert "refuses 'somebody': invalid_client" in worker.log()
        assert worker.process.poll() is None
        assert SECRET not in worker.log()
    finally:
        crew.stop()
