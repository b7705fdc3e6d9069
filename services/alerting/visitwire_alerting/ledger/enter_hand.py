"""What a person says of a visit is entered in the ledger, and taken back: the fold, and what is told of it, with one
commit."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine
from visitwire_schemas import DESK, ByHand, Hand, HandKind, LedgerVisit, Right

from visitwire_alerting.ledger import hand_log, live_reports
from visitwire_alerting.ledger.fold.hands import like
from visitwire_alerting.ledger.fold.sighting import Sighting
from visitwire_alerting.ledger.hand_errors import Unfit, Unknown, changed
from visitwire_alerting.ledger.hand_log import HandLogEntry
from visitwire_alerting.ledger.refold import refold
from visitwire_alerting.ledger.visit_history import find_visit
from visitwire_alerting.ledger.visitor_locks import hold
from visitwire_alerting.ledger.write_visit import Cause
from visitwire_alerting.storage.database import committed

PINNED = ("visitor", "destination", "host", "status", "dates", "announced_by")
"""What of a visit can be held as it is."""


@dataclass(frozen=True)
class HandRequest:
    """What somebody says of a visit."""

    visit: str
    kind: HandKind
    by: str
    note: str | None = None
    right: Right | None = None
    other: str | None = None
    """The id of the visit that is the same, of a merge."""
    apart: tuple[str, ...] = ()
    """The keys of the stories that report another visit, of a split."""
    revision: int | None = None
    """The revision that they saw; None: whatever it is."""


def say(engine: Engine, word: HandRequest, at: datetime) -> Hand:
    """Enters it. Raises `Unknown`, `Changed`, `Unfit`, or `Unavailable` where the database cannot be had."""
    return committed(engine, partial(_say, word=word, at=at))


def _say(connection: Connection, word: HandRequest, at: datetime) -> Hand:
    _standing(connection, word.visit)
    hand = _hand(connection, word, at)
    touched = _hold(connection, hand.stories)
    mine = _standing(connection, word.visit)  # as it is now that nobody else folds it
    if word.revision is not None and mine.revision != word.revision:
        raise changed(word.visit)
    hand = _hand(connection, word, hand_log.after_all(connection, at))
    hand_log.write(connection, hand, word.visit, word.other)
    done = ByHand(by=word.by, at=at, did=word.kind.value, note=word.note)
    refold(connection, _cause(hand, done), touched, {word.visit, *filter(None, [word.other])})
    return hand


def lift(engine: Engine, id: str, by: str, at: datetime, note: str | None = None) -> HandLogEntry:
    """Takes back what was said; what was said before it stands again. Raises `Unknown`, or `Unavailable` as `say`."""
    return committed(engine, partial(_lift, id=id, done=ByHand(by=by, at=at, did="lift", note=note)))


def _lift(connection: Connection, id: str, done: ByHand) -> HandLogEntry:
    entry = hand_log.find(connection, id)
    if entry is None:
        raise Unknown(f"Nobody said {id} of a visit.")
    # The visit may have passed to other reports since, which would lose it to those that it was said of.
    now = {sighting.story for sighting in _reports(connection, entry.visit)}
    touched = _hold(connection, entry.hand.stories | now)
    if not hand_log.mark_lifted(connection, id, done.by, done.at):
        raise Unknown(f"{id} was taken back already.")
    supported = {held.visit for held in _supporting(connection, touched) if held.visit}
    refold(connection, _cause(entry.hand, done), touched, supported | {entry.visit})
    return entry


def pinned(visit: LedgerVisit, fields: Sequence[str]) -> Right:
    """That these are right as they are. Raises `Unfit`."""
    wrong = [name for name in fields if name not in PINNED]
    if wrong or not fields:
        raise Unfit(f"Say which to hold, of {', '.join(PINNED)}.")
    none = [name for name in fields if getattr(visit, name) is None]
    given = {name: getattr(visit, name) for name in fields if name not in none}
    return Right.model_validate({**given, "none": none})


def _standing(connection: Connection, id: str) -> LedgerVisit:
    found = find_visit(connection, id)
    if found is None or not found.standing:
        gone = f" {id} is now part of {found.merged_into}." if found is not None and found.merged_into else ""
        raise Unknown(f"There is no visit {id}.{gone}")
    return found.visit


def _cause(hand: Hand, done: ByHand) -> Cause:
    return Cause(f"{DESK}|{hand.id}", True, done.at, desk=done)


def _hand(connection: Connection, word: HandRequest, at: datetime) -> Hand:
    """Raises `Unfit`."""
    reports = _reports(connection, word.visit)
    _check(word, {sighting.story for sighting in reports})
    other = None
    if word.other is not None:
        _standing(connection, word.other)
        other = like(_reports(connection, word.other))
    return Hand(
        id=f"{at:%Y%m%d}-{secrets.token_hex(4)}",
        kind=word.kind,
        at=at,
        by=word.by,
        note=word.note,
        about=like(reports),
        right=word.right,
        other=other,
        apart=word.apart,
    )


def _reports(connection: Connection, visit: str) -> list[Sighting]:
    return [held.sighting for held in live_reports.of_visit(connection, visit)]


def _check(word: HandRequest, there: set[str]) -> None:
    """Raises `Unfit` where it cannot be said of a visit that these stories report."""
    strange = sorted(set(word.apart) - there)
    if word.kind is HandKind.CORRECT and (word.right is None or not word.right.model_dump(exclude_defaults=True)):
        raise Unfit("Say what is right: a visitor, a destination, a host, a status, dates, or on whose word.")
    if word.kind is HandKind.MERGE and word.other in (None, word.visit):
        raise Unfit("Say which other visit is the same.")
    if strange:
        raise Unfit(f"{', '.join(strange)} does not report this visit.")
    if word.kind is HandKind.SPLIT and (not word.apart or set(word.apart) == there):
        raise Unfit("Say which of its stories report another visit: some of them, and not all.")


def _hold(connection: Connection, keys: frozenset[str]) -> list[Sighting]:
    """Keeps other workers from these stories and their visitors until the commit; gives their live reports."""
    hold(connection, keys)
    return [one.sighting for key in sorted(keys) for one in live_reports.of_story(connection, key)]


def _supporting(connection: Connection, touched: Sequence[Sighting]) -> list[live_reports.Held]:
    return [held for story in {one.story for one in touched} for held in live_reports.of_story(connection, story)]
