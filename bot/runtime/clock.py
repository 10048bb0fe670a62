"""The clock: one scheduled job that rings for what is due, and looks after what lies about."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from time import perf_counter

from bot.runtime import metrics
from bot.runtime.bell import Bell
from bot.runtime.codec import ms
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.installations import erase_left
from bot.runtime.log import LOG, where
from bot.runtime.outbox import Outbox
from bot.runtime.store import Store

TICK_S = 1
PRUNE_EVERY_S = 600
SCRUB_EVERY_S = 20
"""What somebody erased is out of the files within a minute."""


class Clock:
    """One for each database, or several on PostgreSQL. now: aware UTC."""

    def __init__(
        self,
        store: Store,
        bell: Bell,
        outbox: Outbox,
        now: Callable[[], datetime],
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self._store, self._bell, self._outbox, self._now = store, bell, outbox, now
        self._heartbeat = heartbeat or Heartbeat("")
        self._pruned_ms = self._scrubbed_ms = 0
        self._at_work = asyncio.Lock()

    async def tick(self) -> None:
        """Wake what is due, deliver what lies, take away what is old. Never raises."""
        started = perf_counter()
        async with self._at_work:
            for part in (
                self._bell.wake,
                self._bell.ring,
                self._outbox.claim,
                self._prune,
                self._scrub,
            ):
                try:
                    await part()
                except Exception as fault:
                    LOG.error("tick.failed", fault=type(fault).__name__, where=where(fault))
        self._heartbeat.beat()
        metrics.TICK_SECONDS.observe(perf_counter() - started)

    async def finished(self) -> None:
        """Wait for a round that is under way, so that it leaves nothing claimed."""
        async with self._at_work:
            await self._heartbeat.close()

    async def _prune(self) -> None:
        now_ms = ms(self._now())
        if now_ms - self._pruned_ms >= PRUNE_EVERY_S * 1000:
            count = await self._store.prune(now_ms)
            self._pruned_ms = now_ms
            if count:
                LOG.info("pruned", count=count)
            if left := await erase_left(self._store, now_ms):
                LOG.info("erased.left", count=left)

    async def _scrub(self) -> None:
        now_ms = ms(self._now())
        if now_ms - self._scrubbed_ms >= SCRUB_EVERY_S * 1000 and await self._store.scrub():
            self._scrubbed_ms = now_ms


def schedule(clocks: Sequence[Clock], stack: AsyncExitStack) -> None:
    """The one scheduled job, until *stack* ends."""
    from apscheduler.schedulers.asyncio import (  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
        AsyncIOScheduler,
    )

    async def tick() -> None:
        for each in clocks:
            # The scheduler's end cancels what is under way; a round of the clock is finished.
            await asyncio.shield(each.tick())

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
        tick, "interval", seconds=TICK_S, max_instances=1, coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)
