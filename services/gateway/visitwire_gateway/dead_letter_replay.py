"""Sends a dead letter's record again to the topic it came from."""

from pathlib import Path

from visitwire_schemas import DeadLetter, Record

from visitwire_gateway.auth.who import Who
from visitwire_gateway.dependencies import Gateway
from visitwire_gateway.model.store_writer import mark_replayed


class NotReplayable(ValueError):
    """There is nowhere to send it, or nothing to send; with the reason."""


def replay(gateway: Gateway, who: Who, letter: DeadLetter) -> None:
    """Raises `NotReplayable`, or `Unavailable` when nobody takes it now."""
    if gateway.outward is None:
        raise NotReplayable("This gateway only reads; run it beside the stages or on Kafka to send records again.")
    if letter.topic is None:
        raise NotReplayable("It never was on a topic: mend the file and hand it in again.")
    key = letter.key.encode() if letter.key is not None else None
    headers = tuple((name, value) for name, value in letter.headers)
    gateway.outward.put(letter.topic, Record(key, _bytes(letter), headers))
    mark_replayed(gateway.engine, letter.id, gateway.clock())
    gateway.people.record(who, "replayed a dead letter", f"{letter.stage}: {letter.id}")


def _bytes(letter: DeadLetter) -> bytes:
    if letter.raw is not None:
        return letter.raw
    if letter.raw_path is not None and Path(letter.raw_path).is_file():
        return Path(letter.raw_path).read_bytes()
    raise NotReplayable("Its bytes are not kept any more.")
