"""`visitwire explain` and `visitwire check-lexicon`.

They need stories with entities, parse and quotes. This stage makes none of these, so whoever mounts the commands gives
a `Read` that does; by itself `app` reads stories-quoted-v1 as JSON lines, one a line.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from visitwire_schemas import EnrichedStory

from visitwire_visits import changes as changed
from visitwire_visits import explain as explained
from visitwire_visits.lexicon import Lexicon, default, load

type Read = Callable[[list[str]], Iterable[EnrichedStory]]
"""From the files named on the command line (- for standard input) to stories before the visits stage."""

Files = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a story.")]


def read_lines(files: list[str]) -> Iterator[EnrichedStory]:
    """The stories of files of JSON lines, as stories-quoted-v1 carries them."""
    for name in files:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
        yield from (EnrichedStory.model_validate_json(line) for line in text.splitlines() if line.strip())


def make_app(read: Read) -> typer.Typer:
    """The two commands over stories that `read` makes."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)

    @app.command()
    def explain(files: Files, as_json: AsJson = False) -> None:
        """Says which frame found each visit, on which words, and why others were refused."""
        for story in read(files):
            explanation = explained.explain(story)
            if as_json:
                typer.echo(json.dumps(asdict(explanation), default=lambda message: message.model_dump(mode="json")))
            else:
                typer.echo("\n".join(explained.lines(explanation)) + "\n")

    @app.command("check-lexicon")
    def check_lexicon(
        files: Files,
        lexicon: Annotated[Path, typer.Option(help="The folder of the changed lexicon (a copy of data/, edited).")],
        as_json: AsJson = False,
    ) -> None:
        """Tells what a changed lexicon changes: - a visit it loses, + one it finds. Ends with 1 if it changes any."""
        after = _lexicon(lexicon)
        count = 0
        for change in changed.changes(read(files), default(), after):
            count += 1
            typer.echo(json.dumps(asdict(change)) if as_json else "\n".join(changed.lines(change)))
        typer.echo(f"{count} stories change", err=True)
        raise typer.Exit(1 if count else 0)

    return app


def _lexicon(folder: Path) -> Lexicon:
    try:
        return load(folder)
    except (OSError, ValueError, KeyError) as wrong:
        typer.echo(f"The lexicon in {folder} cannot be read: {wrong}", err=True)
        raise typer.Exit(2) from wrong


app = make_app(read_lines)
