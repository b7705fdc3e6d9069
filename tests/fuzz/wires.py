# ruff: noqa: E501 - the table of broken bytes
"""Breaks wire items in every way that lines and software do, and reads them: `python -m tests.fuzz.wires 20000 [SEED]`.

Each must end as stories or as one refusal, within a second of processor time; anything else is printed with the bytes that did it.
"""

import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage
from visitwire_schemas import WireItem

from tests.unit.ingestion.wires import CASES

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONGEST = 1.0
WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"<![CDATA[", b"]]>", b"&amp;", b"&x;", b"&#0;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b"9" * 40, b"-1", b"\xc3", b"{", b"]", b'"', b"\\ud800", b"\x01", b"\x02", b"\x03", b"\x16\x16\x01", b"null", b"<p>" * 400,
    b"[" * 4000, b"<a b='", b"\r\n\r\n", b"--b\r\n", b"=?utf-8?q?=ff?=", b"9999-99-99T99:99:99Z", b"0000-00-00", b"NaN", b"1e999",
)  # fmt: skip


def flipped(raw: bytes, chance: random.Random) -> bytes:
    made = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def cut(raw: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(raw)), chance.randrange(len(raw))))
    return raw[:start] + raw[end:]


def ended(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw))]


def repeated(raw: bytes, chance: random.Random) -> bytes:
    start, end = sorted((chance.randrange(len(raw)), chance.randrange(len(raw))))
    return raw[:end] + raw[start:end] * chance.randint(1, 30) + raw[end:]


def worded(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + chance.choice(WORDS) + raw[place:]


def spliced(raw: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(CASES.values()))
    return raw[: chance.randrange(len(raw))] + other[chance.randrange(len(other)) :]


def recoded(raw: bytes, chance: random.Random) -> bytes:
    text = raw.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-32", "cp1252", "latin-1", "koi8-r", "shift_jis", "utf-7")), "replace"
    )


BREAKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flipped,
    cut,
    ended,
    repeated,
    worded,
    spliced,
    recoded,
)


class Slow(Exception):
    """An item took longer than a second."""


def _slow(number: int, frame: FrameType | None) -> None:
    raise Slow


def broken(chance: random.Random) -> bytes:
    """One item, broken once to four times."""
    raw = chance.choice(list(CASES.values()))
    for _ in range(chance.randint(1, 4)):
        raw = chance.choice(BREAKS)(raw, chance) or b"\x00"
    return raw[:200_000]


def run(count: int, seed: int) -> Counter[str]:
    """Reads `count` broken items; the tally of how they ended."""
    chance, tally = random.Random(seed), Counter[str]()
    signal.signal(signal.SIGVTALRM, _slow)
    slowest = 0.0
    for number in range(count):
        raw = broken(chance)
        started = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
        try:
            tally["read" if read(WireItem(raw=raw, received=NOON)) else "empty feed"] += 1
        except InvalidMessage as refusal:
            tally["refused" if str(refusal) else "refused without a word"] += 1
        except Exception as error:  # the fuzzer is here to find whatever escapes
            tally["escaped"] += 1
            print(f"{number}: {type(error).__name__}: {str(error)[:200]} <- {raw[:300]!r}", flush=True)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        slowest = max(slowest, time.process_time() - started)
        if sys.stderr.isatty() and number % 1000 == 0:
            print(f"\r{number}/{count}", end="", file=sys.stderr, flush=True)
    tally["slowest ms"] = round(slowest * 1000)
    tally["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return tally


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    found = run(many, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(", ".join(f"{name} {count}" for name, count in found.items()))
    raise SystemExit(1 if found["escaped"] else 0)
