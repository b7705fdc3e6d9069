"""Real SFTP and FTP servers on loopback, each with a folder that is a drop."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import aioftp
import asyncssh
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from visitwire_ingestion.feeds import Feed

USER, PASSWORD = "desk", "s3cret-word"


class _Login(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == (USER, PASSWORD)


type Opened = Callable[..., AbstractAsyncContextManager[Feed]]


@asynccontextmanager
async def sftp(
    root: Path, *, key: asyncssh.SSHKey | None = None, trusted: bool = True, **changes: Any
) -> AsyncIterator[Feed]:
    """An SFTP server whose folder `out` is the drop, and the definition of the feed."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    (root / "out").mkdir(parents=True, exist_ok=True)
    allowed = None if key is None else _known(root, key)
    server = await asyncssh.create_server(
        _Login, "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=allowed,
        sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(root).encode()),
    )  # fmt: skip
    port = server.get_port()
    shown = host_key if trusted else asyncssh.generate_private_key("ssh-ed25519")
    known = root.parent / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {shown.export_public_key().decode()}", encoding="utf-8")
    own: dict[str, Any] = {"password_env": "DROP_PASSWORD", "username": USER, "known_hosts": known} | changes
    try:
        yield Feed(name="mercury", kind="sftp", url=f"sftp://127.0.0.1:{port}/out", **own)
    finally:
        server.close()
        await server.wait_closed()


def _known(root: Path, key: asyncssh.SSHKey) -> str:
    path = root.parent / "authorized"
    path.write_bytes(key.export_public_key())
    return str(path)


@asynccontextmanager
async def ftps(root: Path, *, tls: bool = False, **changes: Any) -> AsyncIterator[Feed]:
    """An FTP server whose folder `out` is the drop, and the definition of the feed."""
    (root / "out").mkdir(parents=True, exist_ok=True)
    user = aioftp.User(
        USER, PASSWORD, base_path=root, permissions=[aioftp.Permission("/", readable=True, writable=True)]
    )
    server = aioftp.Server([user], ssl=_certified(root.parent) if tls else None)
    await server.start("127.0.0.1", 0)
    own: dict[str, Any] = {"password_env": "DROP_PASSWORD", "username": USER} | changes
    if tls:
        own["ca_file"] = root.parent / "ca.pem"
    url = f"{'ftps' if tls else 'ftp'}://127.0.0.1:{server.server_port}/out"
    try:
        yield Feed(name="mercury", kind="ftp", url=url, **own)
    finally:
        await server.close()


def _certified(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return context
