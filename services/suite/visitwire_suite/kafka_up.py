"""`visitwire up`: a real Kafka, the workers of every stage and the gateway on this machine."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings

from visitwire_suite.exit_signals import stopping
from visitwire_suite.kafka_broker import Broker, NoKafka, find
from visitwire_suite.kafka_broker.__main__ import running
from visitwire_suite.kafka_client import told
from visitwire_suite.kafka_crew import Crew
from visitwire_suite.kafka_worker import CREW

COUNTS = ("messages_read_total", "messages_written_total", "dead_letters_total", "retries_total", "lag_messages")
LOOK = 1.0
"""Seconds between looks at the workers."""


def _scale(given: Iterable[str]) -> dict[str, int]:
    found = {}
    for each in given:
        stage, _, count = each.partition("=")
        if not count.isdigit() or not 1 <= int(count) <= 64:
            raise typer.BadParameter(f"{each!r} is not STAGE=COUNT")
        if stage not in CREW:
            raise typer.BadParameter(f"unknown stage {stage!r}; use one of {', '.join(CREW)}")
        found[stage] = int(count)
    return found


def up(
    scale: Annotated[
        list[str] | None,
        typer.Option(help="STAGE=COUNT sets the number of workers, or gateway=COUNT; may be repeated."),
    ] = None,
    port: Annotated[int, typer.Option(help="The broker's port; 0 picks a free one.")] = 9092,
    nodes: Annotated[int, typer.Option(help="Number of brokers: 1, or 3 with three copies of every record.")] = 1,
    own_broker: Annotated[
        bool, typer.Option(help="Start a broker on this machine; otherwise use VISITWIRE_BROKER.")
    ] = True,
) -> None:
    """Starts a broker, a worker for each stage and the board, shows which are alive, and stops them all on Ctrl-C.

    The first time, Maven downloads Kafka (44 MB); Docker is not needed. The broker's data is kept in the data folder.
    """
    settings, wanted = Settings(), _scale(scale or [])
    if nodes not in (1, 3):
        raise typer.BadParameter("--nodes is 1 or 3")
    with stopping() as stop, _broker(settings, port, nodes, own_broker) as broker, told(settings):
        address = broker.bootstrap if broker else settings.broker
        copies = 3 if own_broker and nodes == 3 else settings.replication
        here = settings.model_copy(update={"broker": address, "replication": copies})
        topic_admin.create(here, topic_admin.flow_topics())
        crew = Crew(here, CREW, wanted, address)
        crew.start()
        try:
            _show(crew, broker, address, settings.data_dir, stop)
        finally:
            Console().print("Stopping …")
            crew.stop()


@contextmanager
def _broker(settings: Settings, port: int, nodes: int, own: bool) -> Iterator[Broker | None]:
    if not own:
        yield None
        return
    console = Console()
    broker: Broker | None = None
    try:
        if left := running(settings):
            raise NoKafka(
                f"Kafka of this folder runs already (process {left[0].pid}), for another `visitwire up` or left by one "
                "that was killed: `python -m visitwire_suite.kafka_broker stop` ends it, `up --no-own-broker` uses it."
            )
        with console.status("Kafka is starting (the first time it is fetched) …"):
            broker = find(settings.data_dir / "kafka", settings.cache_dir, nodes=nodes, port=port)
            broker.start()
        yield broker
    except NoKafka as missing:
        console.print(f"[red]{missing}", soft_wrap=True)
        raise typer.Exit(1) from None
    finally:
        if broker is not None:
            broker.stop()


def _show(crew: Crew, broker: Broker | None, address: str, folder: Path, stop: Event) -> None:
    """A table that is kept up to date; where nobody looks, a line whenever somebody's state changes."""
    console, said = Console(), dict[str, str]()
    for board in crew.boards:
        print(f"board: {board}", flush=True)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not stop.is_set():
            nodes = broker.look() if broker else {}
            crew.look()
            if console.is_terminal:
                live.update(_table(crew, nodes, address, folder), refresh=True)
            else:
                _say(nodes | {member.name: member.state for member in crew.members}, said)
            stop.wait(LOOK)


def _say(states: dict[str, str], said: dict[str, str]) -> None:
    for name, state in states.items():
        if said.get(name) != state:
            said[name] = state
            print(f"{name}: {state}", flush=True)


def _table(crew: Crew, nodes: dict[str, str], broker: str, folder: Path) -> Table:
    lines = (
        f"Board: {' '.join(crew.boards)} · logs in {folder}/logs",
        f"Feed it: VISITWIRE_BROKER={broker} visitwire feed FILE… · Ctrl-C stops it all",
    )
    table = Table(title=f"Visitwire on Kafka at {broker}", caption="\n".join(lines))
    for name in ("Worker", "State"):
        table.add_column(name)
    for name in ("Process", "Read", "Written", "Dead", "Retries", "Waiting", "MB"):
        table.add_column(name, justify="right")
    for name, state in nodes.items():
        table.add_row(name, f"[{'green' if state == 'ready' else 'red'}]{state}")
    for member in crew.members:
        colour = "green" if member.state == "ready" else "yellow" if member.process else "red"
        memory = member.memory()
        counts = [f"{member.counts.get(f'visitwire_{name}', 0):.0f}" for name in COUNTS]
        pid = str(member.process.pid) if member.process else ""
        row = [pid, *counts, f"{memory:.0f}" if memory else ""]
        table.add_row(member.name, f"[{colour}]{member.state}", *row)
    return table
