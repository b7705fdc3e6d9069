"""`python -m visitwire_suite.kafka_broker start|stop|status`: a broker that outlives this command."""

from pathlib import Path
from typing import Annotated

import typer
from visitwire_runtime.settings import Settings

from visitwire_suite.kafka_broker import Broker, Node, NoKafka, find

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Port = Annotated[int, typer.Option(help="The first node's port; the controllers' lie 100 above.")]
Nodes = Annotated[int, typer.Option(help="1, or 3 with three copies of every record.")]


def home(settings: Settings) -> Path:
    return settings.data_dir / "kafka"


def running(settings: Settings) -> list[Node]:
    """The nodes that run under the data folder, whoever started them."""
    folders = sorted(home(settings).absolute().glob("node-*"))
    return [node for folder in folders if (node := Node(int(folder.name[5:]), 0, 0, folder)).pid is not None]


@app.command()
def start(port: Port = 9092, nodes: Nodes = 1) -> None:
    """Starts it and says where it is."""
    settings = Settings()
    if running(settings):
        raise typer.BadParameter("it runs already")
    try:
        broker = find(home(settings), settings.cache_dir, nodes=nodes, port=port)
        broker.start()
    except NoKafka as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(1) from None
    typer.echo(broker.bootstrap)


@app.command()
def stop() -> None:
    """Stops it; what it holds stays."""
    settings = Settings()
    broker = Broker(home(settings), Path(), Path())
    broker.nodes = running(settings)
    broker.stop()


@app.command()
def status() -> None:
    """Which nodes run; exits 1 when none does."""
    nodes = running(Settings())
    for node in nodes:
        typer.echo(f"node {node.number}  pid {node.pid}  {node.folder}")
    raise typer.Exit(0 if nodes else 1)


if __name__ == "__main__":
    app()
