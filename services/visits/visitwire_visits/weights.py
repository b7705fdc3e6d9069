"""Weights that a script of the project fits on stories with gold: a number for each named feature."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import repeat


@dataclass(frozen=True)
class Weights:
    """A linear model in log-odds; a feature that it does not know counts nothing."""

    bias: float = 0.0
    of: Mapping[str, float] = field(default_factory=dict)
    threshold: float = 0.5
    """The probability from which it says yes."""

    @staticmethod
    def shipped(name: str) -> "Weights":
        """The weights called `name` in weights.json. Raises KeyError where there are none."""
        return _shipped()[name]

    @staticmethod
    def all_shipped() -> Mapping[str, "Weights"]:
        """Every table of weights.json by its name."""
        return _shipped()

    def sum(self, features: Iterable[str]) -> float:
        """What the features add together, without the bias."""
        return math.fsum(map(self.of.get, features, repeat(0.0)))

    def odds(self, features: Iterable[str], values: Mapping[str, float] | None = None) -> float:
        """The log-odds of named features and of values by name, with the bias."""
        told = self.bias + self.sum(features)
        for name, value in (values or {}).items():
            told += self.of.get(name, 0.0) * value
        return told


def probability(odds: float) -> float:
    """The probability that log-odds stand for."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@lru_cache(maxsize=1)
def _shipped() -> Mapping[str, Weights]:
    table = json.loads((files(__package__) / "weights.json").read_text("utf-8"))
    return {name: Weights(row["bias"], row["of"], row.get("threshold", 0.5)) for name, row in table.items()}
