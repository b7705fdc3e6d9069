"""A visit's card on the board, drawn once for each state of the visit."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from visitwire_schemas import LedgerVisit

KEPT = 4000


class Cards:
    def __init__(self, pages: Environment) -> None:
        self._macro = pages.get_template("parts.html").module.card  # type: ignore[attr-defined]
        self._drawn: OrderedDict[tuple[str, str], Markup] = OrderedDict()

    def __call__(self, row: Any) -> Markup:
        """The card of a row of the table of visits."""
        key = (row.id, row.digest)
        drawn = self._drawn.get(key)
        if drawn is None:
            drawn = Markup(self._macro(LedgerVisit.model_validate_json(row.body)))
            self._drawn[key] = drawn
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return drawn

    def all(self, rows: Iterable[Any]) -> Markup:
        """The cards of several rows, one after the other."""
        return Markup("".join(self(row) for row in rows))
