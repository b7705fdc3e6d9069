"""Secrets as the database keeps them: nobody who reads it can log in with what is there."""

import hashlib


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
