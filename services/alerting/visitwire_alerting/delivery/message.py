"""What is sent: one event for the alerts of a visit that waited together."""

from collections.abc import Sequence
from dataclasses import dataclass

from visitwire_schemas import Alert, ChangeKind, DeliveryInfo, LedgerVisit, Links, SubscriptionRef
from visitwire_schemas.day_range import days
from visitwire_schemas.subscription import Subscription


@dataclass(frozen=True)
class NumberedAlert:
    """An alert, and its sequence number among the alerts about its visit to the subscription."""

    alert: Alert
    sequence: int


def events(subscription: Subscription, told: Sequence[NumberedAlert], replay: bool = False) -> list[Alert]:
    """One event a visit, by the latest alert: from the state before its first alert to that after its last."""
    by_visit: dict[str, list[NumberedAlert]] = {}
    for one in told:
        by_visit.setdefault(one.alert.subject, []).append(one)
    last = {one.alert.subject: place for place, one in enumerate(told)}
    wanted = [by_visit[visit] for visit in sorted(by_visit, key=last.__getitem__)]
    found = [(group[-1].sequence, as_one([each.alert for each in group])) for group in wanted]
    return [_event(subscription, event, DeliveryInfo(sequence=at, replay=replay)) for at, event in found if event]


def as_one(group: Sequence[Alert]) -> Alert | None:
    """The alerts of one visit, the first first, as one: by the latest, from the state before the first to that after
    the last. None of what came to nothing meanwhile, of which nobody heard and nobody needs to: a visit that was new
    and taken back, or is again as it was."""
    before, last = group[0].data.change.before, group[-1]
    known = before if before is not None and before.focus else None
    if known is None and last.data.change.kind is ChangeKind.RETRACTED:
        return None
    if known and _came_back(known, group):
        return None
    kinds = [kind for one in reversed(group) for kind in (one.data.change.kinds or (one.data.change.kind,))]
    change = last.data.change.model_copy(update={"kinds": tuple(dict.fromkeys(kinds)), "before": before})
    grouped = tuple(one.id for one in group[:-1])
    return last.model_copy(update={"data": last.data.model_copy(update={"change": change, "grouped": grouped})})


def _came_back(before: LedgerVisit, group: Sequence[Alert]) -> bool:
    """Whether a visit changed, and is again as it was. A single change is one, if of something less than facts."""
    last, kinds = group[-1].data, {one.data.change.kind for one in group}
    gone = last.change.kind is ChangeKind.RETRACTED
    return len(group) > 1 and not gone and kinds != {ChangeKind.CONFIRMED} and alike(before, last.visit)


def alike(before: LedgerVisit, after: LedgerVisit) -> bool:
    """Whether the same person goes to the same place on the same days, as somebody's guest, as far along as before."""
    facts = [(one.visitor, one.destination, one.host, one.status, days(one.dates)) for one in (before, after)]
    return facts[0] == facts[1]


def _event(subscription: Subscription, event: Alert, delivery: DeliveryInfo) -> Alert:
    whose = SubscriptionRef(id=subscription.id, name=subscription.name)
    data = event.data.model_copy(update={"subscription": whose, "delivery": delivery})
    return event.model_copy(update={"data": data})


def linked(event: Alert, links: Links) -> Alert:
    return event.model_copy(update={"data": event.data.model_copy(update={"links": links})})


def body(event: Alert) -> bytes:
    """The event as JSON, as CloudEvents' structured mode sends it."""
    return event.model_dump_json(exclude_none=True).encode()
