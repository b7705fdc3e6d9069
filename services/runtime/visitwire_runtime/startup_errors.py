"""Operator errors, explained in one line instead of a traceback: a bad setting, a missing folder, a busy port."""

import base64
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import structlog
from pydantic import SecretStr, ValidationError

from visitwire_runtime.broker_permissions import denial
from visitwire_runtime.settings import Settings
from visitwire_runtime.sockets import CannotStart
from visitwire_runtime.stage import Unavailable

WRONG = 1
"""The exit code of a process that said in a line why it cannot do its work."""
DATABASES = ("database_url", "ingestion_database_url", "gateway_database_url", "llm_database_url")
PATHS = ("data_dir", "cache_dir", "inbox", "feeds", "officeholders", "broker_ca", "broker_certificate", "broker_key")


@contextmanager
def explained_exit() -> Iterator[None]:
    """Around a whole process: what its operator can mend is a line on standard error, and exit code 1; a bug keeps its
    traceback. Once logs are configured the line is one of them."""
    try:
        yield
    except Exception as wrong:
        words = describe(wrong)
        if words is None:
            raise
        if structlog.is_configured():
            structlog.get_logger().error("stopped", why=words)
        else:
            print(words, file=sys.stderr)
        sys.exit(WRONG)


def describe(wrong: Exception) -> str | None:
    """A line or more for whoever started the process; None for a bug, which must keep its traceback."""
    try:
        settings = Settings()
    except ValidationError as errors:
        return "\n".join(_setting(each["loc"], each["type"], each["msg"]) for each in errors.errors())
    except Exception as unreadable:  # TOML, YAML and the file system each have errors of their own
        return f"The settings cannot be read: {_line(unreadable)}"
    return next(_reasons(wrong, settings), None)


def _setting(place: tuple[int | str, ...], kind: str, words: str) -> str:
    name = ".".join(map(str, place))
    if kind != "extra_forbidden":
        return f"The setting {name} (VISITWIRE_{name.upper()}) is wrong: {words}."
    meant = get_close_matches(name, Settings.model_fields, 1)
    return f"There is no setting {name}" + (f"; did you mean {meant[0]}?" if meant else ": see docs/settings.md.")


def _reasons(wrong: Exception, settings: Settings) -> Iterator[str]:
    if isinstance(wrong, CannotStart | Unavailable):
        yield str(wrong)
    if isinstance(wrong, OSError):
        yield from _file(wrong, settings)
        if str(wrong).startswith("[E050]"):  # how spaCy says so
            yield f"VISITWIRE_MODEL is {settings.model!r}, and no spaCy model of that name is installed here."
    if isinstance(wrong, ValueError) and not _are_keys(settings.alerting_key):
        yield "VISITWIRE_ALERTING_KEY is not a Fernet key: 32 bytes in URL-safe base64; separate several by commas."
    yield from _broker(wrong, settings)
    if "sqlalchemy" in sys.modules:  # not every stage has it
        yield from _database(wrong, settings)


def _file(wrong: OSError, settings: Settings) -> Iterator[str]:
    """Only of what the settings name: that a file of the program is missing is a bug."""
    if wrong.filename is None:
        return
    at = Path(str(wrong.filename)).absolute()
    for name in PATHS:
        named: Path | None = getattr(settings, name)
        if named is not None and (at.is_relative_to(named.absolute()) or named.absolute().is_relative_to(at)):
            yield f"{at}: {wrong.strerror}. Choose another with VISITWIRE_{name.upper()}."


def _are_keys(given: SecretStr | None) -> bool:
    try:
        keys = [base64.urlsafe_b64decode(part.strip()) for part in given.get_secret_value().split(",")] if given else []
    except ValueError:
        return False
    return all(len(key) == 32 for key in keys)


def _broker(wrong: Exception, settings: Settings) -> Iterator[str]:
    from aiokafka.errors import KafkaError as OfWorkers  # type: ignore[import-untyped]
    from kafka.errors import KafkaError  # type: ignore[import-untyped]

    if isinstance(wrong, KafkaError | OfWorkers):
        yield f"Kafka at {settings.broker}: {denial(wrong) or _line(wrong) or type(wrong).__name__}"


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
                yield f"VISITWIRE_{name.upper()} is not a SQLAlchemy URL of a database."
    if isinstance(wrong, OperationalError) and wrong.statement is None:  # it was still connecting
        yield f"The database does not answer: {_line(wrong.orig)}"


def _line(wrong: object) -> str:
    return " ".join(str(wrong).split())
