"""What the filter's lists offer: the countries and wires that occur."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine
from visitwire_language.gazetteer.display import country_name
from visitwire_language.gazetteer.groups import groups
from visitwire_schemas import VisitStatus

from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.model.filters import VisitFilter
from visitwire_gateway.model.queries import occurring
from visitwire_gateway.model.state import State


@dataclass(frozen=True)
class Choices:
    """The filter as it stands, and what else may be chosen."""

    wanted: VisitFilter
    countries: tuple[tuple[str, str], ...]
    """(code, name), by name."""
    providers: tuple[str, ...]
    statuses: tuple[VisitStatus, ...] = tuple(VisitStatus)
    groups: tuple[str, ...] = field(default_factory=lambda: tuple(groups()))
    """Blocs and regions."""

    def beside(self, names: Sequence[str]) -> list[str]:
        """Selected countries that no visit starts from or goes to."""
        offered = {code for code, _ in self.countries} | set(self.groups)
        return [name for name in names if name not in offered]

    @property
    def address(self) -> str:
        """The filter as the part of an address after the question mark."""
        return urlencode(self._query, doseq=True)

    @cached_property
    def _query(self) -> dict[str, Any]:
        return self.wanted.query()

    @property
    def names(self) -> str:
        """The parameters that a filter may have, with blanks between."""
        return " ".join(field.alias or name for name, field in VisitFilter.model_fields.items())

    @property
    def state(self) -> tuple[object, ...]:
        """All that a form with it shows."""
        return self.wanted.model_dump_json(), self.countries, self.providers

    def also(self, **more: Any) -> str:
        """The same with something more; without what is given as "", which for a flag would be no value."""
        every = self._query | more
        return urlencode({name: value for name, value in every.items() if value != ""}, doseq=True)

    @property
    def narrowed(self) -> bool:
        return bool(self._query)


def choices(gateway: Gateway, wanted: VisitFilter, now: State | None = None) -> Choices:
    """As of the state `now`, where that has been read already."""
    named, wires = gateway.memory.get("choices", lambda _before, _now: _offered(gateway.engine), now)
    return Choices(wanted, named, wires)


def _offered(engine: Engine) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    countries, wires = occurring(engine)
    named = sorted(((code, country_name(code)) for code in countries), key=lambda pair: pair[1].casefold())
    return tuple(named), tuple(wires)
