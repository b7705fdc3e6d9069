"""Whether an ID token is to be believed. Pure. The rules (OpenID Connect Core 1.0, 3.1.3.7) are Authlib's.

Signatures are joserfc's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import Key, KeySet, import_key

LEEWAY = 60
"""Seconds by which the provider's clock and ours may differ."""
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures that only the provider can make. None, and what shares a secret (HS…), prove nothing."""


class NotBelieved(Exception):
    """With what is wrong with the token."""


class UnknownKey(NotBelieved):
    """It names a key that is not among those known."""


@dataclass(frozen=True)
class Expected:
    issuer: str
    client_id: str
    nonce: str
    access_token: str | None
    algorithms: Sequence[str]
    """Those the provider says it signs with; of these, only what is in `SIGNED` counts."""


def believed(token: str, keys: KeySet, expected: Expected, now: datetime) -> dict[str, Any]:
    """The claims, once signature, issuer, audience, times and nonce are right. Raises `NotBelieved`."""
    allowed = [one for one in expected.algorithms if one in SIGNED]
    if not allowed:  # joserfc takes an empty list for its own, which has HS256
        raise NotBelieved("the provider signs in no way that proves anything")
    # Authlib by itself asks for no audience, and takes a token for another that names us as the authorised party.
    rules = {
        "iss": {"essential": True, "value": expected.issuer},
        "aud": {"essential": True, "value": expected.client_id},
        "sub": {"essential": True},
    }
    ours = {"nonce": expected.nonce, "client_id": expected.client_id, "access_token": expected.access_token}
    try:
        read = jwt.decode(token, keys, algorithms=allowed)
        claims = CodeIDToken(read.claims, read.header, rules, ours)
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except InvalidKeyIdError as wrong:
        raise UnknownKey(str(wrong)) from None
    except (JoseError, ValueError, TypeError) as wrong:
        raise NotBelieved(str(wrong) or type(wrong).__name__) from None
    return dict(claims)


def public_keys(published: object) -> list[Key]:
    """Those of a JSON Web Key Set that check signatures; keys for encryption, shared secrets and what we do not know
    are passed over."""
    listed = published.get("keys") if isinstance(published, dict) else None
    return [key for key in map(_public_key, listed if isinstance(listed, list) else []) if key is not None]


def _public_key(given: object) -> Key | None:
    if not isinstance(given, dict) or given.get("kty") not in ("RSA", "EC", "OKP") or given.get("use") == "enc":
        return None
    try:
        return import_key(given)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
