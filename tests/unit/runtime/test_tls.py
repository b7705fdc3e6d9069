"""TLS to the broker: the certificate that it asks for is shown, and what is wrong with the files is one line."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from visitwire_runtime.broker_connection import for_aiokafka, for_kafka_python, tls_context
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart


class Authority:
    """Signs certificates, and writes them as PEM."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
        made = self._signed(self._name, self._key, x509.BasicConstraints(ca=True, path_length=0))
        self.file = self._written("ca.crt", made.public_bytes(serialization.Encoding.PEM))

    def sign(self, name: str) -> tuple[Path, Path]:
        """A certificate of 127.0.0.1, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        made = self._signed(subject, key, x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]))
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return (
            self._written(f"{name}.crt", made.public_bytes(serialization.Encoding.PEM)),
            self._written(f"{name}.key", plain),
        )

    def _signed(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number()).add_extension(extension, critical=False)
        builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        return builder.sign(self._key, hashes.SHA256())

    def _written(self, name: str, content: bytes) -> Path:
        (self._folder / name).write_bytes(content)
        return self._folder / name


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def asked_by_a_broker(authority: Authority, client: ssl.SSLContext) -> str:
    """Whom a server that asks for a certificate sees; it refuses who shows none."""
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=authority.file)
    server.load_cert_chain(*authority.sign("broker"))
    server.verify_mode = ssl.CERT_REQUIRED
    seen: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listens:

        def serve() -> None:
            accepted, _ = listens.accept()
            try:
                with server.wrap_socket(accepted, server_side=True) as secured:
                    seen.append(str(secured.getpeercert()["subject"][0][0][1]))  # type: ignore[index]
                    secured.sendall(b"x")
            except ssl.SSLError:
                accepted.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with (
                socket.create_connection(listens.getsockname(), 10) as plain,
                client.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
            ):
                secured.recv(1)
        finally:
            thread.join(10)
    return seen[0]


def settings(**given: object) -> Settings:
    return Settings.model_validate({"broker_protocol": "SSL", **given})


def test_a_broker_that_asks_for_a_certificate_sees_ours(authority: Authority) -> None:
    certificate, key = authority.sign("visitwire")
    ours = settings(broker_ca=authority.file, broker_certificate=certificate, broker_key=key)
    assert asked_by_a_broker(authority, for_aiokafka(ours)["ssl_context"]) == "visitwire"
    told = for_kafka_python(ours)
    assert (told["ssl_cafile"], told["ssl_certfile"], told["ssl_keyfile"]) == (
        str(authority.file),
        str(certificate),
        str(key),
    )


def test_it_refuses_who_shows_none(authority: Authority) -> None:
    shown = tls_context(settings(broker_ca=authority.file))
    assert shown is not None
    with pytest.raises((ssl.SSLError, ConnectionError)):
        asked_by_a_broker(authority, shown)


def test_without_tls_there_is_no_context() -> None:
    assert tls_context(Settings(broker_protocol="SASL_PLAINTEXT")) is None


def test_what_is_wrong_with_the_files_is_one_line(authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.sign("visitwire")
    other = authority.sign("other")[1]
    (tmp_path / "words.pem").write_text("no certificate")
    wrong: list[tuple[dict[str, object], str]] = [
        ({"broker_ca": tmp_path / "none"}, "VISITWIRE_BROKER_CA is .*none, which is not a file"),
        ({"broker_ca": tmp_path / "words.pem"}, "holds no certificate in PEM"),
        ({"broker_certificate": certificate}, "its key, the same file, must be in PEM"),
        ({"broker_certificate": certificate, "broker_key": other}, "VISITWIRE_BROKER_CERTIFICATE is "),
        ({"broker_key": key}, "set VISITWIRE_BROKER_CERTIFICATE too"),
    ]
    for given, words in wrong:
        with pytest.raises(CannotStart, match=words):
            tls_context(settings(**given))
