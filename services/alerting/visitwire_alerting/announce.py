"""Makes the alert of a change: a CloudEvents envelope that is the same whoever makes it, and whenever."""

from collections.abc import Sequence
from datetime import datetime

from visitwire_schemas import Alert, AlertData, Change, ChangeKind, LedgerVisit, Report

REPORTS = 20
"""Reports an alert carries at most, the latest; visits-v1 has more."""


def alert_of(visit: LedgerVisit, kinds: Sequence[ChangeKind], before: LedgerVisit | None, story: str) -> Alert:
    """The alert that `kinds` happened to `visit`, as the story with this key tells."""
    return Alert(
        id=f"{visit.id}.{visit.revision}",
        type=f"org.visitwire.visit.{kinds[0]}",
        subject=visit.id,
        time=visit.updated,
        data=AlertData(
            visit=_trimmed(visit),
            change=Change(kind=kinds[0], kinds=tuple(kinds), before=_short(before)),
            evidence=evidence(visit, story),
        ),
    )


def evidence(visit: LedgerVisit, story: str) -> tuple[Report, ...]:
    """The report that decided the status, and that of the story that brought the change; the latest last."""
    decided = {entry.story for entry in visit.history[-1:]}
    return tuple(report for report in visit.reports if report.story in decided | {story})


def _trimmed(visit: LedgerVisit) -> LedgerVisit:
    left_out = visit.reports_left_out + max(0, len(visit.reports) - REPORTS)
    return visit.model_copy(update={"reports": visit.reports[-REPORTS:], "reports_left_out": left_out})


def _short(before: LedgerVisit | None) -> LedgerVisit | None:
    return None if before is None else before.model_copy(update={"reports": ()})


def released(alert: Alert) -> datetime | None:
    """When the embargo of every report it rests on is over."""
    return max((report.embargoed for report in alert.data.evidence if report.embargoed), default=None)
