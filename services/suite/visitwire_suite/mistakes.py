"""What is the matter where nothing is wrong with us: a setting, a folder, a database that is away."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from pydantic import SecretStr, ValidationError
from visitwire_runtime.settings import Settings

DATABASES = ("database_url", "ingestion_database_url", "gateway_database_url")


def told(wrong: Exception) -> str | None:
    """A line or more for whoever called the command; None for a bug, which must keep its traceback."""
    try:
        settings = Settings()
    except ValidationError as errors:
        return "\n".join(_setting(each["loc"], each["type"], each["msg"]) for each in errors.errors())
    except Exception as unreadable:  # TOML, YAML and the file system each have errors of their own
        return f"The settings cannot be read: {' '.join(str(unreadable).split())}"
    return next(_reasons(wrong, settings), None)


def _setting(place: tuple[int | str, ...], kind: str, words: str) -> str:
    name = ".".join(map(str, place))
    if kind != "extra_forbidden":
        return f"The setting {name} (VISITWIRE_{name.upper()}) is wrong: {words}."
    meant = get_close_matches(name, Settings.model_fields, 1)
    return f"There is no setting {name}" + (f"; did you mean {meant[0]}?" if meant else ": see docs/settings.md.")


def _reasons(wrong: Exception, settings: Settings) -> Iterator[str]:
    if isinstance(wrong, OSError):
        yield from _file(wrong, settings)
        if str(wrong).startswith("[E050]"):  # how spaCy says so
            yield f"VISITWIRE_MODEL is {settings.model!r}, and no spaCy model of that name is installed here."
    yield from _database(wrong, settings)


def _file(wrong: OSError, settings: Settings) -> Iterator[str]:
    """Only of our own folders: that a file of the program is missing is a bug."""
    if wrong.filename is None:
        return
    at = Path(str(wrong.filename)).absolute()
    for name in ("data_dir", "cache_dir"):
        folder: Path = getattr(settings, name).absolute()
        if at.is_relative_to(folder) or folder.is_relative_to(at):
            yield f"{at}: {wrong.strerror}. Choose another folder with VISITWIRE_{name.upper()}."


def _database(wrong: Exception, settings: Settings) -> Iterator[str]:
    """URLs are not repeated: there may be a password in them."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, OperationalError

    if isinstance(wrong, ArgumentError):
        for name in DATABASES:
            url: SecretStr | None = getattr(settings, name)
            try:
                if url is not None:
                    make_url(url.get_secret_value()).get_dialect()
            except ArgumentError:
                yield f"VISITWIRE_{name.upper()} is no SQLAlchemy URL of a database."
    if isinstance(wrong, OperationalError) and wrong.statement is None:  # it was still connecting
        yield f"The database does not answer: {' '.join(str(wrong.orig).split())}"
