"""Who asks, and what they may do."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A reader looks; an editor also writes subscriptions and replays; an admin also creates users and API keys."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True)
class Who:
    """Who asks."""

    tenant: str
    name: str
    role: Role
    csrf: str | None = None
    """The word that this session's forms carry; None where no cookie is involved."""
    reader: str | None = field(default=None, compare=False)
    """By what their marks are kept; None of a key, which is not a person."""


@dataclass(frozen=True)
class Identity:
    """Somebody for whom an OpenID Connect provider vouches."""

    subject: str
    name: str
    tenant: str
    role: Role
