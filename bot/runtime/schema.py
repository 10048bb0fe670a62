"""Brings a database to this version's schema. Alembic is loaded only when it is needed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.core.errors import SchemaError, StorageError
from bot.runtime.store import Store
from bot.runtime.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"
NEWER = (
    "The database belongs to a newer Landa than this one. Run that version, or put back the "
    "copy that was made before it."
)
ONE_AT_A_TIME = 7_563_861
"""A number of our own; two processes that migrate at once wait for each other."""


def newest() -> str:
    """The revision this version of Landa needs: the number of its last migration file."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


async def check(store: Store) -> None:
    """raises  SchemaError when the database has another schema than this version needs."""
    found = await store.revision()
    if found is not None and found > newest():
        raise SchemaError(NEWER)
    if found != newest():
        raise SchemaError


def prepare_sqlite(path: Path) -> None:
    """A new or older file gets this version's tables.

    raises  OSError, StorageError, SchemaError
    """
    if _revision(path) != newest():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        migrate(f"sqlite:///{path}")
    path.chmod(0o600)


def empty(path: Path) -> None:
    """Take everything out of a prepared file but its keys."""
    with closing(sqlite3.connect(path)) as connection:
        for name in METADATA.tables.keys() - {"keyring"}:
            connection.execute(f"DELETE FROM {name}")  # noqa: S608  our own tables
        connection.commit()


def _revision(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return None
    return rows[0][0] if rows else None


def migrate(url: str) -> None:
    """Bring the database at *url*, an operator's or SQLAlchemy's, up to `newest`.

    raises  SchemaError of a newer Landa; StorageError when the database cannot be reached.
    """
    from alembic.util import CommandError  # noqa: PLC0415  commands only
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        if url.startswith("sqlite:///"):
            _migrate_sqlite(url.removeprefix("sqlite:///"))
        else:
            import asyncio  # noqa: PLC0415

            asyncio.run(_migrate_postgres("postgresql://" + url.split("://", 1)[1]))
    except CommandError:
        raise SchemaError(NEWER) from None
    except SQLAlchemyError as fault:
        raise StorageError(f"the database cannot be migrated ({type(fault).__name__})") from None


def _migrate_sqlite(path: str) -> None:
    from sqlalchemy import URL, create_engine  # noqa: PLC0415

    engine = create_engine(URL.create("sqlite", database=path))
    try:
        with engine.begin() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


async def _migrate_postgres(url: str) -> None:
    from sqlalchemy import text  # noqa: PLC0415
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    from bot.runtime.store.postgres import connect  # noqa: PLC0415

    # The driver reads the address itself: it knows sslmode and the like, SQLAlchemy does not.
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: connect(url))
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Any) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
