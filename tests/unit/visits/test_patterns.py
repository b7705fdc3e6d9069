"""The examples that stand with each pattern of the visits stage, and what is said of a table that cannot be read."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from visitwire_language.dependency_patterns import PatternError, Patterns, read_tables
from visitwire_language.text import Text
from visitwire_visits.rules.lexicon import LANGUAGES, lexicon_of, load

from tests.unit.visits.conftest import Parsed

TABLES: dict[str, list[dict[str, Any]]] = tomllib.loads((LANGUAGES / "en" / "patterns.toml").read_text("utf-8"))
ROWS = [(table, number) for table, rows in TABLES.items() for number in range(len(rows))]


@pytest.fixture(scope="module")
def texts(parsed: Parsed) -> dict[str, Text]:
    every = {example[0] for rows in TABLES.values() for row in rows for example in (*row["yes"], *row["no"])}
    sources = sorted(every)
    return {
        source: Text(source, story.parse)
        for source, story in zip(sources, parsed(sources), strict=True)
        if story.parse is not None
    }


def alone(table: str, number: int) -> Patterns:
    """One row of a table, which may lead on to others."""
    return read_tables("", {**TABLES, table: [TABLES[table][number]]}, lexicon_of("en").words)[table]


def found(patterns: Patterns, text: Text, word: str) -> Iterator[str]:
    for _, picked in patterns.find(text, text.words.index(word)):
        yield text.words[picked[-1]] if picked else ""


@pytest.mark.parametrize(("table", "number"), ROWS, ids=[f"{table} {number + 1}" for table, number in ROWS])
def test_a_pattern_finds_what_its_examples_say(texts: dict[str, Text], table: str, number: int) -> None:
    patterns, row = alone(table, number), TABLES[table][number]
    assert row["yes"]
    assert row["no"]
    for source, word, *picked in row["yes"]:
        assert set(picked or [""]) <= set(found(patterns, texts[source], word))
        assert patterns.fits(texts[source], texts[source].words.index(word))
    for source, word in row["no"]:
        assert list(found(patterns, texts[source], word)) == []
        assert not patterns.fits(texts[source], texts[source].words.index(word))


def test_a_broken_pattern_is_told_by_file_table_and_row(tmp_path: Path) -> None:
    folder = shutil.copytree(LANGUAGES / "en", tmp_path / "en")
    path = folder / "patterns.toml"
    path.write_text(path.read_text("utf-8").replace('"{} >dobj {}=filler"', '"{} >dobi {}=filler"'), "utf-8")
    with pytest.raises(
        PatternError,
        match=re.escape(
            "patterns.toml, verb, row 2, '{} >dobi {}=filler': unknown dep 'dobi': allowed are ROOT, acl, "
        ),
    ):
        load(folder)


def test_a_frame_narrowed_by_a_broken_pattern_is_named(tmp_path: Path) -> None:
    folder = shutil.copytree(LANGUAGES / "en", tmp_path / "en")
    path = folder / "frames.toml"
    path.write_text(path.read_text("utf-8").replace("{lemma:part}", "{lemma:@parts}"), "utf-8")
    with pytest.raises(
        PatternError, match=r"frames\.toml, take part, row 1, .*: unknown class @parts: allowed are abstract, "
    ):
        load(folder)
