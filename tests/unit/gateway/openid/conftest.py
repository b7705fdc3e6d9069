"""The provider, and the gateway that asks it."""

from collections.abc import Iterator

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import Engine
from visitwire_gateway.model.database import open_database
from visitwire_runtime.settings import Settings

from tests.unit.gateway.openid.boards import Board, Open
from tests.unit.gateway.openid_provider import (
    OpenIdProvider,
    listening,
    make_key,
)


@pytest.fixture(scope="module")
def keys() -> list[RSAKey]:
    return [make_key("first"), make_key("second")]


@pytest.fixture
def provider(keys: list[RSAKey]) -> Iterator[OpenIdProvider]:
    with listening(OpenIdProvider(keys[0])) as made:
        yield made


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """SQLite alone: what differs between databases is in `test_openid_identities`."""
    made = open_database(settings.gateway_database.get_secret_value())
    yield made
    made.dispose()


@pytest.fixture
def board(settings: Settings, engine: Engine, provider: OpenIdProvider) -> Board:
    return Board(settings, engine, provider)


@pytest.fixture
def open_board(settings: Settings, engine: Engine, provider: OpenIdProvider) -> Open:
    return lambda **given: Board(settings, engine, provider, **given)
