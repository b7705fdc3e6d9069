"""Dated visits as the calendar lays them out, each read once for each of its states."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.model.queries import bodies
from visitwire_gateway.month import Stay, stays
from visitwire_gateway.newest_kept import NewestKept

KEPT = 6000
"""Visits, of 4 KB each: more than a page of any kind looks at."""


class Dated:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known = NewestKept[str, tuple[str, Stay]](KEPT)
        """By visit: the digest of the state that was read, and the visit without its reports and history."""

    def of(self, rows: Sequence[Any]) -> list[Stay]:
        """The stays of rows with id and digest, by first day. One that went meanwhile is left out, and one that
        changed meanwhile is as it became."""
        found, stale = {}, []
        for row in rows:
            digest, stay = self._known.get(row.id, ("", None))
            if stay is not None and digest == row.digest:
                found[row.id] = stay
            else:
                stale.append(row.id)
        for row in bodies(self._engine, stale) if stale else ():
            for stay in stays([LedgerVisit.model_validate_json(row.body)]):
                found[row.id] = stay.bare(row.digest)
                self._known[row.id] = row.digest, found[row.id]
        return sorted(found.values(), key=Stay.order)
