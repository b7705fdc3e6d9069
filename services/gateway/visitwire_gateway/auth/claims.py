"""Claims: what a provider says of a person, in an ID token or when asked."""

from collections.abc import Mapping

type Claims = Mapping[str, object]


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
