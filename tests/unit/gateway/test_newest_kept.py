"""What is kept of many things goes in the order in which it came."""

from visitwire_gateway.newest_kept import NewestKept


def test_what_was_put_in_first_goes_first_and_writing_over_changes_no_place() -> None:
    kept = NewestKept[str, int](2)
    kept["a"], kept["b"] = 1, 2
    kept["a"] = 3
    assert dict(kept) == {"a": 3, "b": 2}
    kept["c"] = 4
    assert dict(kept) == {"b": 2, "c": 4}
