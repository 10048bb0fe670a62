"""Watches what really runs: nothing reaches a database but statements that were looked at."""

import importlib
import pkgutil
import re
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from types import FrameType
from typing import Any

import asyncpg
import pytest

from bot.runtime import store
from bot.runtime.columns import is_about_somebody
from bot.runtime.store.statements import Statement
from bot.runtime.tables import METADATA

PERSONAL = sorted(table.name for table in METADATA.tables.values() if is_about_somebody(table))
_NAMES = re.compile(rf"\b(?:{'|'.join(PERSONAL)})\b", re.IGNORECASE)


def statements() -> dict[str, Statement]:
    """Every statement there is, by where it stands; each has passed the fence."""
    found: dict[str, Statement] = {}
    for module in pkgutil.iter_modules(store.__path__, f"{store.__name__}."):
        for name, value in vars(importlib.import_module(module.name)).items():
            several = value if isinstance(value, dict) else {"": value}
            several = dict(enumerate(value)) if isinstance(value, tuple) else several
            for key, each in several.items():
                if isinstance(each, Statement):
                    found[f"{module.name.rpartition('.')[2]}.{name}.{key}".rstrip(".")] = each
    return found


class Watch:
    """known: what may run. unknown: what ran besides, of what Landa's own code asked."""

    def __init__(self) -> None:
        self.known = {each.sql for each in statements().values()}
        self.ran: Counter[str] = Counter()
        self.unknown: list[str] = []

    def see(self, sql: str, driver: str) -> None:
        self.ran[driver] += 1
        if sql not in self.known and _NAMES.search(sql) and _asks(sys._getframe(2), driver):
            self.unknown.append(sql)


def _asks(frame: FrameType | None, driver: str) -> bool:
    """Whether it is Landa's own code that asks: tests, and migrations, see all there is."""
    while frame and frame.f_globals["__name__"].startswith(driver):
        frame = frame.f_back
    return bool(frame) and frame.f_globals["__name__"].startswith(("bot.", "adapters."))


def _sqlite(watch: Watch) -> Any:
    """The driver, as `bot.runtime.store.sqlite` knows it."""

    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            watch.see(sql, "sqlite3")
            return super().execute(sql, *values)

        def executemany(self, sql: str, *values: Any) -> sqlite3.Cursor:
            watch.see(sql, "sqlite3")
            return super().executemany(sql, *values)

        def executescript(self, sql: str) -> sqlite3.Cursor:
            watch.see(sql, "sqlite3")
            return super().executescript(sql)

    class Driver:
        def __getattr__(self, name: str) -> Any:
            return getattr(sqlite3, name)

        def connect(self, *where: Any, **how: Any) -> sqlite3.Connection:
            return sqlite3.connect(*where, **how, factory=Connection)

    return Driver()


@pytest.fixture(autouse=True, scope="session")
def watch() -> Iterator[Watch]:
    """Sees what Landa's stores run in this process, in every test."""
    watch, connection = Watch(), asyncpg.Connection
    at_once, prepared = connection.execute, connection._do_execute

    async def execute(self: Any, query: str, *args: Any, **how: Any) -> Any:
        watch.see(query, "asyncpg")
        return await at_once(self, query, *args, **how)

    async def do_execute(self: Any, query: str, *args: Any, **how: Any) -> Any:
        watch.see(query, "asyncpg")
        return await prepared(self, query, *args, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("bot.runtime.store.sqlite.sqlite3", _sqlite(watch))
        patched.setattr(connection, "execute", execute)
        patched.setattr(connection, "_do_execute", do_execute)
        yield watch


@pytest.fixture(autouse=True)
def fenced(watch: Watch) -> Iterator[None]:
    """No test ends well in which a statement ran that has not passed the fence."""
    yield
    unknown, watch.unknown = watch.unknown, []
    assert unknown == []
