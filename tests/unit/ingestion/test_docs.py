"""docs/feeding.md says what is so."""

import re
import tomllib
from pathlib import Path

from visitwire_ingestion.feed_files import parse as parse_feed
from visitwire_ingestion.formats.dialect import known, parse
from visitwire_runtime.settings import Settings

PAGE = (Path(__file__).parents[3] / "docs" / "feeding.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_feed_definitions_in_the_page_are_some() -> None:
    assert [parse_feed(BLOCKS[each], "feeding.md").owner for each in (0, 1)] == ["gulf", "mercury"]


def test_the_dialect_in_the_page_is_one() -> None:
    (dialect,) = parse(BLOCKS[2])
    assert (dialect.name, dialect.lenient, str(dialect.zone)) == ("mercury", True, "Europe/Rome")
    assert set(tomllib.loads(BLOCKS[2])["format"][0]["fields"]) == set(dialect.fields)


def test_every_known_agency_is_named() -> None:
    listed = re.search(r"Known are: ([^.]*)\.", PAGE)
    assert listed is not None
    assert sorted({each.name for each in known()}) == [name.strip() for name in listed[1].replace("\n", " ").split(",")]


def test_every_setting_of_ingestion_is_named() -> None:
    ours = ("inbox", "push_", "feeds", "fetch_", "ingestion_")
    settings = [name for name in Settings.model_fields if name.startswith(ours)]
    assert len(settings) > 6
    assert [name for name in settings if f"`{name}`" not in PAGE] == []
