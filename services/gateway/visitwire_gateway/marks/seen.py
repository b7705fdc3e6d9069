"""The marks on a visit as one reader sees them, with those on the visits that went into it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from visitwire_gateway.auth.who import Who
from visitwire_gateway.model.sql_tables import moment


@dataclass(frozen=True)
class SharedNote:
    """What somebody of the desk said of a visit, and when: a note, or at which revision they acknowledged it."""

    who: str
    at: datetime
    note: str = ""
    revision: int = 0


@dataclass(frozen=True)
class VisitMarks:
    """The marks on a visit as one reader sees them: their own, and what the whole desk is to know."""

    read: int = 0
    """The revision up to which they read it; 0 for none."""
    starred: bool = False
    followed: bool = False
    note: str = ""
    assigned: str | None = None
    """Whose it is, by name."""
    mine: bool = False
    """Whether it is theirs."""
    assigned_by: str = ""
    acknowledged: tuple[SharedNote, ...] = ()
    notes: tuple[SharedNote, ...] = ()
    """Everybody's, theirs too."""


def seen(who: Who, visit: str, rows: Sequence[Any]) -> VisitMarks:
    """From the rows of the visit and of those that went into it, by name. Of what somebody said of several, what they
    said of the visit itself counts; up to which revision they read it only that can say."""
    rows = sorted(rows, key=lambda row: (row.visit != visit, row.visit))
    own = next((row for row in rows if (row.visit, row.reader) == (visit, who.reader)), None)
    mine = [row for row in rows if row.reader == who.reader]
    whose = next((row for row in rows if row.assigned_at), None)
    return VisitMarks(
        read=(own.read or 0) if own else 0,
        starred=any(row.starred for row in mine),
        followed=any(row.followed for row in mine),
        note=next((row.note for row in mine if row.note), ""),
        assigned=whose.name if whose else None,
        mine=whose is not None and whose.reader == who.reader,
        assigned_by=whose.assigned_by if whose else "",
        acknowledged=_each(
            SharedNote(row.name, moment(row.acknowledged_at), revision=row.acknowledged if row.visit == visit else 0)
            for row in rows
            if row.acknowledged
        ),
        notes=_each(SharedNote(row.name, moment(row.noted_at), note=row.note) for row in rows if row.note),
    )


def _each(words: Iterable[SharedNote]) -> tuple[SharedNote, ...]:
    """Everybody's first, by name."""
    first: dict[str, SharedNote] = {}
    for word in words:
        first.setdefault(word.who, word)
    return tuple(first[name] for name in sorted(first))
