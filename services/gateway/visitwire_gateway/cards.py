"""A visit's card on the board, drawn once for each state of the visit."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.model.queries import bodies

KEPT = 4000


class Cards:
    def __init__(self, pages: Environment, engine: Engine) -> None:
        self._macro = pages.get_template("parts.html").module.card  # type: ignore[attr-defined]
        self._engine = engine
        self._drawn: OrderedDict[str, tuple[str, Markup]] = OrderedDict()
        """By visit: the digest of the state that was drawn, and the card."""

    def all(self, rows: Sequence[Any]) -> Markup:
        """The cards of rows with id and digest, one after the other; that of a visit gone meanwhile is left out."""
        known = {row.id: self._drawn.get(row.id, ("", Markup())) for row in rows}
        stale = [row.id for row in rows if known[row.id][0] != row.digest]
        for row in bodies(self._engine, stale) if stale else ():
            card = Markup(self._macro(LedgerVisit.model_validate_json(row.body)))
            known[row.id] = self._drawn[row.id] = row.digest, card
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return Markup("".join(card for _, card in known.values()))
