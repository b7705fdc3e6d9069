"""The count of records a visit, and that the ledger keeps one visit as one record over two months of travels."""

from collections.abc import Sequence

import pytest

from bench.quality.grouping import Grouping, Item, grouping, names, read, travels

READ = {"central_asia": 70, "middle_east": 25}
"""Reports that the reader found at least when the set was made, less a few."""


def made(*items: tuple[str, int]) -> Grouping:
    """Items by visit and record."""
    return Grouping(len(items), [Item(f"s{n}", visit, record, "") for n, (visit, record) in enumerate(items)], 0)


@pytest.mark.parametrize(
    ("items", "precision", "recall", "records"),
    [
        ([("a", 1), ("a", 1), ("b", 2)], 1, 1, 1),
        ([("a", 1), ("a", 2), ("b", 3)], 1, 2 / 3, 1.5),
        ([("a", 1), ("a", 1), ("a", 2), ("a", 2)], 1, 1 / 2, 2),
        ([("a", 1), ("b", 1)], 1 / 2, 1, 1),
    ],
)
def test_what_is_split_costs_recall_and_what_is_mixed_precision(
    items: Sequence[tuple[str, int]], precision: float, recall: float, records: float
) -> None:
    found = made(*items)
    assert (found.precision, found.recall, found.records_a_visit) == pytest.approx((precision, recall, records))


def test_it_names_what_is_split_and_what_is_mixed() -> None:
    found = made(("a", 1), ("a", 2), ("b", 2), ("c", 3))
    assert set(found.split()) == {"a"}
    assert set(found.mixed()) == {2}


@pytest.mark.parametrize("name", names())
def test_every_story_tells_of_visits_that_the_set_has(name: str) -> None:
    given = travels(name)
    assert {visit for story in given.stories for visit in story["visits"]} == set(given.visits)
    assert [story["date"] for story in given.stories] == sorted(story["date"] for story in given.stories)


@pytest.mark.parametrize("name", names())
def test_one_visit_is_one_record(name: str) -> None:
    given = travels(name)
    found = grouping(given, read(given))
    assert len(found.items) >= READ[name]
    assert found.precision >= 0.98
    assert found.recall >= 0.98
