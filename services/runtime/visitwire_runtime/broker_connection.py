"""How the clients of the broker reach it, aiokafka's and kafka-python's, from the settings."""

import re
from typing import Any

from visitwire_runtime import kafka_clients, oauth, tls
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
    if secured := tls.context(settings):
        found["ssl_context"] = secured
    if settings.broker_protocol.startswith("SASL"):
        found["sasl_mechanism"] = settings.broker_mechanism
        found |= _aiokafka_login(settings)
    return found


def _aiokafka_login(settings: BrokerSettings) -> dict[str, Any]:
    if settings.broker_mechanism == "OAUTHBEARER":
        return {"sasl_oauth_token_provider": oauth.WorkersProvider(oauth.tokens(settings))}
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
    found |= tls.files(settings)
    return found


def _kafka_python_login(settings: BrokerSettings) -> dict[str, object]:
    if settings.broker_mechanism == "OAUTHBEARER":
        provider = oauth.Provider(oauth.tokens(settings))
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
