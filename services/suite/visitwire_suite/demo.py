"""`visitwire demo`: a month of invented wires through the whole suite in this process, told as it happens."""

import asyncio
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Annotated
from urllib.request import urlopen

import typer
from rich.console import Console
from visitwire_alerting.delivery.outcome import Outcome, Result
from visitwire_alerting.service import open_alerting
from visitwire_alerting.stage import alerting
from visitwire_alerting.subscriptions.stored import Endpoint
from visitwire_alerting.subscriptions.subscription_files import read_file
from visitwire_alerting.wording import CHANGES
from visitwire_gateway.app import create_app
from visitwire_gateway.serve import Serving, serving
from visitwire_runtime import AnyStage, logs
from visitwire_runtime.embedded import Produced, run
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotListen
from visitwire_schemas import (
    ALERTS,
    FLOW,
    STORIES,
    STORIES_ENRICHED,
    VISITS,
    Alert,
    LedgerVisit,
    Record,
    VisitStatus,
    WireItem,
)

from visitwire_suite import terminal_lines
from visitwire_suite.exit_signals import ctrl_c_ends
from visitwire_suite.seeds import seed_items, seeds_folder
from visitwire_suite.stages import STAGES, build

app = typer.Typer()

TOLD = {STORIES.name, STORIES_ENRICHED.name, VISITS.name, ALERTS.name}


@app.command()
def demo(
    seeds: Annotated[
        Path | None, typer.Option(help="Folder with wires/ (one folder for each wire) and subscriptions/.", exists=True)
    ] = None,
    stay: Annotated[
        bool | None,
        typer.Option(help="Stay up and take more stories from a folder. Default: yes in a terminal, unless CI=true."),
    ] = None,
) -> None:
    """Runs a month of invented wires through the whole suite and shows each alert.

    Exits with status 1 if the visit that the seeds announce causes no alert.
    """
    console = Console()
    folder = seeds or seeds_folder()
    settings = apart()
    logs.configure("error", "console")
    items, alerted = seed_items(folder / "wires"), AlertedNames()
    _subscribe(folder / "subscriptions", settings)
    with _board(settings) as board:
        begun = perf_counter()
        with console.status("loading the language model, then reading a month of wires"):
            with ctrl_c_ends():
                stages = _stages(settings, alerted)
            produced = run(stages, items, taps=(board.tap,), keep=TOLD.__contains__, spool=settings.spool)
        seconds = perf_counter() - begun
        _tell(console, produced, alerted)
        _sum_up(console, produced, items, seconds)
        if not any(expected(alert) for alert in produced.messages(ALERTS)):
            console.print(
                "[bold red]The alert that the seeds should cause did not come:[/] Lucas Andrade to India, accepted."
            )
            raise typer.Exit(1)
        console.print(f"The board of these visits: [bold]{board.address}[/] ({_on_board(board)} cards)", soft_wrap=True)
        if (sys.stdout.isatty() and os.environ.get("CI") != "true") if stay is None else stay:
            _stay_up(console, settings, stages, alerted, board)


def apart() -> Settings:
    """The settings, with a fresh folder in the place of all that real stories come from or are kept in: invented visits
    belong in nobody's ledger, and the demo takes nothing from a suite's inbox."""
    return Settings(
        data_dir=_fresh(Settings().data_dir / "demo"),
        news_for=0,
        database_url=None,
        ingestion_database_url=None,
        gateway_database_url=None,
        inbox=None,
        feeds=None,
        push_port=None,
    )


@contextmanager
def _board(settings: Settings) -> Iterator[Serving]:
    """Serves the board; on another port where a suite that runs already has the one of the settings."""
    with ExitStack() as stack:
        try:
            board = stack.enter_context(serving(settings, create_app))
        except CannotListen:
            board = stack.enter_context(serving(settings.model_copy(update={"gateway_port": 0}), create_app))
        yield board


def _on_board(board: Serving) -> int:
    """The cards that a browser gets, once all that the stages made is kept."""
    board.tap.settled()
    with urlopen(f"{board.address}/") as page:
        return int(page.read().count(b"<article"))


@dataclass
class AlertedNames:
    """Stands in for the console channel: remembers which subscriptions each alert went to."""

    by_alert: dict[str, list[str]] = field(default_factory=dict)
    """Names of subscriptions by the id of the alert."""

    async def send(self, endpoint: Endpoint, events: Sequence[Alert]) -> Outcome:
        for event in events:
            name = event.data.subscription.name if event.data.subscription else endpoint.id
            self.by_alert.setdefault(event.id, []).append(name)
        return Outcome(Result.DELIVERED)


def _stages(settings: Settings, alerted: AlertedNames) -> list[AnyStage]:
    language = [build(name, settings) for name in STAGES if name != "alerting"]
    return [*language, alerting(settings, channels={"console": alerted.send})]


