"""The option that gives stories without a time of their own one."""

from datetime import UTC, datetime
from typing import Annotated

import typer


def _time(text: str | datetime) -> datetime:
    """An aware time; one without an offset is UTC."""
    if isinstance(text, datetime):
        return text
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; use 2026-03-02 or 2026-03-02T09:10+00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


Received = Annotated[
    datetime | None,
    typer.Option(
        parser=_time,
        metavar="TIME",
        help="Arrival time of stories without a time of their own, to resolve 'Monday'. Default: now.",
    ),
]
