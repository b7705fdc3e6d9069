"""Makes the alert of a change: a CloudEvents envelope that is the same whoever makes it, and whenever."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from visitwire_schemas import (
    DESK,
    Alert,
    AlertData,
    ByHand,
    Change,
    ChangeKind,
    HistoryEntry,
    LedgerVisit,
    Report,
    Revision,
    Story,
    TakenBack,
)

from visitwire_alerting.ledger.fold.versions import is_kill

REPORTS = 20
"""Reports an alert carries at most, the latest; visits-v1 has more."""
LONGEST_NOTE = 500
"""Characters of a wire's note to editors."""


def taken_back(story: Story, said: Sequence[Report], at: datetime) -> TakenBack:
    """That `story` takes back what its earlier version `said`, entered at `at`.

    A kill that only names what it kills comes as the killed version itself: then its time and its note are not its own.
    """
    own = all(story.published > report.published for report in said)
    how = "kill" if is_kill(story) else "correction" if story.revision is Revision.CORRECTION else "update"
    note = story.ednote.strip()[:LONGEST_NOTE] if story.ednote and own else None
    when = story.published if own else at
    return TakenBack(provider=story.provider, uri=story.uri, at=when.astimezone(UTC), how=how, note=note or None)


def alert_of(
    visit: LedgerVisit,
    kinds: Sequence[ChangeKind],
    before: LedgerVisit | None,
    story: str,
    *,
    back: TakenBack | None = None,
    old: bool = False,
    desk: ByHand | None = None,
) -> Alert:
    """The alert that `kinds` happened to `visit`, as the story with this key tells; `old` says that it came late."""
    return Alert(
        id=f"{visit.id}.{visit.revision}",
        type=f"org.visitwire.visit.{kinds[0]}",
        subject=visit.id,
        time=desk.at if desk else back.at if back else visit.updated,
        data=AlertData(
            visit=_trimmed(visit),
            change=Change(kind=kinds[0], kinds=tuple(kinds), before=_short(before), taken_back=back, desk=desk),
            evidence=evidence(visit, story),
            old=old,
        ),
    )


def fallen(visit: LedgerVisit, story: str, back: TakenBack | None, desk: ByHand | None = None) -> LedgerVisit:
    """A visit that nothing supports any more, as it last stood: without the words that were taken back, and with the
    end of its history."""
    bare = {"sentence": "", "headline": None}
    reports = [one.model_copy(update=bare) if one.story == story else one for one in visit.reports]
    end = (back.at, back.provider, back.uri) if back else (desk.at, DESK, story.partition("|")[2]) if desk else None
    ended = () if end is None else (_ended(visit, *end),)
    changed = {"revision": visit.revision + 1, "reports": tuple(reports), "history": (*visit.history, *ended)}
    return visit.model_copy(update=changed)


def _ended(visit: LedgerVisit, at: datetime, provider: str, uri: str) -> HistoryEntry:
    given = {"status": visit.status, "dates": visit.dates, "provider": provider, "uri": uri}
    return HistoryEntry(at=at, change=ChangeKind.RETRACTED, **given)


def evidence(visit: LedgerVisit, story: str) -> tuple[Report, ...]:
    """The report that decided the status, and that of the story that brought the change; the latest last."""
    wires = [entry.story for entry in visit.history if entry.provider != DESK]
    decided = set(wires[-1:])
    return tuple(report for report in visit.reports if report.story in decided | {story})


def _trimmed(visit: LedgerVisit) -> LedgerVisit:
    left_out = visit.reports_left_out + max(0, len(visit.reports) - REPORTS)
    return visit.model_copy(update={"reports": visit.reports[-REPORTS:], "reports_left_out": left_out})


def _short(before: LedgerVisit | None) -> LedgerVisit | None:
    return None if before is None else before.model_copy(update={"reports": ()})


def released(alert: Alert) -> datetime | None:
    """When the embargo of every report it rests on is over."""
    return max((report.embargoed for report in alert.data.evidence if report.embargoed), default=None)


@lru_cache(maxsize=512)
def read_alert(body: str) -> Alert:
    """An alert as the ledger keeps it. One is read to be published, to be matched, and for every subscription it goes
    to."""
    return Alert.model_validate_json(body)
