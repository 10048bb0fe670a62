"""Copies of a PostgreSQL database, by its own programs."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.core.errors import CopyError, SettingsError
from bot.runtime import schema
from bot.runtime.settings import Settings, secret_keys
from bot.runtime.store.postgres import PostgresStore, connect
from bot.runtime.tables import METADATA
from bot.runtime.vault import unlock

_REVISION = re.compile(r"COPY \S*alembic_version .*;\n(\d{4})\n")
_LONGEST = 300


def copy(url: str, out: Path) -> str:
    """Writes *out*, as of one moment. Returns its schema's revision.

    raises  CopyError, OSError
    """
    _run("pg_dump", "--format=custom", f"--file={out}", url=url)
    return checked(out)


def checked(path: Path) -> str:
    """The schema's revision of a sound copy: all of it has been read. raises  CopyError"""
    _run("pg_restore", f"--file={os.devnull}", str(path))
    script = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(path))
    found = _REVISION.search(script)
    if not found:
        raise CopyError(f"{path}: is no copy of Landa's database.")
    return found[1]


def put_back(settings: Settings, copy: Path) -> str:
    """raises  CopyError, SchemaError, SettingsError, OSError; then nothing has been changed."""
    url = settings.database_url
    if checked(copy) > schema.newest():
        raise CopyError(f"{copy}: {schema.NEWER}")
    if asyncio.run(_there(url)):
        raise CopyError(
            "DATABASE_URL: Landa's tables are there already, and nothing is overwritten. "
            "Name an empty database."
        )
    _run("pg_restore", "--single-transaction", "--no-owner", "--no-privileges", str(copy), url=url)
    schema.migrate(url)
    asyncio.run(_must_open(settings))
    return schema.newest()


async def _there(url: str) -> bool:
    connection = await connect(url)
    try:
        known = (
            "SELECT count(*) FROM pg_tables "
            "WHERE schemaname = current_schema() AND tablename = ANY($1)"
        )
        return bool(await connection.fetchval(known, list(METADATA.tables)))
    finally:
        await connection.close()


async def _must_open(settings: Settings) -> None:
    store = PostgresStore(settings.database_url)
    await store.open()
    try:
        unlock(secret_keys(settings), await store.keyring())
    except SettingsError:
        raise CopyError(
            "The copy has been put back, and LANDA_SECRET_KEYS does not open it. Put the key it "
            "was made with last in the list."
        ) from None
    finally:
        await store.close()


def _run(program: str, *args: str, url: str = "") -> str:
    """What *program* prints. raises  CopyError"""
    found = shutil.which(program)
    if found is None:
        raise CopyError(
            f"{program}: is not installed. It comes with PostgreSQL's client programs "
            "(postgresql-client), of the server's version or a newer one."
        )
    address, env = _address(url)
    done = subprocess.run(  # noqa: S603  our own arguments, and what the operator has set
        [found, *address, *args], env={**os.environ, **env}, capture_output=True, check=False
    )
    if done.returncode:
        # What follows the first line may hold values of a row.
        first = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise CopyError(f"{program} failed: {first[:_LONGEST]}")
    return done.stdout.decode("utf-8", "replace")


def _address(url: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Without its password, which others on this machine could read among the arguments."""
    if not url:
        return (), {}
    parts: Any = urlsplit(url)
    name, _, place = parts.netloc.rpartition("@")
    user, _, password = name.partition(":")
    open_url = parts._replace(netloc=f"{user}@{place}" if name else place).geturl()
    return (f"--dbname={open_url}",), {"PGPASSWORD": unquote(password)} if password else {}
