"""Bench: items read a second in each format, beside lxml, json or feedparser alone parsing the same bytes.

    python -m bench.speed.formats

One process, the items of the golden cases, with bodies of about 500 words. The peer only parses; reading also finds the
fields, makes text and safe HTML, checks the schema and builds the message.
"""

import email
import json
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy

import feedparser  # type: ignore[import-untyped]
from lxml import etree
from visitwire_ingestion.formats import read
from visitwire_schemas import WireItem

from tests.unit.ingestion.wires import CASES

RECEIVED = datetime(2026, 3, 2, 11, tzinfo=UTC)
SECONDS = 1.0
SENTENCE = "President Ines Andrade has accepted an invitation to visit Norway, her spokesman said on Monday. "
PARAGRAPHS = 11
FORMATS = {
    "nitf": "nitf",
    "newsml 1.2": "newsml1-afp",
    "newsml-g2, schema checked": "newsml-g2",
    "newsml-g2, known agency": "newsml-g2-dpa",
    "ninjs 1": "ninjs1",
    "ninjs 2": "ninjs2",
    "ap media api": "ap-media",
    "rss": "rss",
    "atom": "atom",
    "e-mail": "mail",
    "iptc 7901": "iptc7901-dpa",
    "anpa 1312": "anpa-ap",
    "plain text": "plain",
    "json lines": "json-lines",
}


def lengthened(raw: bytes) -> bytes:
    """The item with the body that a story usually has."""
    more = SENTENCE * 4
    for old, new in (
        (b"</p><p>", "</p>" + f"<p>{more}</p>" * PARAGRAPHS + "<p>"),
        (b"&lt;/p>&lt;p>", "&lt;/p>" + f"&lt;p>{more}&lt;/p>" * PARAGRAPHS + "&lt;p>"),
        (b"visit Norway.\r\n\r\n", f"visit Norway.\r\n\r\n{more}\r\n\r\n" * PARAGRAPHS),
        (b"has accepted.\n\n", f"has accepted.\n\n{more}\n\n" * PARAGRAPHS),
        (b"visit Norway.\r\n\t", f"visit Norway.\r\n\t{more}\r\n\t" * PARAGRAPHS),
        (b"\\n\\nTwo.", f"\\n\\n{more}" * PARAGRAPHS),
    ):
        if old in raw:
            return raw.replace(old, new.encode(), 1)
    return raw


def peer(raw: bytes, name: str) -> tuple[str, Callable[[], object]]:
    """What parses the same bytes, and does nothing more."""
    if name in ("rss", "atom"):
        return "feedparser", lambda: feedparser.parse(raw)
    if raw.lstrip().startswith(b"<"):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return "lxml", lambda: etree.fromstring(raw, parser)
    if name == "json lines":
        return "json", lambda: [json.loads(line) for line in raw.splitlines()]
    if raw.startswith(b"{"):
        return "json", lambda: json.loads(raw)
    if name == "e-mail":
        return "email", lambda: email.message_from_bytes(raw, policy=policy.default).get_body()
    return "decode and split", lambda: raw.decode("utf-8").split("\n")


def rate(work: Callable[[], object]) -> float:
    """Turns a second, over about a second, after a warm-up."""
    work()
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        for _ in range(10):
            work()
        count += 10
    return count / (time.perf_counter() - started)


def main() -> None:
    warnings.simplefilter("ignore")
    print(f"{'format':28}{'KB':>6}{'read/s':>10}{'peer':>20}{'peer/s':>10}{'ratio':>8}")
    for name, case in FORMATS.items():
        raw = lengthened(CASES[case])
        item = WireItem(raw=raw, provider="bench", received=RECEIVED)
        named, work = peer(raw, name)
        ours, theirs = rate(lambda item=item: read(item)), rate(work)  # type: ignore[misc]
        print(f"{name:28}{len(raw) / 1024:6.1f}{ours:10,.0f}{named:>20}{theirs:10,.0f}{ours / theirs:8.3f}", flush=True)


if __name__ == "__main__":
    main()
