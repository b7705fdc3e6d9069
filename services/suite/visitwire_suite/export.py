"""`visitwire export`: stories in another format."""

import json
from enum import StrEnum
from typing import Annotated

import typer
from visitwire_ingestion.formats import to_ninjs

from visitwire_suite.story_files import stories
from visitwire_suite.time_options import Received

app = typer.Typer()


class Format(StrEnum):
    NINJS = "ninjs"


@app.command()
def export(
    files: Annotated[list[str], typer.Argument(help="Files in any accepted format, folders, or - for standard input.")],
    format: Annotated[Format, typer.Option(help="ninjs is IPTC's ninjs 3.1.")] = Format.NINJS,
    received: Received = None,
) -> None:
    """Prints the stories in FILES as one ninjs item a line."""
    for story in stories(files, received):
        typer.echo(json.dumps(to_ninjs(story), ensure_ascii=False))
