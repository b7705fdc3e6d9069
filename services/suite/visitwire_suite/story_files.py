"""Enriched stories out of files, for commands that look at them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import typer
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage, logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story

from visitwire_suite.chain import Chain, Failed
from visitwire_suite.stages import LANGUAGE
from visitwire_suite.wire_files import UnreadableInput, items


def stories(files: Sequence[str], received: datetime | None = None) -> Iterator[Story]:
    """The stories in files and folders; what cannot be read is a line on standard error."""
    for found in items(files, received):
        if isinstance(found, UnreadableInput):
            typer.echo(f"{found.file}: {found.reason}", err=True)
            continue
        file, item = found
        try:
            yield from read(item)
        except InvalidMessage as wrong:
            typer.echo(f"{file}: {wrong}", err=True)


def enriched(
    files: Sequence[str], received: datetime | None = None, names: Sequence[str] = LANGUAGE
) -> list[EnrichedStory]:
    """The stories in files after the stages called `names`."""
    logs.configure("critical")
    made: list[EnrichedStory] = []
    with Chain(Settings(), names) as chain:
        taken = list(stories(files, received))
        for story, outcome in zip(taken, chain.enrich(taken), strict=True):
            if isinstance(outcome, Failed):
                typer.echo(f"{story.uri}: {outcome.stage}: {outcome.reason}", err=True)
            else:
                made.append(EnrichedStory.model_validate_json(outcome))
    return made
