"""What changed between two states of a visit, and whether anybody should be told."""

from visitwire_schemas import ChangeKind, LedgerVisit
from visitwire_schemas.day_range import days

from visitwire_alerting.ledger.fold.account import arrival, dated
from visitwire_alerting.ledger.fold.name_matching import alike, tokens
from visitwire_alerting.ledger.fold.progress import OFF, PROGRESS


def changes(before: LedgerVisit | None, after: LedgerVisit | None, corrected: bool = False) -> tuple[ChangeKind, ...]:
    """The changes from `before` to `after`, what matters most first; () when there is nothing to tell.

    None stands for no visit. `corrected` says that a report was taken back or replaced by a correction, so that a
    difference is a mistake put right and no news. A visit known as background only counts as none.
    """
    known = before if before is not None and before.focus else None
    news = after if after is not None and after.focus else None
    if news is None:
        return (ChangeKind.RETRACTED,) if known else ()
    if known is None or (known.destination.country is None and news.destination.country is not None):
        return (arrival(None, news.status),)  # those who asked for the country hear of it for the first time
    found = _differences(known, news)
    if found and (corrected or _backwards(known, news)):
        return tuple(dict.fromkeys((ChangeKind.CORRECTED, *found)))
    if not found and news.sources_independent > known.sources_independent:
        return (ChangeKind.CONFIRMED,)
    return tuple(found)


def _differences(before: LedgerVisit, after: LedgerVisit) -> list[ChangeKind]:
    found: list[ChangeKind] = []
    if after.status is not before.status:
        found.append(arrival(before.status, after.status))
    if days(after.dates) != days(before.dates):
        found.append(dated(before.dates) if days(after.dates) else ChangeKind.CORRECTED)
    if not found and _another(before, after):
        found.append(ChangeKind.CORRECTED)
    return found


def _another(before: LedgerVisit, after: LedgerVisit) -> bool:
    """Whether it goes elsewhere, or somebody else goes."""
    if before.destination.country != after.destination.country:
        return True
    names = tokens(before.visitor.name or ""), tokens(after.visitor.name or "")
    return bool(names[0] and names[1]) and not alike(*names)


def _backwards(before: LedgerVisit, after: LedgerVisit) -> bool:
    """A visit that is less far along than it was: no news does that, only a report taken back."""
    return (
        before.status is not after.status
        and after.status not in OFF
        and before.status not in OFF
        and PROGRESS[after.status] < PROGRESS[before.status]
    )
