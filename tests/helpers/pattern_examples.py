"""The examples that stand beside dependency patterns: what each must find, and where it must find nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from visitwire_language.dependency_notation import Classes
from visitwire_language.dependency_patterns import Patterns, read_tables
from visitwire_language.text import Text

type Tables = dict[str, list[dict[str, Any]]]


def rows_of(tables: Tables) -> list[tuple[str, int]]:
    """Each row, as the name of its table and its place there."""
    return [(table, number) for table, rows in tables.items() for number in range(len(rows))]


def sources_of(tables: Tables) -> list[str]:
    """The texts of all examples."""
    return sorted({one[0] for rows in tables.values() for row in rows for one in (*row["yes"], *row["no"])})


def check_examples(tables: Tables, table: str, number: int, classes: Classes, texts: Mapping[str, Text]) -> None:
    """Fails where the row does not find what its examples say. Rows that it leads on to count as its own."""
    row = tables[table][number]
    patterns = read_tables("", {**tables, table: [row]}, classes)[table]
    assert row["yes"]
    assert row["no"]
    for source, word, *picked in row["yes"]:
        assert set(picked or [""]) <= set(_found(patterns, texts[source], word)), source
        assert patterns.fits(texts[source], texts[source].words.index(word)), source
    for source, word in row["no"]:
        assert list(_found(patterns, texts[source], word)) == [], source
        assert not patterns.fits(texts[source], texts[source].words.index(word)), source


def _found(patterns: Patterns, text: Text, word: str) -> Iterator[str]:
    for _, picked in patterns.find(text, text.words.index(word)):
        yield text.words[picked[-1]] if picked else ""
