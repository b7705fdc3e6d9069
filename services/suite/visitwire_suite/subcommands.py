"""Which subcommands there are, and how each is loaded: on the call, never for a page of help."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
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
        "demo",
        "visitwire_suite.demo",
        "Run a month of invented wires through the whole suite and show each alert",
        SERVE,
    ),
    Mount(
        "run",
        "visitwire_suite.run",
        "Run the suite as a service: stories in by folder, push or feed, alerts out",
        SERVE,
    ),
    Mount("gateway", "visitwire_gateway.cli", "Serve the board and the API from Kafka; manage users and keys", SERVE),
    Mount("parse", "visitwire_suite.parse", "Show what ingestion makes of files, one JSON line an item", FIND),
    Mount("enrich", "visitwire_suite.enrich", "Find entities, quotes and visits in files, as JSON lines", FIND),
    Mount(
        "show", "visitwire_suite.show", "Write one story as a page with entities, quotes and visits highlighted", FIND
    ),
    Mount("explain", "visitwire_suite.explain", "Explain why a visit was found and others were not", FIND),
    Mount(
        "check-lexicon",
        "visitwire_suite.check_lexicon",
        "Compare the visits that two lexicons find in the same stories",
        FIND,
    ),
    Mount("compare", "visitwire_suite.compare", "Compare the visits that two readers find in the same stories", FIND),
    Mount("export", "visitwire_suite.export", "Convert stories to another format (ninjs)", FIND),
    Mount(
        "feeds",
        "visitwire_ingestion.cli",
        "List feeds with their last item, errors and silence; check or add one",
        FIND,
    ),
    Mount(
        "officeholders",
        "visitwire_extraction.cli",
        "Look up who held an office; refresh the table of office-holders",
        FIND,
    ),
    Mount(
        "visits", "visitwire_alerting.cli.commands", "List, show, correct and rebuild the visits in the ledger", FOLLOW
    ),
    Mount(
        "subscriptions",
        "visitwire_alerting.cli.commands",
        "Add, test and silence subscriptions; see why an alert did or did not go out",
        FOLLOW,
    ),
    Mount("deliveries", "visitwire_alerting.cli.commands", "List what was sent and what failed; send it again", FOLLOW),
    Mount("corrections", "visitwire_suite.corrections", "Export editors' corrections as an evaluation set", FOLLOW),
    Mount(
        "forget",
        "visitwire_suite.forget",
        "Delete a story or a person from every store",
        FOLLOW,
    ),
    Mount("stores", "visitwire_suite.stores", "Count, back up and restore the databases", FOLLOW),
    Mount(
        "up",
        "visitwire_suite.kafka_commands",
        "Start a real Kafka and one worker a stage on this machine, without Docker",
        KAFKA,
    ),
    Mount("worker", "visitwire_suite.kafka_commands", "Run one worker of one stage", KAFKA),
    Mount("topics", "visitwire_suite.kafka_commands", "Create the topics, or show them", KAFKA),
    Mount("feed", "visitwire_suite.kafka_commands", "Send wire files to Kafka", KAFKA),
    Mount("tail", "visitwire_suite.kafka_commands", "Follow a topic, as text or JSON", KAFKA),
    Mount("reprocess", "visitwire_suite.reprocess", "Read past stories again with the current readers", KAFKA),
    Mount("dlq", "visitwire_suite.kafka_commands", "List, show and replay dead letters", KAFKA),
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
        from importlib.metadata import version  # brings half of Python's e-mail along, which help need not load

        typer.echo(f"visitwire {version('visitwire-suite')}")
        raise typer.Exit


def make_app(mounts: Iterable[Mount]) -> typer.Typer:
    """The `visitwire` command over `mounts`."""
    app = typer.Typer(
        cls=_group(mounts),
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
        help="Finds official visits in wire stories, follows them, and sends alerts.",
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
