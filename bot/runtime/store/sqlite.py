"""SQLite: one connection that writes in groups, one for reading.

`synchronous=FULL`: what was committed survives a power cut. `BEGIN IMMEDIATE`: a
transaction waits for its turn instead of failing half-way.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.elements import ClauseElement

from bot.core.errors import StorageError
from bot.runtime.store import Ask, Backlog, Commit, DueRow, Later, Loaded, OutboxRow, Result
from bot.runtime.store import statements as s
from bot.runtime.store.people import people
from bot.runtime.store.places import places
from bot.runtime.store.writer import GroupWriter, Work

READ_BUSY_S = 0.1
"""How long a read waits. It holds up everybody, and beside a writer it need not wait at all."""

_DIALECT = sqlite_dialect(paramstyle="named")


def _sql(statement: ClauseElement) -> s.Statement:
    return s.compiled(statement, _DIALECT)


def _run(
    connection: sqlite3.Connection, statement: s.Statement, values: dict[str, Any]
) -> sqlite3.Cursor:
    return connection.execute(statement.sql, statement.named(values))


def _values(row: OutboxRow | DueRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _plain(sql: str) -> s.Statement:
    return s.Statement(sql, (), {})


def _upsert(table: Any, key: str, *columns: str) -> Any:
    new = insert(table).values({name: s.bindparam(name) for name in (key, *columns)})
    return new.on_conflict_do_update(
        index_elements=[key], set_={name: new.excluded[name] for name in columns}
    )


LOAD = _sql(s.LOAD)
ADD_SEEN = _sql(
    insert(s.SEEN).values(id=s.binary("seen"), at_ms=s.whole("at_ms")).on_conflict_do_nothing()
)
UNDO_SEEN = _sql(delete(s.SEEN).where(s.SEEN.c.id == s.binary("seen")))
ADD = _sql(
    insert(s.CONVERSATION)
    .values({c.name: s.bindparam(c.name) for c in s.CONVERSATION.c})
    .on_conflict_do_nothing()
)
MOVE = _sql(
    update(s.CONVERSATION)
    .where(
        s.CONVERSATION.c.person == s.binary("of"), s.CONVERSATION.c.serial == s.whole("expected")
    )
    .values(serial=s.whole("next"), state=s.binary("sealed"), updated_ms=s.whole("at"))
)
SET_PROFILE = _sql(_upsert(s.PERSON, "person", "workspace", "profile"))
SET_KEY = _sql(s.set_key(insert))
SET_DUE = _sql(
    _upsert(
        s.DUE, "person", "workspace", "platform", "serial", "due_ms", "lease_ms", "tries", "payload"
    )
)
ADD_OUTBOX = _sql(
    insert(s.OUTBOX).values(
        {c.name: s.bindparam(c.name) for c in s.OUTBOX.c if c.name != "given_up"}
    )
)
CLEAR_DUE, DELIVERED = _sql(s.CLEAR_DUE), _sql(s.DELIVERED)
POSTPONE, GIVE_UP = _sql(s.POSTPONE), _sql(s.GIVE_UP)
CLAIM_OUTBOX, CLAIM_DUE = _sql(s.CLAIM_OUTBOX), _sql(s.CLAIM_DUE)
PRUNE = tuple(_sql(statement) for statement in s.PRUNE)
WAITING, GIVEN_UP, PAUSES, KEYS = map(_sql, (s.WAITING, s.GIVEN_UP, s.PAUSES, s.KEYS))
QUESTIONS = {**places(insert), **people(insert)}
ASKED = {name: _sql(statement) for name, statement in QUESTIONS.items()}


class SqliteStore:
    """A `Store` in one file. One process at a time; the runtime refuses a second one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: GroupWriter | None = None

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

    async def _write(self, work: Work) -> Any:
        if self._writer is None:
            raise StorageError("the database is closed")
        return await self._writer.write(work)

    async def _execute(self, statement: s.Statement, **values: Any) -> list[Any]:
        return await self._write(lambda connection: _run(connection, statement, values).fetchall())

    def _read(self, statement: s.Statement, **values: Any) -> list[Any]:
        try:
            return _run(self._reader, statement, values).fetchall()
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
        return await self._write(lambda connection: _commit(connection, commit))

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

    async def claim_due(self, now_ms: int, until_ms: int, limit: int) -> list[DueRow]:
        rows = await self._execute(CLAIM_DUE, now=now_ms, until=until_ms, most=limit)
        return sorted((DueRow(*row) for row in rows), key=lambda row: row.due_ms)

    async def clear_due(self, person: bytes, serial: int) -> None:
        await self._execute(CLEAR_DUE, person=person, serial=serial)

    async def prune(self, now_ms: int) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return sum(_run(connection, statement, {"now": now_ms}).rowcount for statement in PRUNE)

        return await self._write(work)

    async def backlog(self, now_ms: int) -> Backlog:
        ((waiting,),) = self._read(WAITING)
        ((due, set_aside, oldest),) = self._read(PAUSES)
        return Backlog(waiting, dict(self._read(GIVEN_UP)), due, set_aside, oldest)

    async def ask(self, *asks: Ask) -> list[list[Any]]:
        def work(connection: sqlite3.Connection) -> list[list[Any]]:
            return [_run(connection, ASKED[name], dict(v)).fetchall() for name, v in asks]

        return await self._write(work)


def _commit(connection: sqlite3.Connection, commit: Commit) -> Result:
    def execute(statement: s.Statement, values: dict[str, Any]) -> sqlite3.Cursor:
        return connection.execute(statement.sql, values)

    if not execute(ADD_SEEN, {"seen": commit.seen, "at_ms": commit.at_ms}).rowcount:
        return "seen"
    if not _moved(connection, commit):
        execute(UNDO_SEEN, {"seen": commit.seen})
        return "conflict"
    if commit.profile is not None:
        execute(
            SET_PROFILE,
            {"person": commit.person, "workspace": commit.workspace, "profile": commit.profile},
        )
    if commit.due:
        execute(SET_DUE, {**_values(commit.due), "lease_ms": 0})
    else:
        execute(CLEAR_DUE, {"person": commit.person, "serial": commit.serial})
    for row in commit.outbox:
        execute(ADD_OUTBOX, _values(row))
    for name, values in commit.also:
        _run(connection, ASKED[name], dict(values)).fetchall()
    return "done"


def _moved(connection: sqlite3.Connection, commit: Commit) -> bool:
    """Compare-and-set on the conversation's serial."""
    if commit.expected is None:
        values = {
            "person": commit.person,
            "workspace": commit.workspace,
            "serial": commit.serial,
            "state": commit.state,
            "updated_ms": commit.at_ms,
        }
        return connection.execute(ADD.sql, values).rowcount == 1
    values = {
        "of": commit.person,
        "expected": commit.expected,
        "next": commit.serial,
        "sealed": commit.state,
        "at": commit.at_ms,
    }
    return connection.execute(MOVE.sql, values).rowcount == 1
