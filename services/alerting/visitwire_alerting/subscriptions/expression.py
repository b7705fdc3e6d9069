"""Expressions of a filter, in CEL (https://cel.dev): what the conditions cannot say, within bounds.

CEL's macros (`all`, `exists`, `map` …) are off: without them nothing loops, so that an expression costs at most in
proportion to its length, which is bounded. Regular expressions are RE2's, which take linear time.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from visitwire_schemas.subscription import LONGEST_EXPRESSION

from visitwire_alerting.subscriptions.alert_facts import Facts

if TYPE_CHECKING:
    from cel_expr_python.cel import Env  # type: ignore[import-untyped]

MACROS = r"\b(?:all|exists|exists_one|filter|map|has)\("
LOOPS = "all, exists, filter, map and has are not available; use 'x' in changes, or write another subscription"
NO_DAY = 100_000
"""`days_until` of a visit whose dates nobody knows: later than any."""
DECLARED = {
    "visitor": "STRING",
    "visitor_country": "STRING",
    "office": "STRING",
    "host": "STRING",
    "host_country": "STRING",
    "destination": "STRING",
    "place": "STRING",
    "status": "STRING",
    "changes": "list",
    "starts": "STRING",
    "ends": "STRING",
    "days_until": "INT",
    "confidence": "DOUBLE",
    "sources": "INT",
    "providers": "list",
}
"""The names that an expression may use. Days are ISO dates, "" where they are not known."""


def compile_expression(text: str) -> Callable[[Facts], bool]:
    """The test that `text` is. Raises `ValueError` with one plain sentence.

    What fails in the asking ("1 / 0") asks for nothing.
    """
    return _compiled(text)


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Callable[[Facts], bool]:
    if len(text) > LONGEST_EXPRESSION:
        raise ValueError(f"an expression has at most {LONGEST_EXPRESSION} characters")
    try:
        made = _environment().compile(text)
    except RuntimeError as error:
        raise ValueError(LOOPS if re.search(MACROS, text) else _plain(str(error))) from None
    if made.return_type().name() != "BOOL":
        raise ValueError(f"an expression must be true or false, not {made.return_type().name().lower()}")

    def asks(facts: Facts) -> bool:
        try:
            return made.eval(data=values(facts)).value() is True
        except RuntimeError:
            return False

    return asks


@cache
def _environment() -> "Env":
    """Loaded when first needed: it is 6 MB."""
    from cel_expr_python import cel  # type: ignore[import-untyped]

    kinds = {"list": cel.Type.List(cel.Type.STRING)}
    variables = {name: kinds.get(kind) or getattr(cel.Type, kind) for name, kind in DECLARED.items()}
    return cel.NewEnv(config=cel.NewEnvConfigFromYaml("stdlib:\n  disable_macros: true\n"), variables=variables)


def _plain(error: str) -> str:
    """The first thing that is wrong, and where: CEL draws a picture of it."""
    found = re.search(r"<input>:(?P<line>-?\d+):(?P<column>-?\d+): (?P<what>[^|\n]+)", error)
    if found is None:
        return error.partition("\n")[0]
    what = found["what"].replace(" (in container '')", "").strip()
    return f"{what} (at character {found['column']})" if int(found["column"]) > 0 else what


def values(facts: Facts) -> dict[str, Any]:
    """What an alert has under each declared name."""
    first, last = facts.days or (None, None)
    return {
        "visitor": facts.said.visitor,
        "visitor_country": facts.visitor_country or "",
        "office": facts.said.office,
        "host": facts.said.host,
        "host_country": facts.host_country or "",
        "destination": facts.destination or "",
        "place": facts.said.place,
        "status": facts.status.value,
        "changes": sorted(facts.changes),
        "starts": _day(first),
        "ends": _day(last),
        "days_until": (first - facts.today).days if first else NO_DAY,
        "confidence": float(facts.confidence),
        "sources": facts.sources,
        "providers": sorted(facts.providers),
    }


def looked_at(text: str, facts: Facts) -> dict[str, Any]:
    """Of those, what an expression names."""
    named = set(re.findall(r"\w+", text))
    return {name: value for name, value in values(facts).items() if name in named}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
