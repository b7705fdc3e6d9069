"""Closed classes of words that the grammar of visit reports turns on, read once from data/words.toml."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "words.toml"


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, frozenset[str]]:
    read = tomllib.loads(_FILE.read_text("utf-8"))
    return {name: frozenset(listed.split()) for name, listed in read.items()}


def words(name: str) -> frozenset[str]:
    """The class of that name. Raises KeyError where there is none."""
    return _classes()[name]
