"""Which subcommands there are, and how each is loaded: on the call, never for a page of help."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command


@dataclass(frozen=True)
class Mount:
    """A subcommand: `app` of `module` is a Typer app that is the command, or that has one of this name."""

    name: str
    module: str
    help: str
    panel: str
    app: str = "app"

    def load(self) -> Any:
        """The command itself (a Typer command; its classes are Typer's own business)."""
        command = get_command(getattr(import_module(self.module), self.app))
        if isinstance(command, TyperGroup):
            return command.commands.get(self.name, command)
        return command


FIND, FOLLOW, SERVE, KAFKA = "Read and find", "Follow and alert", "Run in one process", "Run on Kafka"

MOUNTS: tuple[Mount, ...] = (
    Mount(
        "demo", "visitwire_suite.demo", "A month of invented visits through the whole suite, told as it happens", SERVE
    ),
    Mount("run", "visitwire_suite.run", "The suite as a service: a watched folder and HTTP push in, alerts out", SERVE),
    Mount("gateway", "visitwire_gateway.cli", "The board and the API from Kafka; who may come in", SERVE),
    Mount("parse", "visitwire_suite.parse", "What ingestion makes of files, one JSON line an item", FIND),
    Mount("enrich", "visitwire_suite.enrich", "Stories with entities, quotes and visits, as JSON lines", FIND),
    Mount("show", "visitwire_suite.show", "One story as a page, with entities, quotes and visits highlighted", FIND),
    Mount("explain", "visitwire_suite.explain", "Why a visit was found, and others were not", FIND),
    Mount(
        "check-lexicon", "visitwire_suite.check_lexicon", "What a changed lexicon changes on a folder of stories", FIND
    ),
    Mount("compare", "visitwire_suite.compare", "What one reader of visits finds and another does not", FIND),
    Mount("export", "visitwire_suite.export", "Stories in another format (ninjs)", FIND),
    Mount("feeds", "visitwire_ingestion.cli", "Feeds: what each sent last, its errors, its silence", FIND),
    Mount("officeholders", "visitwire_extraction.cli", "The table of office-holders, and its refresh", FIND),
    Mount("visits", "visitwire_alerting.cli.commands", "The ledger: every visit as it stands, and its history", FOLLOW),
    Mount("subscriptions", "visitwire_alerting.cli.commands", "Who is told of what: add, test, and why", FOLLOW),
    Mount("deliveries", "visitwire_alerting.cli.commands", "What was sent, what failed, and sending it again", FOLLOW),
    Mount(
        "corrections", "visitwire_suite.corrections", "What people corrected by hand, for the readers' bench", FOLLOW
    ),
    Mount(
        "forget",
        "visitwire_suite.forget",
        "Take a story or a person out of everything that is kept",
        FOLLOW,
    ),
    Mount("stores", "visitwire_suite.stores", "What is kept in databases: show, back up, restore", FOLLOW),
    Mount(
        "up", "visitwire_suite.kafka_commands", "A real Kafka and one worker a stage on this machine, no Docker", KAFKA
    ),
    Mount("worker", "visitwire_suite.kafka_commands", "One worker of one stage", KAFKA),
    Mount("topics", "visitwire_suite.kafka_commands", "Make the topics of the flow, or show them", KAFKA),
    Mount("feed", "visitwire_suite.kafka_commands", "Send wire files to Kafka", KAFKA),
    Mount("tail", "visitwire_suite.kafka_commands", "Follow a topic, readable or as JSON", KAFKA),
    Mount("reprocess", "visitwire_suite.reprocess", "Stories of the past, read again with the readers of today", KAFKA),
    Mount("dlq", "visitwire_suite.kafka_commands", "Dead letters: list, show, replay", KAFKA),
)


def _group(mounts: Iterable[Mount]) -> type[TyperGroup]:
    by_name = {mount.name: mount for mount in mounts}

    class Lazy(TyperGroup):
        """Holds names and help lines, and swaps in the command itself when one is called."""

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, command, rest = super().resolve_command(ctx, args)
            return name, by_name[name].load() if name in by_name else command, rest

        def invoke(self, ctx: Any) -> Any:
            """Says in a line what the caller can mend, with exit code 1; a bug keeps its traceback."""
            try:
                return super().invoke(ctx)
            except (typer.Abort, typer.Exit, TyperException):
                raise
            except Exception as wrong:
                from visitwire_runtime.startup_errors import describe

                words = describe(wrong)
                if words is None:
                    raise
                typer.echo(words, err=True)
                raise typer.Exit(1) from None

    return Lazy


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"visitwire {version('visitwire-suite')}")
        raise typer.Exit


def make_app(mounts: Iterable[Mount]) -> typer.Typer:
    """The `visitwire` command over `mounts`."""
    app = typer.Typer(
        cls=_group(mounts),
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        help="Every official visit that the wires announce, followed and alerted.",
    )

    @app.callback()
    def options(
        version: bool = typer.Option(
            False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ) -> None:
        pass

    for mount in mounts:
        app.command(mount.name, help=mount.help, rich_help_panel=mount.panel)(_not_loaded)
    return app


def _not_loaded() -> None:
    """Stands in for a command in the list; never called."""
