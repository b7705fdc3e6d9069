"""The rules over imports: no module imports itself by way of others, and no chain of imports grows long."""

import itertools

import pytest
from grimp import ImportGraph, build_graph

from tests.helpers.import_rules import circle_of, longest_chain

FLOORS = {
    "visitwire_schemas": 8,
    "visitwire_runtime": 8,
    "visitwire_language": 5,
    "visitwire_ingestion": 8,
    "visitwire_extraction": 8,
    "visitwire_attribution": 8,
    "visitwire_visits": 8,
    "visitwire_reader_llm": 8,
    "visitwire_alerting": 15,
    "visitwire_gateway": 10,
    "visitwire_client": 2,
    "visitwire_suite": 8,
}
"""How many modules stand one on the other in a package at most. Who reads the topmost has to know of so many."""

GROUPS = {
    "visitwire_ingestion": {"ingestion"},
    "visitwire_extraction": {"extraction"},
    "visitwire_attribution": set(),
    "visitwire_visits": {"visits"},
    "visitwire_reader_llm": {"visits"},
    "visitwire_alerting": {"alerting", "broker"},
    "visitwire_gateway": {"gateway"},
}
"""The groups of settings that each may see; alerting's broker is where a rebuild reads from."""
COMMANDS = {
    "visitwire_ingestion.cli",
    "visitwire_alerting.cli.terminal",
    "visitwire_alerting.cli.visits",
    "visitwire_alerting.migrate",
    "visitwire_gateway.cli",
}
"""What starts a process of its own, and so reads all settings: a misspelt one is an error, whose ever it is."""


def graph(*imports: tuple[str, str]) -> ImportGraph:
    made = ImportGraph()
    for importer, imported in imports:
        for module in (importer, imported):
            if module not in made.modules:
                made.add_module(module)
        made.add_import(importer=importer, imported=imported)
    return made


def test_a_circle_is_told_from_importer_to_imported() -> None:
    found = circle_of(graph(("ours.a", "ours.b"), ("ours.b", "ours.c"), ("ours.c", "ours.a")), {"ours"})
    assert found[0] == found[-1]
    assert set(itertools.pairwise(found)) == {
        ("ours.a", "ours.b"),
        ("ours.b", "ours.c"),
        ("ours.c", "ours.a"),
    }


def test_two_ways_to_one_module_are_no_circle_and_circles_of_others_are_not_ours() -> None:
    two_ways = (("ours.a", "ours.b"), ("ours.a", "ours.c"), ("ours.b", "ours.d"), ("ours.c", "ours.d"))
    assert circle_of(graph(*two_ways, ("theirs.a", "theirs.b"), ("theirs.b", "theirs.a")), {"ours"}) == []


@pytest.mark.parametrize(("package", "most"), FLOORS.items())
def test_no_chain_of_imports_grows_long(package: str, most: int) -> None:
    chain = longest_chain(build_graph(package, cache_dir=None), package)
    assert len(chain) <= most, "\n".join(chain)


def test_the_longest_chain_is_told_from_the_top() -> None:
    made = graph(
        ("ours.top", "ours.middle"), ("ours.middle", "ours.base"), ("ours.top", "ours.base"), ("ours.base", "x")
    )
    assert longest_chain(made, "ours") == ["ours.top", "ours.middle", "ours.base"]


@pytest.mark.parametrize(("package", "groups"), GROUPS.items())
def test_a_stage_sees_its_own_settings(package: str, groups: set[str]) -> None:
    made = build_graph(package, "visitwire_runtime", cache_dir=None)
    known = {
        imported: made.find_modules_that_directly_import(imported)
        for imported in made.modules
        if imported.startswith("visitwire_runtime.setting")
    }
    ours = {module: {one for one in by if one.startswith(f"{package}.")} for module, by in known.items()}
    seen = {module.rpartition(".")[2] for module, by in ours.items() if by and ".setting_groups." in module}
    assert seen <= groups
    assert ours["visitwire_runtime.settings"] <= COMMANDS
