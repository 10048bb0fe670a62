"""Rings when the time has come: pauses that end, nudges, reminders. All go in by the same door."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic, perf_counter

from bot.core.errors import LandaError
from bot.core.port import Handle
from bot.core.turn import Inbound, NudgeDue, PauseOver, Reminded
from bot.runtime import metrics
from bot.runtime.codec import Waiting, from_ms, ms, open_call, open_waiting
from bot.runtime.line import Line, Look, tried
from bot.runtime.log import LOG, where
from bot.runtime.store import DueRow, Moved, NudgeRow, Store
from bot.runtime.vault import Vault

LEASE_S = 60
BATCH = 1_000
AT_ONCE = 16
ROUND_S = 0.8
"""Nudges stop ringing by then, even if more are due: pauses and cards have their turn."""
DONE = ("new", "seen")


class Bell:
    """now: aware UTC."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        handle: Handle,
        now: Callable[[], datetime],
        line: Line | None = None,
    ) -> None:
        self._store, self._vault, self._handle, self._now = store, vault, handle, now
        self._line = line or Line()

    async def wake(self) -> None:
        """End the pauses that are over."""
        now_ms = ms(self._now())
        rows = await self._store.claim_due(now_ms, now_ms + LEASE_S * 1000, BATCH)
        oldest_ms = min((row.due_ms for row in rows), default=now_ms)
        metrics.LATE_SECONDS.set((now_ms - oldest_ms) / 1000)
        for row in rows:
            try:
                await self._wake_one(row)
            except Exception as fault:
                LOG.error("due.failed", fault=type(fault).__name__, where=where(fault))

    async def _wake_one(self, row: DueRow) -> None:
        try:
            waiting = open_waiting(row.payload, self._vault, row.workspace + row.person)
        except LandaError as fault:
            LOG.error("due.unreadable", fault=type(fault).__name__, tries=row.tries)
            return
        inbound = Inbound(
            f"pause:{row.person.hex()}:{row.serial}",
            waiting.person,
            waiting.place,
            PauseOver(row.serial),
            from_ms(waiting.since_ms),
        )
        await self._handle(inbound)

    async def ring(self) -> None:
        """Say what is to be said by itself, as far as it fits into one round."""
        until = monotonic() + ROUND_S
        while True:
            started, look = perf_counter(), Look(self._now(), self._line)
            claims = await self._store.nudges.claim(look.now_ms, BATCH, look)
            if claims:
                await self._take(claims, look)
                metrics.NUDGE_SECONDS.observe(perf_counter() - started)
            if len(claims) < BATCH or monotonic() > until:
                break
        self._line.tidy(look.now_ms)

    async def _take(self, claims: Sequence[tuple[NudgeRow, Moved | None]], look: Look) -> None:
        calls: list[tuple[NudgeRow, Moved]] = []
        for row, to in claims:
            fate = look.fate(row, to)
            metrics.NUDGES.labels(fate).inc()
            if to and fate == "taken":
                calls.append((row, to))
        oldest_ms = min((row.due_ms for row, _ in calls), default=look.now_ms)
        metrics.NUDGE_LATE_SECONDS.set((look.now_ms - oldest_ms) / 1000)
        settled: list[tuple[int, int]] = []
        for start in range(0, len(calls), AT_ONCE):
            settled += await self._try(calls[start : start + AT_ONCE])
        if settled:
            await self._store.nudges.settle(settled)

    async def _try(self, calls: Sequence[tuple[NudgeRow, Moved]]) -> list[tuple[int, int]]:
        """What is to be settled of *calls*. Each counts as a try from now on."""
        now_ms = ms(self._now())
        held = await self._store.nudges.hold([tried(row, to, now_ms) for row, to in calls])
        ours = [(row, to) for row, to in calls if row.id in held]
        done = await asyncio.gather(*(self._call(row, to) for row, to in ours))
        return [(row.id, to.pending_ms) for (row, to), well in zip(ours, done, strict=True) if well]

    async def _call(self, row: NudgeRow, to: Moved) -> bool:
        """Whether nothing is left to be done about it. Never raises."""
        try:
            waiting = open_call(row.payload, self._vault, row.workspace + row.owner)
            answer = await self._handle(_inbound(row, to, waiting, self._now()))
        except Exception as fault:
            tries = row.tries + 1
            LOG.error("nudge.failed", fault=type(fault).__name__, where=where(fault), tries=tries)
            return False
        return answer.taken in DONE


def _inbound(row: NudgeRow, to: Moved, waiting: Waiting, now: datetime) -> Inbound:
    due, until = from_ms(to.pending_ms), from_ms(to.until_ms)
    if row.days:
        turn = NudgeDue(row.slot, due, until)
    else:
        turn = Reminded(row.slot, waiting.kind, due, until)
    id = f"nudge:{row.owner.hex()}:{row.slot}:{to.pending_ms}"
    return Inbound(id, waiting.person, waiting.place, turn, now, hints=waiting.hints)
