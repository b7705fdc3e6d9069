"""Says in a sentence why a broker cannot be had, which its clients leave to their logs."""

import asyncio
import os
import ssl
from typing import Any

from aiokafka.conn import create_conn  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest  # type: ignore[import-untyped]

from visitwire_runtime.broker_connection import for_aiokafka
from visitwire_runtime.oauth import NoToken
from visitwire_runtime.setting_groups.broker import BrokerSettings

PATIENCE = 5.0
"""Seconds that a broker has to answer."""

_REFUSED = (AuthenticationFailedError, SaslAuthenticationFailed)
_OTHERWISE = (UnsupportedSaslMechanismError, AuthenticationMethodNotSupported, IllegalSaslStateError)


async def why_not(settings: BrokerSettings) -> str | None:
    """Why none of the servers takes us; None when one does."""
    told: list[str] = []
    for server in settings.broker.split(","):
        words = await _tried(server.strip(), settings)
        if words is None:
            return None
        told.append(f"{server.strip()} {words}")
    return "; ".join(dict.fromkeys(told))


async def _tried(server: str, settings: BrokerSettings) -> str | None:
    host, _, port = server.rpartition(":") if ":" in server else (server, ":", "9092")
    given: dict[str, Any] = {
        name: value for name, value in for_aiokafka(settings).items() if name != "bootstrap_servers"
    }
    try:
        async with asyncio.timeout(PATIENCE):
            made = await create_conn(host.strip("[]"), int(port), **given, request_timeout_ms=int(PATIENCE * 1000))
    except (KafkaError, OSError, TimeoutError) as wrong:
        return _words(wrong, settings)
    try:
        return await _token_refused(made, settings)
    finally:
        made.close()


async def _token_refused(made: Any, settings: BrokerSettings) -> str | None:
    """aiokafka takes an answer to its token for a good one: only what is asked next shows that it was refused."""
    if settings.broker_mechanism != "OAUTHBEARER" or not settings.broker_protocol.startswith("SASL"):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            if (await made.send(MetadataRequest([]))).brokers:
                return None
    except (KafkaError, OSError, TimeoutError):
        pass  # it ended the connection instead of naming no brokers
    given = f"{settings.broker_token_url} gives {settings.broker_username!r}"
    return f"refuses the token that {given} (its issuer, audience or scope; VISITWIRE_BROKER_TOKEN_SCOPE)"


def _words(wrong: BaseException, settings: BrokerSettings) -> str:
    inner = wrong.__cause__ or wrong
    if isinstance(inner, NoToken):
        return f"wants a token: {inner}"
    if isinstance(wrong, _REFUSED):
        return f"refuses the password of {settings.broker_username!r} (VISITWIRE_BROKER_PASSWORD)"
    if isinstance(wrong, _OTHERWISE):
        return f"takes no {settings.broker_mechanism} (VISITWIRE_BROKER_MECHANISM)"
    if isinstance(inner, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted ({inner.verify_message}; VISITWIRE_BROKER_CA)"
    if isinstance(inner, ssl.SSLError):
        return "does not speak TLS as we do (VISITWIRE_BROKER_PROTOCOL)"
    if isinstance(inner, ConnectionResetError | EOFError):
        return f"ends the connection: it may not speak {settings.broker_protocol} (VISITWIRE_BROKER_PROTOCOL)"
    if isinstance(inner, TimeoutError):
        return f"does not answer in {PATIENCE:g} s"
    if isinstance(inner, OSError) and inner.errno:
        return f"cannot be reached ({os.strerror(inner.errno) if inner.errno > 0 else inner.strerror})"
    return f"cannot be reached ({wrong!r})"
