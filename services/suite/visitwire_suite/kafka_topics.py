"""`visitwire topics`: the flow's topics on the broker."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from visitwire_alerting.cli.screen import screen
from visitwire_runtime import topic_admin
from visitwire_runtime.settings import Settings
from visitwire_runtime.stage import AnyTopic
from visitwire_runtime.topic_names import on_broker

from visitwire_suite.kafka_client import told

app = typer.Typer(no_args_is_help=True, help="Create the topics, or show them.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def create(
    raise_partitions: Annotated[
        bool,
        typer.Option(
            help="Give existing topics more partitions where the flow wants more. Versions of one story under "
            "way may then overtake each other: stop the feeds and let the workers drain first."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Creates missing topics and raises what is too small; never lowers anything."""
    settings = Settings()
    with told(settings):
        changes = topic_admin.create(settings, topic_admin.flow_topics(), raise_partitions=raise_partitions)
    for change in changes:
        typer.echo(json.dumps(asdict(change)) if as_json else f"{change.topic}: {change.words}")
    if not changes and not as_json:
        typer.echo("All topics are up to date.")


@app.command()
def show(as_json: AsJson = False) -> None:
    """Shows each topic, who writes and reads it, and its state on the broker. Exits with status 1 if one is missing."""
    settings, topics = Settings(), topic_admin.flow_topics()
    with told(settings):
        there = topic_admin.standing(settings, topics)
    if as_json:
        for topic in topics:
            found = there.get(topic.name)
            name = on_broker(settings, topic.name)
            typer.echo(json.dumps({"topic": name, "about": topic.about, "broker": found and asdict(found)}))
    else:
        screen().print(_table(settings, topics, there))
    raise typer.Exit(0 if len(there) == len(topics) else 1)


def _table(settings: Settings, topics: list[AnyTopic], there: dict[str, topic_admin.TopicOnBroker]) -> Table:
    table = Table("Topic", "Partitions", "Copies", "Kept", "What is on it")
    for topic in topics:
        found = there.get(topic.name)
        if found is None:
            table.add_row(on_broker(settings, topic.name), "[red]missing", "", "", topic.about)
        else:
            table.add_row(found.name, str(found.partitions), str(found.replication), _kept(found), topic.about)
    return table


def _kept(found: topic_admin.TopicOnBroker) -> str:
    if "compact" in found.configs.get("cleanup.policy", ""):
        return "the last of each key"
    milliseconds = found.number("retention.ms")
    if milliseconds is None:
        return "the broker's default"
    return "for ever" if milliseconds < 0 else f"{milliseconds / 86_400_000:g} days"
