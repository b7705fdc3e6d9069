"""How we speak TLS to the broker: whom we trust, and the certificate that we show (mTLS)."""

import ssl
from pathlib import Path

from visitwire_runtime.setting_groups.broker import BrokerSettings
from visitwire_runtime.sockets import CannotStart


def context(settings: BrokerSettings) -> ssl.SSLContext | None:
    """None without TLS. Raises `CannotStart` if a file of the settings is missing or is not PEM."""
    if not settings.broker_protocol.endswith("SSL"):
        return None
    _readable(settings)
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


def files(settings: BrokerSettings) -> dict[str, str]:
    """The same for kafka-python, which takes names of files; checked by `context`."""
    named = {
        "ssl_cafile": settings.broker_ca,
        "ssl_certfile": settings.broker_certificate,
        "ssl_keyfile": settings.broker_key,
    }
    return {name: str(path) for name, path in named.items() if path is not None} if context(settings) else {}


def _readable(settings: BrokerSettings) -> None:
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
