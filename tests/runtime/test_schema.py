"""The schema: migrations, what each column is for, and databases of other versions."""

import asyncio
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.core.errors import LandaError, SchemaError, StorageError
from bot.runtime import schema
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from tests.postgres import Server


def differences(connection: Connection) -> Any:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, METADATA)


def to(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["connection"] = connection
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def up_and_down(connection: Connection) -> None:
    """Each promise about one database, on a connection to an empty one."""
    for _ in range(2):
        to(connection, "head")
        assert differences(connection) == []
        to(connection, "base")
        names = set(connection.dialect.get_table_names(connection))
        assert names <= {"alembic_version"}


def test_migrations_make_what_is_declared_on_sqlite(tmp_path: Path) -> None:
    """On SQLite the migrations lead to exactly the declared tables, and back to none."""
    with create_engine(f"sqlite:///{tmp_path / 'x.db'}").begin() as connection:
        up_and_down(connection)


def test_migrations_make_what_is_declared_on_postgres(postgres_server: Server) -> None:
    """On PostgreSQL the migrations lead to exactly the declared tables, and back to none."""

    async def play(url: str) -> None:
        engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.begin() as connection:
            await connection.run_sync(up_and_down)
        await engine.dispose()

    with postgres_server.database() as url:
        asyncio.run(play(url))


def test_people_are_hashes_and_words_are_sealed() -> None:
    """Every column with bytes says that it is a keyed hash, sealed, or a name of our own."""
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if str(column.type) == "BLOB":
                purpose = column.info["purpose"]
                assert purpose.startswith(("keyed hash", "sealed", "names the", "the key, sealed"))


def test_migrating_again_changes_nothing(sqlite_path: Path, postgres_url: str) -> None:
    """`landa migrate` on a database that is up to date does nothing."""
    before = sqlite_path.read_bytes()
    schema.prepare_sqlite(sqlite_path)
    schema.migrate(f"sqlite:///{sqlite_path}")
    assert sqlite_path.read_bytes() == before
    schema.migrate(postgres_url)


def test_two_processes_migrate_at_once(postgres_server: Server) -> None:
    """Two processes that migrate the same database at once both come through."""

    async def both(url: str) -> None:
        await asyncio.gather(*(schema._migrate_postgres(url) for _ in range(4)))

    with postgres_server.database() as url:
        asyncio.run(both(url))


def test_the_address_may_say_how_to_connect(postgres_server: Server) -> None:
    """An address with sslmode and the like works for migrating as it does for running."""
    with postgres_server.database() as url:
        schema.migrate(f"{url}?sslmode=disable&application_name=x")


def test_an_older_database_is_told(postgres_server: Server) -> None:
    """On a database without this version's schema, the operator reads: landa migrate."""

    async def look(url: str) -> None:
        store = PostgresStore(url)
        await store.open()
        try:
            await schema.check(store)
        finally:
            await store.close()

    with postgres_server.database() as url, pytest.raises(SchemaError) as wrong:
        asyncio.run(look(url))
    assert "landa migrate" in (str(wrong.value) or str(SchemaError.__doc__))


def test_a_newer_database_is_told(sqlite_path: Path) -> None:
    """A database of a newer Landa is left alone, and the operator reads why."""
    connection = sqlite3.connect(sqlite_path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(SchemaError, match="newer Landa"):
        schema.prepare_sqlite(sqlite_path)

    async def look() -> None:
        store = SqliteStore(sqlite_path)
        await store.open()
        try:
            await schema.check(store)
        finally:
            await store.close()

    with pytest.raises(SchemaError, match="newer Landa"):
        asyncio.run(look())


def test_an_empty_file_is_made_ready(tmp_path: Path) -> None:
    """A new SQLite file, also in a new folder with odd letters, is made and has the schema."""
    path = tmp_path / "ny mapp #1 50%" / "å.db"
    schema.prepare_sqlite(path)
    assert schema._revision(path) == schema.newest()


def test_the_file_is_ours_alone(tmp_path: Path) -> None:
    """The database and what SQLite puts beside it can be read by nobody else."""
    path = tmp_path / "landa.db"
    schema.prepare_sqlite(path)

    async def use() -> set[int]:
        store = SqliteStore(path)
        await store.open()
        await store.set_keyring({"people": b"x"}, {})
        modes = {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob("landa.db*")}
        await store.close()
        return modes

    assert asyncio.run(use()) == {0o600}


def test_a_file_that_is_open_to_all_is_closed(sqlite_path: Path) -> None:
    """A database file that others could read is closed to them at the next start."""
    sqlite_path.chmod(0o644)
    schema.prepare_sqlite(sqlite_path)
    assert stat.S_IMODE(sqlite_path.stat().st_mode) == 0o600


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    """A file that is no database is left as it is."""
    path = tmp_path / "landa.db"
    path.write_text("Kära dagbok\n" * 200)
    with pytest.raises(StorageError):
        schema.prepare_sqlite(path)
    assert path.read_text().startswith("Kära dagbok")


def test_no_server_is_told() -> None:
    """Where no PostgreSQL answers, migrating ends with a fault for the operator, not a trace."""
    with pytest.raises(LandaError, match="DATABASE_URL"):
        schema.migrate("postgresql://landa@127.0.0.1:1/x")


def test_pragmas_are_set(sqlite_path: Path) -> None:
    """Every connection syncs at commit, erases what it deletes and keeps nothing in other files."""

    async def asked() -> list[tuple[int, ...]]:
        store = SqliteStore(sqlite_path)
        await store.open()
        names = ("synchronous", "secure_delete", "temp_store", "journal_mode")
        connections: list[Any] = [store._reader, store._writer._connection]  # type: ignore[union-attr]
        found = [
            tuple(each.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
            for each in connections
        ]
        await store.close()
        return found

    assert asyncio.run(asked()) == [(2, 1, 2, "wal")] * 2


def test_migrations_are_numbered() -> None:
    """Migrations are numbered without a gap, and each names the one before."""
    names = sorted(path.name for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert schema.newest() == names[-1][:4]
