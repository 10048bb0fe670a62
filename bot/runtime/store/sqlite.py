"""SQLite: one connection that writes in groups, one for reading.

`synchronous=FULL`: what was committed survives a power cut. `BEGIN IMMEDIATE`: a
transaction waits for its turn instead of failing half-way.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.sqlite import insert

from bot.core.errors import StorageError
from bot.runtime.store import Backlog, Commit, DueRow, Later, Loaded, OutboxRow, Result
from bot.runtime.store import nudges as n
from bot.runtime.store import statements as s
from bot.runtime.store import turn_sqlite as turn
from bot.runtime.store.nudges_sqlite import SqliteNudges
from bot.runtime.store.question import Ask
from bot.runtime.store.turn_sqlite import run, sql
from bot.runtime.store.writer import GroupWriter, Work

READ_BUSY_S = 0.1
"""How long a read waits. It holds up everybody, and beside a writer it need not wait at all."""
CHECKPOINT_BUSY_S = 1.0
"""How long writing back waits for whoever is reading or writing; then it is tried again."""


def _plain(text: str) -> s.Statement:
    return s.Statement(text, (), {})


LOAD = sql(s.LOAD)
SET_KEY = sql(s.set_key(insert))
CLEAR_DUE, DELIVERED = sql(s.CLEAR_DUE), sql(s.DELIVERED)
POSTPONE, GIVE_UP, DEPART = sql(s.POSTPONE), sql(s.GIVE_UP), sql(n.DEPART)
CLAIM_OUTBOX, CLAIM_DUE = sql(s.CLAIM_OUTBOX), sql(s.CLAIM_DUE)
PRUNE = tuple(sql(statement) for statement in s.PRUNE)
WAITING, GIVEN_UP, PAUSES, KEYS = map(sql, (s.WAITING, s.GIVEN_UP, s.PAUSES, s.KEYS))
COUNTED, CROWDS = sql(n.COUNTED), sql(n.CROWDS)


class SqliteStore:
    """A `Store` in one file. One process at a time; the runtime refuses a second one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: GroupWriter | None = None
        self.nudges = SqliteNudges(self._write, self._read)

    async def open(self) -> None:
        self._reader = self._connect(READ_BUSY_S)
        self._writer = GroupWriter(self._connect(0))

    async def close(self) -> None:
        if self._writer:
            await self._writer.close()
            self._reader.close()
            self._writer = None

    def _connect(self, busy_s: float) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=busy_s, isolation_level=None, check_same_thread=False
            )
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "secure_delete=ON",
                "temp_store=MEMORY",
            ):
                connection.execute(f"PRAGMA {pragma}")
            self._path.chmod(0o600)
        except (OSError, sqlite3.Error) as fault:
            raise StorageError(f"{self._path} cannot be opened ({type(fault).__name__})") from None
        return connection

    async def _write(self, work: Work, *, lasting: bool = True) -> Any:
        if self._writer is None:
            raise StorageError("the database is closed")
        return await self._writer.write(work, lasting=lasting)

    async def _execute(self, statement: s.Statement, **values: Any) -> list[Any]:
        return await self._write(lambda connection: run(connection, statement, values).fetchall())

    def _read(self, statement: s.Statement, **values: Any) -> list[Any]:
        try:
            return run(self._reader, statement, values).fetchall()
        except sqlite3.Error as fault:
            raise StorageError(type(fault).__name__) from None

    async def revision(self) -> str | None:
        if not self._read(_plain("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")):
            return None
        rows = self._read(_plain("SELECT version_num FROM alembic_version"))
        return rows[0][0] if rows else None

    async def keyring(self) -> Mapping[str, bytes]:
        return dict(self._read(KEYS))

    async def set_keyring(self, wrapped: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
        for purpose, key in wrapped.items():
            was = before.get(purpose, b"")
            await self._execute(SET_KEY, purpose=purpose, wrapped=key, before=was)

    async def load(self, person: bytes, seen: bytes) -> Loaded:
        ((known, *rest),) = self._read(LOAD, person=person, seen=seen)
        return Loaded(bool(known), *rest)

    async def commit(self, commit: Commit) -> Result:
        return await self._write(lambda connection: turn.commit(connection, commit))

    async def claim_outbox(self, now_ms: int, until_ms: int, limit: int) -> list[OutboxRow]:
        rows = await self._execute(CLAIM_OUTBOX, now=now_ms, until=until_ms, most=limit)
        return sorted((OutboxRow(*row) for row in rows), key=lambda row: row.created_ms)

    async def delivered(self, ids: Sequence[bytes]) -> None:
        gone = [{"id": each} for each in ids]
        await self._write(lambda connection: connection.executemany(DELIVERED.sql, gone).rowcount)

    async def postpone(self, rows: Sequence[Later]) -> None:
        later = [s.postponed(row) for row in rows]
        await self._write(lambda connection: connection.executemany(POSTPONE.sql, later).rowcount)

    async def give_up(self, id: bytes, reason: str) -> None:
        await self._execute(GIVE_UP, row_id=id, reason=reason)

    async def depart(self, id: bytes, held_ms: int) -> bool:
        return bool(await self._execute(DEPART, card=id, held=held_ms))

    async def claim_due(self, now_ms: int, until_ms: int, limit: int) -> list[DueRow]:
        rows = await self._execute(CLAIM_DUE, now=now_ms, until=until_ms, most=limit)
        return sorted((DueRow(*row) for row in rows), key=lambda row: row.due_ms)

    async def clear_due(self, person: bytes, serial: int) -> None:
        await self._execute(CLEAR_DUE, person=person, serial=serial)

    async def prune(self, now_ms: int) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return sum(run(connection, statement, {"now": now_ms}).rowcount for statement in PRUNE)

        return await self._write(work)

    async def scrub(self) -> bool:
        """Older pages lie in the file beside, until all of it is written back. Empty, nothing has
        been written since, by any process.
        """
        beside = self._path.with_name(f"{self._path.name}-wal")
        if not beside.exists() or not beside.stat().st_size:
            return True
        return await asyncio.to_thread(self._checkpoint)

    def _checkpoint(self) -> bool:
        """On a connection of its own, so that nobody waits for the disk on the loop. Most of it is
        written back while others write, and only the rest while they wait.
        """
        try:
            with closing(self._connect(CHECKPOINT_BUSY_S)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as fault:
            raise StorageError(type(fault).__name__) from None
        return not busy

    async def backlog(self, now_ms: int) -> Backlog:
        ((waiting,),) = self._read(WAITING)
        ((due, set_aside, oldest),) = self._read(PAUSES)
        given_up, crowds = dict(self._read(GIVEN_UP)), dict(self._read(CROWDS))
        ((slots, left),) = self._read(COUNTED)
        return Backlog(waiting, given_up, due, set_aside, oldest, slots, left, crowds)

    async def ask(self, *asks: Ask) -> list[list[Any]]:
        return await self._write(lambda connection: turn.ask(connection, asks))
