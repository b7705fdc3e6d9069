"""`visitwire forget`: takes stories out of everything that is kept, because law asks for it, and says what remains."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Engine, delete, update
from visitwire_alerting.ledger import erasure as ledger
from visitwire_alerting.ledger.fold.versions import GONE
from visitwire_alerting.service import open_alerting
from visitwire_gateway.model import erasure as board
from visitwire_gateway.model.database import open_database
from visitwire_ingestion import sql_tables as ingestion
from visitwire_ingestion.life import StoryState, rank
from visitwire_runtime.settings import Settings
from visitwire_runtime.topic_admin import flow_topics
from visitwire_runtime.topic_names import on_broker
from visitwire_runtime.topic_sender import Sender
from visitwire_schemas import STORIES_ENRICHED, EnrichedStory, PubStatus, Reprocessed, Revision, Story

from visitwire_suite.kafka_client import told
from visitwire_suite.readers import forget_answers
from visitwire_suite.reprocess_run import CHANGES, runs

FORGOTTEN = "forgotten"
"""In the place of the delivery that brought a story."""
app = typer.Typer(no_args_is_help=True, help="Delete a story or a person from every store.")
Kept = Annotated[bool, typer.Option("--kept", help="Without Kafka, beside `visitwire run`.")]
Yes = Annotated[bool, typer.Option("--yes", help="Delete them. Without it, only list the stories.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("story")
def story_(
    keys: Annotated[list[str], typer.Argument(metavar="STORY...", help='Wire and story, as in "nordwire|urn:nw:17".')],
    kept: Kept = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Deletes stories, and everything made from them, from the ledger, the board and ingestion's memory.

    Their visits are folded without them, or removed with their alerts and deliveries. stories-enriched-v1 gets a
    withdrawal, for whoever else has them. Nobody is alerted. Later versions of these stories are not entered.
    """
    if wrong := [key for key in keys if "|" not in key.strip("|")]:
        raise typer.BadParameter(f"{wrong[0]!r} is not a story; give wire and story, as in 'nordwire|urn:nw:17'")
    _do(Settings(), sorted(set(keys)), kept, yes, json)


