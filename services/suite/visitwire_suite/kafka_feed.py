"""`visitwire feed`: wire files onto the topic that ingestion reads."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from visitwire_ingestion.transports.folder import OWN
from visitwire_ingestion.transports.redaction import shown
from visitwire_runtime import topic_admin
from visitwire_runtime.dead_letters import ProducedRecord, dead_letter
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_names import on_broker
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import WIRE_ITEMS, Record, WireItem, dead_letters

from visitwire_suite.kafka_client import told
from visitwire_suite.wire_files import UnreadableInput, items

_NO_WIRE = re.compile(r"[\d._T-]*|/")
"""A folder that is a year's, a month's, a day's or an hour's, or the root: what lies in it is the wire's above it."""


def feed(
    files: Annotated[list[str], typer.Argument(help="Files in any format, folders, or - for standard input.")],
    wire: Annotated[
        str | None,
        typer.Option("--wire", "--provider", help="The wire they come from. Default: each file's folder."),
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Most items a second.", min=0.001)] = None,
) -> None:
    """Sends FILES to Kafka, byte for byte; in a file of JSON lines, each line is an item.

    As in the inbox, a file's folder names its wire: `mercury/story.xml` comes from mercury, and so does
    `mercury/2026-03-02/story.xml`.
    Items too large for the topic become dead letters of ingestion. Exits with status 1 if something was rejected.
    """
    settings, console = Settings(), Console(stderr=True)
    if lacking := [file for file in files if file != "-" and not Path(file).exists()]:
        raise typer.BadParameter(f"{shown(lacking[0])}: there is no such file or folder; nothing was sent.")
    sent = refused = 0
    with told(settings):
        topic_admin.create(settings, topic_admin.flow_topics(["ingestion"]))
        with Sender(settings) as sender, Progress(console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("items", total=None)
            for found in _paced(items(files), rate):
                if isinstance(found, UnreadableInput):
                    refused += 1
                    console.print(f"{found.file}: {found.reason}")
                    if found.raw is not None:
                        _bury(sender, settings, found.file, found.reason, found.raw)
                    continue
                provider = wire or wire_of(found[0], settings.watched)
                sender.send(WIRE_ITEMS.name, WIRE_ITEMS.encode(_from(found[1], provider)))
                sent += 1
                progress.update(task, advance=1, description=f"{sent} items")
    console.print(
        f"{sent} items sent to {on_broker(settings, WIRE_ITEMS.name)}" + (f", {refused} refused" if refused else "")
    )
    raise typer.Exit(1 if refused else 0)


def wire_of(file: str, inbox: Path) -> str | None:
    """The wire that a file's folder names, as in the inbox; None for standard input and a file named without one.

    In the inbox itself it is the first folder below it, however deep the file lies; elsewhere the nearest one whose
    name is not a day's and not that of `processed` or `failed`.
    """
    if file == "-":
        return None
    folder = Path(file).parent
    real, home = folder.resolve(), inbox.resolve()
    if real.is_relative_to(home):
        below = real.relative_to(home).parts
        return next(iter(below[1:] if below and below[0] in OWN else below), None)
    named = real if ".." in folder.parts else folder
    return next((each for each in reversed(named.parts) if each not in OWN and not _NO_WIRE.fullmatch(each)), None)


def _from(item: WireItem, provider: str | None) -> WireItem:
    return item if provider is None else item.model_copy(update={"provider": provider})


def _bury(sender: Sender, settings: Settings, name: str, reason: str, raw: bytes) -> None:
    record = Record(None, raw, (("name", Path(name).name.encode()),))
    letter = dead_letter("ingestion", ProducedRecord(record, WIRE_ITEMS.name), reason, "InvalidMessage", settings.spool)
    topic = dead_letters("ingestion")
    sender.send(topic.name, topic.encode(letter))


def _paced[T](found: Iterator[T], rate: float | None) -> Iterator[T]:
    begun = monotonic()
    for number, each in enumerate(found):
        if rate is not None:
            sleep(max(0.0, begun + number / rate - monotonic()))
        yield each
