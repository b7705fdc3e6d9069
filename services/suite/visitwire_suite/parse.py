"""`visitwire parse`: what ingestion makes of files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from visitwire_ingestion.formats import read
from visitwire_ingestion.formats.strict import Published, breaches
from visitwire_runtime import InvalidMessage, logs
from visitwire_schemas import WireItem

from visitwire_suite.time_options import Received
from visitwire_suite.wire_files import UnreadableInput, items

app = typer.Typer()


@app.command()
def parse(
    files: Annotated[list[str], typer.Argument(help="Files in any accepted format, folders, or - for standard input.")],
    received: Received = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Reject what breaks its format's standard, and list every breach.")
    ] = False,
    schemas: Annotated[
        Path | None,
        typer.Option(help="With --strict: a folder of XSDs and ninjs' JSON Schemas, as IPTC publishes them."),
    ] = None,
) -> None:
    """Prints what ingestion makes of FILES, one JSON line an item: {"file", "item", "story"} or {"file", "error"}.

    Breaches of a standard are in the story's "warnings". With --strict they are errors: NewsML-G2 and ninjs are
    checked against our tables of their schemas or, with --schemas, against the published schemas themselves, which
    may be for other XML too; other XML and JSON must be well formed.
    Exits with status 1 if something was rejected.
    """
    logs.configure("critical")
    published = _published(schemas, strict) if schemas else None
    number: dict[str, int] = {}
    refused = False
    for found in items(files, received):
        if isinstance(found, UnreadableInput):
            refused = _line(file=found.file, error=found.reason)
            continue
        file, item = found
        if strict and (broken := _breaches(item, published)):
            refused = _line(file=file, error=f"The item breaks its standard: {'; '.join(broken)}", breaches=broken)
            continue
        try:
            for story in read(item):
                place = number[file] = number.get(file, -1) + 1
                typer.echo(f'{{"file":{json.dumps(file)},"item":{place},"story":{story.model_dump_json()}}}')
        except InvalidMessage as wrong:
            refused = _line(file=file, error=str(wrong))
    raise typer.Exit(1 if refused else 0)


def _published(folder: Path, strict: bool) -> Published:
    if not strict:
        raise typer.BadParameter("Add --strict: without it no schema is used.", param_hint="--schemas")
    from visitwire_suite import published  # only who has such a folder waits for its libraries

    try:
        return published.Published(folder)
    except published.Unusable as why:
        raise typer.BadParameter(f"{why}.", param_hint="--schemas") from None


def _breaches(item: WireItem, published: Published | None) -> list[str]:
    if published is None:
        return breaches(item)
    from visitwire_suite.published import Unusable

    try:
        return breaches(item, published)
    except Unusable as why:
        raise typer.BadParameter(f"{why}.", param_hint="--schemas") from None


def _line(**fields: Any) -> bool:
    typer.echo(json.dumps(fields, ensure_ascii=False))
    return True