@app.command()
def person(
    name: Annotated[str, typer.Argument(help="The name. Every word of it must occur in the name found in a story.")],
    kept: Kept = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Deletes every stored story that names or quotes a person, as `forget story` does.

    Stories are found by their entities and speakers, and by visitors, hosts and announcers in the ledger. A story
    that arrives later and names the person is kept again.
    """
    settings = Settings()
    if not any(character.isalpha() for character in name):
        raise typer.BadParameter(f"{name!r} is not a name")
    with closing(_Stores(settings)) as stores:
        keys = sorted({*board.naming(stores.board, name), *ledger.naming(stores.ledger, name)})
    _do(settings, keys, kept, yes, json)


class _Stores:
    """The databases that stories are kept in."""

    def __init__(self, settings: Settings) -> None:
        self.ledger = open_alerting(settings).engine
        self.board = open_database(settings.gateway_database.get_secret_value())
        self.ingestion = ingestion.engine(settings.ingestion_database.get_secret_value())

    def close(self) -> None:
        for engine in (self.ledger, self.board, self.ingestion):
            engine.dispose()


def _do(settings: Settings, keys: Sequence[str], kept: bool, yes: bool, as_json: bool) -> None:
    if not yes:
        typer.echo("\n".join(keys) if not as_json else json.dumps({"stories": keys}))
        typer.echo(f"{len(keys)} stories. Nothing was deleted; use --yes to delete them.", err=True)
        return
    at = datetime.now(UTC)
    with closing(_Stores(settings)) as stores:
        report = _forgotten(settings, stores, keys, kept, at)
    typer.echo(json.dumps(report, ensure_ascii=False) if as_json else _words(report))


def _forgotten(settings: Settings, stores: _Stores, keys: Sequence[str], kept: bool, at: datetime) -> dict[str, Any]:
    """Done again it finds what was left: each step may be cut and repeated."""
    withdrawn = [withdrawal(key, at) for key in keys]
    lost = ledger.forget_stories(stores.ledger, keys, at)
    removed: dict[str, Any] = {
        "ledger": lost.counts(),
        "board": board.forget_stories(stores.board, withdrawn, lost.gone),
        "ingestion": {"stories": _ingestion(stores.ingestion, withdrawn)},
        "reports of reprocess": {"lines": _runs(settings, frozenset(keys))},
    }
    if answers := forget_answers(settings, keys):
        removed["language model"] = {"answers": answers}
    if not kept:
        with told(settings), Sender(settings) as sender:
            for one in withdrawn:
                sender.send(STORIES_ENRICHED.name, STORIES_ENRICHED.encode(one))
    return {"stories": list(keys), "removed": removed, "remains": [vars(one) for one in remains(settings, at, kept)]}


def withdrawal(key: str, at: datetime) -> EnrichedStory:
    """What everybody who has the story takes for its last version: a kill without a word of it."""
    provider, _, uri = key.partition("|")
    story = Story(
        provider=provider,
        uri=uri,
        version=GONE,
        pubstatus=PubStatus.CANCELED,
        revision=Revision.KILL,
        versioncreated=at,
        received=at,
        text="",
    )
    return EnrichedStory(story=story, reprocessed=Reprocessed(at=at))


def _ingestion(engine: Engine, withdrawn: Sequence[EnrichedStory]) -> int:
    """Leaves that the story was killed, so that its wire's repetitions are not passed on."""
    table, done = ingestion.stories, 0
    with engine.begin() as connection:
        for story in (one.story for one in withdrawn):
            for other in (ingestion.names, ingestion.texts, ingestion.versions):
                connection.execute(delete(other).where(other.c.key == story.key))
            blank = dict.fromkeys(("raw", "name", "sender", "due"), None) | {
                "standing": StoryState.KILLED.value,
                "rank": json.dumps(rank(story)),
                "item": FORGOTTEN,
                "story": story.model_dump_json(exclude_defaults=True),
            }
            left = (table.c.key == story.key) & (table.c.item != FORGOTTEN)
            done += connection.execute(update(table).where(left).values(blank)).rowcount
    return done


def _runs(settings: Settings, keys: frozenset[str]) -> int:
    """Takes the stories' lines out of the reports of `visitwire reprocess`."""
    return sum(_without(file, keys) for file in runs(settings).glob(f"*/{CHANGES}"))


def _without(file: Path, keys: frozenset[str]) -> int:
    fresh, gone = file.with_suffix(".new"), 0
    with file.open() as lines, fresh.open("w") as left:
        for line in lines:
            if json.loads(line).get("story") in keys:
                gone += 1
            else:
                left.write(line)
    fresh.replace(file)
    return gone


@dataclass(frozen=True)
class Remains:
    """Where a part of a story may still be, and until when at the latest."""

    where: str
    until: str | None
    why: str


def remains(settings: Settings, at: datetime, kept: bool) -> list[Remains]:
    """What no command removes. A topic's record cannot be taken out: it goes with its retention."""
    found = []
    for topic in [] if kept else flow_topics():
        name = on_broker(settings, topic.name)
        if topic.compacted:
            until = (at + topic.tombstones).isoformat()
            found.append(Remains(name, None, f"until the broker compacts it; the tombstone goes after {until}"))
        elif topic.retention is not None:
            last = (at + topic.retention).isoformat()
            found.append(Remains(name, last, f"kept {topic.retention.days} days, if the broker has it so"))
    found.append(Remains("spool", None, "bytes of dead letters above 4 MB, by `visitwire dlq list`"))
    found.append(Remains("backups", None, "what was backed up before; forget again after a restore"))
    found.append(Remains("receivers", None, "alerts that were delivered, and what consumers of the topics keep"))
    return found


def _words(report: dict[str, Any]) -> str:
    lines = [f"{len(report['stories'])} stories forgotten"]
    for store, counts in report["removed"].items():
        parts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count)
        lines.append(f"  {store}: {parts or 'nothing was there'}")
    lines.append("What remains:")
    for one in report["remains"]:
        lines.append(
            f"  {one['where']}: " + (f"until {one['until'][:10]} ({one['why']})" if one["until"] else one["why"])
        )
    return "\n".join(lines)
