"""A dead letter keeps everything that is needed to process its message later."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from visitwire_runtime.dead_letters import LARGEST_IN_RECORD, ProducedRecord, dead_letter
from visitwire_schemas import DeadLetter, Record, dead_letters

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def letter(raw: bytes, spool: Path, offset: int | None = 4) -> DeadLetter:
    return dead_letter(
        "visits", ProducedRecord(Record(b"k", raw), "stories-v1", 2, offset), "No.", "InvalidMessage", spool, NOON
    )


def test_the_same_rejection_twice_has_the_same_id(tmp_path: Path) -> None:
    assert letter(b"a", tmp_path) == letter(b"a", tmp_path)
    assert len({letter(b"a", tmp_path).id, letter(b"b", tmp_path).id, letter(b"a", tmp_path, offset=5).id}) == 3


def test_the_bytes_survive_the_topic(tmp_path: Path) -> None:
    topic, sent = dead_letters("visits"), letter(bytes(range(256)), tmp_path)
    assert topic.decode(topic.encode(sent)) == sent
    assert sent.raw == bytes(range(256))


def test_what_just_fits_a_record_stays_in_it(tmp_path: Path) -> None:
    topic, sent = dead_letters("visits"), letter(bytes(LARGEST_IN_RECORD), tmp_path)
    assert len(topic.encode(sent).value or b"") < topic.max_bytes
    assert sent.raw_path is None


def test_what_is_larger_lies_in_the_spool_once(tmp_path: Path) -> None:
    raw = b"x" * (LARGEST_IN_RECORD + 1)
    first, second = letter(raw, tmp_path), letter(raw, tmp_path, offset=9)
    path = tmp_path / "visits" / sha256(raw).hexdigest()
    assert (first.raw, first.raw_path, first.raw_size) == (None, str(path), len(raw))
    assert second.raw_path == first.raw_path
    assert path.read_bytes() == raw
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]
