"""The clock: one scheduled job that wakes what is due and enters by the same door as a person."""

from collections.abc import Callable
from datetime import datetime
from time import perf_counter

from bot.core.errors import LandaError
from bot.core.port import Handle
from bot.core.turn import Inbound, PauseOver
from bot.runtime import metrics
from bot.runtime.codec import from_ms, ms, open_waiting
from bot.runtime.log import LOG, where
from bot.runtime.outbox import Outbox
from bot.runtime.store import DueRow, Store
from bot.runtime.vault import Vault

TICK_S = 1
LEASE_S = 60
BATCH = 500
PRUNE_EVERY_S = 600


class Clock:
    """One for each database. now: aware UTC."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        handle: Handle,
        outbox: Outbox,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._vault, self._handle = store, vault, handle
        self._outbox, self._now = outbox, now
        self._pruned_ms = 0

    async def tick(self) -> None:
        """Wake what is due, deliver what lies, take away what is old. Never raises."""
        started = perf_counter()
        for part in (self._wake, self._outbox.claim, self._prune):
            try:
                await part()
            except Exception as fault:
                LOG.error("tick.failed", fault=type(fault).__name__, where=where(fault))
        metrics.TICK_SECONDS.observe(perf_counter() - started)

    async def _wake(self) -> None:
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

    async def _prune(self) -> None:
        now_ms = ms(self._now())
        if now_ms - self._pruned_ms >= PRUNE_EVERY_S * 1000:
            count = await self._store.prune(now_ms)
            self._pruned_ms = now_ms
            if count:
                LOG.info("pruned", count=count)
