"""Parts of pages, each drawn once for each state of what it shows."""

import re
from collections.abc import Hashable
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from visitwire_gateway.newest_kept import NewestKept

KEPT = 20_000
"""Parts, of less than a kilobyte each."""
PLACE = re.compile(rb"<!-- block (\d+) -->")
"""Where a block goes in a page. Nobody's words can look like it: in a page their "<" is "&lt;"."""


class Fragments:
    def __init__(self, pages: Environment, most: int = KEPT) -> None:
        self._pages = pages
        self._macros: dict[str, Any] = {}
        self._drawn = NewestKept[Hashable, Markup](most)

    def draw(self, macro: str, state: Hashable, *given: Any) -> Markup:
        """What the macro of `drawn.html` makes of what is given, of which `state` says all that it shows."""
        key = macro, state
        known = self._drawn.get(key)
        if known is not None:
            return known
        made = self._drawn[key] = self.fresh(macro, *given)
        return made

    def fresh(self, macro: str, *given: Any) -> Markup:
        """The same, drawn now, for who keeps it."""
        if macro not in self._macros:
            self._macros[macro] = getattr(self._pages.get_template("drawn.html").module, macro)
        return Markup(self._macros[macro](*given))


class Blocks:
    """The larger parts of one page, each kept until what it shows is another. Not for several threads at once."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._before: dict[Hashable, tuple[Any, bytes]] = {}
        self._now: dict[Hashable, tuple[Any, bytes]] = {}
        self._placed: list[bytes] = []

    def begin(self) -> "Blocks":
        """For another drawing; what the one before did not ask for is forgotten."""
        self._before, self._now, self._placed = self._now, {}, []
        return self

    def draw(self, name: Hashable, state: Any, macro: str, *given: Any) -> Markup:
        """The place of what the macro makes of what is given, of which `state` says all that it shows; asked for once a
        drawing. A page is a hundred kilobytes, and one change touches few of them: `fill` puts the rest in as it was,
        neither rendered, copied nor encoded again."""
        was = self._before.get(name)
        made = was[1] if was is not None and was[0] == state else self._fragments.fresh(macro, *given).encode()
        self._now[name] = state, made
        self._placed.append(made)
        return Markup(f"<!-- block {len(self._placed) - 1} -->")

    def fill(self, frame: str) -> bytes:
        """The page with each block in its place."""
        parts: list[bytes] = PLACE.split(frame.encode())
        parts[1::2] = [self._placed[int(number)] for number in parts[1::2]]
        return b"".join(parts)
