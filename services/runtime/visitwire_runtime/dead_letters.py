"""What a stage could not process: the dead letter, where large bytes lie, and when there are too many."""

from base64 import b64encode
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from visitwire_schemas import DeadLetter, Record

TOO_MANY = 3
"""The exit code of a worker that reached its limit of dead letters: starting it again would not help."""
LARGEST_IN_RECORD = 4 * 1024 * 1024
"""Bytes: what base64 makes of these still fits the dead letters' largest record."""


@dataclass(frozen=True)
class ProducedRecord:
    """A record and where it came from. `partition` and `offset` are None where there is no broker."""

    record: Record
    topic: str | None
    partition: int | None = None
    offset: int | None = None

    @property
    def key(self) -> str | None:
        return None if self.record.key is None else self.record.key.decode("utf-8", "backslashreplace")


class TooManyDeadLetters(Exception):
    """The stage rejects so much that the fault is more likely ours than the messages'."""


def size(record: Record) -> int:
    """Bytes of key, value and headers together."""
    headers = sum(len(name.encode()) + len(value) for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


def dead_letter(
    stage: str, delivery: ProducedRecord, reason: str, error: str, spool: Path, at: datetime | None = None
) -> DeadLetter:
    """The letter for a record; bytes too large for a record are written under `spool`."""
    raw = delivery.record.value or b""
    origin = f"{stage}|{delivery.topic}|{delivery.partition}|{delivery.offset}|".encode()
    large = len(raw) > LARGEST_IN_RECORD
    digest = sha256(raw).hexdigest()
    return DeadLetter(
        id=sha256(origin + raw).hexdigest()[:32],
        stage=stage,
        reason=reason,
        error=error,
        topic=delivery.topic,
        partition=delivery.partition,
        offset=delivery.offset,
        key=delivery.key,
        headers=tuple((name, b64encode(value)) for name, value in delivery.record.headers),
        raw=None if large else b64encode(raw),
        raw_path=str(_spooled(spool / stage / digest, raw)) if large else None,
        raw_size=len(raw),
        raw_digest=digest,
        at=at or datetime.now(UTC),
    )


def _spooled(path: Path, raw: bytes) -> Path:
    """Writes `raw` under its digest, whole or not at all."""
    path = path.absolute()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(raw)
        part.replace(path)
    return path


class Limit:
    """Counts rejects: too many are more than `share` of the last `window` messages, or `row` in a row."""

    def __init__(self, *, share: float = 0.5, window: int = 100, row: int = 25) -> None:
        self._share, self._row = share, row
        self._rejected: deque[bool] = deque(maxlen=window)
        self._in_a_row = 0

    def count(self, rejected: bool) -> None:
        """Raises `TooManyDeadLetters` when this one is one too many."""
        self._rejected.append(rejected)
        self._in_a_row = self._in_a_row + 1 if rejected else 0
        if self._in_a_row >= self._row:
            raise TooManyDeadLetters(f"{self._in_a_row} messages in a row went to the dead letters")
        bad, full = sum(self._rejected), len(self._rejected) == self._rejected.maxlen
        if rejected and full and bad > self._share * len(self._rejected):
            raise TooManyDeadLetters(f"{bad} of the last {len(self._rejected)} messages went to the dead letters")
