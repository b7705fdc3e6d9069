"""What an admin changes about who may come in, and the line of the audit log that says so: for the pages, the API and
the command line alike."""

from dataclasses import dataclass
from datetime import datetime

from visitwire_gateway.auth.users import People
from visitwire_gateway.auth.who import Role, Who


@dataclass(frozen=True)
class Managing:
    """Users and keys of `who`'s tenant. Whatever `People` refuses is neither done nor recorded."""

    people: People
    who: Who

    def add_user(self, name: str, password: str, role: Role) -> str:
        """The new user's id. Raises `Refused`."""
        key = self.people.add_user(self.who.tenant, name, password, role)
        self.people.record(self.who, "added a user", f"{name} ({role})")
        return key

    def change_user(
        self, key: str, role: Role | None = None, password: str | None = None, present: str | None = None
    ) -> str | None:
        """As `People.change_user`."""
        name = self.people.change_user(self.who.tenant, key, role, password, present)
        if name is not None and role is not None:
            self.people.record(self.who, "changed a role", f"{name} ({role})")
        if name is not None and password is not None:
            self.people.record(self.who, "changed a password", name)
        return name

    def remove_user(self, key: str) -> str | None:
        """As `People.remove_user`."""
        name = self.people.remove_user(self.who.tenant, key)
        if name is not None:
            self.people.record(self.who, "removed a user", name)
        return name

    def add_key(self, name: str, role: Role, ends: datetime | None = None) -> tuple[str, str]:
        """As `People.add_key`."""
        made = self.people.add_key(self.who.tenant, name, role, self.who.name, ends)
        self.people.record(self.who, "made an API key", f"{name} ({role})")
        return made

    def revoke_key(self, key: str) -> bool:
        """Whether there was such a key."""
        revoked = self.people.revoke_key(self.who.tenant, key)
        if revoked:
            self.people.record(self.who, "revoked an API key", key)
        return revoked
