"""What a provider says of a person, read as who they are here. Pure."""

from visitwire_gateway.auth.claims import Claims, claim
from visitwire_gateway.auth.oidc_settings import OpenId
from visitwire_gateway.auth.who import Identity, Role

LONGEST = 100
"""Characters of a name."""
LONGEST_SUBJECT = 255
"""Core 1.0, 2: a provider gives no longer one."""


class NotAdmitted(Exception):
    """The provider knows the person, but the operator lets them not in; with the reason."""


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
