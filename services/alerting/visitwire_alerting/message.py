"""What is sent: one event for the alerts of a visit that waited together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from visitwire_schemas import Alert, ChangeKind, DeliveryInfo, Links, SubscriptionRef

from visitwire_alerting.subscription import Subscription


@dataclass(frozen=True)
class Told:
    """An alert, and the how-manieth of its visit it is for the subscription."""

    alert: Alert
    sequence: int


def events(subscription: Subscription, told: Sequence[Told], replay: bool = False) -> list[Alert]:
    """One event a visit, by the latest alert: from the state before its first alert to that after its last."""
    by_visit: dict[str, list[Told]] = {}
    for one in told:
        by_visit.setdefault(one.alert.subject, []).append(one)
    last = {one.alert.subject: place for place, one in enumerate(told)}
    wanted = [visit for visit in sorted(by_visit, key=last.__getitem__) if not _came_to_nothing(by_visit[visit])]
    return [_event(subscription, by_visit[visit], replay) for visit in wanted]


def _came_to_nothing(group: Sequence[Told]) -> bool:
    """A visit that was new and taken back while the message waited: nobody heard of it, and nobody needs to."""
    before, end = group[0].alert.data.change.before, group[-1].alert.data.change
    return (before is None or not before.focus) and end.kind is ChangeKind.RETRACTED


def _event(subscription: Subscription, group: Sequence[Told], replay: bool) -> Alert:
    first, last = group[0].alert, group[-1].alert
    kinds = [kind for one in reversed(group) for kind in (one.alert.data.change.kinds or (one.alert.data.change.kind,))]
    change = last.data.change.model_copy(
        update={"kinds": tuple(dict.fromkeys(kinds)), "before": first.data.change.before}
    )
    data = last.data.model_copy(
        update={
            "change": change,
            "subscription": SubscriptionRef(id=subscription.id, name=subscription.name),
            "delivery": DeliveryInfo(sequence=group[-1].sequence, replay=replay),
            "grouped": tuple(one.alert.id for one in group[:-1]),
        }
    )
    return last.model_copy(update={"data": data})


def linked(event: Alert, links: Links) -> Alert:
    return event.model_copy(update={"data": event.data.model_copy(update={"links": links})})


def body(event: Alert) -> bytes:
    """The event as JSON, as CloudEvents' structured mode sends it."""
    return event.model_dump_json(exclude_none=True).encode()


@lru_cache(maxsize=512)
def read_alert(body: str) -> Alert:
    """An alert as the ledger keeps it. One is read to be published, to be matched, and for every subscription it goes
    to."""
    return Alert.model_validate_json(body)
