"""Countries, blocs and regions as people write them, whatever the case: "IN", "india", "the Netherlands", "eu"."""

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from visitwire_language.gazetteer.display import code_of, country_name
from visitwire_language.gazetteer.groups import askable, expand

LONGEST = 60
"""Of what is not a name, as much is told again."""


def code_named(name: str) -> str:
    """The code of a country by the name that a page or a wire gives it, or the name of a bloc or region; the text
    itself where it is none."""
    return code_of(name) or _known().get(name.casefold().removeprefix("the "), name)


def known_code(name: str) -> str:
    """As `code_named`. Raises ValueError, with a sentence that says what is near, where it is not a name."""
    code = code_named(name)
    if code in askable():
        return code
    short = name[:LONGEST]
    near = [_known()[one] for one in get_close_matches(short.casefold(), _known(), n=3)]
    meant = f"; did you mean {' or '.join(country_name(one) for one in dict.fromkeys(near))}?" if near else "."
    raise ValueError(f"{short!r} is not a country (India, IN), bloc (EU) or region (South Asia){meant}")


@lru_cache(maxsize=1024)
def _members(names: tuple[str, ...]) -> frozenset[str]:
    return expand(names)


def members(names: Sequence[str]) -> frozenset[str]:
    """The codes that a visit's country may have, of those who ask for these."""
    return _members(tuple(names))


@cache
def _known() -> dict[str, str]:
    named = {country_name(code).casefold().removeprefix("the "): code for code in askable()}
    return named | {name.casefold(): name for name in askable()}
