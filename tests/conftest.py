"""What tests share: the content, a database of each kind, a vault."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.library import Library
from bot.runtime import content, schema
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store import Store
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.fence import fenced, watch
from tests.postgres import Server

__all__ = ["fenced", "watch"]


@pytest.fixture(scope="session")
def library() -> Library:
    return content.read().library


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Always the same keys, so that what a person is offered is always the same."""
    return Vault(b"p" * 32, AESGCM(b"r" * 32))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A real PostgreSQL, started once; missing it is a failure, never a skip."""
    with Server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """An empty, migrated database."""
    with postgres_server.database() as url:
        schema.migrate(url)
        yield url


@pytest.fixture
def sqlite_path(tmp_path: Path) -> Path:
    path = tmp_path / "landa.db"
    prepare_sqlite(path)
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def closed_store(request: pytest.FixtureRequest) -> Store:
    """The same tests on both databases."""
    if request.param == "sqlite":
        return SqliteStore(request.getfixturevalue("sqlite_path"))
    return PostgresStore(request.getfixturevalue("postgres_url"))


@pytest.fixture
async def store(closed_store: Store) -> AsyncIterator[Store]:
    await closed_store.open()
    yield closed_store
    await closed_store.close()


@pytest.fixture
async def sqlite_store(sqlite_path: Path) -> AsyncIterator[Store]:
    """For what does not depend on which database it is."""
    store = SqliteStore(sqlite_path)
    await store.open()
    yield store
    await store.close()
