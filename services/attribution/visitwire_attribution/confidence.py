"""How sure an attribution is: the share of its construction that proved right, measured on labelled news."""

import tomllib
from functools import cache
from importlib.resources import files

from visitwire_attribution.finding import Finding

_UNKNOWN = 0.5


def confidence(finding: Finding) -> float:
    """0..1, by construction, kind of cue, and whether it has a source."""
    table = _table()
    frame = finding.frame if finding.source else f"{finding.frame} without source"
    return table.get(f"{frame} · {finding.kind}", table.get(frame, _UNKNOWN))


@cache
def _table() -> dict[str, float]:
    data = tomllib.loads(files(__package__).joinpath("confidence.toml").read_text(encoding="utf-8"))
    return {str(name): float(value) for name, value in data["right"].items()}
