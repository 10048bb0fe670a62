"""What Landa says by itself, on PostgreSQL: several clocks share the work, and none waits."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg  # pyright: ignore[reportMissingTypeStubs]  it brings none
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql.asyncpg import dialect as postgres_dialect
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store import Move, Moved, Nudged, NudgeRow, Result, Tried
from bot.runtime.store import nudges as n
from bot.runtime.store import statements as s
from bot.runtime.store.whole import arrays, new_cards

_N = s.NUDGE.c
_DIALECT = postgres_dialect()
Claims = list[tuple[NudgeRow, Moved | None]]


def _compiled(statement: ClauseElement) -> s.Statement:
    return s.compiled(statement, _DIALECT)


def _together(*names: str) -> Any:
    """One row for each place of the arrays that are bound to *names*."""
    arrays = (s.bindparam(f"{name}s", type_=ARRAY(BigInteger)) for name in names)
    return func.unnest(*arrays).table_valued(*names).render_derived()


_to = _together("id", *Moved._fields)
_pending = _together("id", "pending_ms")
_same = (_N.id == _pending.c.id, _N.pending_ms == _pending.c.pending_ms)
_tried = _together(*Tried._fields)
_ids = s.bindparam("ids", type_=ARRAY(BigInteger))
ANY_RIPE, RIPE = _compiled(n.ANY_RIPE), _compiled(n.RIPE)
MOVE = _compiled(
    update(s.NUDGE)
    .where(_N.id == _to.c.id)
    .values({name: _to.c[name] for name in Moved._fields})
    .execution_options(everywhere=s.CLOCK)
)
HOLD = _compiled(
    update(s.NUDGE)
    .where(_N.id == _tried.c.id, _N.due_ms == _tried.c.held_ms)
    .values(due_ms=_tried.c.due_ms, tries=_tried.c.tries)
    .returning(_N.id)
    .execution_options(everywhere=s.CLOCK)
)
DROP = _compiled(
    delete(s.NUDGE).where(_N.id == func.any(_ids)).execution_options(everywhere=s.CLOCK)
)
SETTLE = _compiled(
    update(s.NUDGE).where(*_same, n.REPEATS).values(n.TAKEN).execution_options(everywhere=s.CLOCK)
)
SETTLE_REMINDER = _compiled(
    delete(s.NUDGE).where(*_same, ~n.REPEATS).execution_options(everywhere=s.CLOCK)
)


def _whole_nudge(*, speaks: bool) -> ClauseElement:
    """All of it as one statement. Where the nudges are others by now, 1/0 undoes it."""
    slot = n.TAKE_SLOT.returning(_N.id).cte("slot_taken")
    reminder = n.TAKE_REMINDER.returning(_N.id).cte("reminder_taken")
    yes = exists(select(slot.c.id)) | exists(select(reminder.c.id))
    cards = new_cards(yes)
    if not speaks:
        return select(case((yes, 1), else_=0)).add_cte(slot, reminder, cards)
    spoken = n.SPEAK.where(yes).returning(s.PERSON.c.person).cte("spoken")
    count = select(func.count()).select_from(spoken).scalar_subquery()
    done = literal(1, Integer()) / cast(count, Integer)
    return select(case((~yes, 0), else_=done)).add_cte(slot, reminder, spoken, cards)


SPEAK, REMIND = _compiled(_whole_nudge(speaks=True)), _compiled(_whole_nudge(speaks=False))


class PostgresNudges:
    """A `NudgeStore`. pool: there is one as long as the store is open."""

    def __init__(
        self, pool: Callable[[], Any], guarded: Callable[[Awaitable[Any]], Awaitable[Any]]
    ) -> None:
        self._pool, self._guarded = pool, guarded

    async def claim(self, now_ms: int, limit: int, move: Move) -> Claims:
        values = {"now": now_ms, "most": limit}
        if not await self._guarded(self._pool().fetch(ANY_RIPE.sql, *ANY_RIPE.placed(values))):
            return []
        return await self._guarded(self._claim(values, move))

    async def _claim(self, values: dict[str, Any], move: Move) -> Claims:
        async with self._lightly() as connection:
            found = await connection.fetch(RIPE.sql, *RIPE.placed(values))
            claims = [(row, move(row)) for row in map(NudgeRow._make, found)]
            moved = [(row.id, *to) for row, to in claims if to]
            if moved:
                columns = zip(("id", *Moved._fields), zip(*moved, strict=True), strict=True)
                placed = {f"{name}s": column for name, column in columns}
                await connection.execute(MOVE.sql, *MOVE.placed(placed))
            if gone := [row.id for row, to in claims if to is None]:
                await connection.execute(DROP.sql, *DROP.placed({"ids": gone}))
        return claims

    @asynccontextmanager
    async def _lightly(self) -> AsyncGenerator[Any]:
        """A transaction that waits for no disk. Whatever comes of a claim lasts, and is written
        after it: then the claim lasts too."""
        async with self._pool().acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL synchronous_commit TO off")
            yield connection

    async def hold(self, rows: Sequence[Tried]) -> frozenset[int]:
        return await self._guarded(self._hold(rows))

    async def _hold(self, rows: Sequence[Tried]) -> frozenset[int]:
        columns = zip(Tried._fields, zip(*rows, strict=True), strict=True)
        placed = {f"{name}s": column for name, column in columns}
        async with self._lightly() as connection:
            found = await connection.fetch(HOLD.sql, *HOLD.placed(placed))
        return frozenset(id for (id,) in found)

    async def settle(self, rows: Sequence[tuple[int, int]]) -> None:
        ids, pending = zip(*rows, strict=True) if rows else ((), ())
        values = {"ids": ids, "pending_mss": pending}
        for statement in (SETTLE, SETTLE_REMINDER):
            await self._guarded(self._pool().execute(statement.sql, *statement.placed(values)))

    async def commit(self, nudged: Nudged) -> Result:
        values = {
            "owner": nudged.owner,
            "slot": nudged.slot,
            "due": nudged.due_ms,
            "known": nudged.known,
            "nudges": nudged.nudges,
            **arrays(nudged.outbox),
        }
        statement = REMIND if nudged.nudges is None else SPEAK
        try:
            done = await self._guarded(
                self._pool().fetchval(statement.sql, *statement.placed(values))
            )
        except asyncpg.DivisionByZeroError:
            return "conflict"
        return "done" if done else "seen"
