"""`visitwire feeds`: what is polled, how it is, and a new one."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from visitwire_runtime import InvalidMessage, Publish
from visitwire_runtime.safe_http import guarded_client
from visitwire_runtime.settings import Settings
from visitwire_schemas import WIRE_ITEMS, Record, Story, WireItem

from visitwire_ingestion.feed_files import Defined, load_each, parse
from visitwire_ingestion.feed_states import states
from visitwire_ingestion.feeds import Feed, FeedState, span
from visitwire_ingestion.formats.read import read
from visitwire_ingestion.sql_tables import engine
from visitwire_ingestion.story_store import now_utc
from visitwire_ingestion.transports.acceptance import Acceptance, accepting
from visitwire_ingestion.transports.poll import visit

app = typer.Typer()
feeds = typer.Typer(help="List feeds with their last item, errors and silence; check or add one.", no_args_is_help=True)
app.add_typer(feeds, name="feeds")

Folder = Annotated[Path | None, typer.Option("--folder", help="Folder of definitions. Default: the setting `feeds`.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON line a feed.")]


@feeds.command("list")
def list_(folder: Folder = None, as_json: Json = False) -> None:
    """Lists every feed with its last item, its errors and its silence."""
    settings, now = Settings(), now_utc()
    defined = _defined(folder, settings)
    file = settings.data_dir / "ingestion.sqlite"
    known = states(engine(settings.ingestion_database.get_secret_value())) if _exists(settings, file) else {}
    for feed in defined.feeds:
        state = known.get(feed.name, FeedState())
        if as_json:
            known_of = state.model_dump(mode="json", exclude={"looked", "taken"})  # a drop's files: thousands
            line = {
                "name": feed.name,
                "url": feed.url,
                "condition": state.condition(now),
                "silence": state.silence(now),
            }
            typer.echo(json.dumps(known_of | line, ensure_ascii=False))
        else:
            typer.echo(_line(feed, state, now))
    for file_name, why in defined.broken.items():
        told = {"name": file_name, "condition": why, "error": why}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{file_name:20} {'not polled':28} {why}")


def _exists(settings: Settings, file: Path) -> bool:
    return settings.ingestion_database_url is not None or file.is_file()


def _line(feed: Feed, state: FeedState, now: datetime) -> str:
    last = f"last item {span(now - state.changed)} ago" if state.changed else "no item yet"
    return f"{feed.name:20} {last:28} {state.condition(now)}"


@feeds.command()
def check(name: str, folder: Folder = None) -> None:
    """Polls one feed now and shows its stories; publishes nothing. Exits with status 1 if there is no story."""
    settings = Settings()
    defined = _defined(folder, settings)
    feed = next((each for each in defined.feeds if each.name == name), None)
    if feed is None and f"{name}.toml" in defined.broken:
        raise typer.BadParameter(defined.broken[f"{name}.toml"])
    if feed is None:
        raise typer.BadParameter(f"There is no feed {name}; `visitwire feeds list` lists them.")
    items, state = asyncio.run(_fetched(feed, settings.fetch_from_private))
    if state.error:
        typer.echo(state.error, err=True)
        raise typer.Exit(1)
    stories = [story for item in items for story in _read(item)]
    for story in stories:
        typer.echo(f"{story.published:%Y-%m-%d %H:%M}  {story.headline or story.text[:60]}")
    typer.echo(f"{len(stories)} stories", err=True)
    raise typer.Exit(0 if stories else 1)


async def _fetched(feed: Feed, private: bool) -> tuple[list[WireItem], FeedState]:
    got: list[WireItem] = []

    async def keep(topic: str, record: Record) -> None:
        got.append(WIRE_ITEMS.decode(record))

    acceptance = Acceptance(Publish(keep), accepting(read))
    async with guarded_client(allow_private=private, timeout=30) as client:
        state = FeedState()
        for turn in range(2 if feed.kind in ("sftp", "ftp") else 1):
            await asyncio.sleep(turn)  # a drop's files are only taken when they look the same twice
            state, _ = await visit(feed, state, client, acceptance, now_utc(), allow_private=private, leave=True)
    return got, state


def _read(item: WireItem) -> list[Story]:
    try:
        return read(item)
    except InvalidMessage as error:
        typer.echo(str(error), err=True)
        return []


@feeds.command()
def add(
    name: str,
    url: str,
    every: Annotated[int, typer.Option(help="Seconds between polls.")] = 300,
    provider: Annotated[str | None, typer.Option(help="Provider of its stories. Default: the feed's name.")] = None,
    username: Annotated[str | None, typer.Option(help="User name for the login.")] = None,
    password_env: Annotated[str | None, typer.Option(help="Environment variable with the password.")] = None,
    known_hosts: Annotated[str | None, typer.Option(help="For an SFTP drop: file with the server's key.")] = None,
    folder: Folder = None,
) -> None:
    """Writes a new definition into the folder. The address decides whether it is a feed, a mailbox or a drop."""
    settings = Settings()
    target = (folder or settings.feeds or Path("feeds")) / f"{name}.toml"
    kind = {"imap": "imap", "imaps": "imap", "sftp": "sftp", "ftp": "ftp", "ftps": "ftp"}.get(url.partition(":")[0])
    more = {"kind": kind, "provider": provider, "username": username}
    more |= {"password_env": password_env, "known_hosts": known_hosts}
    lines = [f"name = {json.dumps(name)}", f"url = {json.dumps(url)}", f"every = {every}"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in more.items() if value]
    try:
        parse("\n".join(lines), target.name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if target.exists():
        raise typer.BadParameter(f"{target} exists already; change it, or choose another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = settings.feeds is not None and target.parent.resolve() == settings.feeds.resolve()
    typer.echo(
        f"{target}: will be polled from the next round"
        if known
        else f"{target}: will be polled once the setting VISITWIRE_FEEDS names {target.parent.absolute()}"
    )


def _defined(folder: Path | None, settings: Settings) -> Defined:
    where = folder or settings.feeds
    if where is None:
        raise typer.BadParameter("Name the folder of definitions with --folder or the setting VISITWIRE_FEEDS.")
    try:
        return load_each(where)
    except OSError as error:
        raise typer.BadParameter(f"{where}: {error.strerror}; `visitwire feeds add` makes the folder.") from None
