"""Keeps addresses and secrets encrypted in the database."""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr


class Vault:
    """Encrypts with the first key and decrypts with any, so that a new key can be put before the old one."""

    def __init__(self, *keys: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises `ValueError` when no key fits."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise ValueError("the database was sealed with another key: set VISITWIRE_ALERTING_KEY to it") from None

    def renew(self, sealed: bytes) -> bytes:
        """The same, under the first key."""
        return self._fernet.rotate(sealed)


def open_vault(key: SecretStr | None, folder: Path) -> Vault:
    """The vault of the key given (several, separated by commas: the newest first), or of the key file in `folder`,
    which is made where it is missing and readable by its owner only."""
    if key is not None:
        return Vault(*(part.strip() for part in key.get_secret_value().split(",")))
    file = folder / "alerting.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Vault(*file.read_text().split())
    with os.fdopen(descriptor, "w") as opened:
        opened.write(Fernet.generate_key().decode())
    return Vault(*file.read_text().split())
