"""What one login asks of an OpenID Connect provider."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LoginRequest:
    """What one login asks of the provider, and must find again in its answer."""

    state: str
    nonce: str
    verifier: str
