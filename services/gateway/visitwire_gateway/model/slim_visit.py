"""A visit's row without its body, of which thousands are kept."""

from typing import NamedTuple

NEVER = "9999-99-99"
"""Sorts what has no day behind all days."""
EXACT = ("day", "none")


class Slim(NamedTuple):
    """A visit's row; sorts by its first day, those without dates last, ties by id."""

    day: str
    """Its first day; `NEVER` where it has none."""
    id: str
    last: str
    """Its last day; `NEVER` where it has none."""
    digest: str
    lane: str
    status: str
    precision: str
    visitor: str
    visitor_country: str | None
    country: str | None
    place: str | None
    updated: str

    @property
    def dated(self) -> bool:
        return self.day != NEVER

    @property
    def ends(self) -> "Ends":
        """Where the way begins and where it leads."""
        return self.visitor_country, self.country

    @property
    def exact(self) -> bool:
        """Dated to the day."""
        return self.day != NEVER and self.precision in EXACT


type Ends = tuple[str | None, str | None]
