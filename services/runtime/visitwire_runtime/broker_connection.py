"""How the clients of the broker reach it, aiokafka's and kafka-python's, from the settings: servers, TLS and login."""

import re
import ssl
from pathlib import Path
from typing import Any

from visitwire_runtime import kafka_clients, oauth
from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.sockets import CannotStart

LARGEST_REQUEST = 12 * 1024 * 1024
"""Bytes; above the largest record of any topic (a dead letter), with its framing."""
SERVER = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/\[\]]+)(?::[0-9]{1,5})?")
"""Without a port it is Kafka's usual one."""


def for_aiokafka(settings: BrokerSettings) -> dict[str, Any]:
    """How an aiokafka client reaches the broker."""
    found: dict[str, Any] = {
        "bootstrap_servers": settings.broker,
        "security_protocol": settings.broker_protocol,
        "client_id": "visitwire",
    }
    if secured := tls_context(settings):
        found["ssl_context"] = secured
    if settings.broker_protocol.startswith("SASL"):
        found["sasl_mechanism"] = settings.broker_mechanism
        found |= _aiokafka_login(settings)
    return found


def _aiokafka_login(settings: BrokerSettings) -> dict[str, Any]:
    if settings.broker_mechanism == "OAUTHBEARER":
        return {"sasl_oauth_token_provider": oauth.WorkersProvider(tokens(settings))}
    password = settings.broker_password and settings.broker_password.get_secret_value()
    return {"sasl_plain_username": settings.broker_username, "sasl_plain_password": password}


def for_kafka_python(settings: BrokerSettings) -> dict[str, object]:
    """How a kafka-python client reaches the broker. Raises `CannotStart` where the settings are none of a broker: the
    client would try them for ever, or raise whatever they bring about; `KafkaError` where there is no token."""
    found: dict[str, object] = {
        "bootstrap_servers": _servers(settings.broker),
        "security_protocol": settings.broker_protocol,
        **kafka_clients.CONFIG,
    }
    if settings.broker_protocol.startswith("SASL"):
        found |= {"sasl_mechanism": settings.broker_mechanism, **_kafka_python_login(settings)}
    found |= _tls_files(settings)
    return found


def _kafka_python_login(settings: BrokerSettings) -> dict[str, object]:
    if settings.broker_mechanism == "OAUTHBEARER":
        provider = oauth.Provider(tokens(settings))
        provider.token()  # said here in a line; in the midst of a connection the client would try for half a minute
        return {"sasl_oauth_token_provider": provider}
    if not (settings.broker_username and settings.broker_password):
        protocol = f"VISITWIRE_BROKER_PROTOCOL is {settings.broker_protocol}"
        raise CannotStart(f"{protocol}: set VISITWIRE_BROKER_USERNAME and VISITWIRE_BROKER_PASSWORD")
    password = settings.broker_password.get_secret_value()
    return {"sasl_plain_username": settings.broker_username, "sasl_plain_password": password}


def _servers(broker: str) -> list[str]:
    servers = [server.strip() for server in broker.split(",")]
    if not all(map(SERVER.fullmatch, servers)):
        raise CannotStart(f"VISITWIRE_BROKER is {broker!r}; it must be host:port, several separated by commas")
    return servers


def tokens(settings: BrokerSettings) -> oauth.Tokens:
    """Those of the settings. Raises `CannotStart` where one is missing."""
    client, secret, url = settings.broker_username, settings.broker_password, settings.broker_token_url
    if not (client and secret and url):
        needed = "VISITWIRE_BROKER_TOKEN_URL, VISITWIRE_BROKER_USERNAME and VISITWIRE_BROKER_PASSWORD"
        raise CannotStart(f"VISITWIRE_BROKER_MECHANISM is OAUTHBEARER: set {needed}, the client's id and secret")
    return oauth.shared_tokens(url, client, secret.get_secret_value(), settings.broker_token_scope)


def tls_context(settings: BrokerSettings) -> ssl.SSLContext | None:
    """Whom we trust, and the certificate that we show (mTLS); None without TLS.

    Raises `CannotStart` if a file of the settings is missing or is not PEM.
    """
    if not settings.broker_protocol.endswith("SSL"):
        return None
    _check_files(settings)
    try:
        made = ssl.create_default_context(cafile=settings.broker_ca)
    except ssl.SSLError:
        raise CannotStart(f"VISITWIRE_BROKER_CA is {settings.broker_ca}, which holds no certificate in PEM") from None
    if settings.broker_certificate is not None:
        try:
            made.load_cert_chain(settings.broker_certificate, settings.broker_key)
        except ssl.SSLError:
            shown = f"VISITWIRE_BROKER_CERTIFICATE is {settings.broker_certificate}"
            key = settings.broker_key or "the same file"
            raise CannotStart(f"{shown}; it and its key, {key}, must be in PEM, without a passphrase") from None
    return made


def _tls_files(settings: BrokerSettings) -> dict[str, str]:
    """The same for kafka-python, which takes names of files; checked by `tls_context`."""
    named = {
        "ssl_cafile": settings.broker_ca,
        "ssl_certfile": settings.broker_certificate,
        "ssl_keyfile": settings.broker_key,
    }
    return {name: str(path) for name, path in named.items() if path is not None} if tls_context(settings) else {}


def _check_files(settings: BrokerSettings) -> None:
    named: dict[str, Path | None] = {
        "CA": settings.broker_ca,
        "CERTIFICATE": settings.broker_certificate,
        "KEY": settings.broker_key,
    }
    for name, path in named.items():
        if path is not None and not path.is_file():
            raise CannotStart(f"VISITWIRE_BROKER_{name} is {path}, which is not a file")
    if settings.broker_key is not None and settings.broker_certificate is None:
        raise CannotStart("VISITWIRE_BROKER_KEY is set; set VISITWIRE_BROKER_CERTIFICATE too")
