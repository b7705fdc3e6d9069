"""`visitwire explain` and `visitwire check-lexicon` on files of any accepted format."""

from collections.abc import Iterator
from itertools import batched

import typer
from visitwire_ingestion.formats import read
from visitwire_runtime import InvalidMessage, logs
from visitwire_runtime.settings import Settings
from visitwire_schemas import EnrichedStory, Story
from visitwire_visits.cli import make_app

from visitwire_suite.chain import Chain, Failed
from visitwire_suite.sources import Refused, items


def quoted(files: list[str]) -> Iterator[EnrichedStory]:
    """The stories of the files as they are before the visits stage; what cannot be read is a line on standard error."""
    logs.configure("critical")
    settings = Settings()
    with Chain(settings, ("extraction", "attribution")) as chain:
        for stories in batched(_stories(files), settings.batch):
            for story, outcome in zip(stories, chain.enrich(list(stories)), strict=True):
                if isinstance(outcome, Failed):
                    typer.echo(f"{story.uri}: {outcome.stage}: {outcome.reason}", err=True)
                else:
                    yield EnrichedStory.model_validate_json(outcome)


def _stories(files: list[str]) -> Iterator[Story]:
    for found in items(files):
        if isinstance(found, Refused):
            typer.echo(f"{found.file}: {found.reason}", err=True)
            continue
        file, item = found
        try:
            yield from read(item)
        except InvalidMessage as wrong:
            typer.echo(f"{file}: {wrong}", err=True)


app = make_app(quoted)
