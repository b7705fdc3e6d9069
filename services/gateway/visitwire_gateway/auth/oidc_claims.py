"""What a provider says of a person, read as who they are here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from visitwire_gateway.auth.oidc_settings import OpenId
from visitwire_gateway.auth.who import Role

LONGEST = 100
"""Characters of a name."""
LONGEST_SUBJECT = 255
"""Core 1.0, 2: a provider gives no longer one."""

type Claims = Mapping[str, object]


class NotAdmitted(Exception):
    """The provider knows the person, but the operator lets them not in; with the reason."""


@dataclass(frozen=True)
class Identity:
    subject: str
    name: str
    tenant: str
    role: Role


def person(openid: OpenId, claims: Claims) -> Identity:
    """Raises `NotAdmitted`."""
    subject = str(claims["sub"])
    if len(subject) > LONGEST_SUBJECT:
        raise NotAdmitted(f"the subject has more than {LONGEST_SUBJECT} characters")
    _in_a_domain(openid, claims)
    return Identity(subject, name_of(openid, claims), _tenant(openid, claims), _role(openid, claims))


def name_of(openid: OpenId, claims: Claims) -> str:
    """The name to show; in the worst case the subject itself, which every token has."""
    said = (claim(claims, openid.name_claim), claims.get("name"), claims["sub"])
    return next(name for name in (*(_tidy(one) for one in said if isinstance(one, str)), "nameless") if name)


def needed(openid: OpenId) -> tuple[str, ...]:
    """The claims that decide; where an ID token lacks one, the provider is asked for more."""
    names = [openid.role_claim if openid.roles else None, openid.tenant_claim, "email" if openid.domains else None]
    return tuple(name for name in (*names, openid.name_claim) if name)


def claim(claims: Claims, name: str) -> object:
    """The value of that name, or None. Dots lead inwards ("realm_access.roles"), unless a name has them itself
    ("https://example.org/roles")."""
    if name in claims:
        return claims[name]
    for cut in (place for place, sign in enumerate(name) if sign == "."):
        inner = claims.get(name[:cut])
        if isinstance(inner, Mapping) and (found := claim(inner, name[cut + 1 :])) is not None:
            return found
    return None


def _words(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _role(openid: OpenId, claims: Claims) -> Role:
    words = _words(claim(claims, openid.role_claim))
    found = [openid.roles[word] for word in words if word in openid.roles]
    if openid.default_role is not None:
        found.append(openid.default_role)
    if not found:
        raise NotAdmitted(f"nothing in the claim {openid.role_claim} gives a role")
    return max(found, key=list(Role).index)


def _tenant(openid: OpenId, claims: Claims) -> str:
    if openid.tenant_claim is None:
        return openid.tenant
    words = _words(claim(claims, openid.tenant_claim))
    if len(words) != 1 or not words[0] or _tidy(words[0]) != words[0]:
        raise NotAdmitted(f"the claim {openid.tenant_claim} does not name one tenant")
    return words[0]


def _in_a_domain(openid: OpenId, claims: Claims) -> None:
    email, verified = claims.get("email"), claims.get("email_verified")
    if not openid.domains:
        return
    # Some providers write booleans as text.
    if not isinstance(email, str) or verified not in (True, "true"):
        raise NotAdmitted("there is no verified e-mail address")
    if email.rpartition("@")[2].lower() not in openid.domains:
        raise NotAdmitted("the e-mail address is of another domain")


def _tidy(name: str) -> str:
    """Without signs that cannot be seen, or that turn the text around them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())[:LONGEST].strip()
