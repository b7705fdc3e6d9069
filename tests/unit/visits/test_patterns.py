"""The examples that stand with each pattern of the visits stage, and what is said of a table that cannot be read."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from visitwire_language.dependency_notation import PatternError
from visitwire_language.text import Text
from visitwire_visits.rules.lexicon import LANGUAGES, lexicon_of, load

from tests.helpers.pattern_examples import check_examples, rows_of, sources_of
from tests.unit.visits.conftest import Parsed

TABLES = tomllib.loads((LANGUAGES / "en" / "patterns.toml").read_text("utf-8"))
ROWS = rows_of(TABLES)


@pytest.fixture(scope="module")
def texts(parsed: Parsed) -> dict[str, Text]:
    sources = sources_of(TABLES)
    stories = zip(sources, parsed(sources), strict=True)
    return {source: Text(source, story.parse) for source, story in stories if story.parse is not None}


@pytest.mark.parametrize(("table", "number"), ROWS, ids=[f"{table} {number + 1}" for table, number in ROWS])
def test_a_pattern_finds_what_its_examples_say(texts: dict[str, Text], table: str, number: int) -> None:
    check_examples(TABLES, table, number, lexicon_of("en").words, texts)


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
