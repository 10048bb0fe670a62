"""Copies of an SQLite file, by its own way of copying what is being written to."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

from bot.core.errors import CopyError, SettingsError
from bot.runtime import schema
from bot.runtime.own import hold
from bot.runtime.settings import Settings, secret_keys
from bot.runtime.vault import unlock

BUSY_S = 15.0
BROKEN = "it is broken, or no copy of Landa's database"


def copy(database: Path, out: Path) -> str:
    """Writes *out*, one file as of one moment. Returns its schema's revision.

    raises  CopyError, OSError
    """
    if not database.is_file():
        raise CopyError(f"{database}: there is no database yet.")
    try:
        with (
            closing(sqlite3.connect(database, timeout=BUSY_S)) as live,
            closing(sqlite3.connect(out)) as copied,
        ):
            # All pages in one step: whoever writes meanwhile is not kept waiting.
            live.backup(copied)
            copied.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as fault:
        raise CopyError(f"{database}: cannot be copied ({_named(fault)}).") from None
    return checked(out)


def checked(path: Path) -> str:
    """The schema's revision of a sound file. raises  CopyError"""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            ((sound,), *_) = file.execute("PRAGMA integrity_check").fetchall()
            ((revision,),) = file.execute("SELECT version_num FROM alembic_version").fetchall()
    except (sqlite3.Error, ValueError):
        sound, revision = "", ""
    if sound != "ok":
        raise CopyError(f"{path}: {BROKEN}.")
    return revision


def put_back(settings: Settings, database: Path, copy: Path) -> str:
    """raises  CopyError, SchemaError, SettingsError, OSError; then nothing has been changed."""
    if checked(copy) > schema.newest():
        raise CopyError(f"{copy}: {schema.NEWER}")
    with ExitStack() as stack:
        hold(database, "DATABASE_URL", stack)
        beside = [database.with_name(f"{database.name}{end}") for end in ("", "-wal", "-shm")]
        if there := next((each for each in beside if each.exists()), None):
            raise CopyError(
                f"{there}: is there already, and nothing is overwritten. Move it away first, "
                "somewhere safe."
            )
        part = database.with_name(f"{database.name}.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(copy)) as kept, closing(sqlite3.connect(part)) as new:
                kept.backup(new)
            schema.prepare_sqlite(part)
            _must_open(settings, part)
            part.replace(database)
        except sqlite3.Error as fault:
            raise CopyError(f"{copy}: cannot be put back ({_named(fault)}).") from None
        finally:
            part.unlink(missing_ok=True)
    return schema.newest()


def _must_open(settings: Settings, path: Path) -> None:
    with closing(sqlite3.connect(path)) as file:
        keyring = dict(file.execute("SELECT purpose, wrapped FROM keyring").fetchall())
    try:
        unlock(secret_keys(settings), keyring)
    except SettingsError:
        raise CopyError(
            "LANDA_SECRET_KEYS: none of the keys opens this copy. Put the key it was made with "
            "last in the list."
        ) from None


def _named(fault: sqlite3.Error) -> str:
    return fault.sqlite_errorname if hasattr(fault, "sqlite_errorname") else type(fault).__name__
