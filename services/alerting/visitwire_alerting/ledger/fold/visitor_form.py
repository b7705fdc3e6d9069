"""How a visitor is reported, what such a report is found by, and when two may be of one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from visitwire_language.name_sound import sounds

from visitwire_alerting.ledger.fold.name_matching import alike, general, same_title
from visitwire_alerting.ledger.fold.regions import countries_of


@lru_cache(maxsize=4_096)
def countries(where: str) -> frozenset[str]:
    """Where a visit may go: the country, each country of a region, or a place without a country ("?…") for itself."""
    return (countries_of(where[1:]) if where.startswith("?") else None) or frozenset({where})


@dataclass(frozen=True)
class Form:
    """What a report says of the visitor, and where the visit goes."""

    where: str
    names: tuple[str, ...]
    country: str | None
    office: str | None
    wikidata: str | None

    @cached_property
    def heard(self) -> tuple[str, ...]:
        """The parts of the name as they sound."""
        return sounds(self.names)

    @cached_property
    def countries(self) -> frozenset[str]:
        return countries(self.where)

    @cached_property
    def marks(self) -> frozenset[str]:
        """What it is found by, at each place where it may go: each name of the visitor, the last as such, who Wikidata
        says it is, the office with its vaguer form, and that it gives no name."""
        if not self.names:
            return self._at(*self._office_marks, *self._nameless_marks)
        known_as, heard = self._known_as, self.heard
        return self._at(*heard, f"={heard[-1]}", *known_as, *(self._office_marks if self.office else ()))

    @cached_property
    def asks(self) -> frozenset[str]:
        """The marks of all other reports that may be of the same visit, and so of the same visitor.

        Of two names that may be one person's, the last part of one is a part of the other (`names.alike`); a first name
        alone is shared by half the world. Names that are not alike may be one person's for Wikidata (two scripts, a
        name of office). An office is asked for where a name is missing.
        """
        if not self.names:
            return self._at(*self._office_asks)
        nameless = [f"nameless {key}" for key in self._office_asks] if self.office else []
        return self._at(*(f"={name}" for name in self.heard), self.heard[-1], *self._known_as, *nameless)

    @property
    def turns(self) -> dict[str, bool]:
        """What a worker takes before it folds such a report, and whether for itself alone: two that may be of one
        visitor have a key in common that one of them has alone. Namesakes by first name do not wait for each other."""
        alone: set[str] = set(self._known_as)
        shared: set[str] = set()
        vaguer = general(self.office)
        titles = {self._office, *((f"{self.country}:{vaguer}",) if vaguer else ())}
        if self.names:
            alone.add(self.heard[-1])
            shared |= {*self.heard, *(titles if self.office else ())} - alone
        else:
            alone |= titles
        return dict.fromkeys(self._at(*shared), False) | dict.fromkeys(self._at(*alone), True)

    def _at(self, *keys: str) -> frozenset[str]:
        return frozenset(f"{place}|{key}" for place in self.countries for key in keys)

    @property
    def _known_as(self) -> tuple[str, ...]:
        return (f"wikidata:{self.wikidata}",) if self.wikidata else ()

    @property
    def _office(self) -> str:
        return f"{self.country}:{self.office}"

    @property
    def _office_marks(self) -> tuple[str, ...]:
        """Its office, and that it is one of those that the vaguer form may mean."""
        vaguer = general(self.office)
        return (self._office, f"under {self.country}:{vaguer}") if vaguer else (self._office,)

    @property
    def _office_asks(self) -> tuple[str, ...]:
        """Its office, the vaguer form, and what its own vague form may mean."""
        vaguer = general(self.office)
        return (self._office, f"under {self._office}", *((f"{self.country}:{vaguer}",) if vaguer else ()))

    @property
    def _nameless_marks(self) -> tuple[str, ...]:
        return tuple(f"nameless {key}" for key in self._office_marks)


def same_name(one: Form, other: Form) -> bool:
    if one.wikidata and other.wikidata:
        return one.wikidata == other.wikidata
    if not alike(one.names, other.names):
        return False
    whole = one.heard == other.heard and len(one.names) > 1
    return whole or same_country(one, other)


def same_country(one: Form, other: Form) -> bool:
    return one.country is None or other.country is None or one.country == other.country


def same_office(one: Form, other: Form) -> bool:
    """Where neither has an office, only what gives no name either may be the same."""
    same = one.country == other.country and same_title(one.office, other.office)
    return same and (one.office is not None or not (one.names or other.names))


def other_office(form: Form, known: Iterable[Form]) -> bool:
    """Whether the visitor of the `known` forms has an office beside which this one is another: one minister for foreign
    affairs and one for trade are two, whichever of them "the minister" was."""
    vaguer, offices = general(form.office), {one.office for one in known}
    return (
        vaguer is not None
        and form.office not in offices
        and any(office != vaguer and general(office) == vaguer for office in offices)
    )
