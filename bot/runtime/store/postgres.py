"""PostgreSQL on asyncpg: a turn is one round trip to load and one to commit, shared with others.

Several processes may share the database: rows are claimed with SKIP LOCKED and held
by time, not by a session.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import asyncpg  # pyright: ignore[reportMissingTypeStubs]  it brings none
from sqlalchemy import ARRAY, LargeBinary, delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgres_dialect
from sqlalchemy.sql.elements import ClauseElement

from bot.core.errors import StorageError
from bot.runtime.store import Backlog, Commit, DueRow, Later, Loaded, OutboxRow, Result
from bot.runtime.store import nudges as n
from bot.runtime.store import statements as s
from bot.runtime.store.batch import Args, Batch
from bot.runtime.store.company import company
from bot.runtime.store.held import held
from bot.runtime.store.leaving import leaving
from bot.runtime.store.nudges_postgres import PostgresNudges
from bot.runtime.store.people import people
from bot.runtime.store.places import places
from bot.runtime.store.question import Ask
from bot.runtime.store.teams import teams
from bot.runtime.store.whole import arrays, whole_turn

POOL_MOST = 8
CONNECT_S, PATIENCE_S = 5, 15

# The driver's own types say nothing about its arguments.
_driver: Any = asyncpg
_DIALECT = postgres_dialect()


def _compiled(statement: ClauseElement) -> s.Statement:
    return s.compiled(statement, _DIALECT)


LOAD = _compiled(s.LOAD)
ADD, MOVE = _compiled(whole_turn(first=True)), _compiled(whole_turn(first=False))
SET_KEY = _compiled(s.set_key(insert))
_DELIVERED = delete(s.OUTBOX).where(
    s.OUTBOX.c.id == func.any(s.bindparam("ids", type_=ARRAY(LargeBinary())))
)
CLEAR_DUE, DELIVERED = _compiled(s.CLEAR_DUE), _compiled(_DELIVERED)
POSTPONE, GIVE_UP = _compiled(s.POSTPONE), _compiled(s.GIVE_UP)
CLAIM_OUTBOX, CLAIM_DUE = _compiled(s.CLAIM_OUTBOX), _compiled(s.CLAIM_DUE)
PRUNE = tuple(_compiled(statement) for statement in s.PRUNE)
WAITING, GIVEN_UP, PAUSES, KEYS = map(_compiled, (s.WAITING, s.GIVEN_UP, s.PAUSES, s.KEYS))
COUNTED, CROWDS, DEPART = map(_compiled, (n.COUNTED, n.CROWDS, n.DEPART))
QUESTIONS = {
    **places(insert),
    **people(insert),
    **n.wishes(insert),
    **teams(insert),
    **company(insert),
    **held(insert),
    **leaving(insert),
}
ASKED = {name: _compiled(statement) for name, statement in QUESTIONS.items()}


async def connect(url: str) -> Any:
    """One connection of its own. raises  StorageError"""
    return await _let_in(_driver.connect(url, timeout=CONNECT_S))


async def _let_in(coming: Awaitable[Any]) -> Any:
    try:
        return await coming
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        why = f"PostgreSQL does not let us in ({type(fault).__name__})."
        raise StorageError(f"DATABASE_URL: {why}") from None


async def _as_it_is(_: Any) -> None:
    """A connection comes back as it was: we set nothing on it, so nothing is asked to be reset.

    The driver would otherwise spend a round trip on it after every statement.
    """


class _GoneError(Exception):
    """What a turn needs is not there any more: nothing of it is written."""


class PostgresStore:
    """A `Store` on one PostgreSQL database. url: postgresql://..."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: Any = None
        self.nudges = PostgresNudges(lambda: self._pool, self._guarded)
        self._loads, self._adds, self._moves = map(self._batch, (LOAD, ADD, MOVE))

    async def open(self) -> None:
        self._pool = await _let_in(
            _driver.create_pool(
                self._url,
                min_size=1,
                max_size=POOL_MOST,
                command_timeout=PATIENCE_S,
                timeout=CONNECT_S,
                server_settings={"application_name": "landa"},
                reset=_as_it_is,
            )
        )

    async def close(self) -> None:
        if self._pool:
            await self._pool.close()
            self._pool = None

    def _batch(self, statement: s.Statement) -> Batch:
        async def ask(many: list[Args]) -> list[Any]:
            return await self._pool.fetchmany(statement.sql, many)

        return Batch(ask, asyncpg.PostgresError, statement.order.index("person"))

    async def _fetch(self, statement: s.Statement, **values: Any) -> list[Any]:
        return await self._guarded(self._pool.fetch(statement.sql, *statement.placed(values)))

    async def _guarded(self, question: Any) -> Any:
        try:
            return await question
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
            if isinstance(fault, asyncpg.DivisionByZeroError | asyncpg.DeadlockDetectedError):
                raise
            raise StorageError(type(fault).__name__) from None

    async def revision(self) -> str | None:
        known = await self._guarded(self._pool.fetchval("SELECT to_regclass('alembic_version')"))
        if known is None:
            return None
        return await self._guarded(self._pool.fetchval("SELECT version_num FROM alembic_version"))

    async def keyring(self) -> Mapping[str, bytes]:
        return {row[0]: row[1] for row in await self._fetch(KEYS)}

    async def set_keyring(self, wrapped: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
        for purpose, key in wrapped.items():
            await self._fetch(
                SET_KEY, purpose=purpose, wrapped=key, before=before.get(purpose, b"")
            )

    async def load(self, person: bytes, seen: bytes) -> Loaded:
        args = LOAD.placed({"person": person, "seen": seen})
        return Loaded(*await self._guarded(self._loads(args)))

    async def commit(self, commit: Commit) -> Result:
        values: dict[str, Any] = {
            "seen": commit.seen,
            "person": commit.person,
            "workspace": commit.workspace,
            "expected": commit.expected,
            "serial": commit.serial,
            "state": commit.state,
            "at_ms": commit.at_ms,
            "profile": commit.profile,
            "platform": commit.due.platform if commit.due else None,
            "pause_ms": commit.due.due_ms if commit.due else None,
            "pause": commit.due.payload if commit.due else None,
        }
        values |= arrays(commit.outbox)
        new = commit.expected is None
        statement, batch = (ADD, self._adds) if new else (MOVE, self._moves)
        args = statement.placed(values)
        try:
            row = await self._guarded(
                self._with_more(statement, args, commit) if commit.also else batch(args)
            )
        except (asyncpg.DivisionByZeroError, asyncpg.DeadlockDetectedError, _GoneError):
            return "conflict"
        return "done" if row[0] else "seen"

    async def _with_more(self, turn: s.Statement, args: Args, commit: Commit) -> Any:
        """The rare turn that changes more than one statement can say. raises  _GoneError"""
        async with self._pool.acquire() as connection, connection.transaction():
            stands = all(await _asked(connection, commit.needs))
            row = await connection.fetchrow(turn.sql, *args)
            if row[0] and not stands:
                raise _GoneError
            if row[0]:
                await _asked(connection, commit.also)
            return row

    async def claim_outbox(self, now_ms: int, until_ms: int, limit: int) -> list[OutboxRow]:
        rows = await self._fetch(CLAIM_OUTBOX, now=now_ms, until=until_ms, most=limit)
        return sorted((OutboxRow(*row) for row in rows), key=lambda row: row.created_ms)

    async def delivered(self, ids: Sequence[bytes]) -> None:
        await self._fetch(DELIVERED, ids=list(ids))

    async def postpone(self, rows: Sequence[Later]) -> None:
        # Always in one order: two processes that put off the same rows then never lock each other.
        later = [POSTPONE.placed(s.postponed(row)) for row in sorted(rows, key=lambda row: row.id)]
        await self._guarded(self._pool.executemany(POSTPONE.sql, later))

    async def give_up(self, id: bytes, reason: str) -> None:
        await self._fetch(GIVE_UP, row_id=id, reason=reason)

    async def depart(self, id: bytes, held_ms: int) -> bool:
        return bool(await self._fetch(DEPART, card=id, held=held_ms))

    async def claim_due(self, now_ms: int, until_ms: int, limit: int) -> list[DueRow]:
        rows = await self._fetch(CLAIM_DUE, now=now_ms, until=until_ms, most=limit)
        return sorted((DueRow(*row) for row in rows), key=lambda row: row.due_ms)

    async def clear_due(self, person: bytes, serial: int) -> None:
        await self._fetch(CLEAR_DUE, person=person, serial=serial)

    async def prune(self, now_ms: int) -> int:
        taken = 0
        for statement in PRUNE:
            status = await self._guarded(
                self._pool.execute(statement.sql, *statement.placed({"now": now_ms}))
            )
            taken += int(status.rsplit(" ", 1)[-1])
        return taken

    async def scrub(self) -> bool:
        """The server does that by itself (autovacuum)."""
        return True

    async def backlog(self, now_ms: int) -> Backlog:
        ((waiting,),) = await self._fetch(WAITING)
        given_up = {row[0]: row[1] for row in await self._fetch(GIVEN_UP)}
        ((due, set_aside, oldest),) = await self._fetch(PAUSES)
        ((slots, left),) = await self._fetch(COUNTED)
        crowds = {row[0]: row[1] for row in await self._fetch(CROWDS)}
        return Backlog(waiting, given_up, due, set_aside, oldest, slots, left, crowds)

    async def ask(self, *asks: Ask) -> list[list[Any]]:
        return await self._guarded(self._together(asks))

    async def _together(self, asks: Sequence[Ask]) -> list[list[Any]]:
        async with self._pool.acquire() as connection, connection.transaction():
            return await _asked(connection, asks)


async def _asked(connection: Any, asks: Sequence[Ask]) -> list[list[Any]]:
    return [
        await connection.fetch(ASKED[name].sql, *ASKED[name].placed(dict(values)))
        for name, values in asks
    ]
