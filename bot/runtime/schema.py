"""Brings a database to this version's schema. Alembic is loaded only when it is needed."""

from pathlib import Path
from typing import Any

MIGRATIONS = Path(__file__).parent / "migrations"


def newest() -> str:
    """The revision this version of Landa needs: the number of its last migration file."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))[:4]


def migrate(url: str) -> None:
    """Bring the database at *url* (an SQLAlchemy URL) up to `newest`."""
    from sqlalchemy.engine import make_url  # noqa: PLC0415  commands only

    if make_url(url).get_backend_name() == "sqlite":
        from sqlalchemy import create_engine  # noqa: PLC0415

        engine = create_engine(url)
        with engine.begin() as connection:
            _upgrade(connection)
        engine.dispose()
    else:
        import asyncio  # noqa: PLC0415

        asyncio.run(_migrate_async(url))


async def _migrate_async(url: str) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Any) -> None:
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
