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
"""Cards, of 1.5 KB each."""
_NONE = ("", "")


class Cards:
    def __init__(self, pages: Environment, engine: Engine) -> None:
        self._macro = pages.get_template("parts.html").module.card  # type: ignore[attr-defined]
        self._engine = engine
        self._drawn: OrderedDict[str, tuple[str, str]] = OrderedDict()
        """By visit: the digest of the state that was drawn, and the card."""

    def all(self, rows: Sequence[Any]) -> tuple[Markup, bool]:
        """The cards of rows with id and digest, one after the other, and whether each is of the state its row names:
        a visit may change before its card is drawn, and that of one that goes is left out."""
        cards = dict.fromkeys((row.id for row in rows), "")
        stale = {}
        for row in rows:
            digest, card = self._drawn.get(row.id, _NONE)
            if digest == row.digest:
                cards[row.id] = card
            else:
                stale[row.id] = row.digest
        found = bodies(self._engine, list(stale)) if stale else ()
        for row in found:
            cards[row.id] = str(self._macro(LedgerVisit.model_validate_json(row.body)))
            self._drawn[row.id] = row.digest, cards[row.id]
        while len(self._drawn) > KEPT:
            self._drawn.popitem(last=False)
        return Markup("".join(cards.values())), stale == {row.id: row.digest for row in found}
