"""A visit's card on the board, and its row in the list, drawn once for each state of the visit."""

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import Engine
from visitwire_schemas import LedgerVisit

from visitwire_gateway.model.queries import bodies
from visitwire_gateway.newest_kept import NewestKept

KEPT = 4000
"""Cards, of 1.5 KB each."""
_NONE = ("", "")


class Cards:
    def __init__(self, pages: Environment, engine: Engine, template: str = "parts.html", macro: str = "card") -> None:
        """The macro is called with the visit and the lane in which it is."""
        self._macro = getattr(pages.get_template(template).module, macro)
        self._engine = engine
        self._drawn = NewestKept[tuple[str, str], tuple[str, str]](KEPT)
        """By visit and lane: the digest of the state that was drawn, and the card."""

    def all(self, rows: Sequence[Any], lanes: Mapping[str, str] | None = None) -> tuple[Markup, bool]:
        """The cards of rows with id and digest, one after the other, and whether each is of the state its row names:
        a visit may change before its card is drawn, and that of one that goes is left out. `lanes` says by id in which
        lane each is, where a card shows that."""
        lanes = lanes or {}
        cards = dict.fromkeys((row.id for row in rows), "")
        stale = {}
        for row in rows:
            digest, card = self._drawn.get((row.id, lanes.get(row.id, "")), _NONE)
            if digest == row.digest:
                cards[row.id] = card
            else:
                stale[row.id] = row.digest
        found = bodies(self._engine, list(stale)) if stale else ()
        for row in found:
            lane = lanes.get(row.id, "")
            cards[row.id] = str(self._macro(LedgerVisit.model_validate_json(row.body), lane))
            self._drawn[row.id, lane] = row.digest, cards[row.id]
        return Markup("".join(cards.values())), stale == {row.id: row.digest for row in found}
