"""`visitwire demo`: a month of invented wires through the whole suite in this process, told as it happens."""

import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console
from visitwire_runtime import logs
from visitwire_runtime.embedded import Produced, run
from visitwire_runtime.settings import Settings
from visitwire_schemas import (
    ALERTS,
    STORIES,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    LedgerVisit,
    VisitStatus,
    WireItem,
)

from visitwire_suite import tell
from visitwire_suite.stages import STAGES, build

app = typer.Typer()

TOLD = {STORIES.name, STORIES_ENRICHED.name, VISITS.name, ALERTS.name}
ARRIVED = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)-")
"""How a seed's name begins: when the wire sent it."""


@app.command()
def demo(
    seeds: Annotated[Path | None, typer.Option(help="A folder with one folder a wire in it.", exists=True)] = None,
    stay: Annotated[
        bool | None, typer.Option(help="Stay up with a folder to drop stories into. In a terminal, unless CI=true.")
    ] = None,
) -> None:
    """A month of invented visits through the whole suite, told as it happens.

    Ends with 1 when the visit that the seeds announce was not alerted.
    """
    console = Console()
    settings = Settings(data_dir=_fresh(Settings().data_dir / "demo"))
    logs.configure("error", "console")
    items = seed_items(seeds or _seeds())
    begun = perf_counter()
    with console.status("loading the language model, and reading a month of wires"):
        stages = [build(name, settings) for name in STAGES]
        produced = run(stages, items, keep=TOLD.__contains__, spool=settings.spool)
    _tell(console, produced, items, perf_counter() - begun)
    if not any(expected(alert) for alert in produced.messages(ALERTS)):
        console.print(
            "\n[bold red]The alert that the seeds should bring did not come:[/] Lucas Andrade to India, accepted."
        )
        raise typer.Exit(1)
    if (sys.stdout.isatty() and os.environ.get("CI") != "true") if stay is None else stay:
        from visitwire_suite.run import stay_up

        stay_up(console, settings)


def expected(alert: Alert) -> bool:
    """The alert that the seeds are there for."""
    visit = alert.data.visit
    return (
        visit.visitor.name == "Lucas Andrade"
        and (visit.visitor.country, visit.destination.country) == ("BR", "IN")
        and visit.status is VisitStatus.ACCEPTED
        and (visit.dates is None or visit.dates.start is None)
    )


def seed_items(folder: Path) -> list[WireItem]:
    """The seeds in the order in which the wires sent them; the folder's name is the wire's."""
    files = [path for path in folder.glob("*/*") if ARRIVED.match(path.name)]
    return [_item(path) for path in sorted(files, key=lambda path: path.name)]


def _item(path: Path) -> WireItem:
    date, hour, minute = ARRIVED.match(path.name).groups()  # type: ignore[union-attr]
    received = datetime.fromisoformat(f"{date}T{hour}:{minute}").replace(tzinfo=UTC)
    return WireItem(raw=path.read_bytes(), provider=path.parent.name, name=path.name, received=received)


def _seeds() -> Path:
    found = [root / "seeds/wires" for root in (Path.cwd(), Path(__file__).parents[3])]
    for folder in found:
        if folder.is_dir():
            return folder
    raise typer.BadParameter(f"there are no seeds in {found[0]}: say where they are with --seeds")


def _fresh(folder: Path) -> Path:
    """The folder, emptied: each demo starts without memories."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _tell(console: Console, produced: Produced, items: Sequence[WireItem], seconds: float) -> None:
    stories = produced.messages(STORIES)
    enriched = produced.messages(STORIES_ENRICHED)
    alerts = produced.messages(ALERTS)
    brought: dict[tuple[str, str, int], list[Alert]] = {}
    for alert in alerts:
        last = alert.data.evidence[-1] if alert.data.evidence else None
        brought.setdefault((last.provider, last.uri, last.version) if last else ("", "", 0), []).append(alert)
    for story in stories:
        console.print(tell.story_line(story))
        for alert in brought.pop((story.provider, story.uri, story.version), []):
            console.print(tell.alert_lines(alert))
    for letter in produced.dead:
        console.print(f"[red]refused by {letter.stage}:[/] {letter.reason}")
    console.print()
    console.print(tell.board(standing(produced)))
    console.print()
    quotes, found = sum(len(each.quotes) for each in enriched), sum(len(each.visits) for each in enriched)
    kinds = Counter(alert.data.change.kind.replace("_", " ") for alert in alerts)
    console.print(
        f"[bold]{len(stories)} stories[/] in {len(items)} files of {len({item.provider for item in items})} wires, "
        f"{seconds:.0f} s with loading: {quotes} quotes, {found} reports of visits, "
        f"[bold]{len(alerts)} changes[/], each told once "
        f"({', '.join(f'{count} {kind}' for kind, count in kinds.most_common())})."
    )


def standing(produced: Produced) -> list[LedgerVisit]:
    """The latest revision of every visit that still stands."""
    latest: dict[bytes | None, LedgerVisit | None] = {}
    for record in produced.records.get(VISITS.name, ()):
        latest[record.key] = VISITS.decode(record) if record.value is not None else None
    return [visit for visit in latest.values() if visit is not None]
