"""Everything that fits, page by page, so that no file needs the whole table in memory at once."""

from collections.abc import Callable, Iterator
from typing import Any

from visitwire_gateway.model.paging import RowPage

PAGE = 500

type Read = Callable[[str | None, int], RowPage]
"""A page of rows after a cursor, with at most so many."""


def walked(read: Read) -> Iterator[Any]:
    cursor: str | None = None
    while True:
        page = read(cursor, PAGE)
        yield from page.rows
        if page.next is None:
            return
        cursor = page.next
