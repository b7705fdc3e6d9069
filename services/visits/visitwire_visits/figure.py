"""A visitor or a host, as the story tells it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A person, a role without a name, or a group, as the story tells it."""

    token: int
    name: str | None = None
    label: str | None = None
    country: str | None = None
    entity: str | None = None
    official: bool = False
    private: bool = False
    """Known to be none: of a company, a team, a club."""
    group: bool = False
    assumed: bool = False
    """The country is only where the story is filed from."""
    told: str = ""
    """All that the story says of the office, for what the label leaves out."""
    plural: bool = False
    """Several without a name ("officials", "leaders"): too vague to be a visitor."""

    @property
    def key(self) -> str:
        """The same for every mention of the same visitor."""
        if self.entity:
            return self.entity
        if self.name:
            return self.name.split()[-1].lower()
        return f"{self.country}:{(self.label or '').split()[-1].lower() if self.label else ''}"
