"""The import rule that no module imports itself by way of others."""

import itertools

from grimp import ImportGraph

from tests.helpers.import_rules import circle_of


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
