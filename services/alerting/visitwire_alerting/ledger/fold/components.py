"""Splits reports into groups of which no two may be of one visitor, so that each can be folded by itself."""

from collections.abc import Iterable, Sequence
from typing import Self

from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.fold.visitor_form import Form


class Groups:
    """Groups connected by what one form asks for and another is marked with (union by key, with path halving).

    Every form is to be `met` first, then every one `joined`; then `of` says which group each is in. What is kept is
    the keys, not the reports.
    """

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._marked: set[str] = set()
        self._parent: dict[str, str] = {}

    @classmethod
    def among(cls, forms: Sequence[Form]) -> Self:
        """Those of forms that are all at hand."""
        made = cls()
        for form in forms:
            made.meet(form)
        for form in forms:
            made.join(form)
        return made

    def meet(self, form: Form) -> None:
        self._asked |= form.asks
        self._marked |= form.marks

    def join(self, form: Form) -> None:
        first, *others = self._keys(form)
        for other in others:
            self._parent[self._root(other)] = self._root(first)

    def of(self, form: Form) -> str:
        return self._root(self._keys(form)[0])

    def _keys(self, form: Form) -> list[str]:
        # its last name or office, which it asks for itself, is met
        return sorted(key for key in form.marks | form.asks if key in self._asked and key in self._marked)

    def _root(self, key: str) -> str:
        parent = self._parent
        while parent.setdefault(key, key) != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key


def components(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """The groups, in the order of their first report."""
    listed = sorted(sightings, key=lambda sighting: sighting.order)
    found = Groups.among([sighting.form for sighting in listed])
    groups: dict[str, list[Sighting]] = {}
    for sighting in listed:
        groups.setdefault(found.of(sighting.form), []).append(sighting)
    return list(groups.values())
