"""Copies of the database, for when it is lost: made while Landa runs, and put back."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.errors import CopyError
from bot.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Copied:
    """schema: its revision. size: in bytes."""

    path: Path
    schema: str
    size: int


def backup(settings: Settings, out: Path) -> Copied:
    """A checked copy of the database in a new file that only its owner can read.

    raises  CopyError; OSError; then there is no such file.
    """
    _must_be_new(out)
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        if settings.sqlite_path is None:
            from bot.runtime.copies import postgres  # noqa: PLC0415  its driver is not small

            schema = postgres.copy(settings.database_url, part)
        else:
            from bot.runtime.copies import sqlite  # noqa: PLC0415

            schema = sqlite.copy(settings.sqlite_path, part)
        _must_be_new(out)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Copied(out, schema, out.stat().st_size)


def restore(settings: Settings, copy: Path) -> Copied:
    """The database is as *copy* has it, brought up to this version's schema.

    raises  CopyError where there is a database already, or what was read is no copy of it;
            SchemaError of a newer Landa; OSError. Then nothing has been changed.
    """
    if not copy.is_file():
        raise CopyError(f"{copy}: there is no such file.")
    if settings.sqlite_path is None:
        from bot.runtime.copies import postgres  # noqa: PLC0415

        schema = postgres.put_back(settings, copy)
    else:
        from bot.runtime.copies import sqlite  # noqa: PLC0415

        schema = sqlite.put_back(settings, settings.sqlite_path, copy)
    return Copied(copy, schema, copy.stat().st_size)


def named(now: datetime) -> Path:
    """What a copy is called when nobody says: one a minute, in the order of their names."""
    return Path(f"landa-{now:%Y%m%d-%H%M}.backup")


def _must_be_new(path: Path) -> None:
    if path.exists():
        raise CopyError(f"{path}: is there already, and a copy never overwrites anything.")