def _subscribe(folder: Path, settings: Settings) -> None:
    """Takes up the sample subscriptions, but those that ask for everything: the demo tells everything itself."""
    asked = [one for path in sorted(folder.glob("*.yaml")) for one in read_file(path)]
    desk = open_alerting(settings)
    desk.subscribe([one for one in asked if one.filter.model_dump(exclude_none=True)])
    desk.engine.dispose()


def expected(alert: Alert) -> bool:
    """The alert that the seeds are there for."""
    visit = alert.data.visit
    return (
        visit.visitor.name == "Lucas Andrade"
        and (visit.visitor.country, visit.destination.country) == ("BR", "IN")
        and visit.status is VisitStatus.ACCEPTED
        and (visit.dates is None or visit.dates.start is None)
    )


def _fresh(folder: Path) -> Path:
    """The folder, emptied: each demo starts without memories."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _tell(console: Console, produced: Produced, alerted: AlertedNames) -> None:
    """Each story in the order of its publication, with the changes that it brought."""
    brought: dict[str, list[Alert]] = {}
    for alert in produced.messages(ALERTS):
        last = alert.data.evidence[-1] if alert.data.evidence else None
        brought.setdefault(f"{last.story}|{last.version}" if last else "", []).append(alert)
    for story in sorted(produced.messages(STORIES), key=lambda story: story.published):
        console.print(terminal_lines.story_line(story), no_wrap=True, overflow="ellipsis")
        for alert in brought.pop(f"{story.key}|{story.version}", []):
            console.print(terminal_lines.alert_lines(alert, alerted.by_alert.get(alert.id, [])))
    for alert in (alert for alerts in brought.values() for alert in alerts):
        console.print(terminal_lines.alert_lines(alert, alerted.by_alert.get(alert.id, [])))
    for letter in produced.dead:
        console.print(f"[red]rejected by {letter.stage}:[/] {letter.reason}")


def _sum_up(console: Console, produced: Produced, items: Sequence[WireItem], seconds: float) -> None:
    enriched, alerts = produced.messages(STORIES_ENRICHED), produced.messages(ALERTS)
    quotes, found = sum(len(each.quotes) for each in enriched), sum(len(each.visits) for each in enriched)
    kinds = Counter(CHANGES[alert.data.change.kind] for alert in alerts).most_common()
    console.print("", terminal_lines.board(standing(produced)), "", sep="\n")
    console.print(
        f"[bold]{len(enriched)} stories[/] of {len({item.provider for item in items})} wires read in {seconds:.0f} s, "
        f"including loading the language model: {quotes} quotes, {found} reports of visits; "
        f"[bold]{len(alerts)} changes[/], each alerted once: {', '.join(f'{count} {kind}' for kind, count in kinds)}.\n"
    )


def standing(produced: Produced) -> list[LedgerVisit]:
    """The latest revision of every visit that still stands."""
    latest: dict[bytes | None, LedgerVisit | None] = {}
    for record in produced.records.get(VISITS.name, ()):
        latest[record.key] = VISITS.decode(record) if record.value is not None else None
    return [visit for visit in latest.values() if visit is not None]


def _stay_up(
    console: Console, settings: Settings, stages: Sequence[AnyStage], alerted: AlertedNames, board: Serving
) -> None:
    """Keeps the suite up, with what it knows of the seeds, and tells what each new story brings."""
    from visitwire_suite.run import serve

    def tell_live(topic: str, record: Record) -> None:
        if topic == STORIES.name:
            console.print(terminal_lines.story_line(STORIES.decode(record)), no_wrap=True, overflow="ellipsis")
        elif topic == ALERTS.name:
            console.print(terminal_lines.alert_lines(ALERTS.decode(record)))
        elif topic.endswith("-dlq"):
            letter = FLOW[0].dead_letters.decode(record)
            console.print(f"[red]rejected by {letter.stage}:[/] {letter.reason}")

    def started() -> None:
        drop = f"Put a wire file into [bold]{settings.watched}[/] to see what comes of it"
        console.print(f"Still running. {drop}; Ctrl-C stops.\n", soft_wrap=True)

    again = {stage.name: stage for stage in _stages_again(stages, settings, alerted)}
    chain = [again[name] for name in STAGES]
    beside = settings.model_copy(update={"metrics_port": 0})  # a suite that runs already has the one of the settings
    asyncio.run(serve(chain, beside, taps=[tell_live, board.tap], started=started, joined=board.suite.join))


def _stages_again(stages: Sequence[AnyStage], settings: Settings, alerted: AlertedNames) -> list[AnyStage]:
    """The stages that remember something, opened again; the others as they are, with the loaded model."""
    kept = [stage for stage in stages if stage.name not in ("ingestion", "alerting")]
    return [*kept, build("ingestion", settings), alerting(settings, channels={"console": alerted.send})]
