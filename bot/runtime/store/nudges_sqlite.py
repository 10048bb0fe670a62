"""What Landa says by itself, on SQLite: a batch of claims is one transaction."""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from bot.runtime.store import Move, Moved, Nudged, NudgeRow, Result, Tried
from bot.runtime.store import nudges as n
from bot.runtime.store import statements as s
from bot.runtime.store.turn_sqlite import ADD_OUTBOX, columns, run, sql

_N = s.NUDGE.c
ANY_RIPE, RIPE, CLAIMED = sql(n.ANY_RIPE), sql(n.RIPE), sql(n.CLAIMED)
TAKE_SLOT, TAKE_REMINDER, SPEAK = sql(n.TAKE_SLOT), sql(n.TAKE_REMINDER), sql(n.SPEAK)
_THIS = _N.id == s.whole("row_id")
# By place, in the order of `Moved`: cheaper for a whole batch.
MOVE = s.compiled(
    update(s.NUDGE)
    .where(_THIS)
    .values({name: s.whole(name) for name in Moved._fields})
    .execution_options(everywhere=s.CLOCK),
    sqlite_dialect(paramstyle="qmark"),
)
DROP = sql(delete(s.NUDGE).where(_THIS).execution_options(everywhere=s.CLOCK))
HOLD = sql(
    update(s.NUDGE)
    .where(_THIS, _N.due_ms == s.whole("held"))
    .values(due_ms=s.whole("due"), tries=s.whole("tried"))
    .returning(_N.id)
    .execution_options(everywhere=s.CLOCK)
)
_PENDING = (_THIS, _N.pending_ms == s.whole("pending"))
SETTLE = sql(
    update(s.NUDGE)
    .where(*_PENDING, n.REPEATS)
    .values(n.TAKEN)
    .execution_options(everywhere=s.CLOCK)
)
SETTLE_REMINDER = sql(
    delete(s.NUDGE).where(*_PENDING, ~n.REPEATS).execution_options(everywhere=s.CLOCK)
)

Claims = list[tuple[NudgeRow, Moved | None]]


class Write(Protocol):
    def __call__(
        self, work: Callable[[sqlite3.Connection], Any], *, lasting: bool = True
    ) -> Awaitable[Any]: ...


class Read(Protocol):
    def __call__(self, statement: s.Statement, **values: Any) -> list[Any]: ...


class SqliteNudges:
    """A `NudgeStore`."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write, self._read = write, read

    async def claim(self, now_ms: int, limit: int, move: Move) -> Claims:
        if not self._read(ANY_RIPE, now=now_ms, most=limit):
            return []

        def work(connection: sqlite3.Connection) -> Claims:
            return _claim(connection, now_ms, limit, move)

        # Whatever comes of a claim lasts, and is written after it: then the claim lasts too.
        return await self._write(work, lasting=False)

    async def hold(self, rows: Sequence[Tried]) -> frozenset[int]:
        def work(connection: sqlite3.Connection) -> frozenset[int]:
            held = [run(connection, HOLD, _tried(row)).fetchall() for row in rows]
            return frozenset(id for ((id,),) in filter(None, held))

        return await self._write(work, lasting=False)

    async def settle(self, rows: Sequence[tuple[int, int]]) -> None:
        pending = [{"row_id": id, "pending": pending_ms} for id, pending_ms in rows]

        def work(connection: sqlite3.Connection) -> None:
            for statement in (SETTLE, SETTLE_REMINDER):
                named = [statement.named(values) for values in pending]
                connection.executemany(statement.sql, named)

        await self._write(work)

    async def commit(self, nudged: Nudged) -> Result:
        return await self._write(lambda connection: _commit(connection, nudged))


def _claim(connection: sqlite3.Connection, now_ms: int, limit: int, move: Move) -> Claims:
    found = run(connection, RIPE, {"now": now_ms, "most": limit})
    claims = [(row, move(row)) for row in map(NudgeRow._make, found)]
    moved = [(*to, row.id) for row, to in claims if to]
    connection.executemany(MOVE.sql, moved)
    gone = [{"row_id": row.id} for row, to in claims if to is None]
    connection.executemany(DROP.sql, gone)
    return claims


def _tried(row: Tried) -> dict[str, int]:
    return {"row_id": row.id, "held": row.held_ms, "due": row.due_ms, "tried": row.tries}


def _commit(connection: sqlite3.Connection, nudged: Nudged) -> Result:
    claim = {"owner": nudged.owner, "slot": nudged.slot, "due": nudged.due_ms}
    if not run(connection, CLAIMED, claim).fetchall():
        return "seen"
    if nudged.nudges is not None:
        spoken = {"owner": nudged.owner, "known": nudged.known, "nudges": nudged.nudges}
        if not run(connection, SPEAK, spoken).rowcount:
            return "conflict"
    for take in (TAKE_SLOT, TAKE_REMINDER):
        run(connection, take, claim)
    for row in nudged.outbox:
        connection.execute(ADD_OUTBOX.sql, columns(row))
    return "done"
